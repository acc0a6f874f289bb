//! The argument and the initial value of a field in constructors and setters.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Ident, PathArguments, Type};

use super::object::{self, Target, is_object};
use crate::ir::{Api, Field, TypeDef};
use crate::naming::unique;
use crate::passes::attributes::SerdeArguments;
use crate::passes::convert_wrappers::Wrappers;
use crate::passes::generics::{JSON, STRING, argument_of, is_at, is_scalar};
use crate::passes::{fields, shorten_paths};
use crate::print;

/// A field, as the constructor and the setters need it.
pub(super) struct Part<'a> {
    pub(super) ident: &'a Ident,
    pub(super) ty: &'a Type,
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
    Some(Part { ident, ty: &field.ty, initial, is_catch_all })
}

impl<'a> Part<'a> {
    /// Returns the type of the values, and whether they can be absent and `null`.
    fn value(&self) -> (&'a Type, bool) {
        match option_of(self.ty).map(|inner| (inner, option_of(inner))) {
            Some((_, Some(innermost))) => (innermost, true),
            Some((inner, None)) => (inner, false),
            None => (self.ty, false),
        }
    }

    /// Returns the variant of the setter for values of any type, if the field holds any JSON object.
    pub(super) fn object_setter(&self, target: Target<'_>, taken: &mut BTreeSet<String>) -> Option<TokenStream> {
        is_object(self.value().0).then(|| object::setter(target, self, taken))
    }
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

/// Returns the entry of a field in the list of methods. `taken` are the names of other methods of the struct.
pub(super) fn entry(target: Target<'_>, part: &Part<'_>, taken: &mut BTreeSet<String>) -> TokenStream {
    let ident = part.ident;
    let (inner, is_nullable) = part.value();
    let argument = Argument::of(target.wrappers, inner).listed(target.api);
    let nullable = is_nullable.then(|| {
        let mut name = |end: &str| {
            let name = format!("{}_{end}", ident.to_string().trim_end_matches('_'));
            format_ident!("{}", unique(name, taken))
        };
        let (null, value, read) = (name("null"), name("value"), short(target.api, referenced(inner)));
        quote!(| #null #value #read)
    });
    let initial = part.initial.as_ref().filter(|initial| initial.to_string() != "None").map(|initial| {
        let initial = short_expression(target.api, initial.clone());
        quote!(= #initial)
    });
    quote!(#ident: #argument #nullable #initial)
}

/// Returns what a reference to the value of a field that can be absent and `null` refers to.
fn referenced(ty: &Type) -> Type {
    if is_at(ty, STRING) {
        return syn::parse_quote!(str);
    }
    match (argument_of(ty, "Vec"), argument_of(ty, "Box")) {
        (Some(item), _) => syn::parse_quote!([#item]),
        (None, Some(inner)) => inner.clone(),
        (None, None) => ty.clone(),
    }
}

/// Writes the paths of a type as `shorten_paths` does, which does not read lists.
fn short(api: &Api, mut ty: Type) -> Type {
    shorten_paths::run_on_type(api, &mut ty);
    ty
}

fn short_expression(api: &Api, expression: TokenStream) -> TokenStream {
    match syn::parse2(expression.clone()) {
        Ok(mut parsed) => {
            shorten_paths::run_on_expression(api, &mut parsed);
            quote!(#parsed)
        }
        Err(_) => expression,
    }
}

/// How a method takes a value.
pub(in crate::passes) enum Argument<'a> {
    /// The value itself.
    Value(&'a Type),
    /// All that converts to the type.
    Into(&'a Type),
    /// All that converts to the first type, which the second contains.
    Wrapped(&'a Type, &'a Type),
    /// Pairs of names and values.
    Object(&'a Type),
}

impl<'a> Argument<'a> {
    pub(in crate::passes) fn of(wrappers: &'a Wrappers, ty: &'a Type) -> Self {
        match wrappers.scalar(ty) {
            Some(scalar) => Self::Wrapped(scalar, ty),
            None if wrappers.has(ty) || is_at(ty, STRING) || is_scalar(ty) || is_at(ty, JSON) => Self::Into(ty),
            None if is_object(ty) => Self::Object(ty),
            None => Self::Value(ty),
        }
    }

    /// Returns the argument in the list of methods.
    pub(super) fn listed(&self, api: &Api) -> TokenStream {
        let (kind, ty, wrapper) = match self {
            Self::Value(ty) => (quote!(value), ty, None),
            Self::Into(ty) => (quote!(into), ty, None),
            Self::Wrapped(scalar, wrapper) => (quote!(into), scalar, Some(quote!(as #wrapper))),
            Self::Object(ty) => (quote!(object), ty, None),
        };
        let ty = short(api, (*ty).clone());
        quote!(#kind #ty #wrapper)
    }

    /// Returns the parameter of a method.
    pub(in crate::passes) fn parameter(&self, ident: &Ident) -> TokenStream {
        match self {
            Self::Value(ty) => quote!(#ident: #ty),
            Self::Into(ty) | Self::Wrapped(ty, _) => quote!(#ident: impl ::std::convert::Into<#ty>),
            Self::Object(_) => quote!(#ident: impl ::std::iter::IntoIterator<
                Item = (impl ::std::convert::Into<::std::string::String>, impl ::std::convert::Into<::serde_json::Value>),
            >),
        }
    }

    /// Returns the value of the parameter.
    pub(in crate::passes) fn value(&self, ident: &Ident) -> TokenStream {
        match self {
            Self::Value(_) => quote!(#ident),
            Self::Into(_) => quote!(#ident.into()),
            Self::Wrapped(_, wrapper) => quote!(#wrapper(#ident.into())),
            Self::Object(_) => {
                quote!(#ident.into_iter().map(|(key, value)| (key.into(), value.into())).collect())
            }
        }
    }
}

fn option_of(ty: &Type) -> Option<&Type> {
    argument_of(ty, "Option")
}
