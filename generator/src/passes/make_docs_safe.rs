//! Escapes the docs that progenitor copied from the document, so that they are safe Markdown.
//!
//! ```text
//! ///The <id> of [it]                         →     /// The \<id\> of \[it\]
//! ```

use syn::visit_mut::VisitMut;
use syn::{Attribute, File};

use super::attributes::{doc_attributes, doc_text};
use crate::ir::Api;
use crate::markdown;

pub(super) fn run(_: &Api, file: &mut File) -> usize {
    let mut pass = MakeDocsSafe::default();
    pass.visit_file_mut(file);
    pass.edits
}

#[derive(Default)]
struct MakeDocsSafe {
    edits: usize,
}

impl VisitMut for MakeDocsSafe {
    fn visit_attributes_mut(&mut self, attributes: &mut Vec<Attribute>) {
        let docs: Vec<_> = attributes.iter().filter_map(doc_text).collect();
        // Docs written by passes start every line with a space. Progenitor's start no line with one.
        let is_raw = docs.first().is_some_and(|line| !line.is_empty() && !line.starts_with(' '));
        if is_raw {
            attributes.retain(|attribute| doc_text(attribute).is_none());
            attributes.splice(0..0, doc_attributes(&markdown::safe(&docs.join("\n"))));
            self.edits += 1;
        }
    }
}
