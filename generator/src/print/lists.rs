//! Prints the macros that list the fields of structs, an entry on each line. Other printers break them anywhere.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};

/// Whether an item is such a macro.
pub(super) fn is_list(item: &syn::Item) -> bool {
    matches!(item, syn::Item::Macro(call) if call.attrs.is_empty() && call.mac.path.segments.last().is_some_and(|last| last.ident == "fields"))
}

/// Prints a macro of the form `path! { Name { entry, entry } }`. `None` for all other items.
pub(super) fn print(item: &syn::Item) -> Option<String> {
    let syn::Item::Macro(call) = item else { return None };
    let mut tokens = call.mac.tokens.clone().into_iter();
    let (TokenTree::Ident(name), TokenTree::Group(group), None) = (tokens.next()?, tokens.next()?, tokens.next())
    else {
        return None;
    };
    if group.delimiter() != Delimiter::Brace {
        return None;
    }
    let path: Vec<String> = call.mac.path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    let mut text = format!("{}! {{\n    {name} {{\n", path.join("::"));
    for entry in entries(group.stream()) {
        text.push_str("        ");
        text.push_str(&entry);
        // A comma is not allowed after the field that keeps all others.
        text.push_str(if entry.starts_with("..") { "\n" } else { ",\n" });
    }
    text.push_str("    }\n}\n");
    Some(text)
}

fn entries(tokens: TokenStream) -> Vec<String> {
    let mut entries = vec![String::new()];
    // Whether the previous token is followed by a space.
    let mut is_open = false;
    for token in tokens {
        if matches!(&token, TokenTree::Punct(comma) if comma.as_char() == ',') {
            entries.push(String::new());
            is_open = false;
            continue;
        }
        let Some(entry) = entries.last_mut() else { continue };
        let is_attached = matches!(token, TokenTree::Punct(_) | TokenTree::Group(_));
        if is_open && !is_attached {
            entry.push(' ');
        }
        is_open =
            !matches!(&token, TokenTree::Punct(punct) if punct.as_char() == '.' || punct.spacing() == Spacing::Joint);
        match &token {
            TokenTree::Group(group) => entry.push_str(&format!("({})", path(group.stream()))),
            token => entry.push_str(&token.to_string()),
        }
    }
    entries.retain(|entry| !entry.is_empty());
    entries
}

/// Prints a path without the spaces between its tokens.
fn path(tokens: TokenStream) -> String {
    tokens.into_iter().map(|token| token.to_string()).collect()
}
