//! Reads the macros of the runtime that implement the traits of types:
//!
//! ```text
//! object::fields! {
//!     Pet { name: "petName" required, ..extra }
//! }
//!
//! string_enum::closed! {
//!     Color { Red = "red" }
//! }
//! ```

use proc_macro2::{TokenStream, TokenTree};

/// What a macro declares about a type.
pub(super) struct Declared {
    pub(super) name: String,
    pub(super) traits: &'static [&'static str],
    /// The associated types of the traits.
    pub(super) types: &'static [(&'static str, &'static str)],
    /// The fields of a struct, with their names on the wire.
    pub(super) keys: Vec<(String, String)>,
}

const OF_STRUCTS: &[&str] = &["serde::Deserialize", "serde::Serialize"];
const OF_CLOSED_ENUMS: &[&str] = &[
    "AsRef<str>",
    "TryFrom<&str>",
    "serde::Deserialize",
    "serde::Serialize",
    "std::fmt::Display",
    "std::str::FromStr",
];
const OF_OPEN_ENUMS: &[&str] =
    &["AsRef<str>", "From<String>", "serde::Deserialize", "serde::Serialize", "std::fmt::Display", "std::str::FromStr"];

const TYPES_OF_CLOSED_ENUMS: &[(&str, &str)] = &[
    ("TryFrom<&str>::Error", "crate::error::ParseEnumError"),
    ("std::str::FromStr::Err", "crate::error::ParseEnumError"),
];
const TYPES_OF_OPEN_ENUMS: &[(&str, &str)] = &[("std::str::FromStr::Err", "std::convert::Infallible")];

/// Reads an item. `None` if it is not such a macro.
pub(super) fn read(item: &syn::Item) -> Option<Declared> {
    let syn::Item::Macro(call) = item else { return None };
    let path: Vec<String> = call.mac.path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    let (traits, types) = match path.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["object", "fields"] => (OF_STRUCTS, [].as_slice()),
        ["string_enum", "closed"] => (OF_CLOSED_ENUMS, TYPES_OF_CLOSED_ENUMS),
        ["string_enum", "open"] => (OF_OPEN_ENUMS, TYPES_OF_OPEN_ENUMS),
        _ => return None,
    };
    let mut tokens = call.mac.tokens.clone().into_iter();
    let TokenTree::Ident(name) = tokens.next()? else { return None };
    let keys = match tokens.next() {
        Some(TokenTree::Group(list)) => keys(list.stream()),
        _ => Vec::new(),
    };
    Some(Declared { name: name.to_string(), traits, types, keys })
}

/// Returns the field and the key of each entry `field: "key" kind`.
fn keys(list: TokenStream) -> Vec<(String, String)> {
    let tokens: Vec<TokenTree> = list.into_iter().collect();
    let keys = tokens.windows(3).filter_map(|tokens| match tokens {
        [TokenTree::Ident(field), TokenTree::Punct(colon), TokenTree::Literal(key)] if colon.as_char() == ':' => {
            let key = syn::parse_str::<syn::LitStr>(&key.to_string()).ok()?;
            Some((field.to_string(), key.value()))
        }
        _ => None,
    });
    keys.collect()
}
