//! Documents every public item: with the descriptions of the document, or else with what the IR knows.
//!
//! ```text
//! pub enum Color { Red }                      →     /// Color of a thing.
//!                                                   pub enum Color {
//!                                                       /// `red`
//!                                                       Red,
//!                                                   }
//! ```

use syn::{Attribute, File, Item, ItemEnum, Variant};

use super::attributes::{doc_attributes, has_serde_word, is_doc, wire_name};
use super::decide_unions::takes_all;
use super::{definition, fields};
use crate::ir::{Api, Field, Kind, TypeDef};
use crate::markdown;

pub(super) fn run(api: &Api, file: &mut File) -> usize {
    let mut edits = 0;
    for item in &mut file.items {
        match item {
            Item::Struct(item) => {
                let Some(definition) = definition(api, &item.ident) else { continue };
                edits += set_docs(&mut item.attrs, &type_docs(definition));
                for field in item.fields.iter_mut().filter(|field| field.ident.is_some()) {
                    let name = wire_name(field);
                    let known = fields(definition).iter().find(|known| known.name == name);
                    if known.is_none() && has_docs(&field.attrs) {
                        continue;
                    }
                    let docs = known.map_or_else(|| other_field_docs(field, &name), field_docs);
                    edits += set_docs(&mut field.attrs, &docs);
                }
            }
            Item::Enum(item) => edits += document_enum(api, item),
            _ => {}
        }
    }
    edits
}

fn other_field_docs(field: &syn::Field, name: &str) -> String {
    if has_serde_word(&field.attrs, "flatten") {
        "Further fields, which the API description does not name.".to_owned()
    } else {
        format!("`{name}` on the wire.")
    }
}

fn document_enum(api: &Api, item: &mut ItemEnum) -> usize {
    let Some(definition) = definition(api, &item.ident) else { return 0 };
    let mut edits = set_docs(&mut item.attrs, &type_docs(definition));
    for variant in &mut item.variants {
        let docs = variant_docs(definition, variant);
        edits += set_docs(&mut variant.attrs, &docs);
    }
    edits
}

fn type_docs(definition: &TypeDef) -> String {
    let docs = words(definition.description.as_deref()).unwrap_or_else(|| format!("`{}`.", definition.name));
    let docs = match &definition.request_of {
        Some(response) => {
            format!("{docs}\n\nThe form of [`{response}`] in requests, without what only responses have.")
        }
        None => docs,
    };
    if definition.deprecated { format!("{docs}\n\n**Deprecated.**") } else { docs }
}

/// Returns a description as Markdown. `None` if nothing of it can be shown.
fn words(description: Option<&str>) -> Option<String> {
    description.map(markdown::safe).filter(|text| !text.trim().is_empty())
}

fn field_docs(field: &Field) -> String {
    let mut docs = words(field.description.as_deref()).unwrap_or_else(|| format!("`{}` on the wire.", field.name));
    if let Some(default) = &field.default {
        docs.push_str(&format!("\n\nDefault: `{default}`."));
    }
    if let Some(example) = field.example.as_ref().filter(|example| !example.is_object() && !example.is_array()) {
        docs.push_str(&format!("\n\nExample: {}.", markdown::code(&example.to_string())));
    }
    if field.deprecated {
        docs.push_str("\n\n**Deprecated.**");
    }
    if field.sensitive {
        docs.push_str("\n\nSensitive: `{:?}` does not show it.");
    }
    docs
}

fn variant_docs(definition: &TypeDef, variant: &Variant) -> String {
    let ident = &variant.ident;
    match &definition.kind {
        Kind::Enum { values, .. } => match values.iter().find(|value| ident == &value.ident) {
            Some(value) => match value.description.as_deref().map(markdown::safe).filter(|text| !text.is_empty()) {
                Some(description) => format!("{}: {description}", markdown::code(&value.text)),
                None => markdown::code(&value.text),
            },
            None => "A text that was not known when this client was built.".to_owned(),
        },
        Kind::Union { tag, members, .. } => match members.iter().find(|member| ident == &member.ident) {
            Some(member) => format!("{} is {}.", markdown::code(tag), markdown::code(&member.tag)),
            None => {
                format!("{} was not known when this client was built: the whole value as JSON.", markdown::code(tag))
            }
        },
        Kind::UntaggedUnion { open: true, .. } if takes_all(variant) => {
            "A value of none of the other forms, as JSON.".to_owned()
        }
        _ => format!("A value of the form `{ident}`."),
    }
}

fn has_docs(attributes: &[Attribute]) -> bool {
    attributes.iter().any(is_doc)
}

/// Replaces the docs. Returns one edit if they differ from the previous ones.
fn set_docs(attributes: &mut Vec<Attribute>, text: &str) -> usize {
    let wanted = doc_attributes(text);
    if attributes.iter().filter(|attribute| is_doc(attribute)).eq(&wanted) {
        return 0;
    }
    attributes.retain(|attribute| !is_doc(attribute));
    attributes.splice(0..0, wanted);
    1
}
