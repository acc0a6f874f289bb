//! Drops progenitor's `error` and `defaults` modules from a file that does not use them.
//!
//! ```text
//! pub mod error { pub struct ConversionError … }    →     (nothing, unless a type of the file converts with it)
//! ```

use quote::ToTokens;
use syn::{File, Item};

use crate::ir::Api;

pub(super) fn run(_: &Api, file: &mut File) -> usize {
    let before = file.items.len();
    for name in ["error", "defaults"] {
        let is_module = |item: &Item| matches!(item, Item::Mod(module) if module.ident == name);
        let is_used = file.items.iter().filter(|item| !is_module(item)).any(|item| mentions(item, name));
        file.items.retain(|item| is_used || !is_module(item));
    }
    before - file.items.len()
}

/// Whether the item uses a path through the module, in code or in the string of an attribute. A module of the same name
/// in another one, such as `std::error`, is not meant.
fn mentions(item: &Item, module: &str) -> bool {
    let text = item.to_token_stream().to_string();
    let is_own = |start: usize| {
        let before = text.get(..start).unwrap_or_default().trim_end();
        before.ends_with("self ::") || !before.ends_with("::")
    };
    let path = format!("{module} ::");
    text.match_indices(&path).any(|(start, _)| is_own(start)) || text.contains(&format!("\"{module}::"))
}
