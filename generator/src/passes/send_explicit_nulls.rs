//! Lets an optional field that may be `null` distinguish between absent, `null` and a value. If it may hold any JSON, `null`
//! is one of its values.
//!
//! ```text
//! pub proxy: Option<String>,                  →     pub proxy: Option<Option<String>>,
//!
//!                                                   #[serde(deserialize_with = "crate::runtime::nullable::present")]
//! pub value: Option<Value>,                   →     pub value: Option<Value>,
//! ```

use std::collections::BTreeSet;

use syn::{Fields, File, Ident, Item, Type, parse_quote};

use super::attributes::SerdeArguments;
use super::generics::{JSON, argument_of, is_at};
use super::{fields, structs};
use crate::ir::{Api, Field};

pub(super) fn run(api: &Api, file: &mut File) -> usize {
    let mut edits = 0;
    let wrappers = wrappers_of_json(file);
    for (definition, item) in structs(api, file) {
        let Fields::Named(named) = &mut item.fields else { continue };
        for field in &mut named.named {
            let arguments = SerdeArguments::of(&field.attrs);
            let name = arguments.wire_name(field);
            let may_be_null = |known: &Field| known.name == name && known.nullable && !known.required;
            // With a default, an absent field has that value, so only `null` and a value are left to distinguish.
            let is_plain = ["default", "deserialize_with"].iter().all(|key| arguments.text(key).is_none());
            if is_plain && fields(definition).iter().any(may_be_null) {
                let ty = &field.ty;
                field.ty = parse_quote!(::std::option::Option<#ty>);
                field
                    .attrs
                    .push(parse_quote!(#[serde(default, deserialize_with = "crate::runtime::nullable::deserialize")]));
                edits += 1;
            } else if is_plain && argument_of(&field.ty, "Option").is_some_and(|inner| is_any_json(inner, &wrappers)) {
                field
                    .attrs
                    .push(parse_quote!(#[serde(default, deserialize_with = "crate::runtime::nullable::present")]));
                edits += 1;
            }
        }
    }
    edits
}

/// Whether values of the type are any JSON.
fn is_any_json(ty: &Type, wrappers: &BTreeSet<Ident>) -> bool {
    let is_wrapper = |path: &syn::Path| path.get_ident().is_some_and(|ident| wrappers.contains(ident));
    is_at(ty, JSON) || matches!(ty, Type::Path(path) if is_wrapper(&path.path))
}

/// Returns the names of the structs that wrap any JSON.
fn wrappers_of_json(file: &File) -> BTreeSet<Ident> {
    let wrappers = file.items.iter().filter_map(|item| match item {
        Item::Struct(item) => match &item.fields {
            Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
                fields.unnamed.iter().all(|field| is_at(&field.ty, JSON)).then(|| item.ident.clone())
            }
            _ => None,
        },
        _ => None,
    });
    wrappers.collect()
}
