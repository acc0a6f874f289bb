//! Code that reads the parts of a streamed response.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::emit::operation::Call;
use crate::ir::{StreamPart, Streaming};

/// Returns the additional items of an operation with a stream.
pub(crate) fn emit(call: &Call<'_>) -> TokenStream {
    let Some(streaming) = &call.operation.streaming else { return TokenStream::new() };
    let Streaming { media_type, part, sentinel, switch } = streaming;
    let (header, item) = (call.header(), item(call, *part));
    let format = format_ident!("{}", if matches!(part, StreamPart::Line(_)) { "Lines" } else { "Events" });
    let [sentinel, switch] = [sentinel, switch].map(|text| match text {
        Some(text) => quote!(Some(#text)),
        None => quote!(None),
    });
    let read = match part {
        StreamPart::Text => quote!(part.text_event()),
        StreamPart::Json(_) => quote!(part.json_event()),
        StreamPart::Whole { prefers_text, .. } => quote!(part.whole(#prefers_text)),
        StreamPart::Line(_) => quote!(part.json()),
    };
    quote! {
        impl crate::runtime::streams::Streamed for #header {
            type Item = #item;

            const STREAM: crate::runtime::streams::StreamMeta = crate::runtime::streams::StreamMeta {
                media_type: #media_type,
                format: crate::runtime::streams::StreamFormat::#format,
                sentinel: #sentinel,
                switch: #switch,
            };

            fn item(part: &crate::runtime::streams::StreamPart<'_>) -> Result<Self::Item, Error> { #read }
        }
    }
}

/// Returns the item type of the stream.
pub(crate) fn item(call: &Call<'_>, part: StreamPart) -> TokenStream {
    let ty = part.slot().map(|slot| &call.types[slot]).map_or_else(|| quote!(String), |ty| quote!(#ty));
    match part {
        StreamPart::Text | StreamPart::Json(_) => quote!(crate::runtime::streams::ServerEvent<#ty>),
        StreamPart::Whole { .. } | StreamPart::Line(_) => ty,
    }
}
