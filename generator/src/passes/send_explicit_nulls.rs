//! Lets an optional field that may be `null` say three things: absent, `null`, a value.
//!
//! ```text
//! pub proxy: Option<String>,                  →     pub proxy: Option<Option<String>>,
//! ```
//!
//! What progenitor boxes around an option, as the type contains itself, is boxed inside of it.

use syn::{Attribute, Fields, File, Type, parse_quote};

use super::attributes::{serde_text, wire_name};
use super::generics::argument_of;
use super::{fields, structs};
use crate::ir::{Api, Field};

pub(super) fn run(api: &Api, file: &mut File) -> usize {
    let mut edits = 0;
    for (definition, item) in structs(api, file) {
        let Fields::Named(named) = &mut item.fields else { continue };
        for field in &mut named.named {
            let name = wire_name(field);
            let may_be_null = |known: &Field| known.name == name && known.nullable && !known.required;
            // With a default, what is left out is that, and the field says no more than `null` or a value.
            let is_plain = ["default", "deserialize_with"].iter().all(|key| serde_text(&field.attrs, key).is_none());
            if is_plain && fields(definition).iter().any(may_be_null) {
                let ty = boxed_inside(&field.ty).unwrap_or_else(|| field.ty.clone());
                field.ty = parse_quote!(::std::option::Option<#ty>);
                let plain: Attribute = parse_quote!(#[serde(default)]);
                field.attrs.retain(|attribute| *attribute != plain);
                field
                    .attrs
                    .push(parse_quote!(#[serde(default, deserialize_with = "crate::runtime::nullable::deserialize")]));
                edits += 1;
            }
        }
    }
    edits
}

/// `Option<Box<T>>` for the `Box<Option<T>>` that progenitor writes where a type contains itself.
fn boxed_inside(ty: &Type) -> Option<Type> {
    let option = argument_of(ty, "Box")?;
    let inner = argument_of(option, "Option")?;
    Some(parse_quote!(::std::option::Option<::std::boxed::Box<#inner>>))
}
