//! Derives `PartialEq` for all structs and unions, and `Eq` and `Hash` where everything in a type has them.
//!
//! ```text
//! #[derive(serde::Serialize, Clone, Debug)]         #[derive(Clone, Debug, PartialEq, Eq, Hash)]
//! pub struct User { name: String }            →     #[derive(serde::Serialize)]
//!                                                   pub struct User { name: String }
//! ```

use syn::{File, Item};

use super::attributes::{derive, derives};
use crate::equality;
use crate::ir::Api;

pub(super) fn run(_: &Api, file: &mut File) -> usize {
    let all = equality::of_definitions(file);
    let mut edits = 0;
    for item in &mut file.items {
        let (ident, attributes) = match item {
            Item::Struct(item) => (&item.ident, &mut item.attrs),
            Item::Enum(item) => (&item.ident, &mut item.attrs),
            _ => continue,
        };
        let wanted = all.get(&ident.to_string()).copied().into_iter().flat_map(equality::Equality::traits);
        let missing: Vec<_> = wanted.filter(|name| !derives(attributes, name)).collect();
        if !missing.is_empty() {
            derive(attributes, &missing);
            edits += 1;
        }
    }
    edits
}
