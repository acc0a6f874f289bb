//! The macro `object::methods!` of the runtime, which writes the constructor and the setters of a struct from a list.

use proc_macro2::{TokenStream, TokenTree};
use quote::quote;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, Ident, Item, ItemImpl, ItemMacro, Token, Type, braced, parenthesized, parse_quote};

/// A call of `object::methods!`.
struct MethodList {
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

/// Returns the item with a list.
pub(crate) fn item(list: &TokenStream) -> Item {
    Item::Macro(ItemMacro {
        attrs: Vec::new(),
        ident: None,
        mac: parse_quote!(object::methods! { #list }),
        semi_token: None,
    })
}

impl MethodList {
    /// Writes the methods, without their code.
    fn expand(&self) -> ItemImpl {
        let Self { name, attributes, arguments, setters } = self;
        let arguments = arguments.iter().map(Argument::parameter);
        let setters = setters.iter().map(|setter| {
            let (ident, parameter) = (&setter.argument.ident, setter.argument.parameter());
            let nullable = setter.nullable.as_ref().map(|(null, value, read)| {
                quote! {
                    #[must_use]
                    pub fn #null(mut self) -> Self {}
                    #[must_use]
                    pub fn #value(&self) -> Option<&#read> {}
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

/// Returns the type whose methods an item lists.
pub(crate) fn of_type(item: &Item) -> Option<Ident> {
    let Item::Macro(call) = item else { return None };
    let mut path = call.mac.path.segments.iter();
    let is_list = path.next()?.ident == "object" && path.next()?.ident == "methods" && path.next().is_none();
    match call.mac.tokens.clone().into_iter().next()? {
        TokenTree::Ident(name) if is_list => Some(name),
        _ => None,
    }
}

/// Returns the methods that an item lists, without their code.
pub(crate) fn expanded(item: &Item) -> Option<ItemImpl> {
    let Item::Macro(call) = item else { return None };
    of_type(item)?;
    call.mac.parse_body::<MethodList>().ok().map(|list| list.expand())
}

/// Replaces the lists of methods in a file of a client by `impl` blocks with these methods, for programs that read the client. The
/// methods have no code.
pub fn expand(items: &mut [Item]) {
    for item in items {
        if let Some(block) = expanded(item) {
            *item = Item::Impl(block);
        }
    }
}

impl Argument {
    fn parameter(&self) -> TokenStream {
        let Self { ident, kind, ty } = self;
        match kind.to_string().as_str() {
            "value" => quote!(#ident: #ty),
            "object" => {
                quote!(#ident: impl IntoIterator<Item = (impl Into<String>, impl Into<serde_json::Value>)>)
            }
            _ => quote!(#ident: impl Into<#ty>),
        }
    }
}

impl Parse for MethodList {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_expands_to_its_methods() {
        let list = item(&quote! {
            Pet {
                /// Creates the value from its required fields. The methods below set the others.
                new(name: into String, owner: into scalars::Uuid as UserId, labels: object serde_json::Map<String, serde_json::Value>),
                age: value i64 = 3,
                tags: value HashMap<String, Vec<i64>> | tags_null tags_value HashMap<String, Vec<i64>>,
                note: into String | note_null note_value str,
                ..extra
            }
        });
        let mut items = [list];
        expand(&mut items);
        insta::assert_snapshot!(crate::print::items(quote!(#(#items)*)));
    }

    #[test]
    fn other_items_are_unchanged() {
        let mut items: [Item; 2] = [
            parse_quote!(object::fields! { Pet { name: "name" required } }),
            parse_quote!(
                struct Pet;
            ),
        ];
        let before = items.clone();
        expand(&mut items);
        assert_eq!(items, before);
    }
}
