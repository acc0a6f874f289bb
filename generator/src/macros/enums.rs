//! `string_enum::open!` and `string_enum::closed!`: how an enum of strings is read and written.

use quote::quote;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Ident, ItemImpl, LitStr, Token, braced, parse_quote};

/// `Color { Red = "red" }`
pub(super) struct List {
    name: Ident,
    values: Vec<(Ident, LitStr)>,
}

impl List {
    /// Writes the functions between values and strings.
    pub(super) fn expand(&self, is_open: bool) -> Vec<ItemImpl> {
        let Self { name, values } = self;
        let (variants, texts): (Vec<_>, Vec<_>) = values.iter().map(|(variant, text)| (variant, text)).unzip();
        let written = if is_open { quote!(&str) } else { quote!(&'static str) };
        let unknown = is_open.then(|| quote!(Self::Unknown(text) => text,));
        let read = (!is_open).then(|| {
            quote! {
                /// Returns the value for a string that is sent or received. `None` if the API does not name the string.
                #[must_use]
                pub fn from_text(text: &str) -> std::option::Option<Self> {
                    match text { #(#texts => Some(Self::#variants),)* _ => None }
                }
            }
        });
        let inherent = parse_quote! {
            impl #name {
                /// Returns the string that is sent and received.
                #[must_use]
                pub fn as_str(&self) -> #written {
                    match self { #(Self::#variants => #texts,)* #unknown }
                }
                #read
            }
        };
        let conversion = is_open.then(|| {
            parse_quote! {
                impl std::convert::From<&str> for #name {
                    fn from(text: &str) -> Self {
                        match text { #(#texts => Self::#variants,)* _ => Self::Unknown(text.to_owned()) }
                    }
                }
            }
        });
        std::iter::once(inherent).chain(conversion).collect()
    }
}

impl Parse for List {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name = input.parse()?;
        let content;
        braced!(content in input);
        let value = |input: ParseStream<'_>| {
            let variant = input.parse()?;
            input.parse::<Token![=]>()?;
            Ok((variant, input.parse()?))
        };
        let values = Punctuated::<_, Token![,]>::parse_terminated_with(&content, value)?;
        Ok(Self { name, values: values.into_iter().collect() })
    }
}
