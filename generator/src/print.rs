//! Prints syntax as formatted source code. Independent of files.

mod imports;
mod lists;
mod rustfmt;

use proc_macro2::TokenStream;
use syn::parse::Parser;

/// Prints items.
pub(crate) fn items(tokens: TokenStream) -> String {
    let parsed = syn::parse2(tokens);
    parsed.map(|parsed| formatted(&parsed).unwrap_or_else(|| file(parsed))).unwrap_or_default()
}

/// Prints the statements of a function, without indentation.
pub(crate) fn statements(tokens: &TokenStream) -> String {
    let parsed = syn::Block::parse_within.parse2(tokens.clone()).ok();
    parsed.and_then(|parsed| rustfmt::statements(&parsed)).unwrap_or_else(|| by_prettyplease(tokens))
}

/// Prints statements in the style of prettyplease.
fn by_prettyplease(tokens: &TokenStream) -> String {
    let function = syn::parse2(quote::quote!(fn f() { #tokens })).map(file).unwrap_or_default();
    let inner = function.lines().skip(1).filter(|line| *line != "}");
    inner.flat_map(|line| [line.strip_prefix("    ").unwrap_or(line), "\n"]).collect()
}

/// Prints a type on one line.
pub(crate) fn ty(ty: &syn::Type) -> String {
    let alias = items(quote::quote!(type T = #ty;));
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

/// Prints a Rust file as rustfmt formats it. `None` if it has syntax that the printer does not cover.
pub(crate) fn formatted(file: &syn::File) -> Option<String> {
    if !has_imports(file) {
        return rustfmt::file(file);
    }
    let mut file = file.clone();
    imports::order(&mut file.items);
    rustfmt::file(&file)
}

/// Prints a Rust file, with its imports in order.
pub(crate) fn file(mut file: syn::File) -> String {
    if !has_imports(&file) {
        return spaced(file);
    }
    imports::order(&mut file.items);
    // The sections of imports are printed one by one, so that the blank lines between them do not depend on their text.
    let mut text = prettyplease::unparse(&of_items(file.attrs, Vec::new()));
    for items in runs(file.items, |one, other| imports::section(one) == imports::section(other)) {
        if !text.is_empty() {
            text.push('\n');
        }
        let is_section = items.first().and_then(imports::section).is_some();
        let part = of_items(Vec::new(), items);
        text.push_str(&if is_section { prettyplease::unparse(&part) } else { spaced(part) });
    }
    text
}

fn has_imports(file: &syn::File) -> bool {
    file.items.iter().any(|item| imports::section(item).is_some())
}

/// Prints items with blank lines between them.
fn spaced(file: syn::File) -> String {
    if !file.items.iter().any(lists::is_list) {
        return with_blank_lines(&prettyplease::unparse(&file));
    }
    let parts = runs(file.items, |one, other| !lists::is_list(one) && !lists::is_list(other));
    let parts = parts.into_iter().map(|items| {
        let list = if let [item] = items.as_slice() { lists::print(item) } else { None };
        list.unwrap_or_else(|| with_blank_lines(&prettyplease::unparse(&of_items(Vec::new(), items))))
    });
    let parts = parts.collect::<Vec<_>>().join("\n");
    prettyplease::unparse(&of_items(file.attrs, Vec::new())) + &parts
}

/// Splits items where two neighbours do not belong together.
fn runs(items: Vec<syn::Item>, belong_together: impl Fn(&syn::Item, &syn::Item) -> bool) -> Vec<Vec<syn::Item>> {
    let mut runs: Vec<Vec<syn::Item>> = Vec::new();
    for item in items {
        match runs.last_mut() {
            Some(run) if run.last().is_some_and(|last| belong_together(last, &item)) => run.push(item),
            _ => runs.push(vec![item]),
        }
    }
    runs
}

fn of_items(attrs: Vec<syn::Attribute>, items: Vec<syn::Item>) -> syn::File {
    syn::File { shebang: None, frontmatter: None, attrs, items }
}

/// Adds the blank lines between items.
fn with_blank_lines(printed: &str) -> String {
    let mut text = String::new();
    let mut previous = "";
    for line in printed.lines() {
        if wants_blank_line(previous, line) {
            text.push('\n');
        }
        text.push_str(line);
        text.push('\n');
        previous = line;
    }
    text
}

/// Whether a line starts an item directly after another, because the printer leaves no blank line between items.
fn wants_blank_line(previous: &str, line: &str) -> bool {
    let depth = indentation(line);
    if line.is_empty() || depth != indentation(previous) || depth > 4 {
        return false;
    }
    let (previous, line) = (previous.trim_start(), line.trim_start());
    let is_doc = previous.starts_with("//");
    let ends_item = matches!(previous, "}" | "};" | ");") || (depth == 0 && !is_doc && previous.ends_with(['}', ';']));
    let begins_item = depth == 0 || ITEM_STARTS.iter().any(|start| line.starts_with(start));
    ends_item && begins_item && !line.starts_with(['}', ')'])
}

/// What a line inside a block starts with if it is an item rather than a statement.
const ITEM_STARTS: [&str; 8] = ["///", "#[", "pub ", "pub(", "fn ", "async fn ", "type ", "const "];

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start().len()
}
