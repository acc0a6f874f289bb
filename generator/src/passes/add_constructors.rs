//! Adds a `new` with the required fields to structs, and a setter for each optional field.
//!
//! A field that holds any JSON object has a variant of `new` or of its setter that takes a value of any type, and a field
//! that can be absent and `null` a method that returns its value.
//!
//! ```text
//! pub struct User {                                 impl User {
//!     name: String,                           →         pub fn new(name: impl Into<String>) -> Self { … }
//!     age: Option<i64>,                                 pub fn age(mut self, age: i64) -> Self { … }
//! }                                                 }
//! ```

mod field;
mod object;

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Fields, File, Item, ItemStruct, Type};

pub(super) use self::field::argument;
use self::field::{Part, part, setters};
use self::object::Target;
pub(super) use self::object::is_object;
use super::attributes::derives;
use super::convert_wrappers::Wrappers;
use super::{definition, is_struct, items_of};
use crate::ir::{Api, TypeDef};

pub(super) fn run(api: &Api, file: &mut File) -> usize {
    let done: Vec<String> = file.items.iter().filter_map(constructed).collect();
    let mut edits = 0;
    let package = api.package.name.replace('-', "_");
    let wrappers = Wrappers::of(file);
    file.items.retain(|item| !is_default_of_struct(api, item, &done));
    for item in std::mem::take(&mut file.items) {
        let block = match &item {
            Item::Struct(item) if !done.contains(&item.ident.to_string()) => definition(api, &item.ident)
                .filter(|definition| is_struct(&definition.kind) && matches!(item.fields, Fields::Named(_)))
                .map(|definition| constructor(&package, &wrappers, definition, item)),
            _ => None,
        };
        file.items.push(item);
        if let Some(block) = block {
            edits += 1;
            file.items.extend(items_of(block));
        }
    }
    edits
}

/// Whether this is progenitor's `Default` of a struct that has no `new` yet. The `new` replaces it.
fn is_default_of_struct(api: &Api, item: &Item, done: &[String]) -> bool {
    let Item::Impl(block) = item else { return false };
    let is_default = block
        .trait_
        .as_ref()
        .is_some_and(|(path, ..)| path.segments.last().is_some_and(|last| last.ident == "Default"));
    let Type::Path(path) = block.self_ty.as_ref() else { return false };
    let name = path.path.get_ident().filter(|name| !done.contains(&name.to_string()));
    is_default && name.and_then(|name| definition(api, name)).is_some_and(|definition| is_struct(&definition.kind))
}

/// Returns the name of the type that this item is the constructor of.
fn constructed(item: &Item) -> Option<String> {
    let Item::Impl(block) = item else { return None };
    let Type::Path(path) = block.self_ty.as_ref() else { return None };
    let has_new = block.items.iter().any(|item| matches!(item, syn::ImplItem::Fn(method) if method.sig.ident == "new"));
    has_new.then(|| path.path.get_ident().map(ToString::to_string)).flatten()
}

fn constructor(package: &str, wrappers: &Wrappers, definition: &TypeDef, item: &ItemStruct) -> TokenStream {
    let name = &item.ident;
    let parts: Vec<Part<'_>> = match &item.fields {
        Fields::Named(named) => named.named.iter().filter_map(|field| part(definition, field)).collect(),
        _ => Vec::new(),
    };
    let required: Vec<_> = parts.iter().filter(|part| part.initial.is_none()).collect();
    let arguments = required.iter().map(|part| argument(wrappers, part.ident, part.ty).0);
    let values = parts.iter().map(|part| {
        let ident = part.ident;
        let value = part.initial.clone().unwrap_or_else(|| argument(wrappers, ident, part.ty).1);
        let is_short = *ident == value.to_string();
        if is_short { quote!(#ident) } else { quote!(#ident: #value) }
    });
    let mut taken: BTreeSet<String> = parts.iter().map(|part| part.ident.to_string()).collect();
    let target = Target { package, ident: name, wrappers };
    let try_new = object::constructor(target, &required, &mut taken);
    let set = parts.iter().filter(|part| part.initial.is_some() && !part.is_catch_all);
    let setters: Vec<_> = set.map(|part| setters(target, part, &mut taken)).collect();
    let lint = too_many_arguments(required.len());
    let own_name = (name == "New")
        .then(|| quote!(#[expect(clippy::self_named_constructors, reason = "the document names the type")]));
    let wants_default = required.is_empty() && !derives(&item.attrs, "Default");
    let default =
        wants_default.then(|| quote!(impl ::std::default::Default for #name { fn default() -> Self { Self::new() } }));
    let summary = match (required.is_empty(), setters.is_empty()) {
        (true, _) => " Creates the value without optional fields, except those with a default.",
        (false, true) => " Creates the value from its fields.",
        (false, false) => " Creates the value from its required fields. The methods below set the others.",
    };
    quote! {
        impl #name {
            #[doc = #summary]
            #lint
            #own_name
            #[must_use]
            pub fn new(#(#arguments),*) -> Self { Self { #(#values),* } }
            #try_new
            #(#setters)*
        }

        #default
    }
}

/// Returns the attribute of a constructor with this number of arguments.
pub(super) fn too_many_arguments(number: usize) -> Option<TokenStream> {
    (number > 7).then(|| quote!(#[expect(clippy::too_many_arguments, reason = "the service requires them all")]))
}
