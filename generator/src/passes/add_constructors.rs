//! Adds a `new` with the required fields to structs, and a setter for each optional field.
//!
//! A field that holds any JSON object has a variant of `new` or of its setter that takes a value of any type, and a field
//! that can be absent and `null` a method that returns its value.
//!
//! ```text
//! pub struct User {                                 object::methods! {
//!     name: String,                           →         User { new(name: into String), age: value i64 }
//!     age: Option<i64>,                             }
//! }
//! ```

mod field;
mod object;

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Fields, File, Item, ItemStruct, Type};

pub(super) use self::field::Argument;
use self::field::{Part, entry, part};
use self::object::Target;
pub(super) use self::object::is_object;
use super::attributes::derives;
use super::convert_wrappers::Wrappers;
use super::{definition, import_from_runtime, is_struct, items_of};
use crate::ir::{Api, TypeDef};
use crate::macros;

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
                .map(|definition| constructor(api, &package, &wrappers, definition, item)),
            _ => None,
        };
        file.items.push(item);
        edits += usize::from(block.is_some());
        file.items.extend(block.into_iter().flatten());
    }
    if edits > 0 {
        import_from_runtime(file, "object");
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
    macros::with_methods(item).map(|name| name.to_string())
}

fn constructor(api: &Api, package: &str, wrappers: &Wrappers, definition: &TypeDef, item: &ItemStruct) -> Vec<Item> {
    let name = &item.ident;
    let parts: Vec<Part<'_>> = match &item.fields {
        Fields::Named(named) => named.named.iter().filter_map(|field| part(definition, field)).collect(),
        _ => Vec::new(),
    };
    let required: Vec<_> = parts.iter().filter(|part| part.initial.is_none()).collect();
    let arguments = required.iter().map(|part| {
        let (ident, argument) = (part.ident, Argument::of(wrappers, part.ty).listed(api));
        quote!(#ident: #argument)
    });
    let mut taken: BTreeSet<String> = parts.iter().map(|part| part.ident.to_string()).collect();
    let target = Target { package, ident: name, api, wrappers };
    let (try_new, method) = object::constructor(target, &required, &mut taken).unzip();
    let set: Vec<_> = parts.iter().filter(|part| part.initial.is_some() && !part.is_catch_all).collect();
    let (mut entries, mut objects) = (Vec::new(), Vec::new());
    for part in &set {
        entries.push(entry(target, part, &mut taken));
        objects.extend(part.object_setter(target, &mut taken));
    }
    let rest = parts.iter().filter(|part| part.is_catch_all).map(|part| part.ident);
    let lint = too_many_arguments(required.len());
    let own_name = (name == "New")
        .then(|| quote!(#[expect(clippy::self_named_constructors, reason = "the document names the type")]));
    let summary = match (required.is_empty(), set.is_empty()) {
        (true, _) => " Creates the value without optional fields, except those with a default.",
        (false, true) => " Creates the value from its fields.",
        (false, false) => " Creates the value from its required fields. The methods below set the others.",
    };
    let fallible = try_new.map(|name| {
        let text =
            format!(" [`Self::{name}`] takes a value of any type that is an object in JSON, such as your own struct.");
        quote!(#[doc = ""] #[doc = #text])
    });
    let methods = quote! {
        #name {
            #[doc = #summary]
            #fallible
            #lint
            #own_name
            new(#(#arguments),*)
            #(, #entries)*
            #(, ..#rest)*
        }
    };
    let methods = macros::call("object", "methods", &methods);
    let others = (method.is_some() || !objects.is_empty()).then(|| quote!(impl #name { #method #(#objects)* }));
    let wants_default = required.is_empty() && !derives(&item.attrs, "Default");
    let default =
        wants_default.then(|| quote!(impl ::std::default::Default for #name { fn default() -> Self { Self::new() } }));
    std::iter::once(methods).chain(others.into_iter().chain(default).flat_map(items_of)).collect()
}

/// Returns the attribute of a constructor with this number of arguments.
pub(super) fn too_many_arguments(number: usize) -> Option<TokenStream> {
    (number > 7).then(|| quote!(#[expect(clippy::too_many_arguments, reason = "the service requires them all")]))
}
