//! Code that leads from one page of an operation's result to the next.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::retry_policy::grouped;
use crate::emit::operation::Call;
use crate::ir::{FullPage, Input, NextPage};

/// Returns the additional items of an operation with pages.
pub(crate) fn emit(call: &Call<'_>) -> TokenStream {
    let Some(pagination) = &call.operation.pagination else { return TokenStream::new() };
    let (header, next, results) =
        (call.header(), next(&pagination.next), option(pagination.items.as_ref().map(|items| items.list.as_str())));
    let items = call.item().map(|item| {
        quote! {
            impl crate::runtime::pages::PaginatedItems for #header {
                type Item = #item;
            }
        }
    });
    quote! {
        impl crate::runtime::pages::Paginated for #header {
            const PAGING: crate::runtime::pages::Paging = crate::runtime::pages::Paging { next: #next, results: #results };
        }
        #items
    }
}

fn next(next: &NextPage) -> TokenStream {
    match next {
        NextPage::Number { input: place, first, last, full } => {
            let (place, first, last, full_page) =
                (input(place), grouped(*first), option(last.as_deref()), full_page(full.as_ref()));
            quote!(crate::runtime::pages::NextPage::Number { input: #place, first: #first, last: #last, full: #full_page })
        }
        NextPage::Offset { input: place, first, pages, full } => {
            let (place, first, pages, full) =
                (input(place), grouped(*first), option(pages.as_deref()), full_page(full.as_ref()));
            quote!(crate::runtime::pages::NextPage::Offset { input: #place, first: #first, pages: #pages, full: #full })
        }
        NextPage::Cursor { input: place, cursor } => {
            let place = input(place);
            quote!(crate::runtime::pages::NextPage::Cursor { input: #place, cursor: #cursor })
        }
        NextPage::Url { address } => quote!(crate::runtime::pages::NextPage::Url { address: #address }),
    }
}

fn full_page(full: Option<&FullPage>) -> TokenStream {
    let Some(FullPage { input: place, default, maximum }) = full else { return quote!(None) };
    let place = input(place);
    let [default, maximum] = [default, maximum].map(|number| match number {
        Some(number) => {
            let number = grouped(*number);
            quote!(Some(#number))
        }
        None => quote!(None),
    });
    quote!(Some(crate::runtime::pages::FullPage { input: #place, default: #default, maximum: #maximum }))
}

fn input(input: &Input) -> TokenStream {
    let (kind, name) = match input {
        Input::Query(name) => ("Query", name),
        Input::Header(name) => ("Header", name),
        Input::Body(name) => ("Body", name),
    };
    let kind = format_ident!("{kind}");
    quote!(crate::runtime::Input::#kind(#name))
}

fn option(text: Option<&str>) -> TokenStream {
    match text {
        Some(text) => quote!(Some(#text)),
        None => quote!(None),
    }
}
