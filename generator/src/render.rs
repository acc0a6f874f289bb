//! Syntax and text as the files of a crate: laid out, and marked as generated in the first line.

use crate::emit::{Content, Source};
use crate::layout;
use crate::tree::{CrateTree, MARKER};

/// Puts all files into a tree. `spec` is the name of the document's file, which the marker gives as the source.
///
/// # Errors
///
/// A template is not Rust, which is a mistake of the generator: the file and why.
pub fn render(sources: Vec<Source>, spec: &str) -> Result<CrateTree, String> {
    let mut tree = CrateTree::default();
    let marker = format!("{MARKER} from {spec}. Edit that or the generator, not this file.");
    for source in sources {
        let text = match source.content {
            Content::Rust { docs, items, mut laid_out } => {
                let file: syn::File = syn::parse2(items).map_err(|error| format!("{}: {error}", source.path))?;
                if !file.items.is_empty() {
                    laid_out.insert(0, layout::file(&file));
                }
                format!("// {marker}\n{KEEP_LAYOUT}\n\n{}\n{}", module_docs(&docs), laid_out.join("\n"))
            }
            Content::Verbatim(text) => format!("// {marker}\n\n{text}"),
            Content::Toml(text) => format!("# {marker}\n\n{text}"),
            Content::Markdown(text) => format!("<!-- {marker} -->\n\n{text}"),
        };
        tree.insert(source.path, text);
    }
    Ok(tree)
}

/// Files are laid out here; rustfmt, which would lay some lines out otherwise, leaves files with this line alone.
const KEEP_LAYOUT: &str = "#![cfg_attr(rustfmt, rustfmt_skip)]";

fn module_docs(docs: &str) -> String {
    docs.trim_end()
        .lines()
        .map(|line| if line.is_empty() { "//!\n".to_owned() } else { format!("//! {line}\n") })
        .collect()
}
