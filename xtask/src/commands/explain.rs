//! `explain`: what a diagnostic means. Only prints what the catalogue says.

use anyhow::{Result, bail};
use generator::diagnostics::Code;
use generator::diagnostics::catalogue::ALL;

use crate::cli::Verdict;
use crate::console::Console;

pub(crate) fn run(wanted: Option<&str>, console: &mut Console) -> Result<Verdict> {
    let Some(wanted) = wanted else {
        let lines: Vec<_> = ALL.iter().map(|code| format!("{}  {}", code.id, code.explanation)).collect();
        console.say(&lines.join("\n"));
        return Ok(Verdict::Sound);
    };
    match ALL.iter().find(|code| code.id.eq_ignore_ascii_case(wanted)) {
        Some(code) => console.say(&page(code)),
        None => bail!("there is no diagnostic {wanted:?}; there are {}", ids()),
    }
    Ok(Verdict::Sound)
}

fn page(code: &Code) -> String {
    format!("{}: {}\nhelp: {}", code.id, code.explanation, code.help)
}

fn ids() -> String {
    ALL.iter().map(|code| code.id).collect::<Vec<_>>().join(", ")
}
