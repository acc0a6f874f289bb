//! Marks types that a service can extend as non-exhaustive, so that a new field or value is not a breaking change.
//!
//! ```text
//! pub struct User { … }                       →     #[non_exhaustive] pub struct User { … }
//! pub enum Color { Red, Unknown(String) }     →     #[non_exhaustive] pub enum Color { Red, Unknown(String) }
//! ```

use syn::{Attribute, File, Item, parse_quote};

use super::definition;
use crate::ir::{Api, Kind, TypeDef};

pub(super) fn run(api: &Api, file: &mut File) -> usize {
    let mut edits = 0;
    for item in &mut file.items {
        let (ident, attributes, is_enum) = match item {
            Item::Struct(item) => (&item.ident, &mut item.attrs, false),
            Item::Enum(item) => (&item.ident, &mut item.attrs, true),
            _ => continue,
        };
        let can_grow = definition(api, ident).is_some_and(|definition| can_grow(definition, is_enum));
        if can_grow && !is_marked(attributes) {
            attributes.push(parse_quote!(#[non_exhaustive]));
            edits += 1;
        }
    }
    edits
}

fn can_grow(definition: &TypeDef, is_enum: bool) -> bool {
    match definition.kind {
        Kind::Struct { .. } => true,
        Kind::Enum { open, .. } | Kind::Union { open, .. } => open,
        Kind::UntaggedUnion { open, .. } => open && is_enum,
        Kind::Other => false,
    }
}

fn is_marked(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| attribute.path().is_ident("non_exhaustive"))
}
