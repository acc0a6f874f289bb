//! Describes keys that name nothing in the document, with the name that was probably meant.

use super::{Customisation, Table, parts};
use crate::document::{Document, Node};
use crate::naming::nearest;
use crate::openapi::schema_nodes;

/// Returns the message for a key that matches nothing.
pub(super) fn message(document: &Document, customisation: &Customisation) -> String {
    let (table, key) = (customisation.table, &customisation.key);
    let kind = match table {
        Table::Formats => "schema with the format",
        Table::Schemas => "schema named",
        Table::Properties => "property named",
        Table::Rename => "schema, property or value named",
    };
    let suggestion = match table {
        Table::Formats => {
            let formats: Vec<_> = schema_nodes(document).iter().filter_map(|node| node.text("format")).collect();
            nearest(key, &formats).map(str::to_owned)
        }
        Table::Schemas => of_schema(document, key),
        Table::Properties | Table::Rename => of_part(document, key).or_else(|| of_schema(document, key)),
    };
    let suggestion = suggestion.map(|name| format!("; did you mean `{name}`?")).unwrap_or_default();
    format!("the document has no {kind} `{key}`{suggestion}")
}

/// Returns the schema with a similar name.
fn of_schema(document: &Document, key: &str) -> Option<String> {
    let schemas = document.root().at(&["components", "schemas"]);
    let names: Vec<_> = schemas.iter().flat_map(Node::entries).map(|(name, _)| name).collect();
    nearest(key, &names).map(str::to_owned)
}

/// Returns the property or value with a similar name: of the schema that the key names, or of a similar one that has it.
fn of_part(document: &Document, key: &str) -> Option<String> {
    let similar = parts(document, key).find_map(|(schema, part)| {
        let names = names(&schema);
        Some((schema.pointer().last()?, nearest(part, &names)?.to_owned()))
    });
    let (schema, part) = similar.or_else(|| {
        let (schema, part) = key.rsplit_once('.')?;
        let schema = of_schema(document, schema)?;
        let node = document.root().at(&["components", "schemas", &schema])?;
        names(&node).contains(&part).then(|| (schema, part.to_owned()))
    })?;
    Some(format!("{schema}.{part}"))
}

/// Returns the names of the properties of a schema and of the parts of its `allOf`, and the values that it lists.
fn names<'a>(schema: &Node<'a>) -> Vec<&'a str> {
    let all_of = schema.get("allOf");
    let parts: Vec<_> = all_of.iter().flat_map(Node::items).chain([schema.clone()]).collect();
    let properties = parts.iter().filter_map(|part| part.get("properties"));
    let mut names: Vec<_> = properties.flat_map(|properties| properties.entries()).map(|(name, _)| name).collect();
    let values = schema.get("enum");
    names.extend(values.iter().flat_map(Node::items).filter_map(|value| value.value().as_str()));
    names
}
