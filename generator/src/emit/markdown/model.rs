//! The page of a type: its fields, values or members, as they are in Rust and on the wire.

use std::fmt::Write as _;

use syn::Fields;

use super::{cell, table, type_link};
use crate::ir::{Api, Field, Kind, TypeDef};
use crate::markdown;
use crate::progenitor::Types;

pub(super) fn page(api: &Api, types: &Types, definition: &TypeDef) -> String {
    let mut text = format!("# {}\n\n", definition.name);
    if let Some(about) = &definition.description {
        let _ = write!(text, "{}\n\n", markdown::safe(about));
    }
    if definition.deprecated {
        text.push_str("**Deprecated.**\n\n");
    }
    let _ = write!(text, "Rust: `types::{}`", definition.name);
    text.push_str(match (definition.in_request, definition.in_response) {
        (true, true) => ", in requests and responses\n\n",
        (true, false) => ", in requests\n\n",
        (false, true) => ", in responses\n\n",
        (false, false) => "\n\n",
    });
    text.push_str(&content(api, types, definition));
    if let Some(example) = &definition.example {
        let json = serde_json::to_string_pretty(example).unwrap_or_default();
        let _ = write!(text, "\n## Example\n\n{}", markdown::block("json", &json));
    }
    text
}

fn content(api: &Api, types: &Types, definition: &TypeDef) -> String {
    match &definition.kind {
        Kind::Struct { fields } => {
            let rows = rows(api, types, definition, fields);
            if rows.is_empty() { "No fields.\n".to_owned() } else { format!("## Fields\n\n{}", table(&HEAD, &rows)) }
        }
        Kind::Enum { values, open } => {
            let variant = |ident: &str| markdown::code(&format!("{}::{ident}", definition.name));
            let mut rows: Vec<_> =
                values.iter().map(|value| vec![variant(&value.ident), markdown::code(&value.text)]).collect();
            if *open {
                rows.push(vec![variant("Unknown"), "any other string, kept as received".to_owned()]);
            }
            format!("## Values\n\n{}", table(&["Variant", "On the wire"], &rows))
        }
        Kind::Union { tag, members, open, .. } => {
            let mut rows: Vec<_> = members
                .iter()
                .map(|member| {
                    vec![
                        markdown::code(&member.ident),
                        markdown::code(&member.tag),
                        member_link(api, &member.type_name),
                    ]
                })
                .collect();
            if *open {
                rows.push(vec!["`Unknown`".to_owned(), "any other value".to_owned(), "`serde_json::Value`".to_owned()]);
            }
            format!(
                "The field {} determines the variant.\n\n## Variants\n\n{}",
                markdown::code(tag),
                table(&["Variant", &markdown::code(tag), "Value"], &rows)
            )
        }
        Kind::UntaggedUnion { .. } | Kind::Other => {
            "See the documentation of the crate for its definition.\n".to_owned()
        }
    }
}

/// Returns the type of a member of a union, which is one of the API or of the standard library.
fn member_link(api: &Api, name: &str) -> String {
    syn::parse_str(name).map_or_else(|_| markdown::code(name), |ty| type_link(api, &ty, "../"))
}

const HEAD: [&str; 6] = ["Field", "On the wire", "Type", "Required", "Description", "Example"];

fn rows(api: &Api, types: &Types, definition: &TypeDef, fields: &[Field]) -> Vec<Vec<String>> {
    let Some(item) = types.struct_of(&definition.name) else { return Vec::new() };
    let Fields::Named(named) = &item.fields else { return Vec::new() };
    let with_idents = named.named.iter().zip(fields);
    with_idents
        .filter_map(|(rust, field)| {
            let ident = rust.ident.as_ref()?.to_string();
            Some(vec![
                markdown::code(&ident),
                markdown::code(&field.name),
                type_link(api, &rust.ty, "../"),
                if field.required { "yes".to_owned() } else { "no".to_owned() },
                description(field),
                field
                    .example
                    .as_ref()
                    .map(|example| markdown::code(&example.to_string()).replace('|', "\\|"))
                    .unwrap_or_default(),
            ])
        })
        .collect()
}

fn description(field: &Field) -> String {
    let mut text = field.description.as_deref().map(cell).unwrap_or_default();
    if let Some(default) = &field.default {
        let _ = write!(text, " Default: {}.", markdown::code(&default.to_string()));
    }
    if field.sensitive {
        text.push_str(" Sensitive: not shown by `Debug`.");
    }
    text.trim().to_owned()
}
