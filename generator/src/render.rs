//! Renders syntax and text as the files of a crate: formatted, and marked as generated in the first line.

use crate::diagnostics::Diagnostic;
use crate::diagnostics::catalogue::BAD_TEMPLATE;
use crate::emit::{Content, Source};
use crate::print;
use crate::tree::{CrateTree, MARKER};

/// Renders all files into a tree. `marker` is what the first line of each states, after the words that all markers have.
///
/// # Errors
///
/// `E037` if a template does not produce valid Rust, which is a bug in the generator. The message has the file and the
/// cause.
pub fn render(sources: Vec<Source>, marker: &str) -> Result<CrateTree, Diagnostic> {
    let mut tree = CrateTree::default();
    let marker = format!("{MARKER}{marker}");
    for source in sources {
        let path = &source.path;
        let parse = |items| {
            syn::parse2::<syn::File>(items).map_err(|error| {
                Diagnostic::of_generator(&BAD_TEMPLATE, format!("`{path}` is not valid Rust: {error}"))
            })
        };
        let text = match source.content {
            Content::Rust { docs, items, mut laid_out } => {
                let file = parse(items)?;
                if !file.items.is_empty() {
                    laid_out.insert(0, print::file(file));
                }
                format!("// {marker}\n{KEEP_LAYOUT}\n\n{}\n{}", module_docs(&docs), laid_out.join("\n"))
            }
            Content::Formatted { docs, items } => {
                let file = parse(items)?;
                let (skip, text) = match print::formatted(&file) {
                    Some(text) => (String::new(), text),
                    None => (format!("{KEEP_LAYOUT}\n"), print::file(file)),
                };
                format!("// {marker}\n{skip}\n{}\n{text}", module_docs(&docs))
            }
            Content::Verbatim(text) => format!("// {marker}\n\n{text}"),
            Content::Toml(text) => format!("# {marker}\n\n{text}"),
            Content::Markdown(text) => format!("<!-- {marker} -->\n\n{text}"),
        };
        tree.insert(source.path, text);
    }
    Ok(tree)
}

/// Makes rustfmt skip a file that is not printed as rustfmt formats it.
const KEEP_LAYOUT: &str = "#![cfg_attr(rustfmt, rustfmt_skip)]";

fn module_docs(docs: &str) -> String {
    docs.trim_end()
        .lines()
        .map(|line| if line.is_empty() { "//!\n".to_owned() } else { format!("//! {line}\n") })
        .collect()
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;
    use crate::diagnostics::{Diagnostics, Palette};

    #[test]
    fn a_template_that_is_not_rust_is_a_defect_of_the_generator() {
        let content = Content::Rust { docs: String::new(), items: quote!(struct;), laid_out: Vec::new() };
        let sources = vec![Source { path: "src/types.rs".to_owned(), content }];
        let mut diagnostics = Diagnostics::default();
        diagnostics.push(render(sources, "spec.yaml").expect_err("it is not Rust"));
        insta::assert_snapshot!(diagnostics.render("spec.yaml", "openapi: 3.0.3\n", Palette::Plain));
    }
}
