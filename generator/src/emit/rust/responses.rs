//! The enum of successful responses with different content, and its decoding.

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

use super::docs::doc;
use super::xml;
use crate::emit::operation::Call;
use crate::equality::{self, Equality};
use crate::ir::{ResponseType, SuccessResponse};

/// Returns the enum, or nothing if all responses have the same content.
pub(crate) fn emit(call: &Call<'_>) -> TokenStream {
    let success = &call.operation.success;
    let Some(name) = success.type_name.as_ref().map(|name| format_ident!("{name}")) else {
        return TokenStream::new();
    };
    let variants = success.responses.iter().map(|response| {
        let (ident, docs) = (format_ident!("{}", response.ident), doc(&docs(response)));
        let value = match response.content {
            ResponseType::Json(slot) | ResponseType::Xml(slot) => {
                let ty = &call.types[slot];
                quote!((#ty))
            }
            ResponseType::Text => quote!((String)),
            ResponseType::Bytes => quote!((bytes::Bytes)),
            ResponseType::Empty | ResponseType::Several => quote!(),
        };
        quote!(#docs #ident #value)
    });
    // Text and bytes have all traits.
    let equality = success.responses.iter().fold(Equality::FULL, |all, response| match response.content {
        ResponseType::Json(slot) | ResponseType::Xml(slot) => {
            all.and(equality::of_slot(&call.types[slot], &|name| call.types.definition_of(name)))
        }
        _ => all,
    });
    let summary =
        doc(&format!("The value that [`{}`] returns, by the status of the response.", call.operation.function_ident));
    quote! {
        #summary
        #[derive(Debug, Clone, #equality)]
        #[non_exhaustive]
        pub enum #name { #(#variants),* }
    }
}

/// Returns the expression that decodes a response with one of the described statuses.
pub(crate) fn decode(call: &Call<'_>) -> TokenStream {
    let success = &call.operation.success;
    let name = success.type_name.as_ref().map(|name| format_ident!("{name}"));
    let last = success.responses.len().saturating_sub(1);
    let arms = success.responses.iter().enumerate().map(|(index, response)| {
        let ident = format_ident!("{}", response.ident);
        let statuses = response.statuses.iter().map(|status| Literal::u16_unsuffixed(*status));
        let pattern = if index == last { quote!(_) } else { quote!(#(#statuses)|*) };
        let value = match response.content {
            ResponseType::Json(_) => quote!(#name::#ident(response.json()?)),
            ResponseType::Xml(slot) => {
                let element = xml::element(call, slot);
                quote!(#name::#ident(response.xml(#element)?))
            }
            ResponseType::Text => quote!(#name::#ident(response.text()?)),
            ResponseType::Bytes => quote!(#name::#ident(response.body().clone())),
            ResponseType::Empty | ResponseType::Several => quote!(#name::#ident),
        };
        quote!(#pattern => #value)
    });
    quote!(Ok(match response.status().as_u16() { #(#arms),* }))
}

fn docs(response: &SuccessResponse) -> String {
    let statuses: Vec<_> = response.statuses.iter().map(u16::to_string).collect();
    let statuses = if statuses.is_empty() { "Any other status".to_owned() } else { statuses.join(", ") };
    match response.description.as_deref().filter(|text| !text.is_empty()) {
        Some(text) => format!("{statuses}: {}", crate::markdown::safe(text)),
        None => format!("{statuses}."),
    }
}
