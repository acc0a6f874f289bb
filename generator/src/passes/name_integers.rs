//! Adds constants for the values of enums of integers that the document names. Such an enum is a wrapper of an integer, because
//! services add values.
//!
//! ```text
//! pub struct Level(pub i64);            →     pub struct Level(pub i64);
//!                                             impl Level { pub const LOW: Self = Self(1); … }
//! ```

use quote::{format_ident, quote};
use syn::{Fields, File, Ident, ImplItem, Item, ItemStruct, Type};

use super::attributes::doc_attributes;
use super::{definition, items_of};
use crate::ir::{Api, NamedValue};
use crate::markdown;

pub(super) fn run(api: &Api, file: &mut File) -> usize {
    let done: Vec<Ident> = file.items.iter().filter_map(with_constants).collect();
    let mut edits = 0;
    for item in std::mem::take(&mut file.items) {
        let named = match &item {
            Item::Struct(item) if !done.contains(&item.ident) => integer(item).and_then(|integer| {
                let values = &definition(api, &item.ident)?.named_values;
                let values: Vec<_> = values.iter().filter(|value| fits(value.value, &integer)).collect();
                Some((item.ident.clone(), values))
            }),
            _ => None,
        };
        file.items.push(item);
        if let Some((name, values)) = named.filter(|(_, values)| !values.is_empty()) {
            let constants = values.into_iter().map(constant);
            file.items.extend(items_of(quote!(impl #name { #(#constants)* })));
            edits += 1;
        }
    }
    edits
}

/// Returns the integer type that a wrapper contains.
fn integer(item: &ItemStruct) -> Option<String> {
    let Fields::Unnamed(fields) = &item.fields else { return None };
    let Type::Path(path) = &fields.unnamed.first().filter(|_| fields.unnamed.len() == 1)?.ty else { return None };
    path.path.get_ident().map(ToString::to_string)
}

/// Whether a value is one of an integer type.
fn fits(value: i64, integer: &str) -> bool {
    match integer {
        "i64" => true,
        "i32" => i32::try_from(value).is_ok(),
        "i16" => i16::try_from(value).is_ok(),
        "i8" => i8::try_from(value).is_ok(),
        "u64" => u64::try_from(value).is_ok(),
        "u32" => u32::try_from(value).is_ok(),
        "u16" => u16::try_from(value).is_ok(),
        "u8" => u8::try_from(value).is_ok(),
        _ => false,
    }
}

fn constant(value: &NamedValue) -> proc_macro2::TokenStream {
    let NamedValue { value, ident, description } = value;
    let docs = description.as_deref().map_or_else(|| format!("`{value}`"), markdown::safe);
    let (ident, docs) = (format_ident!("{ident}"), doc_attributes(&docs));
    let value = proc_macro2::Literal::i64_unsuffixed(*value);
    quote! {
        #(#docs)*
        pub const #ident: Self = Self(#value);
    }
}

/// Returns the type of an `impl` block with constants.
fn with_constants(item: &Item) -> Option<Ident> {
    let Item::Impl(block) = item else { return None };
    let Type::Path(path) = block.self_ty.as_ref() else { return None };
    let has_constants = block.items.iter().any(|item| matches!(item, ImplItem::Const(_)));
    path.path.get_ident().filter(|_| has_constants && block.trait_.is_none()).cloned()
}
