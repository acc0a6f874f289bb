//! Adds a last variant to unions without a discriminator, for values that match no other variant.
//!
//! ```text
//! #[serde(untagged)]                                #[serde(untagged)]
//! pub enum Input {                            →     pub enum Input {
//!     Text(String),                                     Text(String),
//!     List(Vec<String>),                                List(Vec<String>),
//! }                                                     Unknown(serde_json::Value),
//!                                                   }
//! ```

use quote::format_ident;
use syn::{Expr, File, ImplItem, Item, ItemEnum, ItemImpl, Stmt, Type, Variant, parse_quote};

use super::attributes::has_serde_word;
use super::definition;
use crate::ir::{Api, Kind};

pub(super) fn run(api: &Api, file: &mut File) -> usize {
    let mut opened = Vec::new();
    for item in &mut file.items {
        if let Item::Enum(item) = item
            && is_open_choice(api, item)
            && !item.variants.iter().any(takes_all)
        {
            let is_taken = item.variants.iter().any(|variant| variant.ident == "Unknown");
            let ident = format_ident!("{}", if is_taken { "UnknownValue" } else { "Unknown" });
            item.variants.push(parse_quote!(#ident(::serde_json::Value)));
            opened.push((item.ident.clone(), ident));
        }
    }
    for block in file.items.iter_mut().filter_map(block) {
        let opened = opened.iter().find(|(name, _)| is_for(block, name));
        if let (Some((_, variant)), true) = (opened, is_display(block)) {
            show(block, variant);
        }
    }
    opened.len()
}

/// Whether the variant accepts any value.
pub(super) fn takes_all(variant: &Variant) -> bool {
    let Some(Type::Path(path)) = variant.fields.iter().next().map(|field| &field.ty) else { return false };
    let names: Vec<_> = path.path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    variant.fields.len() == 1 && names == ["serde_json", "Value"]
}

fn is_open_choice(api: &Api, item: &ItemEnum) -> bool {
    let is_open = definition(api, &item.ident).is_some_and(|it| matches!(it.kind, Kind::UntaggedUnion { open: true }));
    is_open && has_serde_word(&item.attrs, "untagged")
}

fn block(item: &mut Item) -> Option<&mut ItemImpl> {
    match item {
        Item::Impl(block) => Some(block),
        _ => None,
    }
}

fn is_for(block: &ItemImpl, name: &syn::Ident) -> bool {
    matches!(block.self_ty.as_ref(), Type::Path(path) if path.path.is_ident(name))
}

fn is_display(block: &ItemImpl) -> bool {
    let last = block.trait_.as_ref().and_then(|(path, _)| path.segments.last());
    last.is_some_and(|segment| segment.ident == "Display")
}

/// Adds the variant to the `match` of the `Display` implementation.
fn show(block: &mut ItemImpl, variant: &syn::Ident) {
    for item in &mut block.items {
        if let ImplItem::Fn(function) = item
            && let [Stmt::Expr(Expr::Match(choice), None)] = function.block.stmts.as_mut_slice()
        {
            choice.arms.push(parse_quote!(Self::#variant(value) => value.fmt(f),));
        }
    }
}
