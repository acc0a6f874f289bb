//! Sorts the fields of structs into document order. Progenitor sorts them by name.
//!
//! ```text
//! pub struct User { age: …, name: … }         →     pub struct User { name: …, age: … }
//! ```

use syn::{Fields, File};

use super::attributes::wire_name;
use super::{fields, structs};
use crate::ir::Api;

pub(super) fn run(api: &Api, file: &mut File) -> usize {
    let mut edits = 0;
    for (definition, item) in structs(api, file) {
        let Fields::Named(named) = &mut item.fields else { continue };
        let order = fields(definition);
        let position =
            |field: &syn::Field| order.iter().position(|known| known.name == wire_name(field)).unwrap_or(order.len());
        if !named.named.iter().is_sorted_by_key(position) {
            let mut sorted: Vec<_> = std::mem::take(&mut named.named).into_iter().collect();
            sorted.sort_by_key(position);
            named.named = sorted.into_iter().collect();
            edits += 1;
        }
    }
    edits
}
