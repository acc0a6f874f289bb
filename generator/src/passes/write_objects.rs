//! Replaces the `Deserialize` and `Serialize` of structs that serde derives by a list of their fields, which compiles faster.
//!
//! ```text
//! #[derive(Clone, serde::Deserialize, serde::Serialize)]        #[derive(Clone)]
//! pub struct Pet {                                              pub struct Pet {
//!     #[serde(rename = "petName")]                                  pub name: String,
//!     pub name: String,                                   →     }
//! }                                                             object::fields! {
//!                                                                   Pet { name: "petName" required }
//!                                                               }
//! ```
//!
//! Structs with other settings of serde keep the derives, and so do those with derives of the configuration, which may read the
//! attributes of serde as `schemars::JsonSchema` does. Therefore this runs after [`extend`](super::extend), and is not in the table of passes.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Fields, File, Ident, Item, ItemStruct, Type, parse_quote};

use super::attributes::{SerdeArguments, derived, derives, underive};
use super::generics::argument_of;
use super::import_from_runtime;

/// Replaces the derives of all structs whose fields the runtime can read and write. Returns the number of replaced structs.
pub fn write_objects(file: &mut File) -> usize {
    let before = file.items.len();
    let items = std::mem::take(&mut file.items);
    for mut item in items {
        let written = if let Item::Struct(item) = &mut item { write(item) } else { None };
        file.items.push(item);
        file.items.extend(written);
    }
    let edits = file.items.len() - before;
    if edits > 0 {
        import_from_runtime(file, "object");
    }
    edits
}

/// Returns the list of the fields of a struct, and removes its derives. `None` if it keeps them.
fn write(item: &mut ItemStruct) -> Option<Item> {
    let is_ours = ["Deserialize", "Serialize"].iter().all(|name| derives(&item.attrs, name))
        && derived(&item.attrs).iter().all(|path| path.segments.last().is_some_and(|last| is_known(&last.ident)))
        && item.attrs.iter().all(|attribute| is_harmless(attribute.path()));
    let Fields::Named(named) = &mut item.fields else { return None };
    if !is_ours || !item.generics.params.is_empty() {
        return None;
    }
    let count = named.named.len();
    let entries = named.named.iter().enumerate();
    let entries: Option<Vec<TokenStream>> = entries.map(|(index, field)| entry(field, index + 1 == count)).collect();
    let (entries, name) = (entries?, &item.ident);
    for field in &mut named.named {
        field.attrs.retain(|attribute| !attribute.path().is_ident("serde"));
    }
    for name in ["Deserialize", "Serialize"] {
        underive(&mut item.attrs, name);
    }
    Some(Item::Macro(parse_quote!(object::fields! { #name { #(#entries),* } })))
}

/// Whether a derived trait does not depend on the attributes of serde, or is of serde itself.
fn is_known(name: &Ident) -> bool {
    const KNOWN: [&str; 11] = [
        "Clone",
        "Copy",
        "Debug",
        "Default",
        "Deserialize",
        "Eq",
        "Hash",
        "Ord",
        "PartialEq",
        "PartialOrd",
        "Serialize",
    ];
    KNOWN.iter().any(|known| name == known)
}

/// Whether an attribute does not depend on the attributes of serde, and adds none.
fn is_harmless(path: &syn::Path) -> bool {
    ["allow", "deprecated", "derive", "doc", "expect", "must_use", "non_exhaustive"]
        .iter()
        .any(|known| path.is_ident(known))
}

/// Returns the entry of a field in the list. `None` if the runtime has no kind of fields like this one.
fn entry(field: &syn::Field, is_last: bool) -> Option<TokenStream> {
    let ident = field.ident.as_ref()?;
    let arguments = SerdeArguments::of(&field.attrs);
    if arguments.has_word("flatten") {
        return (is_last && arguments.len() == 1 && is_map(&field.ty)).then(|| quote!(..#ident));
    }
    let key = arguments.wire_name(field);
    let kind = kind(&arguments, &field.ty)?;
    Some(quote!(#ident: #key #kind))
}

/// Returns the kind of a field, as the runtime names it.
fn kind(arguments: &SerdeArguments, ty: &Type) -> Option<TokenStream> {
    let is_option = argument_of(ty, "Option").is_some();
    let text = |name: &str| arguments.text(name);
    let (with, skip, default) = (text("deserialize_with"), text("skip_serializing_if"), text("default"));
    let has_default = arguments.has_word("default");
    let known = [arguments.text("rename").is_some(), with.is_some(), skip.is_some(), default.is_some() || has_default];
    if known.iter().filter(|is_present| **is_present).count() != arguments.len() {
        return None;
    }
    let is_skipped = match skip.as_deref() {
        None => false,
        Some("Option::is_none" | "std::option::Option::is_none") => true,
        Some(_) => return None,
    };
    match (with.as_deref(), default, has_default, is_skipped) {
        (None, None, false, false) => Some(if is_option { return None } else { quote!(required) }),
        (None, None, _, true) if is_option => Some(quote!(optional)),
        (None, Some(path), false, false) => {
            let path: syn::Path = syn::parse_str(&path).ok()?;
            Some(quote!(default(#path)))
        }
        (None, None, true, false) => Some(quote!(default)),
        (Some("Option::deserialize"), None, false, false) if is_option => Some(quote!(nullable)),
        (Some("crate::runtime::nullable::deserialize"), None, true, true) => Some(quote!(optional_nullable)),
        (Some("crate::runtime::nullable::present"), None, true, true) => Some(quote!(optional_any)),
        _ => None,
    }
}

/// Whether the runtime can keep fields without a name in a value of this type.
fn is_map(ty: &Type) -> bool {
    let Type::Path(path) = ty else { return false };
    path.path.segments.last().is_some_and(|last| last.ident == "Map" || last.ident == "HashMap")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::print;

    #[test]
    fn each_kind_of_field_is_listed() {
        let mut file: File = parse_quote! {
            #[derive(Clone)]
            #[derive(serde::Deserialize, serde::Serialize)]
            pub struct All {
                pub plain: String,
                #[serde(rename = "other-name")]
                pub renamed: bool,
                #[serde(deserialize_with = "Option::deserialize")]
                pub nullable: Option<String>,
                #[serde(skip_serializing_if = "Option::is_none")]
                pub optional: Option<String>,
                #[serde(skip_serializing_if = "Option::is_none")]
                #[serde(default, deserialize_with = "crate::runtime::nullable::deserialize")]
                pub both: Option<Option<String>>,
                #[serde(rename = "any", skip_serializing_if = "Option::is_none")]
                #[serde(default, deserialize_with = "crate::runtime::nullable::present")]
                pub any_: Option<serde_json::Value>,
                #[serde(default)]
                pub empty: Vec<String>,
                #[serde(default = "defaults::bool_true")]
                pub filled: bool,
                #[serde(flatten)]
                pub extra: serde_json::Map<String, serde_json::Value>,
            }
        };
        assert_eq!(write_objects(&mut file), 1);
        assert_eq!(write_objects(&mut file.clone()), 0, "a second run changes nothing");
        insta::assert_snapshot!(print::file(file));
    }

    #[test]
    fn structs_that_need_serde_keep_its_derives() {
        let unchanged: [File; 6] = [
            parse_quote!(
                #[derive(serde::Deserialize, serde::Serialize)]
                #[serde_with::skip_serializing_none]
                struct A {
                    a: i64,
                }
            ),
            parse_quote!(
                #[derive(serde::Deserialize, serde::Serialize, schemars::JsonSchema)]
                struct A {
                    a: i64,
                }
            ),
            parse_quote!(
                #[derive(serde::Deserialize, serde::Serialize)]
                #[serde(deny_unknown_fields)]
                struct A {
                    a: i64,
                }
            ),
            parse_quote!(
                #[derive(serde::Deserialize, serde::Serialize)]
                struct A {
                    #[serde(with = "b")]
                    a: i64,
                }
            ),
            parse_quote!(
                #[derive(serde::Deserialize, serde::Serialize)]
                struct A {
                    #[serde(flatten)]
                    a: B,
                }
            ),
            parse_quote!(
                #[derive(serde::Serialize)]
                struct A {
                    a: i64,
                }
            ),
        ];
        for mut file in unchanged {
            let before = file.clone();
            assert_eq!((write_objects(&mut file), &file), (0, &before));
        }
    }
}
