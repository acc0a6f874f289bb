//! Converts values of responses into the form that requests have, where the two differ.
//!
//! ```text
//! pub struct UserRequest { name: String }     →     impl From<User> for UserRequest { … }
//! ```
//!
//! If requests require fields that responses do not have, the conversion takes them:
//! `UserRequest::from_response(user, password)`.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use syn::{Fields, File, Ident, Item, ItemEnum, ItemStruct, Type};

use super::add_constructors::{Argument, is_object, too_many_arguments};
use super::attributes::{doc_attributes, has_serde_word, wire_name};
use super::convert_wrappers::Wrappers;
use super::generics::{argument_of, arguments_of};
use super::items_of;
use crate::ir::{Api, TypeDef};
use crate::naming::unique;

pub(super) fn run(api: &Api, file: &mut File) -> usize {
    let names = api.types.iter().filter_map(|definition| Some((definition.request_of.as_ref()?, definition)));
    let names: Vec<_> = names.collect();
    let definitions = Definition::all(file);
    let mut pairs: Vec<Pair<'_>> = names.iter().filter_map(|(from, to)| Pair::find(&definitions, from, to)).collect();
    let all = pairs.clone();
    // A conversion may depend on others, and on itself.
    loop {
        let before = pairs.len();
        let known = Known::of(&pairs, file);
        pairs.retain(|pair| pair.conversion(&known).is_some_and(|conversion| conversion.missing.is_empty()));
        if pairs.len() == before {
            break;
        }
    }
    let known = Known::of(&pairs, file);
    let blocks: Vec<TokenStream> = all.iter().filter_map(|pair| pair.block(&pair.conversion(&known)?)).collect();
    let mut edits = 0;
    for item in blocks.into_iter().flat_map(items_of) {
        if !file.items.contains(&item) {
            file.items.push(item);
            edits += 1;
        }
    }
    edits
}

/// A type of responses and its form in requests.
#[derive(Clone, Copy)]
struct Pair<'a> {
    from: Definition<'a>,
    to: Definition<'a>,
    /// Whether the document describes properties without a name.
    keeps_others: bool,
}

#[derive(Clone, Copy)]
enum Definition<'a> {
    Struct(&'a ItemStruct),
    Enum(&'a ItemEnum),
}

/// The pairs of names between which there is a conversion.
struct Known {
    pairs: BTreeSet<(String, String)>,
    /// The wrappers among all types.
    wrappers: Wrappers,
}

/// The conversion of a value.
struct Conversion {
    value: TokenStream,
    /// The fields that the value of a response does not have, as parameters.
    missing: Vec<TokenStream>,
    /// Whether it does not depend on the value of a response.
    is_constant: bool,
}

impl Conversion {
    fn of(value: TokenStream) -> Self {
        Self { value, missing: Vec::new(), is_constant: false }
    }
}

impl Known {
    fn of(pairs: &[Pair<'_>], file: &File) -> Self {
        let pairs = pairs.iter().map(|pair| (pair.from.ident().to_string(), pair.to.ident().to_string()));
        Self { pairs: pairs.collect(), wrappers: Wrappers::of(file) }
    }

    fn has(&self, from: &Type, to: &Type) -> bool {
        let (Type::Path(from), Type::Path(to)) = (from, to) else { return false };
        let (Some(from), Some(to)) = (from.path.get_ident(), to.path.get_ident()) else { return false };
        self.pairs.contains(&(from.to_string(), to.to_string()))
    }
}

impl<'a> Definition<'a> {
    /// Returns the structs and enums of a file, by their names.
    fn all(file: &'a File) -> BTreeMap<String, Self> {
        let definitions = file.items.iter().filter_map(|item| match item {
            Item::Struct(item) => Some((item.ident.to_string(), Self::Struct(item))),
            Item::Enum(item) => Some((item.ident.to_string(), Self::Enum(item))),
            _ => None,
        });
        definitions.collect()
    }

    fn ident(self) -> &'a Ident {
        match self {
            Self::Struct(item) => &item.ident,
            Self::Enum(item) => &item.ident,
        }
    }
}

impl<'a> Pair<'a> {
    fn find(definitions: &BTreeMap<String, Definition<'a>>, from: &str, to: &TypeDef) -> Option<Self> {
        let others = to.schema.get("additionalProperties");
        Some(Self {
            from: *definitions.get(from)?,
            to: *definitions.get(&to.name)?,
            keeps_others: others.is_some_and(|others| *others != false),
        })
    }

    /// Returns the conversion of `response`. `None` if values cannot be converted.
    fn conversion(&self, known: &Known) -> Option<Conversion> {
        match (self.from, self.to) {
            (Definition::Struct(from), Definition::Struct(to)) => match (&from.fields, &to.fields) {
                (Fields::Named(_), Fields::Named(_)) => Some(convert_fields(from, to, known)),
                (Fields::Unnamed(from), Fields::Unnamed(to)) => {
                    let (from, to) = (&from.unnamed.first()?.ty, &to.unnamed.first()?.ty);
                    let value = convert(from, to, quote!(response.0), known)?;
                    Some(Conversion::of(quote!(Self(#value))))
                }
                (Fields::Named(from), Fields::Unnamed(to)) => {
                    let to = &to.unnamed.first()?.ty;
                    let others = from.named.iter().find(|field| has_serde_word(&field.attrs, "flatten"));
                    if let Some(others) = others.filter(|_| self.keeps_others) {
                        let name = others.ident.as_ref()?;
                        let value = convert(&others.ty, to, quote!(response.#name), known)?;
                        return Some(Conversion::of(quote!(Self(#value))));
                    }
                    // Nothing of the response remains.
                    let value = quote!(Self(::serde_json::Map::new()));
                    is_object(to).then(|| Conversion { is_constant: true, ..Conversion::of(value) })
                }
                _ => None,
            },
            (Definition::Enum(from), Definition::Enum(to)) => convert_variants(from, to, known),
            _ => None,
        }
    }

    /// Returns the implementation. `None` if requests have nothing that responses have.
    fn block(&self, conversion: &Conversion) -> Option<TokenStream> {
        let (from, to) = (self.from.ident(), self.to.ident());
        let Conversion { value, missing, is_constant } = conversion;
        let source = match self.to {
            _ if *is_constant => quote!(_),
            Definition::Struct(item) => unlike_fields("response", item).to_token_stream(),
            Definition::Enum(_) => quote!(response),
        };
        if *is_constant && !missing.is_empty() {
            return None;
        }
        if missing.is_empty() {
            return Some(quote! {
                impl ::std::convert::From<#from> for #to {
                    fn from(#source: #from) -> Self { #value }
                }
            });
        }
        let name = match self.to {
            Definition::Struct(item) => unlike_fields("from_response", item),
            Definition::Enum(_) => format_ident!("from_response"),
        };
        let lint = too_many_arguments(missing.len() + 1);
        let docs = doc_attributes(&format!(
            "Converts a [`{from}`]. The arguments are the fields that responses do not have, or that contain such fields."
        ));
        Some(quote! {
            impl #to {
                #(#docs)*
                #lint
                #[must_use]
                pub fn #name(#source: #from, #(#missing),*) -> Self { #value }
            }
        })
    }
}

/// Returns a name that differs from those of all fields.
fn unlike_fields(name: &str, item: &ItemStruct) -> Ident {
    let fields = item.fields.iter().filter_map(|field| field.ident.as_ref());
    let mut taken: BTreeSet<String> = fields.map(Ident::to_string).collect();
    format_ident!("{}", unique(name, &mut taken))
}

fn convert_fields(from: &ItemStruct, to: &ItemStruct, known: &Known) -> Conversion {
    let response = unlike_fields("response", to);
    let (mut missing, mut is_constant) = (Vec::new(), true);
    // Names are read once for each field: reading them parses attributes.
    let sources: HashMap<String, &syn::Field> = from.fields.iter().map(|source| (wire_name(source), source)).collect();
    let fields: Vec<TokenStream> = to
        .fields
        .iter()
        .filter_map(|field| {
            let ident = field.ident.as_ref()?;
            let source = sources.get(&wire_name(field)).copied();
            let converted = source.and_then(|source| {
                let name = source.ident.as_ref()?;
                convert(&source.ty, &field.ty, quote!(#response.#name), known)
            });
            is_constant &= converted.is_none();
            let value = converted.unwrap_or_else(|| {
                if source.is_none() && argument_of(&field.ty, "Option").is_some() {
                    return quote!(None);
                }
                let argument = Argument::of(&known.wrappers, &field.ty);
                let (parameter, value) = (argument.parameter(ident), argument.value(ident));
                missing.push(parameter);
                value
            });
            Some(if *ident == value.to_string() { value } else { quote!(#ident: #value) })
        })
        .collect();
    Conversion { value: quote!(Self { #(#fields),* }), missing, is_constant }
}

fn convert_variants(from: &ItemEnum, to: &ItemEnum, known: &Known) -> Option<Conversion> {
    let from_ident = &from.ident;
    if from.variants.len() != to.variants.len() {
        return None;
    }
    let arms: Option<Vec<TokenStream>> = from
        .variants
        .iter()
        .zip(&to.variants)
        .map(|(variant, same)| {
            let (ident, to_ident) = (&variant.ident, &same.ident);
            match (&variant.fields, &same.fields) {
                (Fields::Unit, Fields::Unit) => Some(quote!(#from_ident::#ident => Self::#to_ident)),
                (Fields::Unnamed(old), Fields::Unnamed(new)) => {
                    let (old, new) = (&old.unnamed.first()?.ty, &new.unnamed.first()?.ty);
                    let value = convert(old, new, quote!(value), known)?;
                    Some(quote!(#from_ident::#ident(value) => Self::#to_ident(#value)))
                }
                _ => None,
            }
        })
        .collect();
    let arms = arms?;
    Some(Conversion::of(quote!(match response { #(#arms),* })))
}

/// Returns the conversion of a value into another type. `None` if there is none.
fn convert(from: &Type, to: &Type, value: TokenStream, known: &Known) -> Option<TokenStream> {
    if from == to {
        return Some(value);
    }
    if known.has(from, to) {
        return Some(quote!(#value.into()));
    }
    let inner = |name: &str| Some((argument_of(from, name)?, argument_of(to, name)?));
    if let Some((from, to)) = inner("Option") {
        let function = function(from, to, known)?;
        return Some(quote!(#value.map(#function)));
    }
    if let Some(to) = argument_of(to, "Option") {
        let value = convert(from, to, value, known)?;
        return Some(quote!(Some(#value)));
    }
    // Which of the two is boxed depends on the cycles that each is part of.
    if let Some(from) = argument_of(from, "Box") {
        return convert(from, to, quote!((*#value)), known);
    }
    if let Some(to) = argument_of(to, "Box") {
        let value = convert(from, to, value, known)?;
        return Some(quote!(::std::boxed::Box::new(#value)));
    }
    if let Some((from, to)) = inner("Vec") {
        let function = function(from, to, known)?;
        return Some(quote!(#value.into_iter().map(#function).collect()));
    }
    // The values of maps.
    let (from, to) = (arguments_of(from).nth(1)?, arguments_of(to).nth(1)?);
    let value_of = convert(from, to, quote!(value), known)?;
    Some(quote!(#value.into_iter().map(|(key, value)| (key, #value_of)).collect()))
}

/// Returns a function that converts a value.
fn function(from: &Type, to: &Type, known: &Known) -> Option<TokenStream> {
    if known.has(from, to) {
        return Some(quote!(::std::convert::Into::into));
    }
    let value = convert(from, to, quote!(value), known)?;
    Some(quote!(|value| #value))
}
