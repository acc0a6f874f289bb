//! Where the documents of a folder come from.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::{Context as _, Result};
use clientsmith::paths::shown;

/// The file that names the package, the version and the path of each document, a line each.
const FILE: &str = "sources.txt";

/// Returns the sources as a list. Empty if the folder does not name them.
pub(crate) fn read(folder: &Path) -> Result<String> {
    let path = folder.join(FILE);
    match fs::read_to_string(&path) {
        Ok(text) => Ok(list(&text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(String::new()),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", shown(&path))),
    }
}

fn list(text: &str) -> String {
    let lines: Vec<String> =
        text.lines().filter(|line| !line.trim().is_empty()).map(|line| format!("- {}", line.trim())).collect();
    format!("The documents:\n\n{}", lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_is_an_item() {
        assert_eq!(
            list("a.json: x 1.0, api/a.json\n\nb.json: not measured\n"),
            "The documents:\n\n- a.json: x 1.0, api/a.json\n- b.json: not measured"
        );
    }
}
