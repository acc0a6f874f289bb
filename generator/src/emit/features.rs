//! Conditions on the cargo features of namespaces, and the docs that state them.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Item;

use super::rust::docs::doc;
use crate::ir::{CLIENT, FULL};

/// Returns the attribute of an item that exists only if one of the features is enabled. `None` without features.
pub(super) fn condition<'a>(features: impl IntoIterator<Item = &'a str>) -> Option<TokenStream> {
    let features: Vec<_> = features.into_iter().collect();
    match features.as_slice() {
        [] => None,
        [feature] => Some(quote!(#[cfg(feature = #feature)])),
        _ => Some(quote!(#[cfg(any(#(feature = #features),*))])),
    }
}

/// Returns the sentence that states the condition. `None` without features.
pub(super) fn requirement<'a>(features: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let features: Vec<_> = features.into_iter().map(|name| format!("`{name}`")).collect();
    let (last, others) = features.split_last()?;
    if others.is_empty() {
        return Some(format!("Requires the feature {last}."));
    }
    Some(format!("Requires one of the features {} or {last}.", others.join(", ")))
}

/// Returns the sentence of an item with one feature as docs, after a blank line.
pub(super) fn requirement_docs(feature: Option<&String>) -> TokenStream {
    requirement(feature.map(String::as_str))
        .map(|sentence| {
            let sentence = doc(&sentence);
            quote!(#[doc = ""] #sentence)
        })
        .unwrap_or_default()
}

/// Adds the sentence to the docs of a type or a function.
pub(super) fn state<'a>(item: &mut Item, features: impl IntoIterator<Item = &'a str>) {
    let attrs = match item {
        Item::Struct(item) => &mut item.attrs,
        Item::Enum(item) => &mut item.attrs,
        Item::Type(item) => &mut item.attrs,
        Item::Fn(item) => &mut item.attrs,
        _ => return,
    };
    let Some(sentence) = requirement(features) else { return };
    let line = format!(" {sentence}");
    let docs: Vec<syn::Attribute> = syn::parse_quote!(#[doc = ""] #[doc = #line]);
    let end = attrs.iter().rposition(|attr| attr.path().is_ident("doc")).map_or(0, |last| last + 1);
    attrs.splice(end..end, docs);
}

/// Returns the condition of items that only the client needs.
pub(super) fn of_client() -> TokenStream {
    quote!(#[cfg(feature = #CLIENT)])
}

/// Returns the attributes of the crate. Without some features, parts that namespaces and the client share are not used, and docs link to
/// what is not there.
pub(super) fn allowed_in_parts() -> TokenStream {
    quote! {
        #![cfg_attr(not(feature = #FULL), allow(dead_code, unused_imports, reason = "not every part uses all of it"))]
        #![cfg_attr(not(feature = #FULL), allow(rustdoc::broken_intra_doc_links, reason = "links lead to all parts"))]
    }
}
