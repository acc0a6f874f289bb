//! The argument and the initial value of a field in constructors and setters.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Ident, PathArguments, Type};

use super::object::{self, Target, is_object};
use crate::ir::{Field, TypeDef};
use crate::naming::unique;
use crate::passes::attributes::{SerdeArguments, doc_attributes, doc_text};
use crate::passes::convert_wrappers::Wrappers;
use crate::passes::fields;
use crate::passes::generics::{JSON, STRING, argument_of, is_at, is_scalar};
use crate::print;

/// A field, as the constructor and the setters need it.
pub(super) struct Part<'a> {
    pub(super) ident: &'a Ident,
    pub(super) ty: &'a Type,
    docs: Vec<String>,
    /// The initial value. `None` if the field is an argument of the constructor.
    pub(super) initial: Option<TokenStream>,
    /// Whether it collects the fields that the document does not name.
    pub(super) is_catch_all: bool,
}

pub(super) fn part<'a>(definition: &TypeDef, field: &'a syn::Field) -> Option<Part<'a>> {
    let ident = field.ident.as_ref()?;
    let arguments = SerdeArguments::of(&field.attrs);
    let name = arguments.wire_name(field);
    let known = fields(definition).iter().find(|known| known.name == name);
    let is_catch_all = arguments.has_word("flatten");
    let initial = match arguments.text("default") {
        Some(function) => {
            let function: syn::ExprPath = syn::parse_str(&function).ok()?;
            Some(literal(known, &field.ty).unwrap_or_else(|| quote!(#function())))
        }
        None if option_of(&field.ty).is_some() && known.is_some_and(|known| known.required) => None,
        None if option_of(&field.ty).is_some() => Some(quote!(None)),
        None if is_catch_all || arguments.has_word("default") => Some(default_of(&field.ty)),
        None if known.is_some_and(|known| !known.required) => Some(default_of(&field.ty)),
        None => None,
    };
    let docs = field.attrs.iter().filter_map(doc_text).collect();
    Some(Part { ident, ty: &field.ty, docs, initial, is_catch_all })
}

/// Returns the default of the document, if it can be written as a literal.
fn literal(known: Option<&Field>, ty: &Type) -> Option<TokenStream> {
    let default = known?.default.as_ref()?;
    let Type::Path(path) = ty else { return None };
    let is_same = match path.path.get_ident()?.to_string().as_str() {
        "bool" => default.is_boolean(),
        "i64" | "i32" => default.is_i64(),
        _ => false,
    };
    is_same.then(|| print::number(&default.to_string()).parse().ok()).flatten()
}

/// Returns the default of a type, without generic arguments, which are inferred from the field.
fn default_of(ty: &Type) -> TokenStream {
    let Type::Path(path) = ty else { return quote!(::std::default::Default::default()) };
    if path.path.is_ident("bool") {
        return quote!(false);
    }
    let mut path = path.path.clone();
    path.segments.iter_mut().for_each(|segment| segment.arguments = PathArguments::None);
    quote!(#path::default())
}

/// Returns the setters of a field, and the method that returns its value if the field can be absent and `null`. `taken` are the names of other methods of the struct.
pub(super) fn setters(target: Target<'_>, part: &Part<'_>, taken: &mut BTreeSet<String>) -> TokenStream {
    let ident = part.ident;
    let docs = part.docs.iter().map(|line| quote!(#[doc = #line]));
    let (inner, depth) = match option_of(part.ty).map(|inner| (inner, option_of(inner))) {
        Some((_, Some(innermost))) => (innermost, 2),
        Some((inner, None)) => (inner, 1),
        None => (part.ty, 0),
    };
    let (argument, value) = argument(target.wrappers, ident, inner);
    let value = (0..depth).fold(value, |value, _| quote!(Some(#value)));
    let null = (depth == 2).then(|| {
        let null = unique(format!("{}_null", ident.to_string().trim_end_matches('_')), taken);
        let null = format_ident!("{null}");
        let docs = doc_attributes(&format!(
            "Sends `null` as the value of [`Self::{ident}`], which is not the same as leaving it out."
        ));
        quote! {
            #(#docs)*
            #[must_use]
            pub fn #null(mut self) -> Self { self.#ident = Some(None); self }
        }
    });
    let read = (depth == 2).then(|| accessor(ident, inner, taken));
    let any_object = is_object(inner).then(|| object::setter(target, part, taken));
    quote! {
        #(#docs)*
        #[must_use]
        pub fn #ident(mut self, #argument) -> Self { self.#ident = #value; self }
        #null
        #any_object
        #read
    }
}

/// Returns the method that returns the value of a field that can be absent and `null`.
fn accessor(ident: &Ident, inner: &Type, taken: &mut BTreeSet<String>) -> TokenStream {
    let name = format_ident!("{}", unique(format!("{}_value", ident.to_string().trim_end_matches('_')), taken));
    let docs = doc_attributes(&format!(
        "Returns the value of `{ident}`. `None` if the field is absent or `null`, which only the field itself distinguishes."
    ));
    let (ty, read) = if is_at(inner, STRING) {
        (quote!(str), quote!(as_deref))
    } else if let Some(item) = argument_of(inner, "Vec") {
        (quote!([#item]), quote!(as_deref))
    } else if let Some(inner) = argument_of(inner, "Box") {
        (quote!(#inner), quote!(as_deref))
    } else {
        (quote!(#inner), quote!(as_ref))
    };
    quote! {
        #(#docs)*
        #[must_use]
        pub fn #name(&self) -> ::std::option::Option<&#ty> { self.#ident.as_ref()?.#read() }
    }
}

/// Returns the argument type for a value of the type, and the expression that converts the argument.
pub(in crate::passes) fn argument(wrappers: &Wrappers, ident: &Ident, ty: &Type) -> (TokenStream, TokenStream) {
    if let Some(scalar) = wrappers.scalar(ty) {
        // The wrapper converts to its scalar, and so does all that converts to the scalar.
        return (quote!(#ident: impl ::std::convert::Into<#scalar>), quote!(#ty(#ident.into())));
    }
    if wrappers.has(ty) {
        return (quote!(#ident: impl ::std::convert::Into<#ty>), quote!(#ident.into()));
    }
    if is_at(ty, STRING) {
        return (quote!(#ident: impl ::std::convert::Into<::std::string::String>), quote!(#ident.into()));
    }
    if is_scalar(ty) {
        return (quote!(#ident: impl ::std::convert::Into<#ty>), quote!(#ident.into()));
    }
    if is_at(ty, JSON) {
        return (quote!(#ident: impl ::std::convert::Into<::serde_json::Value>), quote!(#ident.into()));
    }
    if is_object(ty) {
        return (
            quote!(#ident: impl ::std::iter::IntoIterator<
                Item = (impl ::std::convert::Into<::std::string::String>, impl ::std::convert::Into<::serde_json::Value>),
            >),
            quote!(#ident.into_iter().map(|(key, value)| (key.into(), value.into())).collect()),
        );
    }
    (quote!(#ident: #ty), quote!(#ident))
}

fn option_of(ty: &Type) -> Option<&Type> {
    argument_of(ty, "Option")
}
