//! Prints the lists that macros of the runtime expand, an entry on each line. Other printers break them anywhere.

use proc_macro2::{Delimiter, Group, Spacing, TokenStream, TokenTree};

/// The longest constructor on one line, without its indentation.
const WIDTH: usize = 100;

/// Whether an item is such a macro.
pub(super) fn is_list(item: &syn::Item) -> bool {
    let syn::Item::Macro(call) = item else { return false };
    let modules = ["functions", "object", "string_enum"];
    call.attrs.is_empty()
        && call.mac.path.segments.first().is_some_and(|first| modules.iter().any(|name| first.ident == name))
}

/// Prints a macro of the form `path! { Name { entry, entry } }`. `None` for all other items.
pub(super) fn print(item: &syn::Item) -> Option<String> {
    let syn::Item::Macro(call) = item else { return None };
    if !is_list(item) {
        return None;
    }
    let tokens: Vec<TokenTree> = call.mac.tokens.clone().into_iter().collect();
    let [name @ .., TokenTree::Group(group)] = tokens.as_slice() else { return None };
    if group.delimiter() != Delimiter::Brace {
        return None;
    }
    let name = line(name);
    let path: Vec<String> = call.mac.path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    let mut text = format!("{}! {{\n    {name} {{\n", path.join("::"));
    for entry in entries(group.stream()) {
        let Entry { attributes, tokens } = entry;
        for line in attributes.iter().flat_map(printed_attribute) {
            text.push_str(&format!("        {line}\n"));
        }
        let entry = line(&tokens);
        text.push_str("        ");
        match tokens.as_slice() {
            [name, TokenTree::Group(arguments)] if entry.len() > WIDTH => {
                let arguments = entries(arguments.stream());
                let lines = arguments.iter().map(|argument| format!("            {},\n", line(&argument.tokens)));
                text.push_str(&format!("{name}(\n{}        )", lines.collect::<String>()));
            }
            _ => text.push_str(&entry),
        }
        // A comma is not allowed after the field that keeps all others.
        text.push_str(if entry.starts_with("..") { "\n" } else { ",\n" });
    }
    text.push_str("    }\n}\n");
    Some(text)
}

/// What is between two commas.
#[derive(Default)]
struct Entry {
    attributes: Vec<Group>,
    tokens: Vec<TokenTree>,
}

/// Splits a list at its commas, except those between the arguments of a type.
fn entries(tokens: TokenStream) -> Vec<Entry> {
    let mut entries = vec![Entry::default()];
    let (mut depth, mut is_attribute) = (0_usize, false);
    for token in tokens {
        let Some(entry) = entries.last_mut() else { break };
        match &token {
            TokenTree::Punct(punct) => match punct.as_char() {
                ',' if depth == 0 => {
                    entries.push(Entry::default());
                    continue;
                }
                '#' => {
                    is_attribute = true;
                    continue;
                }
                '<' => depth += 1,
                '>' => depth = depth.saturating_sub(1),
                _ => {}
            },
            TokenTree::Group(group) if std::mem::take(&mut is_attribute) => {
                entry.attributes.push(group.clone());
                continue;
            }
            _ => {}
        }
        entry.tokens.push(token);
    }
    entries.retain(|entry| !entry.tokens.is_empty());
    entries
}

/// Prints an attribute, as a comment if it is documentation.
fn printed_attribute(attribute: &Group) -> Vec<String> {
    let tokens: Vec<TokenTree> = attribute.stream().into_iter().collect();
    if let [TokenTree::Ident(doc), _, TokenTree::Literal(text)] = tokens.as_slice()
        && doc == "doc"
        && let Ok(text) = syn::parse_str::<syn::LitStr>(&text.to_string())
    {
        return text.value().split('\n').map(|line| format!("///{line}")).collect();
    }
    vec![format!("#[{}]", line(&tokens))]
}

/// Prints tokens on one line.
fn line(tokens: &[TokenTree]) -> String {
    let mut text = String::new();
    for (index, token) in tokens.iter().enumerate() {
        let before = |distance: usize| index.checked_sub(distance).and_then(|index| tokens.get(index));
        if before(1).is_some_and(|previous| is_apart(before(2), previous, token)) {
            text.push(' ');
        }
        match token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::Brace => ("{ ", " }"),
                    Delimiter::None => ("", ""),
                };
                let tokens: Vec<TokenTree> = group.stream().into_iter().collect();
                text.push_str(&format!("{open}{}{close}", line(&tokens)));
            }
            token => text.push_str(&token.to_string()),
        }
    }
    text
}

/// Whether there is a space between two tokens, the first of which may have another before it.
fn is_apart(before: Option<&TokenTree>, previous: &TokenTree, next: &TokenTree) -> bool {
    let is = |token: &TokenTree, of: &str| matches!(token, TokenTree::Punct(punct) if of.contains(punct.as_char()));
    if matches!(previous, TokenTree::Punct(punct) if punct.spacing() == Spacing::Joint) {
        return false;
    }
    let ends_range = is(previous, "=") && before.is_some_and(|before| is(before, "."));
    if is(previous, "|=,;") || is(next, "|=") {
        return !ends_range && !is(previous, ".");
    }
    if is(previous, ":") {
        // The end of a path separator, or the end of a name.
        return !is(next, ":") && !before.is_some_and(|before| is(before, ":"));
    }
    match (previous, next) {
        (TokenTree::Ident(_), TokenTree::Punct(next)) => next.as_char() == '&',
        (_, TokenTree::Punct(_)) => false,
        (TokenTree::Punct(previous), _) => previous.as_char() == '>',
        (_, TokenTree::Group(group)) => group.delimiter() != Delimiter::Parenthesis,
        _ => true,
    }
}
