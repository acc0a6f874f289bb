//! Broken documents, and what a maintainer is told about each: what is wrong, where, and what to do about it.

mod bodies;
mod documents;
mod extensions;
mod operations;
mod pagination;
mod parameters;
mod replies;
mod schemas;
mod security;
mod servers;

use generator::diagnostics::Palette;
use generator::{Input, Output, generate};

/// The first lines of a document that has nothing wrong so far.
const HEAD: &str = "openapi: 3.0.3\ninfo: {title: Users, version: '1'}\n";

/// What is said of a document that must be refused. Warnings stand behind the errors.
fn refusal(text: &str) -> String {
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

/// What is said of a document with [`HEAD`] before it.
fn refusal_of(rest: &str) -> String {
    refusal(&format!("{HEAD}{rest}"))
}

/// What is said of a document with [`HEAD`] before it, whether it is refused or taken with warnings.
fn findings_of(rest: &str) -> String {
    let text = format!("{HEAD}{rest}");
    let input = Input::new("spec.yaml", &text);
    let found = generate(&input).map_or_else(|found| found, |output| output.diagnostics);
    found.render("spec.yaml", &text, Palette::Plain)
}

/// What is made of a document with [`HEAD`] before it.
fn output_of(rest: &str) -> Output {
    let text = format!("{HEAD}{rest}");
    let made = generate(&Input::new("spec.yaml", &text));
    made.unwrap_or_else(|found| panic!("{}", found.render("spec.yaml", &text, Palette::Plain)))
}
