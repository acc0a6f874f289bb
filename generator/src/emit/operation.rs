//! One operation in Rust: the arguments of its function and the names and types it is written with.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::Ident;

use super::syntax::borrows;
use crate::backend::{Answer, Signature};
use crate::ir::{Api, Operation, Param, ResponseType};

/// An operation with the types that the back end gave it.
pub(super) struct Call<'a> {
    pub(super) operation: &'a Operation,
    pub(super) signature: &'a Signature,
}

impl<'a> Call<'a> {
    #[expect(
        clippy::indexing_slicing,
        reason = "the back end answers with a signature for each operation, or not at all"
    )]
    pub(super) fn of(api: &'a Api, answer: &'a Answer, index: usize) -> Self {
        Self { operation: api.operation(index), signature: &answer.signatures[index] }
    }

    pub(super) fn function(&self) -> Ident {
        format_ident!("{}", self.operation.function_ident)
    }

    pub(super) fn method(&self) -> Ident {
        format_ident!("{}", self.operation.method_ident)
    }

    pub(super) fn type_name(&self) -> Ident {
        format_ident!("{}", self.operation.type_name)
    }

    /// Whether the arguments borrow anything.
    pub(super) fn borrows(&self) -> bool {
        let mut tys = self.signature.params.iter().chain(self.signature.body.iter());
        tys.any(borrows)
            || self.operation.params.iter().any(|param| param.global.is_some())
            || self.operation.long_running.is_some()
    }

    /// The type of the arguments, with its lifetime if it has one.
    pub(super) fn ty(&self) -> TokenStream {
        let name = self.type_name();
        if self.borrows() { quote!(#name<'a>) } else { quote!(#name) }
    }

    /// The type of the arguments as an `impl` of it says it.
    pub(super) fn header(&self) -> TokenStream {
        let name = self.type_name();
        if self.borrows() { quote!(#name<'_>) } else { quote!(#name) }
    }

    /// Parameters and their types.
    pub(super) fn params(&self) -> impl Iterator<Item = (&'a Param, &'a syn::Type)> {
        self.operation.params.iter().zip(&self.signature.params)
    }

    /// What a caller must give, in order: names and types.
    pub(super) fn required(&self) -> Vec<(Ident, TokenStream)> {
        let params = self.params().filter(|(param, _)| param.required && param.global.is_none());
        let mut all: Vec<_> = params.map(|(param, ty)| (format_ident!("{}", param.ident), quote!(#ty))).collect();
        if let (Some(body), Some(ty)) = (&self.operation.body, &self.signature.body)
            && body.required
        {
            all.push((format_ident!("body"), quote!(#ty)));
        }
        all
    }

    /// Whether a caller must give something borrowed.
    pub(super) fn takes_borrowed(&self) -> bool {
        let required = self.params().filter(|(param, _)| param.required && param.global.is_none());
        required.map(|(_, ty)| ty).chain(&self.signature.body).any(borrows)
    }

    /// The type a call gives.
    pub(super) fn output(&self) -> TokenStream {
        match (self.operation.success.content, &self.signature.output) {
            (ResponseType::Json, Some(ty)) => quote!(#ty),
            (ResponseType::Text, _) => quote!(String),
            (ResponseType::Bytes, _) => quote!(bytes::Bytes),
            (ResponseType::Several, _) => {
                let name = self.operation.success.type_name.as_ref().map(|name| format_ident!("{name}"));
                quote!(crate::funcs::#name)
            }
            _ => quote!(()),
        }
    }

    /// Attributes of a function that takes these arguments.
    pub(super) fn attributes(&self) -> TokenStream {
        let deprecated = self.operation.deprecated.then(|| quote!(#[deprecated = "the API deprecates it"]));
        let many = (self.required().len() > 6)
            .then(|| quote!(#[expect(clippy::too_many_arguments, reason = "the service requires them all")]));
        quote!(#deprecated #many)
    }
}
