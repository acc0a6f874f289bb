//! The error bodies of an operation, as an enum whose variants the status selects.

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

use super::docs::doc;
use super::xml;
use crate::emit::operation::Call;
use crate::equality::{self, Equality};
use crate::ir::ErrorResponse;
use crate::macros;

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
    let arms = arms(call);
    let list = macros::call("functions", "errors", &quote!(#name { #(#arms),* }));
    let summary = format!("The body of an error response of [`{}`], by its status.", call.operation.function_ident);
    let summary = doc(&summary);
    quote! {
        #summary
        #[derive(Debug, Clone, #equality)]
        #[non_exhaustive]
        pub enum #name { #(#variants),* }

        #list
    }
}

/// Returns the variant of each status. A single status takes precedence over a range, and a range over `default`.
/// Successful responses and error responses without a type have none.
fn arms(call: &Call<'_>) -> Vec<TokenStream> {
    let described = call.typed_errors();
    let typed = |rank: usize| {
        let of_rank = described.iter().filter(move |(failure, ..)| rank_of(failure) == rank);
        let arms = of_rank.map(|(failure, ident, _)| {
            let (pattern, element) = (pattern(&failure.status), element(call, failure));
            quote!(#pattern => #ident #element)
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
        quote!(200..=299 #(| #statuses)* => none)
    });
    let ranges = Some(untyped(1)).filter(|ranges| !ranges.is_empty() && !others.is_empty());
    let ranges = ranges.map(|ranges| quote!(#(#ranges)|* => none));
    exceptions.into_iter().chain(ones).chain(hundreds).chain(ranges).chain(others).collect()
}

/// Returns how a body in XML is decoded: the function, and the element.
fn element(call: &Call<'_>, failure: &ErrorResponse) -> Option<TokenStream> {
    let element = xml::element(call, failure.body.as_ref()?.slot)?;
    Some(quote!((crate::runtime::xml::error_body, #element)))
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
