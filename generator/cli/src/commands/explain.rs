//! `explain`: prints the entry of a diagnostic in the catalogue.

use anyhow::{Result, bail};
use generator::diagnostics::catalogue::ALL;
use generator::diagnostics::{Code, Example};

use super::Outcome;
use crate::console::Console;

/// Prints the entries of codes, or lists all codes. Zeros of a code can be left out: `W3` is `W003`.
///
/// # Errors
///
/// A code does not exist.
pub fn run(wanted: &[String], console: &mut Console) -> Result<Outcome> {
    if wanted.is_empty() {
        let lines: Vec<_> = ALL.iter().map(|code| format!("{}  {}", code.id, code.explanation)).collect();
        console.print(&lines.join("\n"));
        return Ok(Outcome::Passed);
    }
    let pages = wanted.iter().map(|wanted| match find(wanted) {
        Some(code) => Ok(page(code)),
        None => bail!("there is no diagnostic {wanted:?}\nhelp: `explain` without a code lists all of them"),
    });
    console.print(&pages.collect::<Result<Vec<_>>>()?.join("\n\n"));
    Ok(Outcome::Passed)
}

fn find(wanted: &str) -> Option<&'static Code> {
    let (letter, number) = wanted.split_at_checked(1)?;
    let number: u32 = number.parse().ok()?;
    ALL.iter().copied().find(|code| code.id.eq_ignore_ascii_case(&format!("{letter}{number:03}")))
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
