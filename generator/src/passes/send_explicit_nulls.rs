//! Lets an optional field that may be `null` say three things: absent, `null`, a value.
//!
//! ```text
//! pub proxy: Option<String>,                  →     pub proxy: Option<Option<String>>,
//! ```

use syn::{Fields, File, parse_quote};

use super::attributes::{serde_text, wire_name};
use super::{fields, structs};
use crate::ir::Api;

pub(super) fn run(api: &Api, file: &mut File) -> usize {
    let mut edits = 0;
    for (definition, item) in structs(api, file) {
        let Fields::Named(named) = &mut item.fields else { continue };
        for field in &mut named.named {
            let name = wire_name(field);
            let is_tristate = fields(definition).iter().any(|known| known.name == name && known.is_tristate());
            if is_tristate && serde_text(&field.attrs, "deserialize_with").is_none() {
                let ty = &field.ty;
                field.ty = parse_quote!(::std::option::Option<#ty>);
                field
                    .attrs
                    .push(parse_quote!(#[serde(default, deserialize_with = "crate::runtime::nullable::deserialize")]));
                edits += 1;
            }
        }
    }
    edits
}
