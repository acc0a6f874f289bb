//! `object::methods!`: the constructor and the setters of a struct.

use proc_macro2::TokenStream;
use quote::quote;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, Ident, ItemImpl, Token, Type, braced, parenthesized, parse_quote};

/// A call of `object::methods!`.
pub(super) struct List {
    name: Ident,
    attributes: Vec<Attribute>,
    arguments: Vec<Argument>,
    setters: Vec<Setter>,
}

/// `name: into String as Name`
struct Argument {
    ident: Ident,
    kind: Ident,
    ty: Type,
}

/// `name: into String | name_null name_value str = initial`
struct Setter {
    argument: Argument,
    nullable: Option<(Ident, Ident, Type)>,
}

impl List {
    /// Writes the methods, without their code.
    pub(super) fn expand(&self) -> ItemImpl {
        let Self { name, attributes, arguments, setters } = self;
        let arguments = arguments.iter().map(Argument::parameter);
        let setters = setters.iter().map(|setter| {
            let (ident, parameter) = (&setter.argument.ident, setter.argument.parameter());
            let nullable = setter.nullable.as_ref().map(|(null, value, read)| {
                quote! {
                    #[must_use]
                    pub fn #null(mut self) -> Self {}
                    #[must_use]
                    pub fn #value(&self) -> std::option::Option<&#read> {}
                }
            });
            quote! {
                #[must_use]
                pub fn #ident(mut self, #parameter) -> Self {}
                #nullable
            }
        });
        parse_quote! {
            impl #name {
                #(#attributes)*
                #[must_use]
                pub fn new(#(#arguments),*) -> Self {}
                #(#setters)*
            }
        }
    }
}

impl Argument {
    fn parameter(&self) -> TokenStream {
        let Self { ident, kind, ty } = self;
        match kind.to_string().as_str() {
            "value" => quote!(#ident: #ty),
            "object" => {
                quote!(#ident: impl std::iter::IntoIterator<
                    Item = (impl std::convert::Into<std::string::String>, impl std::convert::Into<serde_json::Value>),
                >)
            }
            _ => quote!(#ident: impl std::convert::Into<#ty>),
        }
    }
}

impl Parse for List {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name = input.parse()?;
        let content;
        braced!(content in input);
        let attributes = content.call(Attribute::parse_outer)?;
        content.parse::<Ident>()?;
        let list;
        parenthesized!(list in content);
        let arguments = Punctuated::<Argument, Token![,]>::parse_terminated(&list)?;
        let mut setters = Vec::new();
        while content.parse::<Option<Token![,]>>()?.is_some() && !content.is_empty() {
            if content.parse::<Option<Token![..]>>()?.is_some() {
                content.parse::<Ident>()?;
            } else {
                setters.push(content.parse()?);
            }
        }
        Ok(Self { name, attributes, arguments: arguments.into_iter().collect(), setters })
    }
}

impl Parse for Argument {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let ident = input.parse()?;
        input.parse::<Token![:]>()?;
        let argument = Self { ident, kind: input.parse()?, ty: input.parse()? };
        if input.parse::<Option<Token![as]>>()?.is_some() {
            input.parse::<Ident>()?;
        }
        Ok(argument)
    }
}

impl Parse for Setter {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let argument = input.parse()?;
        let nullable = match input.parse::<Option<Token![|]>>()? {
            Some(_) => Some((input.parse()?, input.parse()?, input.parse()?)),
            None => None,
        };
        if input.parse::<Option<Token![=]>>()?.is_some() {
            input.parse::<Expr>()?;
        }
        Ok(Self { argument, nullable })
    }
}
