//! Keeps the fields of a response that the document does not name, and stops structs from rejecting them.
//!
//! ```text
//! #[serde(deny_unknown_fields)]                     pub struct User {
//! pub struct User {                           →         name: String,
//!     name: String,                                     #[serde(flatten)]
//! }                                                     extra: serde_json::Map<String, serde_json::Value>,
//!                                                   }
//! ```

use syn::{Fields, File, parse_quote};

use super::attributes::has_serde_word;
use super::structs;
use crate::ir::Api;

pub(super) fn run(api: &Api, file: &mut File) -> usize {
    let mut edits = 0;
    for (definition, item) in structs(api, file) {
        if !has_serde_word(&item.attrs, "deny_unknown_fields") {
            continue;
        }
        edits += 1;
        item.attrs.retain(|attribute| !has_serde_word(std::slice::from_ref(attribute), "deny_unknown_fields"));
        let Fields::Named(named) = &mut item.fields else { continue };
        let is_taken = named.named.iter().any(|field| field.ident.as_ref().is_some_and(|ident| ident == "extra"));
        if definition.in_response || !definition.in_request {
            let name = quote::format_ident!("{}", if is_taken { "extra_fields" } else { "extra" });
            named.named.push(parse_quote! {
                /// Fields of the response that the API description does not have.
                #[serde(flatten)]
                pub #name: ::serde_json::Map<::std::string::String, ::serde_json::Value>
            });
        }
    }
    edits
}
