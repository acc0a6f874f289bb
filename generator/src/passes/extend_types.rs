//! Adds the derives and attributes that the owner of a client configures.
//!
//! ```text
//! [types.derives]                     #[derive(Clone, Debug, PartialEq)]
//! Pet = ["utoipa::ToSchema"]    →     #[derive(utoipa::ToSchema)]
//!                                     pub struct Pet { … }
//! ```
//!
//! It is not in the table of passes: it depends on the configuration, not on the API.

use std::collections::BTreeSet;

use syn::parse::Parser;
use syn::{Attribute, File, Item, Path, Type};

use super::attributes::derives;
use crate::diagnostics::Diagnostics;
use crate::diagnostics::catalogue::UNMATCHED_CUSTOMISATION;
use crate::macros;
use crate::naming::nearest;

/// What to do about a name without a type.
const HELP: &str = "use the name of a struct or enum in the module `types`, or `all` for all types";

/// The derives and attributes to add to types.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TypeExtras {
    /// The paths of traits to derive, such as `Hash` or `utoipa::ToSchema`. Those that a type derives already are skipped.
    pub derives: Vec<TypeExtra>,
    /// Attributes, such as `#[cfg_attr(doc, allow(missing_docs))]`.
    pub attributes: Vec<TypeExtra>,
}

/// What is added to a type, or to all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeExtra {
    /// The name of the type in Rust. `None` for all types.
    pub type_name: Option<String>,
    /// What is added.
    pub texts: Vec<String>,
    /// The line and the column of the name in the configuration.
    pub position: (usize, usize),
}

impl TypeExtra {
    fn is_for(&self, name: &syn::Ident) -> bool {
        self.type_name.as_ref().is_none_or(|wanted| name == wanted)
    }
}

/// Whether this is the path of a trait that can be derived.
#[must_use]
pub fn is_derive(text: &str) -> bool {
    derived(text).is_some()
}

/// Whether this is one attribute of an item.
#[must_use]
pub fn is_attribute(text: &str) -> bool {
    attribute(text).is_some()
}

/// Adds derives and attributes to the structs and enums of a file, and reports the names that are not the name of one. `source`
/// is the index of the configuration among the sources.
///
/// A trait that a type derives or implements already is skipped.
pub fn extend(file: &mut File, extras: &TypeExtras, source: usize) -> Diagnostics {
    let implemented: BTreeSet<(String, String)> = file.items.iter().flat_map(implementations).collect();
    for item in &mut file.items {
        let (name, attributes) = match item {
            Item::Struct(item) => (&item.ident, &mut item.attrs),
            Item::Enum(item) => (&item.ident, &mut item.attrs),
            _ => continue,
        };
        let texts = |extras: &[TypeExtra]| -> Vec<String> {
            extras.iter().filter(|extra| extra.is_for(name)).flat_map(|extra| extra.texts.clone()).collect()
        };
        for path in texts(&extras.derives).iter().filter_map(|text| derived(text)) {
            let is_present = path.segments.last().is_some_and(|last| {
                let of_type = (name.to_string(), last.ident.to_string());
                derives(attributes, &of_type.1) || implemented.contains(&of_type)
            });
            if !is_present {
                attributes.push(syn::parse_quote!(#[derive(#path)]));
            }
        }
        attributes.extend(texts(&extras.attributes).iter().filter_map(|text| attribute(text)));
    }
    unmatched(file, extras, source)
}

/// The traits of enums of strings, which a macro implements.
const OF_STRING_ENUMS: [&str; 7] = ["AsRef", "Deserialize", "Display", "From", "FromStr", "Serialize", "TryFrom"];

/// Returns the names of the type and of each trait that an item implements.
fn implementations(item: &Item) -> Vec<(String, String)> {
    if let Some(name) = macros::with_strings(item) {
        return OF_STRING_ENUMS.iter().map(|implemented| (name.to_string(), (*implemented).to_owned())).collect();
    }
    implementation(item).into_iter().collect()
}

fn implementation(item: &Item) -> Option<(String, String)> {
    let Item::Impl(block) = item else { return None };
    let Type::Path(ty) = block.self_ty.as_ref() else { return None };
    let name = &block.trait_.as_ref()?.0.segments.last()?.ident;
    Some((ty.path.get_ident()?.to_string(), name.to_string()))
}

fn unmatched(file: &File, extras: &TypeExtras, source: usize) -> Diagnostics {
    let types = file.items.iter().filter_map(|item| match item {
        Item::Struct(item) => Some(item.ident.to_string()),
        Item::Enum(item) => Some(item.ident.to_string()),
        _ => None,
    });
    let types: Vec<String> = types.collect();
    let known: Vec<&str> = types.iter().map(String::as_str).collect();
    let is_alias = |name: &str| file.items.iter().any(|item| matches!(item, Item::Type(item) if item.ident == name));
    let mut diagnostics = Diagnostics::default();
    for extra in extras.derives.iter().chain(&extras.attributes) {
        let Some(name) = extra.type_name.as_deref().filter(|name| !known.contains(name)) else { continue };
        let message = if is_alias(name) {
            format!("`{name}` is an alias of a type, which has neither derives nor attributes")
        } else {
            let suggestion = nearest(name, &known).map(|name| format!("; did you mean `{name}`?"));
            format!("the client has no type `{name}`{}", suggestion.unwrap_or_default())
        };
        let position = (source, extra.position);
        diagnostics.report_in_configuration(&UNMATCHED_CUSTOMISATION, position, message, HELP);
    }
    diagnostics
}

fn derived(text: &str) -> Option<Path> {
    let path = Path::parse_mod_style.parse_str(text).ok()?;
    (!path.segments.is_empty()).then_some(path)
}

fn attribute(text: &str) -> Option<Attribute> {
    let parsed = Attribute::parse_outer.parse_str(text).ok()?;
    let mut parsed = parsed.into_iter();
    parsed.next().filter(|_| parsed.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derives_and_attributes_are_distinguished_from_other_text() {
        for (text, derive, attribute) in [
            ("Hash", true, false),
            ("utoipa::ToSchema", true, false),
            ("#[serde(default)]", false, true),
            ("#[a] #[b]", false, false),
            ("Hash, Eq", false, false),
            ("", false, false),
            ("Vec<u8>", false, false),
        ] {
            assert_eq!((is_derive(text), is_attribute(text)), (derive, attribute), "{text}");
        }
    }

    #[test]
    fn a_trait_is_derived_once() {
        let mut file: File = syn::parse_quote!(
            #[derive(Clone)]
            struct A;
            #[derive(Clone)]
            enum B {}
            type C = A;
            impl std::hash::Hash for A {}
        );
        let extra = |name: Option<&str>, text: &str| TypeExtra {
            type_name: name.map(str::to_owned),
            texts: vec![text.to_owned()],
            position: (1, 1),
        };
        let extras = TypeExtras {
            derives: vec![
                extra(None, "Clone"),
                extra(None, "a::Own"),
                extra(Some("B"), "Own"),
                extra(None, "Hash"),
                extra(Some("C"), "Hash"),
                extra(Some("a"), "Hash"),
            ],
            attributes: vec![extra(Some("A"), "#[repr(C)]")],
        };
        let diagnostics = extend(&mut file, &extras, 0).to_string();
        assert!(diagnostics.contains("`C` is an alias"), "{diagnostics}");
        assert!(diagnostics.contains("the client has no type `a`; did you mean `A`?"), "{diagnostics}");
        // A string, because rustfmt would merge the derives.
        let expected = "#[derive(Clone)] #[derive(a::Own)] #[repr(C)] struct A; \
                        #[derive(Clone)] #[derive(a::Own)] #[derive(Hash)] enum B {} \
                        type C = A; impl std::hash::Hash for A {}";
        let expected: File = syn::parse_str(expected).expect("it is Rust");
        assert_eq!(file, expected);
    }
}
