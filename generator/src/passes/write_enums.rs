//! Rewrites string enums as a list of their strings. An open enum gets a variant for strings that are not known yet.
//!
//! ```text
//! pub enum Color {                                  pub enum Color {
//! #[serde(rename = "red")]                →         Red,
//! Red,                                              Unknown(String),
//! }                                                 }
//! impl FromStr for Color { … }                      string_enum::open! {
//! impl TryFrom<&str> for Color { … }                    Color { Red = "red" }
//!                                                   }
//! ```

use std::collections::HashSet;

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use syn::punctuated::Punctuated;
use syn::visit_mut::VisitMut;
use syn::{File, Ident, Item};

use super::attributes::derives;
use super::{definition, import_from_runtime, items_of};
use crate::ir::{Api, EnumValue, Kind, TypeDef};
use crate::macros;
use crate::progenitor::placeholder_name;

pub(super) fn run(api: &Api, file: &mut File) -> usize {
    let mut edits = 0;
    for item in std::mem::take(&mut file.items) {
        match &item {
            Item::Enum(found) if derives(&found.attrs, "Serialize") => match string_enum(api, &found.ident) {
                Some(written) => {
                    edits += 1;
                    file.items.extend(written.items());
                }
                None => file.items.push(item),
            },
            // Progenitor's conversions of the enum follow it directly, and are replaced with it.
            Item::Impl(block) if edits > 0 && is_conversion(api, block) => {}
            _ => file.items.push(item),
        }
    }
    NameValues { api }.visit_file_mut(file);
    if edits > 0 {
        import_from_runtime(file, "string_enum");
        drop_parsing_with_open_enums(api, file);
        edits += write_aliases(api, file);
    }
    edits
}

/// Lets parameters have types that only wrap an enum: a named schema that is a reference to another one.
fn write_aliases(api: &Api, file: &mut File) -> usize {
    let wrappers: Vec<(&Ident, &Ident)> = file.items.iter().filter_map(wrapped).collect();
    let mut enums: Vec<&Ident> = Vec::new();
    loop {
        let is_enum = |name: &Ident| enums.contains(&name) || string_enum(api, name).is_some();
        let more = wrappers.iter().filter(|(name, inner)| is_enum(inner) && !enums.contains(name));
        let more: Vec<_> = more.map(|(name, _)| *name).collect();
        if more.is_empty() {
            break;
        }
        enums.extend(more);
    }
    let written: Vec<Item> = enums.iter().flat_map(|name| items_of(alias_as_parameter(name))).collect();
    let edits = written.len();
    file.items.extend(written);
    edits
}

/// Returns the name of a struct without named fields, and of the only type in it.
fn wrapped(item: &Item) -> Option<(&Ident, &Ident)> {
    let Item::Struct(item) = item else { return None };
    let syn::Fields::Unnamed(fields) = &item.fields else { return None };
    let inner = fields.unnamed.first().filter(|_| fields.unnamed.len() == 1)?;
    let syn::Type::Path(path) = &inner.ty else { return None };
    Some((&item.ident, path.path.get_ident()?))
}

fn alias_as_parameter(name: &Ident) -> TokenStream {
    quote! {
        impl crate::runtime::ParamValue for #name {
            fn to_param(&self) -> ::std::borrow::Cow<'_, str> { self.0.to_param() }
        }
    }
}

/// Drops progenitor's parsing of unions with an open enum, which would accept every string before the other members are
/// tried.
fn drop_parsing_with_open_enums(api: &Api, file: &mut File) {
    let is_open = |ty: &syn::Type| match ty {
        syn::Type::Path(path) => {
            path.path.get_ident().and_then(|name| string_enum(api, name)).is_some_and(|it| it.open)
        }
        _ => false,
    };
    let has_open_enum = |item: &Item| match item {
        Item::Enum(item) => {
            let mut fields = item.variants.iter().flat_map(|variant| &variant.fields);
            fields.any(|field| is_open(&field.ty)).then(|| item.ident.clone())
        }
        _ => None,
    };
    let unions: HashSet<Ident> = file.items.iter().filter_map(has_open_enum).collect();
    let is_parsing = |block: &syn::ItemImpl| {
        let name = block.trait_.as_ref().and_then(|(path, ..)| path.segments.last());
        name.is_some_and(|last| last.ident == "FromStr" || last.ident == "TryFrom")
    };
    file.items.retain(|item| {
        let Item::Impl(block) = item else { return true };
        let syn::Type::Path(path) = block.self_ty.as_ref() else { return true };
        !(is_parsing(block) && path.path.get_ident().is_some_and(|name| unions.contains(name)))
    });
}

/// Replaces the placeholder names of enum values by their variants, in functions for defaults for example.
struct NameValues<'a> {
    api: &'a Api,
}

impl VisitMut for NameValues<'_> {
    fn visit_macro_mut(&mut self, call: &mut syn::Macro) {
        let parse = Punctuated::<syn::Expr, syn::Token![,]>::parse_terminated;
        if let Ok(mut items) = call.parse_body_with(parse) {
            items.iter_mut().for_each(|item| self.visit_expr_mut(item));
            call.tokens = items.to_token_stream();
        }
    }

    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        let mut segments = path.segments.iter().rev();
        let (Some(number), Some(of)) = (segments.next(), segments.next()) else { return };
        let found = self.api.types.get(&of.ident.to_string());
        let Some(Kind::Enum { values, .. }) = found.map(|definition| &definition.kind) else { return };
        let value = values.iter().enumerate().find(|(index, _)| number.ident == placeholder_name(*index));
        if let (Some((_, value)), Some(last)) = (value, path.segments.last_mut()) {
            last.ident = format_ident!("{}", value.ident);
        }
    }
}

fn string_enum<'a>(api: &'a Api, ident: &Ident) -> Option<StringEnum<'a>> {
    let definition = definition(api, ident)?;
    match &definition.kind {
        Kind::Enum { values, open } => Some(StringEnum { definition, values, open: *open }),
        _ => None,
    }
}

/// Whether this is progenitor's implementation of a trait for a rewritten enum. The new implementations are pushed to
/// the file, so the loop never visits them.
fn is_conversion(api: &Api, block: &syn::ItemImpl) -> bool {
    let syn::Type::Path(path) = block.self_ty.as_ref() else { return false };
    let is_enum = path.path.get_ident().and_then(|ident| string_enum(api, ident)).is_some();
    is_enum && block.trait_.is_some() && block.attrs.is_empty()
}

struct StringEnum<'a> {
    definition: &'a TypeDef,
    values: &'a [EnumValue],
    open: bool,
}

impl StringEnum<'_> {
    fn items(&self) -> Vec<Item> {
        let name = format_ident!("{}", self.definition.name);
        let idents: Vec<_> = self.values.iter().map(|value| format_ident!("{}", value.ident)).collect();
        let texts = self.values.iter().map(|value| value.text.as_str());
        let copy = (!self.open).then(|| quote!(Copy,));
        let unknown = self.open.then(|| quote!(Unknown(::std::string::String),));
        let definition = quote! {
            #[derive(Debug, Clone, #copy PartialEq, Eq, PartialOrd, Ord, Hash)]
            pub enum #name { #(#idents,)* #unknown }
        };
        let list = quote!(#name { #(#idents = #texts),* });
        let mut items = items_of(definition);
        items.push(macros::call("string_enum", if self.open { "open" } else { "closed" }, &list));
        items
    }
}
