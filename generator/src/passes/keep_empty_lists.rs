//! Wraps optional lists and maps in `Option`, because absent and empty are different on the wire. So are those with a
//! default that progenitor cannot write, such as a map with entries: the service fills it in.
//!
//! ```text
//! #[serde(default, skip_serializing_if = "Vec::is_empty")]      #[serde(skip_serializing_if = "Option::is_none")]
//! pub tags: Vec<String>,                                  →     pub tags: Option<Vec<String>>,
//! ```

use serde_json::Value;
use syn::{Fields, File, parse_quote};

use super::attributes::{SerdeArguments, serde_arguments};
use super::{fields, structs};
use crate::ir::Api;

pub(super) fn run(api: &Api, file: &mut File) -> usize {
    let mut edits = 0;
    for (definition, item) in structs(api, file) {
        let Fields::Named(named) = &mut item.fields else { continue };
        for field in &mut named.named {
            let arguments = SerdeArguments::of(&field.attrs);
            let skip = arguments.text("skip_serializing_if");
            let name = arguments.wire_name(field);
            let known = fields(definition).iter().find(|known| known.name == name);
            let Some(known) = known.filter(|_| skip.is_some_and(|skip| skip.ends_with("is_empty"))) else { continue };
            let is_empty_by_default = known.default.as_ref().is_some_and(is_empty);
            let kept = serde_arguments(&field.attrs).into_iter().filter(|argument| {
                !argument.path().is_ident("skip_serializing_if")
                    && (is_empty_by_default || !argument.path().is_ident("default"))
            });
            let kept: Vec<_> = kept.collect();
            field.attrs.retain(|attribute| !attribute.path().is_ident("serde"));
            if is_empty_by_default {
                field.attrs.push(parse_quote!(#[serde(#(#kept),*)]));
            } else {
                let ty = &field.ty;
                field.ty = parse_quote!(::std::option::Option<#ty>);
                field
                    .attrs
                    .push(parse_quote!(#[serde(#(#kept,)* skip_serializing_if = "::std::option::Option::is_none")]));
            }
            edits += 1;
        }
    }
    edits
}

fn is_empty(default: &Value) -> bool {
    default.as_array().is_some_and(Vec::is_empty) || default.as_object().is_some_and(serde_json::Map::is_empty)
}
