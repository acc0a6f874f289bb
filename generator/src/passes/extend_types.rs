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

/// Adds derives and attributes to the structs and enums of a file.
///
/// A trait that a type derives or implements already is skipped.
pub fn extend(file: &mut File, extras: &TypeExtras) {
    let implemented: BTreeSet<_> = file.items.iter().filter_map(implemented).collect();
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
            let has = |name_of_trait: String| {
                derives(attributes, &name_of_trait) || implemented.contains(&(name.to_string(), name_of_trait))
            };
            if !path.segments.last().is_some_and(|last| has(last.ident.to_string())) {
                attributes.push(syn::parse_quote!(#[derive(#path)]));
            }
        }
        attributes.extend(texts(&extras.attributes).iter().filter_map(|text| attribute(text)));
    }
}

/// Returns the names of the type and of the trait of an implementation.
fn implemented(item: &Item) -> Option<(String, String)> {
    let Item::Impl(item) = item else { return None };
    let (path, _) = item.trait_.as_ref()?;
    let Type::Path(ty) = item.self_ty.as_ref() else { return None };
    Some((ty.path.get_ident()?.to_string(), path.segments.last()?.ident.to_string()))
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
            impl std::fmt::Debug for A {}
        );
        let extra = |name: Option<&str>, text: &str| TypeExtra {
            type_name: name.map(str::to_owned),
            texts: vec![text.to_owned()],
        };
        let extras = TypeExtras {
            derives: vec![
                extra(None, "Clone"),
                extra(None, "a::Own"),
                extra(Some("A"), "Debug"),
                extra(Some("B"), "Own"),
                extra(Some("B"), "Hash"),
            ],
            attributes: vec![extra(Some("A"), "#[repr(C)]")],
        };
        extend(&mut file, &extras);
        // A string, because rustfmt would merge the derives.
        let expected = "#[derive(Clone)] #[derive(a::Own)] #[repr(C)] struct A; \
                        #[derive(Clone)] #[derive(a::Own)] #[derive(Hash)] enum B {} \
                        type C = A; impl std::fmt::Debug for A {}";
        let expected: File = syn::parse_str(expected).expect("it is Rust");
        assert_eq!(file, expected);
    }
}
