//! The error bodies of an operation, as an enum whose variants the status selects.

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

use super::docs::doc;
use super::xml;
use crate::emit::operation::Call;
use crate::equality::{self, Equality};
use crate::ir::ErrorResponse;

/// Returns the enum and its decoding, or nothing if no error body is described.
pub(crate) fn emit(call: &Call<'_>) -> TokenStream {
    let Some(name) = call.operation.error_type.as_ref().map(|name| format_ident!("{name}")) else {
        return TokenStream::new();
    };
    let failures = call.typed_errors();
    let variants = failures.iter().map(|(failure, ident, ty)| {
        let docs = doc(&docs(failure));
        quote!(#docs #ident(#ty))
    });
    let traits = failures.iter().map(|(.., ty)| equality::of_slot(ty, &|name| call.types.definition_of(name)));
    let equality = traits.fold(Equality::FULL, Equality::and);
    let read = read(call);
    let summary = format!("The body of an error response of [`{}`], by its status.", call.operation.function_ident);
    let summary = doc(&summary);
    quote! {
        #summary
        #[derive(Debug, Clone, #equality)]
        #[non_exhaustive]
        pub enum #name { #(#variants),* }

        impl #name {
            /// Returns the body of an error response. `None` if the error has no response, or if the API does not describe its
            /// status or its body. [`Error::api`] returns the undecoded body.
            #[must_use]
            pub fn of(error: &Error) -> Option<Self> {
                let response = error.api()?;
                #read
            }
        }
    }
}

/// Returns the decoding of each status. A single status takes precedence over a range, and a range over `default`.
/// Successful responses and error responses without a type decode to nothing.
fn read(call: &Call<'_>) -> TokenStream {
    let described = call.typed_errors();
    let typed = |rank: usize| {
        let of_rank = described.iter().filter(move |(failure, ..)| rank_of(failure) == rank);
        let arms = of_rank.map(|(failure, ident, _)| {
            let (pattern, body) = (pattern(&failure.status), decoded(call, failure));
            quote!(#pattern => #body.map(Self::#ident),)
        });
        arms.collect::<Vec<_>>()
    };
    let untyped = |rank: usize| {
        let untyped = call.operation.errors.iter().filter(|failure| failure.body.is_none());
        untyped.filter(|failure| rank_of(failure) == rank).map(|failure| pattern(&failure.status)).collect::<Vec<_>>()
    };
    let [ones, hundreds, others] = [0, 1, 2].map(typed);
    // Statuses that a wider pattern would match, but that have no type.
    let exceptions = (!hundreds.is_empty() || !others.is_empty()).then(|| {
        let statuses = untyped(0);
        quote!(if let 200..=299 #(| #statuses)* = response.status().as_u16() { return None; })
    });
    let ranges = Some(untyped(1)).filter(|ranges| !ranges.is_empty() && !others.is_empty());
    let ranges = ranges.map(|ranges| quote!(#(#ranges)|* => None,));
    let none = others.is_empty().then(|| quote!(_ => None));
    if let ([_], true, None) = (others.as_slice(), ones.is_empty() && hundreds.is_empty(), &ranges) {
        let values = described.iter().map(|(failure, ident, _)| {
            let body = decoded(call, failure);
            quote!(#body.map(Self::#ident))
        });
        return quote!(#exceptions #(#values)*);
    }
    quote!(#exceptions match response.status().as_u16() { #(#ones)* #(#hundreds)* #ranges #(#others)* #none })
}

/// Returns the expression that decodes the body of an error response.
fn decoded(call: &Call<'_>, failure: &ErrorResponse) -> TokenStream {
    match failure.body.as_ref().and_then(|body| xml::element(call, body.slot)) {
        Some(element) => quote!(crate::runtime::xml::error_body(response, #element)),
        None => quote!(response.json().ok()),
    }
}

/// Returns the precedence of an error response: a single status, a range, or `default`.
fn rank_of(failure: &ErrorResponse) -> usize {
    match failure.status.as_str() {
        "default" => 2,
        status => usize::from(status.parse::<u16>().is_err()),
    }
}

fn pattern(status: &str) -> TokenStream {
    if let Ok(number) = status.parse::<u16>() {
        let number = Literal::u16_unsuffixed(number);
        return quote!(#number);
    }
    match status.chars().next().and_then(|first| first.to_digit(10)).and_then(|digit| u16::try_from(digit).ok()) {
        Some(digit) => {
            let [from, to] = [digit * 100, digit * 100 + 99].map(Literal::u16_unsuffixed);
            quote!(#from..=#to)
        }
        None => quote!(_),
    }
}

fn docs(failure: &ErrorResponse) -> String {
    let status = if failure.status == "default" { "Any other status" } else { &failure.status };
    match failure.description.as_deref() {
        Some(text) => format!("{status}: {}", crate::markdown::safe(text)),
        None => format!("{status}."),
    }
}
