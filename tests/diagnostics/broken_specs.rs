//! Broken documents and their diagnostics: the error, its location and help.

mod bodies;
mod documents;
mod extensions;
mod names;
mod operations;
mod pagination;
mod parameters;
mod responses;
mod schemas;
mod security;
mod servers;

use generator::diagnostics::Palette;
use generator::{Input, Output, generate};

/// The first lines of a valid document.
const HEAD: &str = "openapi: 3.0.3\ninfo: {title: Users, version: '1'}\n";

/// The diagnostics of a document that must be rejected: errors first, then warnings.
fn errors(text: &str) -> String {
    match generate(&Input::new("spec.yaml", text)) {
        Err(found) => {
            assert!(found.errors() > 0, "a refusal has a reason");
            found.render("spec.yaml", text, Palette::Plain)
        }
        Ok(output) => {
            let warnings = output.diagnostics.render("spec.yaml", text, Palette::Plain);
            panic!("this document was taken:\n{text}\nwith:\n{warnings}")
        }
    }
}

/// The diagnostics of a rejected document that starts with [`HEAD`].
fn errors_of(rest: &str) -> String {
    errors(&format!("{HEAD}{rest}"))
}

/// The diagnostics of a document that starts with [`HEAD`], rejected or accepted with warnings.
fn diagnostics_of(rest: &str) -> String {
    diagnostics(&format!("{HEAD}{rest}"))
}

/// The diagnostics of a document, rejected or accepted with warnings.
fn diagnostics(text: &str) -> String {
    let input = Input::new("spec.yaml", text);
    let found = generate(&input).map_or_else(|found| found, |output| output.diagnostics);
    found.render("spec.yaml", text, Palette::Plain)
}

/// The output for a document that starts with [`HEAD`].
fn output_of(rest: &str) -> Output {
    let text = format!("{HEAD}{rest}");
    let made = generate(&Input::new("spec.yaml", &text));
    made.unwrap_or_else(|found| panic!("{}", found.render("spec.yaml", &text, Palette::Plain)))
}
