//! Escapes the docs that progenitor copied from the document, so that they are safe Markdown.
//!
//! ```text
//! ///The <id> of [it]                         →     /// The \<id\> of \[it\]
//! ```

use syn::visit_mut::VisitMut;
use syn::{Attribute, File};

use super::attributes::{doc_attributes, doc_text, is_doc};
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
        // Docs written by passes start every line with a space. Progenitor's start no line with one.
        let first = attributes.iter().find_map(doc_text);
        let is_raw = first.is_some_and(|line| !line.is_empty() && !line.starts_with(' '));
        if is_raw {
            let docs: Vec<_> = attributes.iter().filter_map(doc_text).collect();
            attributes.retain(|attribute| !is_doc(attribute));
            attributes.splice(0..0, doc_attributes(&markdown::safe(&docs.join("\n"))));
            self.edits += 1;
        }
    }
}
