//! Moves the box of an optional field inside the option, so that the field can be omitted. Progenitor boxes the option
//! of a recursive type, which is then serialized as `null` if there is no value.
//!
//! ```text
//! #[serde(default)]                           →     #[serde(skip_serializing_if = "Option::is_none")]
//! pub cause: Box<Option<Error>>,              →     pub cause: Option<Box<Error>>,
//! ```

use syn::{Fields, File, Type, parse_quote};

use super::attributes::{has_serde_word, serde_arguments};
use super::generics::argument_of;
use super::structs;
use crate::ir::Api;

pub(super) fn run(api: &Api, file: &mut File) -> usize {
    let mut edits = 0;
    for (_, item) in structs(api, file) {
        let Fields::Named(named) = &mut item.fields else { continue };
        for field in named.named.iter_mut().filter(|field| has_serde_word(&field.attrs, "default")) {
            if let Some(ty) = boxed_inside(&field.ty) {
                let kept =
                    serde_arguments(&field.attrs).into_iter().filter(|argument| !argument.path().is_ident("default"));
                let kept: Vec<_> = kept.collect();
                field.ty = ty;
                field.attrs.retain(|attribute| !attribute.path().is_ident("serde"));
                field
                    .attrs
                    .push(parse_quote!(#[serde(#(#kept,)* skip_serializing_if = "::std::option::Option::is_none")]));
                edits += 1;
            }
        }
    }
    edits
}

/// Returns `Option<Box<T>>` for `Box<Option<T>>`.
fn boxed_inside(ty: &Type) -> Option<Type> {
    let option = argument_of(ty, "Box")?;
    let inner = argument_of(option, "Option")?;
    Some(parse_quote!(::std::option::Option<::std::boxed::Box<#inner>>))
}
