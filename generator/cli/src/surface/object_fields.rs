//! Reads the lists of the fields of structs, from which the runtime implements the traits of serde:
//!
//! ```text
//! object::fields! {
//!     Pet { name: "petName" required, ..extra }
//! }
//! ```

use proc_macro2::{TokenStream, TokenTree};

/// The name of a struct, and the names on the wire of its fields.
pub(super) struct ObjectFields {
    pub(super) name: String,
    pub(super) keys: Vec<(String, String)>,
}

/// Reads the list of an item. `None` for all other items.
pub(super) fn read(item: &syn::Item) -> Option<ObjectFields> {
    let syn::Item::Macro(call) = item else { return None };
    let names: Vec<String> = call.mac.path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    if names != ["object", "fields"] {
        return None;
    }
    let mut tokens = call.mac.tokens.clone().into_iter();
    let (TokenTree::Ident(name), TokenTree::Group(list)) = (tokens.next()?, tokens.next()?) else { return None };
    Some(ObjectFields { name: name.to_string(), keys: keys(list.stream()) })
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
