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
use syn::{File, Ident, Item};

use super::attributes::{doc_attributes, has_serde_word};
use super::{definition, import_from_runtime, items_of};
use crate::ir::{Api, Kind, Member, TypeDef};
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
            Item::Impl(block) if edits > 0 && is_conversion(api, block) => {}
            _ => file.items.push(item),
        }
    }
    if edits > 0 {
        import_from_runtime(file, "union");
    }
    edits
}

fn tagged_union<'a>(api: &'a Api, ident: &Ident) -> Option<TaggedUnion<'a>> {
    let definition = definition(api, ident)?;
    match &definition.kind {
        Kind::Union { tag, members, open } => Some(TaggedUnion { definition, tag, members, open: *open }),
        _ => None,
    }
}

fn is_conversion(api: &Api, block: &syn::ItemImpl) -> bool {
    let syn::Type::Path(path) = block.self_ty.as_ref() else { return false };
    let is_union = path.path.get_ident().and_then(|ident| tagged_union(api, ident)).is_some();
    is_union && block.trait_.is_some()
}

struct TaggedUnion<'a> {
    definition: &'a TypeDef,
    tag: &'a str,
    members: &'a [Member],
    open: bool,
}

impl ToTokens for TaggedUnion<'_> {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let name = format_ident!("{}", self.definition.name);
        let tag = self.tag;
        let idents: Vec<_> = self.members.iter().map(|member| format_ident!("{}", member.ident)).collect();
        let types: Vec<_> = self.members.iter().map(|member| format_ident!("{}", member.type_name)).collect();
        let tags: Vec<_> = self.members.iter().map(|member| member.tag.as_str()).collect();
        let writing = self.writing();
        let reading = self.members.iter().map(member_reading);
        let unknown = self.open.then(|| quote!(Unknown(::serde_json::Value),));
        let unknown_tag = self.open.then(|| quote!(Self::Unknown(value) => union::tag_text(value, #tag),));
        let unknown_writing = self.open.then(|| quote!(Self::Unknown(value) => writer.whole(value),));
        let otherwise =
            if self.open { quote!(object.value().map(Self::Unknown)) } else { quote!(Err(union::unknown_tag(#tag))) };
        let tag_docs =
            doc_attributes(&format!("Returns the value of {}, which names the variant.", markdown::code(tag)));
        let conversions = self.conversions(&name);
        tokens.extend(quote! {
            #[derive(Debug, Clone)]
            pub enum #name { #(#idents(#types),)* #unknown }

            impl #name {
                #(#tag_docs)*
                #[must_use]
                pub fn tag(&self) -> &str {
                    match self { #(Self::#idents(_) => #tags,)* #unknown_tag }
                }
            }

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

                fn read<'de, A: ::serde::de::MapAccess<'de>>(
                    tag: &str,
                    object: union::Object<'_, A>,
                ) -> ::std::result::Result<Self, A::Error> {
                    match tag { #(#reading)* _ => #otherwise }
                }
            }
        });
    }
}

impl TaggedUnion<'_> {
    /// Returns an arm for each type that has the tag itself, and for each member that does not.
    fn writing(&self) -> Vec<TokenStream> {
        let mut arms = Vec::new();
        let mut whole: BTreeMap<&str, Vec<Ident>> = BTreeMap::new();
        for member in self.members {
            let (ident, tag) = (format_ident!("{}", member.ident), &member.tag);
            if member.keeps_tag {
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
            quote! {
                impl ::std::convert::From<#ty> for #name {
                    fn from(member: #ty) -> Self { Self::#ident(member) }
                }
            }
        });
        blocks.collect()
    }
}

fn member_reading(member: &Member) -> TokenStream {
    let (ident, tag) = (format_ident!("{}", member.ident), &member.tag);
    let reading = if member.keeps_tag { quote!(member) } else { quote!(member_without_tag) };
    quote!(#tag => object.#reading().map(Self::#ident),)
}
