//! Rewrites unions with a discriminator, so that the tag selects the member. Progenitor tries the members in turn.
//!
//! ```text
//! #[serde(untagged)]                                pub enum Pet {
//! pub enum Pet {                              →         Cat(Cat),
//!     Cat(Cat),                                         Dog(Dog),
//!     Dog(Dog),                                         Unknown(serde_json::Value),
//! }                                                 }
//!                                                   impl Deserialize for Pet { /* by the tag */ }
//! ```

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use serde_json::Value;
use syn::{File, Ident, Item};

use super::attributes::{doc_attributes, has_serde_word};
use super::{definition, import_from_runtime, import_from_shapes, items_of};
use crate::ir::{Api, Dispatch, Kind, Member, Shape, TagType, TypeDef, Untagged};
use crate::markdown;

pub(super) fn run(api: &Api, file: &mut File) -> usize {
    let mut edits = 0;
    for item in std::mem::take(&mut file.items) {
        match &item {
            Item::Enum(found) if has_serde_word(&found.attrs, "untagged") => match tagged_union(api, &found.ident) {
                Some(written) => {
                    edits += 1;
                    file.items.extend(items_of(written.to_token_stream()));
                }
                None => file.items.push(item),
            },
            // Progenitor writes a union of one member as a struct around it.
            Item::Struct(found) if is_around_one(found) => match tagged_union(api, &found.ident) {
                Some(written) => {
                    edits += 1;
                    file.items.extend(items_of(written.to_token_stream()));
                }
                None => file.items.push(item),
            },
            Item::Impl(block) if edits > 0 && (is_conversion(api, block) || is_from_union(api, block)) => {}
            _ => file.items.push(item),
        }
    }
    if edits > 0 {
        import_from_runtime(file, "union");
        let is_by_shape = |kind: &Kind| matches!(kind, Kind::Union { untagged: Untagged::ByShape(_), .. });
        if api.types.iter().any(|definition| is_by_shape(&definition.kind)) {
            import_from_shapes(file, "dispatch");
        }
        let has_constants = |kind: &Kind| matches!(kind, Kind::Union { constants: Some(_), .. });
        if api.types.iter().any(|definition| has_constants(&definition.kind)) {
            import_from_shapes(file, "constants");
        }
    }
    edits
}

fn tagged_union<'a>(api: &'a Api, ident: &Ident) -> Option<TaggedUnion<'a>> {
    let definition = definition(api, ident)?;
    match &definition.kind {
        Kind::Union { tag, tag_type, members, untagged, constants, open } => {
            let constants = constants.as_ref();
            Some(TaggedUnion { definition, tag, tag_type: *tag_type, members, untagged, constants, open: *open })
        }
        _ => None,
    }
}

/// Whether this is a struct that is written as the value in it.
fn is_around_one(item: &syn::ItemStruct) -> bool {
    has_serde_word(&item.attrs, "transparent") && matches!(item.fields, syn::Fields::Unnamed(_))
}

/// Whether this is progenitor's conversion of a union of one member into that member.
fn is_from_union(api: &Api, block: &syn::ItemImpl) -> bool {
    let last = block.trait_.as_ref().and_then(|(path, ..)| path.segments.last());
    let Some(syn::PathArguments::AngleBracketed(arguments)) =
        last.filter(|last| last.ident == "From").map(|last| &last.arguments)
    else {
        return false;
    };
    matches!(arguments.args.first(), Some(syn::GenericArgument::Type(syn::Type::Path(path)))
        if path.path.get_ident().is_some_and(|ident| tagged_union(api, ident).is_some()))
}

fn is_conversion(api: &Api, block: &syn::ItemImpl) -> bool {
    let syn::Type::Path(path) = block.self_ty.as_ref() else { return false };
    let is_union = path.path.get_ident().and_then(|ident| tagged_union(api, ident)).is_some();
    is_union && block.trait_.is_some()
}

struct TaggedUnion<'a> {
    definition: &'a TypeDef,
    tag: &'a str,
    tag_type: TagType,
    members: &'a [Member],
    untagged: &'a Untagged,
    constants: Option<&'a Dispatch>,
    open: bool,
}

impl ToTokens for TaggedUnion<'_> {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let name = format_ident!("{}", self.definition.name);
        let tag = self.tag;
        let idents: Vec<_> = self.members.iter().map(|member| format_ident!("{}", member.ident)).collect();
        let types = self.members.iter().map(|member| {
            let ty = format_ident!("{}", member.type_name);
            if member.is_boxed { quote!(::std::boxed::Box<#ty>) } else { quote!(#ty) }
        });
        let types: Vec<_> = types.collect();
        let writing = self.writing();
        let reading = self.members.iter().enumerate().map(|(index, member)| self.member_reading(index, member));
        let unknown = self.open.then(|| quote!(Unknown(::serde_json::Value),));
        let unknown_writing = self.open.then(|| quote!(Self::Unknown(value) => writer.whole(value),));
        let otherwise =
            if self.open { quote!(object.value().map(Self::Unknown)) } else { quote!(Err(union::unknown_tag(#tag))) };
        let tag_method = self.tag_method();
        let tag_type = match self.tag_type {
            TagType::String => None,
            TagType::Integer => Some(quote!(
                const TAG_TYPE: union::TagType = union::TagType::Integer;
            )),
            TagType::Boolean => Some(quote!(
                const TAG_TYPE: union::TagType = union::TagType::Boolean;
            )),
        };
        let untagged = self.read_untagged();
        let conversions = self.conversions(&name);
        tokens.extend(quote! {
            #[derive(Debug, Clone)]
            pub enum #name { #(#idents(#types),)* #unknown }

            #tag_method

            #conversions

            impl ::serde::Serialize for #name {
                fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> ::std::result::Result<S::Ok, S::Error> {
                    let writer = union::Writer::new(serializer, #tag);
                    match self { #(#writing)* #unknown_writing }
                }
            }

            impl<'de> ::serde::Deserialize<'de> for #name {
                fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> ::std::result::Result<Self, D::Error> {
                    union::deserialize(deserializer)
                }
            }

            impl union::Union for #name {
                const PROPERTY: &'static str = #tag;
                #tag_type

                fn read<'de, A: ::serde::de::MapAccess<'de>>(
                    tag: &str,
                    object: union::Object<'_, A>,
                ) -> ::std::result::Result<Self, A::Error> {
                    match tag { #(#reading)* _ => #otherwise }
                }

                #untagged
            }
        });
    }
}

impl TaggedUnion<'_> {
    /// The method that returns the tag, if it is a string.
    fn tag_method(&self) -> Option<TokenStream> {
        if self.tag_type != TagType::String {
            return None;
        }
        let name = format_ident!("{}", self.definition.name);
        let idents = self.members.iter().map(|member| format_ident!("{}", member.ident));
        let (tag, tags) = (self.tag, self.members.iter().map(|member| member.tag.as_str()));
        let unknown = self.open.then(|| quote!(Self::Unknown(value) => union::tag_text(value, #tag),));
        let docs = doc_attributes(&format!("Returns the value of {}, which names the variant.", markdown::code(tag)));
        Some(quote! {
            impl #name {
                #(#docs)*
                #[must_use]
                pub fn tag(&self) -> &str {
                    match self { #(Self::#idents(_) => #tags,)* #unknown }
                }
            }
        })
    }

    /// The function that reads a value without the tag, or the constant that there is none.
    fn read_untagged(&self) -> TokenStream {
        let body = match self.untagged {
            Untagged::ByShape(_) => {
                let unknown = self.unknown();
                let dispatch = format_ident!("{}", self.definition.const_ident);
                let idents = self.members.iter().map(|member| format_ident!("{}", member.ident));
                quote! {
                    let members: &[union::ReadMember<Self>] =
                        &[#(|text| union::member(text).map(Self::#idents)),*];
                    union::choose_value(value, &dispatch::#dispatch, members, #unknown)
                }
            }
            Untagged::NoMember if self.open => quote!(Ok(Self::Unknown(value))),
            Untagged::NoMember | Untagged::Invalid => {
                return quote!(
                    const NEEDS_TAG: bool = true;
                );
            }
        };
        quote! {
            fn read_untagged<E: ::serde::de::Error>(value: ::serde_json::Value) -> ::std::result::Result<Self, E> {
                #body
            }
        }
    }

    /// Returns the arm that reads a member.
    fn member_reading(&self, index: usize, member: &Member) -> TokenStream {
        let (ident, tag, keeps_tag) = (format_ident!("{}", member.ident), &member.tag, member.keeps_tag);
        let shape = self.constants.and_then(|constants| constants.members.get(index));
        if matches!(shape, Some(Shape::Object { fields, .. }) if !fields.is_empty()) {
            let constants = format_ident!("{}", self.definition.const_ident);
            let (index, unknown) = (syn::Index::from(index), self.unknown());
            return quote!(#tag => {
                let member = union::ConstantMember { constants: &constants::#constants, index: #index, keeps_tag: #keeps_tag };
                object.member_with_constants(&member, Self::#ident, #unknown)
            });
        }
        let reading = if keeps_tag { quote!(member) } else { quote!(member_without_tag) };
        quote!(#tag => object.#reading().map(Self::#ident),)
    }

    /// Returns the function that keeps a value of an unknown member, as an `Option`.
    fn unknown(&self) -> TokenStream {
        if self.open { quote!(Some(Self::Unknown)) } else { quote!(None) }
    }

    /// Returns an arm for each type that writes the tag itself, and for each member that does not.
    fn writing(&self) -> Vec<TokenStream> {
        let mut arms = Vec::new();
        let mut whole: BTreeMap<&str, Vec<Ident>> = BTreeMap::new();
        for member in self.members {
            let (ident, tag) = (format_ident!("{}", member.ident), literal(&self.tag_type.json(&member.tag)));
            if member.writes_tag {
                whole.entry(&member.type_name).or_default().push(ident);
            } else {
                arms.push(quote!(Self::#ident(member) => writer.tagged(#tag, member),));
            }
        }
        let whole = whole.values();
        arms.extend(whole.map(|idents| quote!(#(Self::#idents(member))|* => writer.whole(member),)));
        arms
    }

    /// Returns a `From` implementation for each type that is a member exactly once.
    fn conversions(&self, name: &Ident) -> TokenStream {
        let is_single =
            |member: &&Member| self.members.iter().filter(|other| other.type_name == member.type_name).count() == 1;
        let single = self.members.iter().filter(is_single);
        let blocks = single.map(|member| {
            let (ident, ty) = (format_ident!("{}", member.ident), format_ident!("{}", member.type_name));
            let value = if member.is_boxed { quote!(::std::boxed::Box::new(member)) } else { quote!(member) };
            quote! {
                impl ::std::convert::From<#ty> for #name {
                    fn from(member: #ty) -> Self { Self::#ident(#value) }
                }
            }
        });
        blocks.collect()
    }
}

/// Returns the Rust of a scalar JSON value.
pub(super) fn literal(value: &Value) -> TokenStream {
    match value {
        Value::Bool(value) => quote!(#value),
        Value::Number(number) => number.to_string().parse().unwrap_or_else(|_| quote!(())),
        Value::String(text) => quote!(#text),
        Value::Null | Value::Array(_) | Value::Object(_) => quote!(()),
    }
}
