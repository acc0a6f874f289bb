//! Compares a document with the client that was generated from it.
//!
//! One side reads the author's document as plain values, and the other reads the Rust sources of the client. Neither uses
//! the generator's model of the API, so a construct that the generator loses is a difference. `place` and `schema` read the
//! document, `client` reads the sources, `operations` and `types` compare them, `rules` lists the intended differences, and
//! `findings` drops the differences that a diagnostic of the generator reports.

mod client;
mod findings;
mod operations;
mod place;
mod rules;
mod schema;
mod types;

#[cfg(test)]
mod tests;

use anyhow::{Result, anyhow};
use generator::Input;
use generator::diagnostics::Diagnostics;
use generator::document;
use generator::tree::CrateTree;

use self::client::Client;
pub use self::findings::Difference;
use self::findings::Findings;
use self::place::Place;
use self::schema::Schemas;
use self::types::Comparer;

/// Returns the differences between a document and a client that no diagnostic of the generator reports.
///
/// # Errors
///
/// The text is not a document, or the sources of the client are not Rust of the form that the generator writes.
pub fn compare(input: &Input<'_>, client: &CrateTree, diagnostics: &Diagnostics) -> Result<Vec<Difference>> {
    let mut document =
        document::parse(input.text).map_err(|fault| anyhow!("the document cannot be read: {}", fault.message))?;
    // Swagger 2.0, OpenAPI 3.2 and several files are compared as the generator converts them to one document of 3.0.
    let version = document.root().text("openapi").unwrap_or_default();
    let is_direct = input.files.is_empty() && (version.starts_with("3.0") || version.starts_with("3.1"));
    if !is_direct {
        (document, _) = generator::read(input).map_err(|_| anyhow!("the document cannot be converted"))?;
    }
    let client = Client::read(client)?;
    let root = Place::root(document.value());
    let mut findings = Findings::new(&document, diagnostics);
    let mut comparer = Comparer::new(Schemas::new(&root), &client, &mut findings);
    comparer.schemes(&root);
    comparer.operations(&root);
    comparer.components();
    Ok(findings.into_differences())
}
