//! The macros of the runtime that write code of clients from lists: what the generator passes to them, and what they expand to.

mod enums;
mod errors;
mod methods;
mod setters;

use proc_macro2::{TokenStream, TokenTree};
use syn::parse::Parse;
use syn::{Ident, Item, ItemImpl, ItemMacro};

/// Replaces calls of these macros in a file of a client by what they expand to, for programs that read clients. Setters and constructors
/// have no code. The traits of enums are left out. Names of the standard library have their paths, as an API can have types of these names.
pub fn expand(items: &mut Vec<Item>) {
    for item in std::mem::take(items) {
        let blocks = expanded(&item);
        let is_replaced = !blocks.is_empty() && with_strings(&item).is_none();
        if !is_replaced {
            items.push(item);
        }
        items.extend(blocks.into_iter().map(Item::Impl));
    }
}

/// Returns what an item expands to. Empty if it is not one of these macros.
pub(crate) fn expanded(item: &Item) -> Vec<ItemImpl> {
    let Item::Macro(call) = item else { return Vec::new() };
    match name(call).as_ref().map(|[module, name]| [module.as_str(), name.as_str()]) {
        Some(["object", "methods"]) => parse(call).map(|list: methods::List| vec![list.expand()]),
        Some(["string_enum", "open"]) => parse(call).map(|list: enums::List| list.expand(true)),
        Some(["string_enum", "closed"]) => parse(call).map(|list: enums::List| list.expand(false)),
        Some(["functions", "setters"]) => parse(call).map(|list: setters::List| vec![list.expand()]),
        Some(["functions", "errors"]) => parse(call).map(|list: errors::List| vec![list.expand()]),
        _ => None,
    }
    .unwrap_or_default()
}

/// Returns the type whose constructor and setters an item lists.
pub(crate) fn with_methods(item: &Item) -> Option<Ident> {
    let Item::Macro(call) = item else { return None };
    if name(call)? == ["object", "methods"] { first(call) } else { None }
}

/// Returns the type whose strings an item lists.
pub(crate) fn with_strings(item: &Item) -> Option<Ident> {
    let Item::Macro(call) = item else { return None };
    let [module, _] = name(call)?;
    if module == "string_enum" { first(call) } else { None }
}

/// Returns the module of the runtime and the name of a macro.
fn name(call: &ItemMacro) -> Option<[String; 2]> {
    let path: Vec<String> = call.mac.path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    path.try_into().ok()
}

/// Returns a call of a macro.
pub(crate) fn call(module: &str, name: &str, list: &TokenStream) -> Item {
    let [module, name] = [module, name].map(|name| quote::format_ident!("{name}"));
    Item::Macro(ItemMacro {
        attrs: Vec::new(),
        ident: None,
        mac: syn::parse_quote!(#module::#name! { #list }),
        semi_token: None,
    })
}

/// Returns the type that a list starts with.
fn first(call: &ItemMacro) -> Option<Ident> {
    match call.mac.tokens.clone().into_iter().next()? {
        TokenTree::Ident(name) => Some(name),
        _ => None,
    }
}

fn parse<T: Parse>(call: &ItemMacro) -> Option<T> {
    call.mac.parse_body().ok()
}

#[cfg(test)]
mod tests {
    use quote::quote;
    use syn::parse_quote;

    use super::*;
    use crate::print;

    fn expansion(file: syn::File) -> String {
        let mut items = file.items;
        expand(&mut items);
        print::items(quote!(#(#items)*))
    }

    #[test]
    fn lists_of_methods_are_expanded() {
        insta::assert_snapshot!(expansion(parse_quote! {
            object::methods! {
                Pet {
                    /// Creates the value from its required fields. The methods below set the others.
                    new(name: into String, owner: into scalars::Uuid as UserId, labels: object serde_json::Map<String, serde_json::Value>),
                    age: value i64 = 3,
                    tags: value HashMap<String, Vec<i64>> | tags_null tags_value HashMap<String, Vec<i64>>,
                    note: into String | note_null note_value str,
                    ..extra
                }
            }
        }));
    }

    #[test]
    fn lists_of_strings_are_expanded() {
        insta::assert_snapshot!(expansion(parse_quote! {
            string_enum::open! { Color { Red = "red", Blue = "blue" } }
            string_enum::closed! { Size { Small = "S" } }
        }));
    }

    #[test]
    fn lists_of_functions_are_expanded() {
        insta::assert_snapshot!(expansion(parse_quote! {
            functions::setters! {
                GetPets<'a> {
                    /// The most pets that are returned.
                    ///
                    /// Default: `10`.
                    limit: value i64,
                    after: into crate::scalars::Uuid,
                }
            }
            functions::errors! {
                GetPetsError {
                    200..=299 | 409 => none,
                    404 => NotFound,
                    500..=599 => Failed(crate::runtime::xml::error_body, &crate::xml::elements::FAILURE),
                    _ => Other,
                }
            }
        }));
    }

    #[test]
    fn other_items_are_unchanged() {
        let file: syn::File =
            parse_quote!(object::fields! { Pet { name: "name" required } } struct Pet; object::methods! { ? });
        let mut items = file.items.clone();
        expand(&mut items);
        assert_eq!(items, file.items);
    }
}
