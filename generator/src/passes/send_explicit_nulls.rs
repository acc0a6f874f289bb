//! Lets an optional field that may be `null` distinguish between absent, `null` and a value.
//!
//! ```text
//! pub proxy: Option<String>,                  →     pub proxy: Option<Option<String>>,
//! ```

use syn::{Fields, File, parse_quote};

use super::attributes::{serde_text, wire_name};
use super::{fields, structs};
use crate::ir::{Api, Field};

pub(super) fn run(api: &Api, file: &mut File) -> usize {
    let mut edits = 0;
    for (definition, item) in structs(api, file) {
        let Fields::Named(named) = &mut item.fields else { continue };
        for field in &mut named.named {
            let name = wire_name(field);
            let may_be_null = |known: &Field| known.name == name && known.nullable && !known.required;
            // With a default, an absent field has that value, so only `null` and a value are left to distinguish.
            let is_plain = ["default", "deserialize_with"].iter().all(|key| serde_text(&field.attrs, key).is_none());
            if is_plain && fields(definition).iter().any(may_be_null) {
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
