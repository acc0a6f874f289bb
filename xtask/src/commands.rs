//! One module for each command: what it asks of the library, and the words of its report.

pub(crate) mod bench;
pub(crate) mod corpus;
pub(crate) mod explain;
pub(crate) mod inspect;
pub(crate) mod mock;
pub(crate) mod regen;

use generator::diagnostics::Diagnostics;

use crate::cli::Verdict;
use crate::console::Console;
use crate::spec::Spec;

/// Shows why nothing came of a document; `consequence` says what that means for the command.
fn show_errors(spec: &Spec, found: &Diagnostics, consequence: &str, console: &mut Console) -> Verdict {
    console.remark(&found.render(&spec.shown, &spec.text, console.error_palette()));
    console.remark(&format!("{}: {consequence}", sum(found)));
    Verdict::Unsound
}

/// Shows what a document could do better.
fn show_warnings(spec: &Spec, found: &Diagnostics, console: &mut Console) {
    if found.warnings() > 0 {
        console.remark(&found.render(&spec.shown, &spec.text, console.error_palette()));
        console.remark(&sum(found));
    }
}

fn sum(found: &Diagnostics) -> String {
    let sums = [(found.errors(), "error"), (found.warnings(), "warning")];
    let sums = sums.into_iter().filter(|(number, _)| *number > 0).map(|(number, word)| plural(number, word));
    sums.collect::<Vec<_>>().join(", ")
}

fn plural(number: usize, word: &str) -> String {
    format!("{number} {word}{}", if number == 1 { "" } else { "s" })
}
