//! Gives structs a `new` that takes what is required, and a setter for each field that is not.
//!
//! ```text
//! pub struct User {                                 impl User {
//!     name: String,                           →         pub fn new(name: impl Into<String>) -> Self { … }
//!     age: Option<i64>,                                 pub fn age(mut self, age: i64) -> Self { … }
//! }                                                 }
//! ```

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Fields, File, GenericArgument, Ident, Item, ItemStruct, PathArguments, Type};

use super::attributes::{derives, doc_attributes, doc_text, has_serde_word, serde_text, wire_name};
use super::{definition, fields, is_struct};
use crate::ir::{Api, Field, TypeDef};

pub(super) fn run(api: &Api, file: &mut File) -> usize {
    let done: Vec<String> = file.items.iter().filter_map(constructed).collect();
    let mut edits = 0;
    file.items.retain(|item| !is_default_of_struct(api, item, &done));
    for item in std::mem::take(&mut file.items) {
        let block = match &item {
            Item::Struct(item) if !done.contains(&item.ident.to_string()) => definition(api, &item.ident)
                .filter(|definition| is_struct(&definition.kind))
                .map(|definition| constructor(definition, item)),
            _ => None,
        };
        file.items.push(item);
        if let Some(block) = block {
            edits += 1;
            let blocks: File = syn::parse2(block).expect("the template is Rust");
            file.items.extend(blocks.items);
        }
    }
    edits
}

/// Whether progenitor implements `Default` here for a struct that is still to get its `new`, which takes its place.
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

/// The name of the type that this item is the constructor of.
fn constructed(item: &Item) -> Option<String> {
    let Item::Impl(block) = item else { return None };
    let Type::Path(path) = block.self_ty.as_ref() else { return None };
    let has_new = block.items.iter().any(|item| matches!(item, syn::ImplItem::Fn(method) if method.sig.ident == "new"));
    (block.trait_.is_none() && has_new).then(|| path.path.get_ident().map(ToString::to_string)).flatten()
}

/// A field as the constructor and the setters see it.
struct Part<'a> {
    ident: &'a Ident,
    ty: &'a Type,
    docs: Vec<String>,
    /// `None` when the constructor takes it.
    initial: Option<TokenStream>,
    /// Whether it holds what the document does not name.
    is_catch_all: bool,
}

fn constructor(definition: &TypeDef, item: &ItemStruct) -> TokenStream {
    let name = &item.ident;
    let parts: Vec<Part<'_>> = match &item.fields {
        Fields::Named(named) => named.named.iter().filter_map(|field| part(definition, field)).collect(),
        _ => Vec::new(),
    };
    let required: Vec<_> = parts.iter().filter(|part| part.initial.is_none()).collect();
    let arguments = required.iter().map(|part| argument(part.ident, part.ty).0);
    let values = parts.iter().map(|part| {
        let ident = part.ident;
        let value = part.initial.clone().unwrap_or_else(|| argument(ident, part.ty).1);
        let is_short = *ident == value.to_string();
        if is_short { quote!(#ident) } else { quote!(#ident: #value) }
    });
    let setters = parts.iter().filter(|part| part.initial.is_some() && !part.is_catch_all).map(setters);
    let lint = (required.len() > 7)
        .then(|| quote!(#[expect(clippy::too_many_arguments, reason = "the service requires them all")]));
    let default = required
        .is_empty()
        .then(|| quote!(impl ::std::default::Default for #name { fn default() -> Self { Self::new() } }));
    let summary = if required.is_empty() { " With nothing set." } else { " With what is required." };
    quote! {
        impl #name {
            #[doc = #summary]
            #lint
            #[must_use]
            pub fn new(#(#arguments),*) -> Self { Self { #(#values),* } }
            #(#setters)*
        }

        #default
    }
}

fn part<'a>(definition: &TypeDef, field: &'a syn::Field) -> Option<Part<'a>> {
    let ident = field.ident.as_ref()?;
    let name = wire_name(field);
    let known = fields(definition).iter().find(|known| known.name == name);
    let initial = match serde_text(&field.attrs, "default") {
        Some(function) => {
            let function: syn::ExprPath = syn::parse_str(&function).ok()?;
            Some(literal(known, &field.ty).unwrap_or_else(|| quote!(#function())))
        }
        None if option_of(&field.ty).is_some() => Some(quote!(None)),
        None if has_serde_word(&field.attrs, "flatten") || has_serde_word(&field.attrs, "default") => {
            Some(default_of(&field.ty))
        }
        None if known.is_some_and(|known| !known.required) => Some(default_of(&field.ty)),
        None => None,
    };
    let docs = field.attrs.iter().filter_map(doc_text).collect();
    let is_catch_all = known.is_none() && has_serde_word(&field.attrs, "flatten");
    Some(Part { ident, ty: &field.ty, docs, initial, is_catch_all })
}

/// The default as the document writes it, where that is the same in Rust.
fn literal(known: Option<&Field>, ty: &Type) -> Option<TokenStream> {
    let default = known?.default.as_ref()?;
    let ty = quote!(#ty).to_string();
    let is_same = default.is_boolean() && ty == "bool" || default.is_i64() && matches!(ty.as_str(), "i64" | "i32");
    is_same.then(|| default.to_string().parse().ok()).flatten()
}

/// The default of a type, written without its arguments, which follow from the field.
fn default_of(ty: &Type) -> TokenStream {
    let Type::Path(path) = ty else { return quote!(::std::default::Default::default()) };
    if path.path.is_ident("bool") {
        return quote!(false);
    }
    let mut path = path.path.clone();
    path.segments.iter_mut().for_each(|segment| segment.arguments = PathArguments::None);
    quote!(#path::default())
}

fn setters(part: &Part<'_>) -> TokenStream {
    let ident = part.ident;
    let docs = part.docs.iter().map(|line| quote!(#[doc = #line]));
    let (inner, depth) = match option_of(part.ty).map(|inner| (inner, option_of(inner))) {
        Some((_, Some(innermost))) => (innermost, 2),
        Some((inner, None)) => (inner, 1),
        None => (part.ty, 0),
    };
    let (argument, value) = argument(ident, inner);
    let value = (0..depth).fold(value, |value, _| quote!(Some(#value)));
    let null = (depth == 2).then(|| {
        let setter = format_ident!("{}_null", ident.to_string().trim_end_matches('_'));
        let docs = doc_attributes(&format!(
            "Sends `null` as the value of [`Self::{ident}`], which is not the same as leaving it out."
        ));
        quote! {
            #(#docs)*
            #[must_use]
            pub fn #setter(mut self) -> Self { self.#ident = Some(None); self }
        }
    });
    quote! {
        #(#docs)*
        #[must_use]
        pub fn #ident(mut self, #argument) -> Self { self.#ident = #value; self }
        #null
    }
}

/// What a caller writes for a value of the type, and the value made of it.
fn argument(ident: &Ident, ty: &Type) -> (TokenStream, TokenStream) {
    let text = quote!(#ty).to_string().replace(' ', "");
    match text.as_str() {
        "::std::string::String" => {
            (quote!(#ident: impl ::std::convert::Into<::std::string::String>), quote!(#ident.into()))
        }
        "::serde_json::Value" => {
            (quote!(#ident: impl ::std::convert::Into<::serde_json::Value>), quote!(#ident.into()))
        }
        "::serde_json::Map<::std::string::String,::serde_json::Value>" => (
            quote!(#ident: impl ::std::iter::IntoIterator<
                Item = (impl ::std::convert::Into<::std::string::String>, impl ::std::convert::Into<::serde_json::Value>),
            >),
            quote!(#ident.into_iter().map(|(key, value)| (key.into(), value.into())).collect()),
        ),
        _ => (quote!(#ident: #ty), quote!(#ident)),
    }
}

fn option_of(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last().filter(|segment| segment.ident == "Option")?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}
