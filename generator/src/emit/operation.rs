//! One operation in Rust: the arguments of its function, and the names and types in its code.

use std::borrow::Cow;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::Ident;

use super::syntax::{argument_type, borrows};
use crate::ir::{Api, BodyContent, ErrorResponse, Operation, Param, ResponseType, Slots};
use crate::progenitor::Types;

/// An operation with its types.
pub(crate) struct Call<'a> {
    pub(crate) operation: &'a Operation,
    pub(crate) types: &'a Types,
    pub(crate) slots: &'a Slots,
}

impl<'a> Call<'a> {
    pub(crate) fn of(api: &'a Api, types: &'a Types, index: usize) -> Self {
        Self { operation: api.operation(index), types, slots: &api.slots }
    }

    /// Returns the type of the body.
    pub(crate) fn body(&self) -> Option<Cow<'a, syn::Type>> {
        Some(match self.operation.body.as_ref()?.content {
            BodyContent::Json(slot) | BodyContent::Xml(slot) | BodyContent::Form { slot, .. } => {
                Cow::Borrowed(&self.types[slot])
            }
            BodyContent::Multipart(_) => Cow::Owned(syn::parse_quote!(crate::funcs::Multipart)),
            BodyContent::Text => Cow::Owned(syn::parse_quote!(String)),
            BodyContent::Bytes => Cow::Owned(syn::parse_quote!(crate::uploads::Body)),
        })
    }

    /// Whether the body is bytes, so that its argument is anything that converts to a body.
    pub(crate) fn takes_bytes(&self) -> bool {
        self.operation.body.as_ref().is_some_and(|body| body.content == BodyContent::Bytes)
    }

    /// Returns the type that a successful response is decoded into, if it is JSON or XML.
    pub(crate) fn json_output(&self) -> Option<&'a syn::Type> {
        self.operation.success.content.slot().map(|slot| &self.types[slot])
    }

    /// Returns the type of a page item.
    pub(crate) fn item(&self) -> Option<&'a syn::Type> {
        let items = self.operation.pagination.as_ref()?.items.as_ref()?;
        Some(&self.types[items.slot])
    }

    pub(crate) fn function(&self) -> Ident {
        format_ident!("{}", self.operation.function_ident)
    }

    pub(crate) fn method(&self) -> Ident {
        format_ident!("{}", self.operation.method_ident)
    }

    pub(crate) fn type_name(&self) -> Ident {
        format_ident!("{}", self.operation.type_name)
    }

    /// Whether any argument borrows.
    pub(crate) fn borrows(&self) -> bool {
        self.params().any(|(_, ty)| borrows(ty))
            || self.body().is_some_and(|ty| borrows(&ty))
            || self.operation.params.iter().any(|param| param.global.is_some())
            || self.operation.long_running.is_some()
    }

    /// Returns the type of the arguments. It always has a lifetime: an optional argument that borrows can be added to the API
    /// later, and must not break programs that name the type.
    pub(crate) fn ty(&self) -> TokenStream {
        let name = self.type_name();
        quote!(#name<'a>)
    }

    /// Returns the type of the arguments as an `impl` of it names it.
    pub(crate) fn header(&self) -> TokenStream {
        let name = self.type_name();
        quote!(#name<'_>)
    }

    /// Returns the parameters and their types.
    pub(crate) fn params(&self) -> impl Iterator<Item = (&'a Param, &'a syn::Type)> {
        self.operation.params.iter().map(|param| (param, &self.types[param.slot]))
    }

    /// Returns the names and types of the required arguments, in order, as a function declares them.
    pub(crate) fn required(&self) -> Vec<(Ident, TokenStream)> {
        let params = self.params().filter(|(param, _)| param.required && param.global.is_none());
        let mut all: Vec<_> = params.map(|(param, ty)| (format_ident!("{}", param.ident), argument_type(ty))).collect();
        if let (Some(body), Some(ty)) = (&self.operation.body, self.body())
            && body.required
        {
            all.push((format_ident!("body"), argument_type(&ty)));
        }
        all
    }

    /// Whether a required argument borrows.
    pub(crate) fn takes_borrowed(&self) -> bool {
        let mut required = self.params().filter(|(param, _)| param.required && param.global.is_none());
        required.any(|(_, ty)| borrows(ty)) || self.body().is_some_and(|ty| borrows(&ty))
    }

    /// Returns the type that a call returns.
    pub(crate) fn output(&self) -> TokenStream {
        self.decoded(self.operation.success.content)
    }

    /// Returns the type that a response is decoded into.
    pub(crate) fn decoded(&self, content: ResponseType) -> TokenStream {
        match content {
            ResponseType::Json(slot) | ResponseType::Xml(slot) => {
                let ty = &self.types[slot];
                quote!(#ty)
            }
            ResponseType::Text => quote!(String),
            ResponseType::Bytes => quote!(bytes::Bytes),
            ResponseType::Several => {
                let name = self.operation.success.type_name.as_ref().map(|name| format_ident!("{name}"));
                quote!(crate::funcs::#name)
            }
            ResponseType::Empty => quote!(()),
        }
    }

    /// Returns the attributes of a function with these arguments.
    pub(crate) fn attributes(&self) -> TokenStream {
        let deprecated = self.operation.deprecated.then(|| quote!(#[deprecated = "the API deprecates it"]));
        let many = (self.required().len() > 6)
            .then(|| quote!(#[expect(clippy::too_many_arguments, reason = "the service requires them all")]));
        quote!(#deprecated #many)
    }

    /// The error responses whose body has a type, each with its variant and that type.
    pub(crate) fn typed_errors(&self) -> Vec<(&'a ErrorResponse, Ident, &'a syn::Type)> {
        let typed = self.operation.errors.iter().filter_map(|error| {
            let body = error.body.as_ref()?;
            Some((error, format_ident!("{}", body.ident), &self.types[body.slot]))
        });
        typed.collect()
    }
}
