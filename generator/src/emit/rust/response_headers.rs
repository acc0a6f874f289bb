//! The type with a method for each header that the successful responses of an operation have.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::docs::doc;
use crate::emit::example::call;
use crate::emit::example::call::Example;
use crate::emit::example::snippet::Snippet;
use crate::emit::operation::Call;
use crate::ir::{Api, HeaderContent, HeaderScalar, HeaderValue, ResponseHeader};
use crate::markdown;

/// Returns the type, or nothing if the document describes no headers.
pub(crate) fn emit(call: &Call<'_>) -> TokenStream {
    let Some(described) = &call.operation.response_headers else { return TokenStream::new() };
    let (name, text) = (format_ident!("{}", described.type_name), &described.type_name);
    let function = &call.operation.function_ident;
    let docs = doc(&format!(
        "The headers that the API describes for a response of [`{function}`].\n\nA method returns `None` if the response does \
         not have the header, and an error if the value is not of its type. Neither makes the response invalid. `Debug` shows \
         no values, because they may be secret."
    ));
    let methods = described.headers.iter().map(|header| method(call, header));
    quote! {
        #docs
        #[derive(Clone, Copy)]
        pub struct #name<'a> { headers: &'a crate::HeaderMap }

        impl<'a> #name<'a> {
            /// Returns the headers of a response of this operation.
            #[must_use]
            pub fn of<T>(response: &'a crate::Response<T>) -> Self { Self::new(response.headers()) }

            /// Returns the headers of a response of this operation: those of a page, or those that a hook or a raw request received.
            #[must_use]
            pub fn new(headers: &'a crate::HeaderMap) -> Self { Self { headers } }

            #(#methods)*
        }

        impl std::fmt::Debug for #name<'_> {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(#text).finish_non_exhaustive()
            }
        }
    }
}

fn method(call: &Call<'_>, header: &ResponseHeader) -> TokenStream {
    let (ident, name) = (format_ident!("{}", header.ident), &header.name);
    let described = header.description.as_deref().map(markdown::safe).filter(|about| !about.is_empty());
    let about = described.map(|about| format!("{about}\n\n")).unwrap_or_default();
    let failure = if is_text(call, header) { "not UTF-8" } else { "not of this type" };
    let docs = doc(&format!(
        "{about}Returns the value of the header {}.\n\n# Errors\n\nFails if the value is {failure}.",
        markdown::code(name)
    ));
    let deprecated = header.deprecated.then(|| quote!(#[deprecated = "the API deprecates it"]));
    let (ty, read) = (ty(call, header), read(call, header));
    quote! {
        #docs
        #deprecated
        pub fn #ident(&self) -> Result<Option<#ty>, Error> { #read }
    }
}

/// Returns the type of a header's value.
pub(crate) fn ty(call: &Call<'_>, header: &ResponseHeader) -> TokenStream {
    let one = match header.content {
        HeaderContent::One(value) | HeaderContent::List(value) if !is_text(call, header) => {
            let ty = &call.types[value.slot];
            quote!(#ty)
        }
        _ => quote!(&'a str),
    };
    if matches!(header.content, HeaderContent::List(_)) { quote!(Vec<#one>) } else { one }
}

fn read(call: &Call<'_>, header: &ResponseHeader) -> TokenStream {
    let name = &header.name;
    let (function, scalar) = match header.content {
        HeaderContent::List(_) if is_text(call, header) => ("texts", None),
        _ if is_text(call, header) => ("text", None),
        HeaderContent::List(value) => ("values", Some(scalar(value))),
        HeaderContent::One(value) => ("value", Some(scalar(value))),
        HeaderContent::Text => ("text", None),
    };
    let function = format_ident!("{function}");
    let scalar = scalar.map(|scalar| quote!(, crate::runtime::headers::HeaderScalar::#scalar));
    quote!(crate::runtime::headers::#function(self.headers, #name #scalar))
}

fn scalar(value: HeaderValue) -> TokenStream {
    match value.scalar {
        HeaderScalar::String => quote!(String),
        HeaderScalar::Integer => quote!(Integer),
        HeaderScalar::Number => quote!(Number),
        HeaderScalar::Boolean => quote!(Boolean),
    }
}

/// Whether the value, or each value of a list, is a string without a type of its own, which is borrowed from the response.
fn is_text(call: &Call<'_>, header: &ResponseHeader) -> bool {
    match header.content {
        HeaderContent::Text => true,
        HeaderContent::One(value) | HeaderContent::List(value) => {
            let ty = &call.types[value.slot];
            matches!(ty, syn::Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == "String"))
        }
    }
}

/// Returns the statements that read the headers of a response, with the first method that is not deprecated.
pub(crate) fn example(api: &Api, call: &Call<'_>) -> Option<TokenStream> {
    let described = call.operation.response_headers.as_ref()?;
    let first = described.headers.iter().find(|header| !header.deprecated)?;
    let (name, method) = (format_ident!("{}", described.type_name), format_ident!("{}", first.ident));
    let Example { setup, call } = call::method_call(api, call, &quote!(client));
    Some(quote! {
        #setup
        let response = #call.send_with_response().await?;
        let headers = funcs::#name::of(&response);
        println!("{:?}", headers.#method()?);
    })
}

/// Describes the headers in the docs of the operation.
pub(crate) fn docs(api: &Api, call: &Call<'_>) -> String {
    let Some(described) = &call.operation.response_headers else { return String::new() };
    let name = &described.type_name;
    let mut docs = format!(
        "# Response headers\n\n[`{name}`](crate::funcs::{name}) returns the headers that the API describes, each as its type:\n\n"
    );
    for header in &described.headers {
        let about = header.description.as_deref().map(markdown::line).filter(|about| !about.is_empty());
        let about = about.unwrap_or_else(|| format!("the header {}.", markdown::code(&header.name)));
        let deprecated = if header.deprecated { " **Deprecated.**" } else { "" };
        docs.push_str(&format!("- [`{0}`](crate::funcs::{name}::{0}): {about}{deprecated}\n", header.ident));
    }
    if let Some(statements) = example(api, call) {
        let snippet = Snippet::new(api, quote!(), statements).with_client();
        docs.push_str(&format!("\n{}", snippet.rustdoc()));
    }
    docs.push('\n');
    docs
}
