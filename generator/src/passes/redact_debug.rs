//! Keeps the values of sensitive fields out of `{:?}`.
//!
//! ```text
//! #[derive(Debug)]                                  pub struct Login { user: String, password: String }
//! pub struct Login {                          →     impl Debug for Login { /* password: [redacted] */ }
//!     user: String, password: String,
//! }
//! ```

use quote::quote;
use syn::{Fields, File, Item, ItemStruct};

use super::attributes::{derives, underive, wire_name};
use super::{definition, fields};
use crate::ir::{Api, TypeDef};

pub(super) fn run(api: &Api, file: &mut File) -> usize {
    let mut edits = 0;
    for mut item in std::mem::take(&mut file.items) {
        let block = match &mut item {
            Item::Struct(item) => redact(api, item),
            _ => None,
        };
        edits += usize::from(block.is_some());
        file.items.push(item);
        file.items.extend(block);
    }
    edits
}

fn redact(api: &Api, item: &mut ItemStruct) -> Option<Item> {
    let definition = definition(api, &item.ident)?;
    let has_secret = fields(definition).iter().any(|field| field.sensitive);
    if !has_secret || !derives(&item.attrs, "Debug") {
        return None;
    }
    underive(&mut item.attrs, "Debug");
    Some(debug(definition, item))
}

fn debug(definition: &TypeDef, item: &ItemStruct) -> Item {
    let name = &item.ident;
    let text = name.to_string();
    let named = match &item.fields {
        Fields::Named(named) => named.named.iter().collect(),
        _ => Vec::new(),
    };
    let shown = named.into_iter().filter_map(|field| {
        let ident = field.ident.as_ref()?;
        let label = ident.to_string();
        let is_secret = fields(definition).iter().any(|known| known.sensitive && known.name == wire_name(field));
        let value = if is_secret { quote!(&crate::runtime::Redacted) } else { quote!(&self.#ident) };
        Some(quote!(.field(#label, #value)))
    });
    syn::parse_quote! {
        impl ::std::fmt::Debug for #name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.debug_struct(#text)#(#shown)*.finish()
            }
        }
    }
}
