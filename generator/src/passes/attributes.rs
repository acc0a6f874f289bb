//! Reads and changes attributes: derives, serde arguments and docs.

use proc_macro2::{Literal, Span, TokenStream, TokenTree};
use syn::punctuated::Punctuated;
use syn::token::Bracket;
use syn::{AttrStyle, Attribute, Expr, ExprLit, Field, Ident, Lit, LitStr, Meta, MetaNameValue, Token};

/// Returns the arguments of all `#[serde(…)]` attributes.
pub(super) fn serde_arguments(attributes: &[Attribute]) -> Vec<Meta> {
    #[cfg(test)]
    tests::READ.set(tests::READ.get() + attributes.len());
    let lists = attributes.iter().filter(|attribute| attribute.path().is_ident("serde"));
    lists
        .filter_map(|list| list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated).ok())
        .flatten()
        .collect()
}

/// The arguments of all `#[serde(…)]` attributes of an item, for several questions. Their tokens are read without a parser, which
/// would copy them first.
pub(super) struct SerdeArguments(Vec<(Ident, Option<Literal>)>);

impl SerdeArguments {
    pub(super) fn of(attributes: &[Attribute]) -> Self {
        #[cfg(test)]
        tests::READ.set(tests::READ.get() + attributes.len());
        let mut arguments: Vec<(Ident, Option<Literal>)> = Vec::new();
        for attribute in attributes {
            let Meta::List(list) = &attribute.meta else { continue };
            if !list.path.is_ident("serde") {
                continue;
            }
            for token in list.tokens.clone() {
                match token {
                    TokenTree::Ident(name) => arguments.push((name, None)),
                    TokenTree::Literal(text) => {
                        if let Some((_, value)) = arguments.last_mut() {
                            *value = Some(text);
                        }
                    }
                    // Between the arguments, and between names and values.
                    TokenTree::Punct(_) | TokenTree::Group(_) => {}
                }
            }
        }
        Self(arguments)
    }

    /// Returns the string of `name = "…"`.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        let (_, value) = self.0.iter().find(|(known, value)| known == name && value.is_some())?;
        let text: LitStr = syn::parse_str(&value.as_ref()?.to_string()).ok()?;
        Some(text.value())
    }

    /// Whether `name` is an argument without a value.
    pub(super) fn has_word(&self, name: &str) -> bool {
        self.0.iter().any(|(known, value)| known == name && value.is_none())
    }

    /// Returns the name on the wire of the field that has these arguments.
    pub(super) fn wire_name(&self, field: &Field) -> String {
        self.text("rename").or_else(|| field.ident.as_ref().map(ToString::to_string)).unwrap_or_default()
    }

    /// Returns the number of the arguments.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}

/// Returns the string of `name = "…"` among the arguments of `#[serde(…)]`.
pub(super) fn serde_text(attributes: &[Attribute], name: &str) -> Option<String> {
    SerdeArguments::of(attributes).text(name)
}

/// Whether `name` is an argument without a value of `#[serde(…)]`.
pub(super) fn has_serde_word(attributes: &[Attribute], name: &str) -> bool {
    SerdeArguments::of(attributes).has_word(name)
}

/// Returns the field's name on the wire.
pub(super) fn wire_name(field: &Field) -> String {
    SerdeArguments::of(&field.attrs).wire_name(field)
}

/// Whether a `#[derive(…)]` has the trait, compared by the last segment of its path.
pub(super) fn derives(attributes: &[Attribute], name: &str) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        Meta::List(list) if list.path.is_ident("derive") => ends_path(list.tokens.clone(), name),
        _ => false,
    })
}

/// Whether the name is the last segment of one of several paths. The tokens are read without a parser.
fn ends_path(paths: TokenStream, name: &str) -> bool {
    let mut last = false;
    for token in paths {
        match token {
            TokenTree::Ident(segment) => last = segment == name,
            TokenTree::Punct(punct) if punct.as_char() == ',' && last => return true,
            TokenTree::Punct(_) | TokenTree::Group(_) | TokenTree::Literal(_) => {}
        }
    }
    last
}

/// Removes a trait from the `#[derive(…)]`.
pub(super) fn underive(attributes: &mut Vec<Attribute>, name: &str) {
    let kept: Vec<_> = derived(attributes).into_iter().filter(|path| !is_last(path, name)).collect();
    let position = attributes.iter().position(|attribute| attribute.path().is_ident("derive"));
    attributes.retain(|attribute| !attribute.path().is_ident("derive"));
    attributes.insert(position.unwrap_or(attributes.len()), syn::parse_quote!(#[derive(#(#kept),*)]));
}

/// Adds traits to the `#[derive(…)]`. Traits of other crates than the standard library get a list of their own.
pub(super) fn derive(attributes: &mut Vec<Attribute>, names: &[&str]) {
    let added = names.iter().map(|name| quote::format_ident!("{name}").into());
    let all = derived(attributes).into_iter().chain(added);
    let (own, others): (Vec<syn::Path>, Vec<_>) = all.partition(|path| path.get_ident().is_some());
    let position = attributes.iter().position(|attribute| attribute.path().is_ident("derive"));
    attributes.retain(|attribute| !attribute.path().is_ident("derive"));
    let lists = [own, others].into_iter().filter(|list| !list.is_empty());
    let lists = lists.map(|list| syn::parse_quote!(#[derive(#(#list),*)]));
    let position = position.unwrap_or(attributes.len());
    attributes.splice(position..position, lists);
}

/// Returns the paths in all `#[derive(…)]` attributes.
pub(super) fn derived(attributes: &[Attribute]) -> Vec<syn::Path> {
    let lists = attributes.iter().filter(|attribute| attribute.path().is_ident("derive"));
    lists
        .filter_map(|list| list.parse_args_with(Punctuated::<syn::Path, Token![,]>::parse_terminated).ok())
        .flatten()
        .collect()
}

fn is_last(path: &syn::Path, name: &str) -> bool {
    path.segments.last().is_some_and(|segment| segment.ident == name)
}

/// Returns the text of a doc attribute. `None` for any other attribute.
pub(super) fn doc_text(attribute: &Attribute) -> Option<String> {
    match &attribute.meta {
        Meta::NameValue(pair) if pair.path.is_ident("doc") => text_of(pair),
        _ => None,
    }
}

/// Whether an attribute is documentation, without reading it: that decodes its string.
pub(super) fn is_doc(attribute: &Attribute) -> bool {
    matches!(&attribute.meta, Meta::NameValue(pair) if pair.path.is_ident("doc") && string_of(pair).is_some())
}

/// Returns one doc attribute for each line.
pub(super) fn doc_attributes(text: &str) -> Vec<Attribute> {
    let lines = text.lines().map(|line| if line.is_empty() { String::new() } else { format!(" {line}") });
    lines.map(|line| doc_attribute(&line)).collect()
}

/// Returns `#[doc = "…"]`. There is one for each line of docs, so it is built without parsing.
fn doc_attribute(line: &str) -> Attribute {
    let text = Lit::Str(LitStr::new(line, Span::call_site()));
    let value = Expr::Lit(ExprLit { attrs: Vec::new(), lit: text });
    let path = Ident::new("doc", Span::call_site()).into();
    Attribute {
        pound_token: Token![#](Span::call_site()),
        style: AttrStyle::Outer,
        bracket_token: Bracket::default(),
        meta: Meta::NameValue(MetaNameValue { path, eq_token: Token![=](Span::call_site()), value }),
    }
}

fn text_of(pair: &MetaNameValue) -> Option<String> {
    string_of(pair).map(LitStr::value)
}

fn string_of(pair: &MetaNameValue) -> Option<&LitStr> {
    match &pair.value {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text),
        _ => None,
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::cell::Cell;

    use syn::parse_quote;

    use super::{derives, doc_attributes, doc_text};

    thread_local! {
        /// How many attributes were read in this thread.
        pub(in crate::passes) static READ: Cell<usize> = const { Cell::new(0) };
    }

    #[test]
    fn only_doc_attributes_are_documentation() {
        assert_eq!(doc_text(&parse_quote!(#[doc = " Words."])).as_deref(), Some(" Words."));
        assert_eq!(doc_text(&parse_quote!(#[must_use = "words"])), None);
        assert_eq!(doc_text(&parse_quote!(#[doc(hidden)])), None);
    }

    #[test]
    fn derived_traits_are_known_by_their_last_segment() {
        let attributes =
            [parse_quote!(#[doc = "Debug"]), parse_quote!(#[derive(::serde::Serialize, Clone, std::fmt::Debug)])];
        for name in ["Serialize", "Clone", "Debug"] {
            assert!(derives(&attributes, name), "{name}");
        }
        for name in ["serde", "std", "fmt", "Eq"] {
            assert!(!derives(&attributes, name), "{name}");
        }
    }

    #[test]
    fn doc_attributes_are_those_that_are_parsed() {
        let expected: Vec<syn::Attribute> = vec![parse_quote!(#[doc = " a \"b\""]), parse_quote!(#[doc = ""])];
        assert_eq!(doc_attributes("a \"b\"\n\n"), expected);
    }
}
