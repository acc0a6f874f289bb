//! Sorts the fields of structs into document order. Progenitor sorts them by name.
//!
//! ```text
//! pub struct User { age: …, name: … }         →     pub struct User { name: …, age: … }
//! ```

use std::collections::HashMap;

use syn::{Fields, File};

use super::attributes::wire_name;
use super::{fields, structs};
use crate::ir::Api;

pub(super) fn run(api: &Api, file: &mut File) -> usize {
    let mut edits = 0;
    for (definition, item) in structs(api, file) {
        let Fields::Named(named) = &mut item.fields else { continue };
        let known = fields(definition).iter().enumerate();
        let order: HashMap<&str, usize> = known.map(|(index, field)| (field.name.as_str(), index)).collect();
        let position = |field: &syn::Field| order.get(wire_name(field).as_str()).copied().unwrap_or(order.len());
        // Names are read once for each field: reading them parses attributes.
        let positions: Vec<usize> = named.named.iter().map(position).collect();
        if !positions.is_sorted() {
            let mut sorted: Vec<_> = positions.into_iter().zip(std::mem::take(&mut named.named)).collect();
            sorted.sort_by_key(|(position, _)| *position);
            named.named = sorted.into_iter().map(|(_, field)| field).collect();
            edits += 1;
        }
    }
    edits
}
