//! Prints syntax as formatted source code. Independent of files.

use proc_macro2::TokenStream;

/// Prints items.
pub(crate) fn items(tokens: &TokenStream) -> String {
    syn::parse2(tokens.clone()).map(|parsed| file(&parsed)).unwrap_or_default()
}

/// Prints the statements of a function, without indentation.
pub(crate) fn statements(tokens: &TokenStream) -> String {
    let function = items(&quote::quote!(fn f() { #tokens }));
    let inner = function.lines().skip(1).filter(|line| *line != "}");
    inner.flat_map(|line| [line.strip_prefix("    ").unwrap_or(line), "\n"]).collect()
}

/// Prints a type on one line.
pub(crate) fn ty(ty: &syn::Type) -> String {
    let alias = items(&quote::quote!(type T = #ty;));
    let text: String = alias.split_whitespace().collect::<Vec<_>>().join(" ");
    text.trim_start_matches("type T = ").trim_end_matches(';').to_owned()
}

/// Wraps text at the line length of code. Longer words are not split.
pub(crate) fn paragraph(text: &str) -> String {
    const WIDTH: usize = 110;
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= WIDTH => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines.join("\n")
}

/// Groups the digits of a long integer with underscores. Returns any other string unchanged.
pub(crate) fn number(text: &str) -> String {
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |digits| ("-", digits));
    if digits.len() < 5 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.to_owned();
    }
    let groups: Vec<_> = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy).collect();
    format!("{sign}{}", groups.join("_"))
}

/// Prints a Rust file.
pub(crate) fn file(file: &syn::File) -> String {
    let printed = prettyplease::unparse(file);
    let lines: Vec<&str> = printed.lines().collect();
    let mut text = String::new();
    let mut previous = "";
    let mut item = "";
    for (index, line) in lines.iter().enumerate() {
        // Attributes belong to the item after them.
        let begun = lines.iter().skip(index).find(|line| !line.starts_with("#[")).unwrap_or(line);
        if wants_blank_line(previous, line, item, begun) {
            text.push('\n');
        }
        text.push_str(line);
        text.push('\n');
        if indentation(line) == 0 && !line.starts_with(['}', ')']) {
            item = line;
        }
        previous = line;
    }
    text
}

/// Whether a line starts an item directly after another, because the printer leaves no blank line between items.
///
/// `item` is the first line of the file's last item, and `begun` that of the next one, after its attributes.
fn wants_blank_line(previous: &str, line: &str, item: &str, begun: &str) -> bool {
    let depth = indentation(line);
    if line.is_empty() || depth != indentation(previous) || depth > 4 {
        return false;
    }
    let (previous, line) = (previous.trim_start(), line.trim_start());
    let is_doc = previous.starts_with("//");
    let ends_item = matches!(previous, "}" | "};" | ");") || (depth == 0 && !is_doc && previous.ends_with(['}', ';']));
    let begins_item = depth == 0 || ITEM_STARTS.iter().any(|start| line.starts_with(start));
    let is_list = depth == 0 && is_import(item) && is_import(begun);
    ends_item && begins_item && !is_list && !line.starts_with(['}', ')'])
}

/// What a line inside a block starts with if it is an item rather than a statement.
const ITEM_STARTS: [&str; 8] = ["///", "#[", "pub ", "pub(", "fn ", "async fn ", "type ", "const "];

fn is_import(line: &str) -> bool {
    ["use ", "mod ", "pub use ", "pub mod "].iter().any(|start| line.starts_with(start))
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start().len()
}
