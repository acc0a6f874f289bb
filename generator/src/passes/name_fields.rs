//! Names fields after their names on the wire, without duplicates. Progenitor gives two similar fields the same name.
//!
//! ```text
//! #[serde(rename = "self")]                         #[serde(rename = "self")]
//! pub self_: String,                          →     pub self_: String,
//! pub self_: String,                                #[serde(rename = "self_")]
//!                                                   pub self_2: String,
//! ```

use quote::format_ident;
use syn::{Fields, File, parse_quote};

use super::attributes::{SerdeArguments, has_serde_word};
use super::{fields, structs};
use crate::ir::Api;

pub(super) fn run(api: &Api, file: &mut File) -> usize {
    let mut edits = 0;
    for (definition, item) in structs(api, file) {
        let Fields::Named(named) = &mut item.fields else { continue };
        let is_taken = |ident: &syn::Ident| fields(definition).iter().any(|known| ident == &known.ident);
        for field in named.named.iter_mut().filter(|field| has_serde_word(&field.attrs, "flatten")) {
            if let Some(ident) = field.ident.as_mut().filter(|ident| is_taken(ident)) {
                edits += 1;
                *ident = format_ident!("{ident}_fields");
            }
        }
        for field in &mut named.named {
            let arguments = SerdeArguments::of(&field.attrs);
            if arguments.has_word("flatten") {
                continue;
            }
            let name = arguments.wire_name(field);
            let Some(known) = fields(definition).iter().find(|known| known.name == name) else { continue };
            let ident = &known.ident;
            if field.ident.as_ref().is_some_and(|current| current == ident) {
                continue;
            }
            edits += 1;
            field.ident = Some(format_ident!("{ident}"));
            if arguments.text("rename").is_none() {
                field.attrs.push(parse_quote!(#[serde(rename = #name)]));
            }
        }
    }
    edits
}
