//! `functions::setters!`: the setters of a call's optional arguments.

use quote::quote;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Attribute, Ident, ItemImpl, Token, Type, braced, parse_quote};

/// `GetPets<'a> { limit: value i64 }`
pub(super) struct List {
    operation: Type,
    setters: Vec<Setter>,
}

struct Setter {
    attributes: Vec<Attribute>,
    ident: Ident,
    kind: Ident,
    ty: Type,
}

impl List {
    /// Writes the methods, without their code.
    pub(super) fn expand(&self) -> ItemImpl {
        let Self { operation, setters } = self;
        let setters = setters.iter().map(|Setter { attributes, ident, kind, ty }| {
            let ty = if kind == "into" { quote!(impl std::convert::Into<#ty>) } else { quote!(#ty) };
            quote!(#(#attributes)* pub fn #ident(mut self, #ident: #ty) -> Self {})
        });
        parse_quote!(impl<'a> Call<'a, #operation> { #(#setters)* })
    }
}

impl Parse for List {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let operation = input.parse()?;
        let content;
        braced!(content in input);
        let setters = Punctuated::<_, Token![,]>::parse_terminated(&content)?;
        Ok(Self { operation, setters: setters.into_iter().collect() })
    }
}

impl Parse for Setter {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let (attributes, ident) = (input.call(Attribute::parse_outer)?, input.parse()?);
        input.parse::<Token![:]>()?;
        Ok(Self { attributes, ident, kind: input.parse()?, ty: input.parse()? })
    }
}
