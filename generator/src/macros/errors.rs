//! `functions::errors!`: which variant of an enum of error bodies each status has.

use proc_macro2::TokenStream;
use quote::quote;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Expr, Ident, ItemImpl, Pat, Path, Token, braced, parenthesized, parse_quote};

/// `GetPetsError { 404 => NotFound, _ => Other }`
pub(super) struct List {
    name: Ident,
    arms: Vec<Arm>,
}

struct Arm {
    statuses: Pat,
    variant: Ident,
    /// The function that decodes a body in XML, and the element.
    read: Option<(Path, Expr)>,
}

impl List {
    /// Writes the function that decodes a body.
    pub(super) fn expand(&self) -> ItemImpl {
        let name = &self.name;
        let arms = self.arms.iter().map(|Arm { statuses, variant, read }| {
            let body: TokenStream = match read {
                _ if variant == "none" => quote!(None),
                Some((read, element)) => quote!(#read(response, #element).map(Self::#variant)),
                None => quote!(response.json().ok().map(Self::#variant)),
            };
            quote!(#statuses => #body,)
        });
        parse_quote! {
            impl #name {
                #[must_use]
                pub fn of(error: &Error) -> std::option::Option<Self> {
                    let response = error.api()?;
                    match response.status().as_u16() { #(#arms)* _ => None }
                }
            }
        }
    }
}

impl Parse for List {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name = input.parse()?;
        let content;
        braced!(content in input);
        let arms = Punctuated::<_, Token![,]>::parse_terminated(&content)?;
        Ok(Self { name, arms: arms.into_iter().collect() })
    }
}

impl Parse for Arm {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let statuses = input.call(Pat::parse_multi)?;
        input.parse::<Token![=>]>()?;
        let variant = input.parse()?;
        let read = if input.peek(syn::token::Paren) {
            let content;
            parenthesized!(content in input);
            let read = content.parse()?;
            content.parse::<Token![,]>()?;
            Some((read, content.parse()?))
        } else {
            None
        };
        Ok(Self { statuses, variant, read })
    }
}
