//! `explain`: prints the entry of a diagnostic in the catalogue.

use anyhow::{Result, bail};
use generator::diagnostics::catalogue::ALL;
use generator::diagnostics::{Code, Example};

use super::Outcome;
use crate::console::Console;

/// Prints the entry of a code, or of all codes.
///
/// # Errors
///
/// The code does not exist.
pub fn run(wanted: Option<&str>, console: &mut Console) -> Result<Outcome> {
    let Some(wanted) = wanted else {
        let lines: Vec<_> = ALL.iter().map(|code| format!("{}  {}", code.id, code.explanation)).collect();
        console.print(&lines.join("\n"));
        return Ok(Outcome::Passed);
    };
    match ALL.iter().find(|code| code.id.eq_ignore_ascii_case(wanted)) {
        Some(code) => console.print(&page(code)),
        None => bail!("there is no diagnostic {wanted:?}; the known codes are {}", ids()),
    }
    Ok(Outcome::Passed)
}

fn page(code: &Code) -> String {
    format!("{}: {}\n{}help: {}", code.id, code.explanation, example(&code.example), code.help)
}

fn example(example: &Example) -> String {
    match example {
        Example::Fragments { wrong, right } => format!("Wrong:\n{}Right:\n{}", indented(wrong), indented(right)),
        Example::Unknown(reason) => format!("No example: {reason}\n"),
    }
}

fn indented(fragment: &str) -> String {
    fragment.lines().flat_map(|line| ["    ", line, "\n"]).collect()
}

fn ids() -> String {
    ALL.iter().map(|code| code.id).collect::<Vec<_>>().join(", ")
}
