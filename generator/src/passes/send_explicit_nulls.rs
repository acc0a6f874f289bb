//! Lets an optional field that may be `null` distinguish between absent, `null` and a value. If it may hold any JSON, `null`
//! is one of its values.
//!
//! ```text
//! pub proxy: Option<String>,                  →     pub proxy: Option<Option<String>>,
//!
//!                                                   #[serde(deserialize_with = "crate::runtime::nullable::present")]
//! pub value: Option<Value>,                   →     pub value: Option<Value>,
//! ```

use syn::{Fields, File, Item, Type, parse_quote};

use super::attributes::{serde_text, wire_name};
use super::generics::argument_of;
use super::{fields, structs};
use crate::ir::{Api, Field};

pub(super) fn run(api: &Api, file: &mut File) -> usize {
    let mut edits = 0;
    let any = of_any_json(file);
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
            } else if is_plain && argument_of(&field.ty, "Option").is_some_and(|inner| any.contains(inner)) {
                field
                    .attrs
                    .push(parse_quote!(#[serde(default, deserialize_with = "crate::runtime::nullable::present")]));
                edits += 1;
            }
        }
    }
    edits
}

/// Returns the types of any JSON: `Value`, and the structs that wrap it.
fn of_any_json(file: &File) -> Vec<Type> {
    let value: Type = parse_quote!(::serde_json::Value);
    let wrappers = file.items.iter().filter_map(|item| match item {
        Item::Struct(item) => match &item.fields {
            Fields::Unnamed(fields)
                if fields.unnamed.len() == 1 && fields.unnamed.iter().all(|field| field.ty == value) =>
            {
                let ident = &item.ident;
                Some(parse_quote!(#ident))
            }
            _ => None,
        },
        _ => None,
    });
    wrappers.chain([value.clone()]).collect()
}
