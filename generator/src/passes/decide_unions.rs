//! Reads unions without a discriminator by the shape of the value. Progenitor tries the members in turn, so that it reads
//! a value as a member that the value contradicts. An open union gets a last variant, for values that match no member.
//!
//! ```text
//! #[derive(Serialize, Deserialize)]                 #[derive(Serialize)]
//! #[serde(untagged)]                                #[serde(untagged)]
//! pub enum Input {                            →     pub enum Input {
//!     Text(String),                                     Text(String),
//!     List(Vec<String>),                                List(Vec<String>),
//! }                                                     Unknown(serde_json::Value),
//!                                                   }
//!                                                   impl Deserialize for Input { /* by dispatch::INPUT */ }
//! ```
//!
//! A member that a constant names is written with that constant.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;
use syn::{Expr, File, Ident, ImplItem, Item, ItemEnum, ItemImpl, Stmt, Type, Variant, parse_quote};

use super::attributes::{derives, has_serde_word, underive};
use super::tag_unions::literal;
use super::{definition, import_from_runtime, import_from_shapes, items_of};
use crate::ir::{Api, Kind, TypeDef};

pub(super) fn run(api: &Api, file: &mut File) -> usize {
    let mut opened = Vec::new();
    let mut edits = 0;
    for mut item in std::mem::take(&mut file.items) {
        let written = match &mut item {
            Item::Enum(item) => match choice(api, item) {
                Some(choice) => {
                    edits += 1;
                    let unknown = add_unknown(item, choice.open);
                    opened.extend(unknown.clone().map(|variant| (item.ident.clone(), variant)));
                    decide(item, &choice, unknown.as_ref())
                }
                None => TokenStream::new(),
            },
            _ => TokenStream::new(),
        };
        file.items.push(item);
        file.items.extend(items_of(written));
    }
    if edits > 0 {
        import_from_runtime(file, "union");
        import_from_shapes(file, "dispatch");
    }
    for block in file.items.iter_mut().filter_map(block).filter(|block| is_display(block)) {
        if let Some((_, variant)) = opened.iter().find(|(name, _)| is_for(block, name)) {
            show(block, variant);
        }
    }
    edits
}

/// What the IR says about a union.
struct Choice<'a> {
    definition: &'a TypeDef,
    tags: &'a [Option<(String, Value)>],
    open: bool,
}

/// Returns the decision about a union of progenitor that is not rewritten yet. `None` if its variants are not the members
/// of the document, which a test on all fixtures rules out.
fn choice<'a>(api: &'a Api, item: &ItemEnum) -> Option<Choice<'a>> {
    let definition = definition(api, &item.ident)?;
    let Kind::UntaggedUnion { dispatch, tags, open } = &definition.kind else { return None };
    let is_ours = has_serde_word(&item.attrs, "untagged") && derives(&item.attrs, "Deserialize");
    (is_ours && item.variants.len() == dispatch.members.len()).then_some(Choice { definition, tags, open: *open })
}

/// Adds the variant for values that match no member to an open union. Returns its name.
fn add_unknown(item: &mut ItemEnum, is_open: bool) -> Option<Ident> {
    if !is_open || item.variants.iter().any(takes_all) {
        return None;
    }
    let is_taken = item.variants.iter().any(|variant| variant.ident == "Unknown");
    let ident = format_ident!("{}", if is_taken { "UnknownValue" } else { "Unknown" });
    item.variants.push(parse_quote!(#ident(::serde_json::Value)));
    Some(ident)
}

/// Returns the implementations that replace the derived ones.
fn decide(item: &mut ItemEnum, choice: &Choice<'_>, unknown: Option<&Ident>) -> TokenStream {
    underive(&mut item.attrs, "Deserialize");
    let (name, dispatch) = (&item.ident, format_ident!("{}", choice.definition.const_ident));
    let members: Vec<_> = item.variants.iter().map(|variant| &variant.ident).take(choice.tags.len()).collect();
    let otherwise = match unknown {
        Some(variant) => quote!(Some(Self::#variant)),
        None => quote!(None),
    };
    let reading = quote! {
        impl<'de> ::serde::Deserialize<'de> for #name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> ::std::result::Result<Self, D::Error> {
                let members: &[union::ReadMember<Self>] =
                    &[#(|text| union::member(text).map(Self::#members)),*];
                union::choose(deserializer, &dispatch::#dispatch, members, #otherwise)
            }
        }
    };
    if choice.tags.iter().all(Option::is_none) {
        return reading;
    }
    let arms = members.iter().zip(choice.tags).map(|(ident, tag)| match tag {
        Some((property, value)) => {
            let value = literal(value);
            quote!(Self::#ident(member) => union::Writer::new(serializer, #property).tagged(#value, member),)
        }
        None => quote!(Self::#ident(member) => member.serialize(serializer),),
    });
    let unknown = unknown.map(|ident| quote!(Self::#ident(value) => value.serialize(serializer),));
    let writing = quote! {
        impl ::serde::Serialize for #name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> ::std::result::Result<S::Ok, S::Error> {
                match self { #(#arms)* #unknown }
            }
        }
    };
    underive(&mut item.attrs, "Serialize");
    item.attrs.retain(|attribute| !attribute.path().is_ident("serde"));
    quote!(#reading #writing)
}

/// Whether the variant accepts any value.
pub(super) fn takes_all(variant: &Variant) -> bool {
    let Some(Type::Path(path)) = variant.fields.iter().next().map(|field| &field.ty) else { return false };
    let names: Vec<_> = path.path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    variant.fields.len() == 1 && names == ["serde_json", "Value"]
}

fn block(item: &mut Item) -> Option<&mut ItemImpl> {
    match item {
        Item::Impl(block) => Some(block),
        _ => None,
    }
}

fn is_for(block: &ItemImpl, name: &syn::Ident) -> bool {
    matches!(block.self_ty.as_ref(), Type::Path(path) if path.path.is_ident(name))
}

fn is_display(block: &ItemImpl) -> bool {
    let last = block.trait_.as_ref().and_then(|(path, _)| path.segments.last());
    last.is_some_and(|segment| segment.ident == "Display")
}

/// Adds the variant to the `match` of the `Display` implementation.
fn show(block: &mut ItemImpl, variant: &syn::Ident) {
    for item in &mut block.items {
        if let ImplItem::Fn(function) = item
            && let [Stmt::Expr(Expr::Match(choice), None)] = function.block.stmts.as_mut_slice()
        {
            choice.arms.push(parse_quote!(Self::#variant(value) => value.fmt(f),));
        }
    }
}
