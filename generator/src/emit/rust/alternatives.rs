//! Methods that request a response in another media type, and the operations that they return.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::docs::doc;
use super::functions::{decode, meta};
use crate::emit::operation::Call;
use crate::ir::Alternative;
use crate::markdown;

/// Returns the methods of an operation, and a type for each.
pub(crate) fn emit(call: &Call<'_>) -> TokenStream {
    let all = &call.operation.alternatives;
    if all.is_empty() {
        return TokenStream::new();
    }
    let ty = call.ty();
    let methods = all.iter().map(|alternative| method(call, alternative));
    let operations = all.iter().map(|alternative| operation(call, alternative));
    quote!(impl<'a> Call<'a, #ty> { #(#methods)* } #(#operations)*)
}

fn method(call: &Call<'_>, alternative: &Alternative) -> TokenStream {
    let ident = format_ident!("{}", alternative.ident);
    let (output, name) = (call.decoded(alternative.content), format_ident!("{}", alternative.type_name));
    let value = super::docs::linked(&output);
    let docs = doc(&format!(
        "Requests the response as {}. Awaiting the call then returns {value}.\n\nSet the arguments of the operation before. \
         Options of the call may be set before or after.",
        markdown::code(&alternative.accept)
    ));
    quote! {
        #docs
        pub fn #ident(self) -> Call<'a, #name<'a>> {
            self.with_operation(#name)
        }
    }
}

fn operation(call: &Call<'_>, alternative: &Alternative) -> TokenStream {
    let (name, own) = (format_ident!("{}", alternative.type_name), call.ty());
    let docs = doc(&format!(
        "The arguments of [`{}`], for a response of the media type {}.",
        call.operation.function_ident,
        markdown::code(&alternative.accept)
    ));
    let (output, meta) = (call.decoded(alternative.content), meta(call, Some(&alternative.accept)));
    let decode = decode(call, alternative.content);
    quote! {
        #docs
        #[derive(Debug, Clone)]
        pub struct #name<'a>(#own);

        impl Operation for #name<'_> {
            type Output = #output;

            const META: OperationMeta = #meta;

            fn encode(&self, request: &mut RequestWriter) -> Result<(), Error> {
                self.0.encode(request)
            }

            fn decode(response: &RawResponse) -> Result<Self::Output, Error> { #decode }
        }
    }
}
