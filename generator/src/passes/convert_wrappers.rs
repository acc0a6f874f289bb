//! Adds the conversions that users expect to wrappers: structs around a single value, which progenitor generates for named
//! schemas of a primitive type or a map. The constructors and setters of other types accept what converts to a wrapper.
//!
//! ```text
//!                                             #[derive(Copy)]
//! pub struct Count(pub i64);            →     pub struct Count(pub i64);
//!
//! pub struct Name(pub String);          →     pub struct Name(pub String);
//!                                             impl AsRef<str> for Name { … }
//!                                             impl From<&str> for Name { … }
//!
//! pub struct At(pub DateTime);          →     pub struct At(pub DateTime);
//!                                             impl AsRef<str> for At { … }
//!                                             impl From<&str> for At { … }
//!
//! pub struct Labels(pub Map);           →     pub struct Labels(pub Map);
//!                                             impl Labels { pub fn try_new(value: impl Serialize) … }
//! ```

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Fields, File, Ident, Item, ItemImpl, ItemStruct, Type, parse_quote};

use super::add_constructors::is_object;
use super::attributes::{derive, derives};
use super::generics::is_scalar;
use super::items_of;
use crate::ir::{Api, ScalarType};

pub(super) fn run(_: &Api, file: &mut File) -> usize {
    let converted = with_conversions(file);
    let mut edits = 0;
    for mut item in std::mem::take(&mut file.items) {
        let wrapper = match &mut item {
            Item::Struct(item) => inner(item).cloned().map(|inner| (item, inner)),
            _ => None,
        };
        let mut conversions = TokenStream::new();
        if let Some((item, inner)) = wrapper {
            if is_number(&inner) && !derives(&item.attrs, "Copy") {
                derive(&mut item.attrs, &["Copy"]);
                edits += 1;
            }
            if !converted.contains(&item.ident) {
                conversions = conversions_of(&item.ident, &inner);
                edits += usize::from(!conversions.is_empty());
            }
        }
        file.items.push(item);
        file.items.extend(items_of(conversions));
    }
    edits
}

/// The names of the wrappers of a file, with the scalar that a wrapper contains.
pub(super) struct Wrappers(BTreeMap<Ident, Option<Type>>);

impl Wrappers {
    pub(super) fn of(file: &File) -> Self {
        let wrappers = file.items.iter().filter_map(|item| match item {
            Item::Struct(item) => {
                inner(item).map(|inner| (item.ident.clone(), is_scalar(inner).then(|| inner.clone())))
            }
            _ => None,
        });
        Self(wrappers.collect())
    }

    /// Whether the type is a wrapper to which the wrapped value converts.
    pub(super) fn has(&self, ty: &Type) -> bool {
        self.wrapped(ty).is_some()
    }

    /// Returns the scalar that a wrapper contains.
    pub(super) fn scalar(&self, ty: &Type) -> Option<&Type> {
        self.wrapped(ty)?.as_ref()
    }

    fn wrapped(&self, ty: &Type) -> Option<&Option<Type>> {
        let Type::Path(path) = ty else { return None };
        self.0.get(path.path.get_ident()?)
    }
}

/// Returns the type of the single value that a wrapper contains.
fn inner(item: &ItemStruct) -> Option<&Type> {
    match &item.fields {
        Fields::Unnamed(fields) if item.generics.params.is_empty() => match fields.unnamed.first() {
            Some(field) if fields.unnamed.len() == 1 => Some(&field.ty),
            _ => None,
        },
        _ => None,
    }
}

/// Returns the names of the types that have the conversions already.
fn with_conversions(file: &File) -> BTreeSet<Ident> {
    let has = |block: &ItemImpl| {
        let Type::Path(path) = block.self_ty.as_ref() else { return None };
        let has_as_ref = block
            .trait_
            .as_ref()
            .is_some_and(|(path, ..)| path.segments.last().is_some_and(|last| last.ident == "AsRef"));
        let has_try_new =
            block.items.iter().any(|item| matches!(item, syn::ImplItem::Fn(method) if method.sig.ident == "try_new"));
        (has_as_ref || has_try_new).then(|| path.path.get_ident().cloned()).flatten()
    };
    file.items
        .iter()
        .filter_map(|item| match item {
            Item::Impl(block) => has(block),
            _ => None,
        })
        .collect()
}

fn is_number(ty: &Type) -> bool {
    const NUMBERS: [&str; 11] = ["bool", "f64", "f32", "i64", "i32", "i16", "i8", "u64", "u32", "u16", "u8"];
    matches!(ty, Type::Path(path) if path.path.get_ident().is_some_and(|ident| NUMBERS.iter().any(|name| ident == name)))
}

/// Whether a scalar is written as an integer. It is `Copy`, and needs no conversion from strings.
fn is_integer(scalar: &Type) -> bool {
    let Type::Path(path) = scalar else { return false };
    let name = path.path.segments.last().map(|last| last.ident.to_string());
    name.and_then(|name| ScalarType::named(&name)).is_some_and(ScalarType::is_integer)
}

fn conversions_of_scalar(name: &Ident, inner: &Type) -> TokenStream {
    quote! {
        impl ::std::convert::AsRef<str> for #name {
            fn as_ref(&self) -> &str { self.0.as_str() }
        }

        impl ::std::convert::From<&str> for #name {
            fn from(value: &str) -> Self { Self(#inner::new(value)) }
        }

        impl ::std::convert::From<::std::string::String> for #name {
            fn from(value: ::std::string::String) -> Self { Self(#inner::new(value)) }
        }
    }
}

fn conversions_of(name: &Ident, inner: &Type) -> TokenStream {
    if *inner == parse_quote!(::std::string::String) {
        return quote! {
            impl ::std::convert::AsRef<str> for #name {
                fn as_ref(&self) -> &str { &self.0 }
            }

            impl ::std::convert::From<&str> for #name {
                fn from(value: &str) -> Self { Self(value.to_owned()) }
            }
        };
    }
    if is_scalar(inner) {
        return if is_integer(inner) { TokenStream::new() } else { conversions_of_scalar(name, inner) };
    }
    if is_object(inner) {
        let parameter = name.to_string();
        return quote! {
            impl #name {
                /// Creates the value from a value of any type that is an object in JSON.
                ///
                /// # Errors
                ///
                /// Returns an error of the kind `InvalidArgument` if the value is something other than a JSON object, such as
                /// a number or a list, or cannot be written as JSON: a float that is NaN or infinite, or a map whose keys are
                /// not strings.
                pub fn try_new(value: impl ::serde::Serialize) -> ::std::result::Result<Self, crate::runtime::Error> {
                    Ok(Self(crate::runtime::json_object(#parameter, value)?))
                }
            }
        };
    }
    TokenStream::new()
}
