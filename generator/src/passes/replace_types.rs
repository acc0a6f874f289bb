//! Replaces the wrappers that progenitor generates for types of other crates by aliases of these.
//!
//! ```text
//! pub struct Money(pub ::serde_json::Value);        pub type Money = my_money::Money;
//! impl Deref for Money { … }                  →     const _: () = assert_value::<Money>();
//! impl From<Value> for Money { … }
//! ```
//!
//! The path occurs once, so a wrong path is one error of the compiler, below documentation that states who named the path.

use proc_macro2::TokenStream;
use quote::quote;
use syn::visit::{Visit, visit_path};
use syn::{File, GenericArgument, Ident, Item, PathArguments, Type, TypePath};

use super::attributes::doc_attributes;
use super::{definition, items_of};
use crate::ir::{Api, TypeDef};

pub(super) fn run(api: &Api, file: &mut File) -> usize {
    let replaced = |ident: &Ident| definition(api, ident).filter(|definition| definition.rust_type.is_some());
    let is_replaced = |ty: &Type| {
        let mut names = Names(Vec::new());
        names.visit_type(ty);
        names.0.into_iter().any(|name| replaced(name).is_some())
    };
    let mut edits = 0;
    for item in std::mem::take(&mut file.items) {
        match &item {
            Item::Struct(wrapper) if replaced(&wrapper.ident).is_some() => {
                edits += 1;
                let alias = replaced(&wrapper.ident).and_then(|definition| alias(&wrapper.ident, definition));
                file.items.extend(items_of(alias.unwrap_or_default()));
            }
            Item::Impl(block) if is_replaced(&block.self_ty) || converted(block).is_some_and(is_replaced) => edits += 1,
            _ => file.items.push(item),
        }
    }
    if edits > 0 {
        file.items.extend(items_of(assertion()));
    }
    edits
}

/// The names in a type that are paths of their own.
struct Names<'a>(Vec<&'a Ident>);

impl<'a> Visit<'a> for Names<'a> {
    fn visit_path(&mut self, path: &'a syn::Path) {
        self.0.extend(path.get_ident());
        visit_path(self, path);
    }
}

/// Returns the type that an implementation of `From` converts. Two types of an API may be the same type of another crate, to
/// which no union can have two conversions.
fn converted(block: &syn::ItemImpl) -> Option<&Type> {
    let last = block.trait_.as_ref()?.0.segments.last().filter(|last| last.ident == "From")?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    match arguments.args.first()? {
        GenericArgument::Type(Type::Reference(reference)) => Some(&reference.elem),
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    }
}

fn alias(name: &Ident, definition: &TypeDef) -> Option<TokenStream> {
    let rust_type = definition.rust_type.as_ref()?;
    let path: TypePath = syn::parse_str(&rust_type.path).ok()?;
    let description = definition.description.iter().map(|description| format!("{description}\n\n"));
    let docs = description.chain([format!("A type from another crate, set by {}.", rust_type.origin)]);
    let docs = doc_attributes(&docs.collect::<String>());
    Some(quote! {
        #(#docs)*
        pub type #name = #path;
        const _: () = assert_value::<#name>();
    })
}

/// Returns a function that lets the compiler check a type, at the place of the call.
fn assertion() -> TokenStream {
    quote! {
        /// Compiles only for types with the traits that the types and the calls of the client need.
        const fn assert_value<T>()
        where
            T: ::std::clone::Clone
                + ::std::fmt::Debug
                + ::std::cmp::PartialEq
                + ::std::marker::Send
                + ::std::marker::Sync
                + ::serde::Serialize
                + ::serde::de::DeserializeOwned
                + 'static,
        {
        }
    }
}
