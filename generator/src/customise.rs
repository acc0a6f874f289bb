//! States in the document what the configuration of a client replaces and renames, with the extensions that a document can
//! have itself. So later stages read one form, and the configuration wins over the document.
//!
//! `[types.schemas] Money = "my_money::Money"` → `Money: {…, x-rust-type: my_money::Money}`

mod collisions;
mod unmatched;

use serde_json::{Map, Value};

use crate::diagnostics::catalogue::{BAD_EXTENSION, UNMATCHED_CUSTOMISATION};
use crate::diagnostics::{Code, Diagnostics};
use crate::document::{Document, Node, Pointer};
use crate::naming::is_identifier;
use crate::openapi::{NAME_OVERRIDE, RUST_TYPE, RUST_TYPE_ORIGIN, rust_type_problems, schema_nodes};

/// What to do about a new name that is not possible.
const HELP_OF_NAMES: &str = "choose another name under `types.rename` in the configuration";

/// The table of a configuration that a customisation is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Table {
    /// `types.formats`: the types of formats.
    Formats,
    /// `types.schemas`: the types of schemas.
    Schemas,
    /// `types.properties`: the types of properties.
    Properties,
    /// `types.rename`: the names of schemas, properties and values of enums.
    Rename,
}

impl Table {
    /// Returns its key in the configuration.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Formats => "types.formats",
            Self::Schemas => "types.schemas",
            Self::Properties => "types.properties",
            Self::Rename => "types.rename",
        }
    }
}

/// A key of a configuration that replaces or renames something.
#[derive(Debug, Clone, PartialEq)]
pub struct Customisation {
    /// The table around the key.
    pub table: Table,
    /// What is replaced or renamed: a format, a schema `Order`, a property `Order.total`, or a value `Status.on-hold`.
    pub key: String,
    /// The value of `x-rust-type`, or the new name.
    pub value: Value,
    /// The line and the column of the key in the configuration.
    pub position: (usize, usize),
}

impl Customisation {
    /// Returns what is wrong with its value.
    #[must_use]
    pub fn problems(&self) -> Vec<String> {
        match (self.table, &self.value) {
            (Table::Rename, Value::String(name)) if is_identifier(name) => Vec::new(),
            (Table::Rename, Value::String(name)) => vec![format!("`{name}` is not a name")],
            (Table::Rename, _) => vec!["the value is not a name".to_owned()],
            (_, value) => rust_type_problems(value),
        }
    }
}

/// Where a value is put.
struct Edit {
    schema: Pointer,
    keyword: &'static str,
    value: Value,
    /// The value of the enum whose variant gets a name.
    variant: Option<String>,
}

/// Applies customisations to an OpenAPI 3.0 document. `source` is the index of the configuration among the sources.
pub(crate) fn apply(document: &mut Document, customisations: &[Customisation], source: usize) -> Diagnostics {
    let mut diagnostics = Diagnostics::default();
    let mut report = |customisation: &Customisation, code: &'static Code, message: String| {
        let help = if *code == BAD_EXTENSION { HELP_OF_NAMES } else { code.help };
        diagnostics.report_in_configuration(code, (source, customisation.position), message, help);
    };
    // What is named precisely wins, and formats are the least precise.
    let (formats, others): (Vec<_>, Vec<_>) =
        customisations.iter().partition(|customisation| customisation.table == Table::Formats);
    let mut names = Vec::new();
    for customisation in formats.into_iter().chain(others) {
        let edits = edits(document, customisation);
        if edits.is_empty() {
            report(customisation, &UNMATCHED_CUSTOMISATION, unmatched::message(document, customisation));
        }
        for edit in &edits {
            write(document, customisation, edit);
        }
        let renaming = edits.into_iter().filter(|_| customisation.table == Table::Rename);
        names.extend(renaming.map(|edit| (customisation, edit)));
    }
    // Two types may swap their names, so names are compared when all are known.
    let collisions = names
        .iter()
        .filter_map(|(customisation, edit)| Some((customisation, edit, collisions::collision(document, edit)?)));
    for (customisation, edit, problem) in collisions.collect::<Vec<_>>() {
        report(customisation, &BAD_EXTENSION, problem);
        if let Some(Value::Object(schema)) = document.value_mut().pointer_mut(edit.schema.as_str()) {
            schema.shift_remove(edit.keyword);
        }
    }
    diagnostics
}

fn write(document: &mut Document, customisation: &Customisation, edit: &Edit) {
    let Some(Value::Object(schema)) = document.value_mut().pointer_mut(edit.schema.as_str()) else { return };
    if edit.keyword == RUST_TYPE {
        let origin = format!("`{}.\"{}\"` of the configuration", customisation.table.key(), customisation.key);
        schema.insert(RUST_TYPE_ORIGIN.to_owned(), origin.into());
    }
    schema.insert(edit.keyword.to_owned(), edit.value.clone());
}

fn edits(document: &Document, customisation: &Customisation) -> Vec<Edit> {
    let (key, value) = (customisation.key.as_str(), &customisation.value);
    let edit =
        |node: Node<'_>, keyword| Edit { schema: node.pointer().clone(), keyword, value: value.clone(), variant: None };
    match customisation.table {
        Table::Formats => {
            let (ty, format) = key.split_once('/').map_or((None, key), |(ty, format)| (Some(ty), format));
            let has_format = |node: &Node<'_>| {
                node.text("format") == Some(format) && ty.is_none_or(|ty| node.text("type") == Some(ty))
            };
            // A more precise name in the document does not win over the configuration.
            schema_nodes(document).into_iter().filter(has_format).map(|node| edit(node, RUST_TYPE)).collect()
        }
        Table::Schemas => schema(document, key).map(|node| edit(node, RUST_TYPE)).into_iter().collect(),
        Table::Properties => properties(document, key).map(|node| edit(node, RUST_TYPE)).collect(),
        Table::Rename => {
            if let Some(schema) = schema(document, key) {
                return vec![edit(schema, NAME_OVERRIDE)];
            }
            let fields: Vec<_> = properties(document, key).map(|node| edit(node, NAME_OVERRIDE)).collect();
            if fields.is_empty() { variant(document, key, value).into_iter().collect() } else { fields }
        }
    }
}

/// Returns the schema of this name under `components`.
fn schema<'a>(document: &'a Document, name: &str) -> Option<Node<'a>> {
    document.root().at(&["components", "schemas", name]).filter(|schema| schema.value().is_object())
}

/// Returns the schemas and the rest of `Schema.rest`. Names of schemas may have dots too.
fn parts<'a>(document: &'a Document, key: &'a str) -> impl Iterator<Item = (Node<'a>, &'a str)> {
    let splits = key.match_indices('.').filter_map(|(dot, _)| Some((key.get(..dot)?, key.get(dot + 1..)?)));
    splits.filter_map(|(name, rest)| Some((schema(document, name)?, rest)))
}

/// Returns the schemas of the property `Schema.property`: in the schema, and in the parts of its `allOf`.
fn properties<'a>(document: &'a Document, key: &'a str) -> impl Iterator<Item = Node<'a>> {
    parts(document, key).flat_map(|(schema, property)| {
        let all_of = schema.get("allOf");
        let parts: Vec<_> = all_of.iter().flat_map(Node::items).chain([schema]).collect();
        let found: Vec<_> = parts.iter().filter_map(|part| part.at(&["properties", property])).collect();
        found.into_iter().filter(|property| property.value().is_object())
    })
}

/// Returns the edit that names the variant of `Schema.value`.
fn variant(document: &Document, key: &str, name: &Value) -> Option<Edit> {
    const NAMES: [&str; 2] = ["x-enum-varnames", "x-enumNames"];
    let (schema, text) = parts(document, key).find(|(schema, text)| {
        let values = schema.get("enum");
        values.iter().flat_map(Node::items).any(|value| value.value().as_str() == Some(text))
    })?;
    let stated = NAMES.into_iter().find_map(|key| schema.get(key)).map(|node| node.value().clone());
    let values: Vec<_> = schema.get("enum")?.items().filter_map(|value| value.value().as_str()).collect();
    let mut names = match stated {
        Some(Value::Object(names)) => names,
        Some(Value::Array(names)) if names.len() == values.len() => {
            values.iter().map(|value| (*value).to_owned()).zip(names).collect()
        }
        _ => Map::new(),
    };
    names.insert(text.to_owned(), name.clone());
    let variant = Some(text.to_owned());
    Some(Edit { schema: schema.pointer().clone(), keyword: "x-enum-varnames", value: names.into(), variant })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const DOCUMENT: &str = "
components:
  schemas:
    Order:
      allOf:
        - {properties: {total: {type: string, format: decimal}, sum: {}}}
    v1.Pet: {properties: {name: {type: string}}}
    Status: {type: string, enum: [on-hold, open], x-enum-varnames: [Hold, Open]}
";

    fn applied(table: Table, key: &str, value: Value) -> (Value, String) {
        let mut document = crate::document::parse(DOCUMENT).expect("it is YAML");
        let customisation = Customisation { table, key: key.to_owned(), value, position: (3, 1) };
        let diagnostics = apply(&mut document, &[customisation], 1);
        (document.value().clone(), diagnostics.to_string())
    }

    #[test]
    fn each_table_finds_its_names() {
        for (table, key, value, pointer) in [
            (Table::Formats, "decimal", "a::B", "Order/allOf/0/properties/total/x-rust-type"),
            (Table::Formats, "string/decimal", "a::B", "Order/allOf/0/properties/total/x-rust-type"),
            (Table::Schemas, "v1.Pet", "a::B", "v1.Pet/x-rust-type"),
            (Table::Properties, "v1.Pet.name", "a::B", "v1.Pet/properties/name/x-rust-type"),
            (Table::Properties, "Order.total", "a::B", "Order/allOf/0/properties/total/x-rust-type"),
            (Table::Rename, "Order", "Purchase", "Order/x-speakeasy-name-override"),
            (Table::Rename, "Order.total", "price", "Order/allOf/0/properties/total/x-speakeasy-name-override"),
            (Table::Rename, "Status.on-hold", "Paused", "Status/x-enum-varnames/on-hold"),
        ] {
            let (document, diagnostics) = applied(table, key, value.into());
            assert_eq!(diagnostics, "", "{key}");
            let found = document.pointer(&format!("/components/schemas/{pointer}"));
            assert_eq!(found, Some(&value.into()), "{key}");
        }
    }

    #[test]
    fn the_other_names_of_an_enum_stay() {
        let (document, _) = applied(Table::Rename, "Status.on-hold", "Paused".into());
        let names = document.pointer("/components/schemas/Status/x-enum-varnames");
        assert_eq!(names, Some(&json!({"on-hold": "Paused", "open": "Open"})));
    }

    #[test]
    fn names_that_match_nothing_and_names_that_are_taken_are_reported() {
        let (_, diagnostics) = applied(Table::Schemas, "order", "a::B".into());
        assert!(diagnostics.starts_with("warning[W097] at 3:1: "), "{diagnostics}");
        assert!(diagnostics.contains("did you mean `Order`?"), "{diagnostics}");
        for (key, value) in [("Status.closed", "Paused"), ("Order.tota", "a")] {
            assert!(applied(Table::Rename, key, value.into()).1.starts_with("warning[W097] at 3:1: "), "{key}");
        }
        for (table, key, message) in [
            (Table::Formats, "decimals", "has no schema with the format `decimals`; did you mean `decimal`?"),
            (Table::Schemas, "order", "has no schema named `order`; did you mean `Order`?"),
            (Table::Properties, "Order.tota", "has no property named `Order.tota`; did you mean `Order.total`?"),
            (Table::Properties, "Ordr.total", "has no property named `Ordr.total`; did you mean `Order.total`?"),
            (Table::Properties, "v1.Pet.nam", "has no property named `v1.Pet.nam`; did you mean `v1.Pet.name`?"),
            (Table::Rename, "Status.opne", "named `Status.opne`; did you mean `Status.open`?"),
            (Table::Rename, "Order.xyz", "has no schema, property or value named `Order.xyz`\n"),
        ] {
            let (_, diagnostics) = applied(table, key, "a".into());
            assert!(diagnostics.contains(message), "{diagnostics}");
        }
        for (key, value, message) in [
            ("Status.on-hold", "Open", "another variant has the name `Open`"),
            ("Order", "status", "another type has the name `Status`"),
            ("Order", "string", "a type cannot have the name `String`"),
            ("Order.total", "Sum", "another field has the name `sum`"),
        ] {
            let (_, diagnostics) = applied(Table::Rename, key, value.into());
            assert!(diagnostics.starts_with(&format!("error[E027] at 3:1: {message}")), "{diagnostics}");
            assert!(diagnostics.ends_with("under `types.rename` in the configuration"), "{diagnostics}");
        }
    }
}
