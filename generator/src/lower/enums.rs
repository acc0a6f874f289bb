//! Lowers enums: the names and the descriptions of their variants or constants.

use std::collections::BTreeSet;

use crate::document::Node;
use crate::ir::{EnumValue, NamedValue};
use crate::naming::{pascal, shouty, unique};

/// Keywords with a name for each value, in the order of the values.
const NAMES: [&str; 2] = ["x-enum-varnames", "x-enumNames"];

/// Keywords with a description for each value, in the order of the values.
const DESCRIPTIONS: [&str; 2] = ["x-enum-descriptions", "x-enumDescriptions"];

/// Returns the values of a string enum. `None` if the schema is not one.
pub(super) fn string_enum(schema: &Node<'_>) -> Option<Vec<EnumValue>> {
    let values = schema.get("enum").filter(|_| schema.text("type") == Some("string"))?;
    let texts: Vec<&str> = values.items().filter_map(|value| value.value().as_str()).collect();
    let names = stated(schema, &NAMES, &texts);
    let descriptions = stated(schema, &DESCRIPTIONS, &texts);
    let mut taken: BTreeSet<String> = ["Unknown".to_owned()].into();
    let value = |(index, text): (usize, &&str)| {
        let of = |all: &[Option<String>]| all.get(index).cloned().flatten();
        let ident = of(&names).map_or_else(|| pascal(text), |name| pascal(&name));
        EnumValue { text: (*text).to_owned(), ident: unique(ident, &mut taken), description: of(&descriptions) }
    };
    Some(texts.iter().enumerate().map(value).collect())
}

/// Returns the values of an enum of integers that the document names. The others are in the docs only.
pub(super) fn named_integers(schema: &Node<'_>) -> Vec<NamedValue> {
    let Some(values) = schema.get("enum").filter(|_| schema.text("type") == Some("integer")) else { return Vec::new() };
    let values = values.items().map(|value| value.value().as_i64());
    let Some(values) = values.collect::<Option<Vec<i64>>>() else { return Vec::new() };
    let texts: Vec<String> = values.iter().map(i64::to_string).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let (names, descriptions) = (stated(schema, &NAMES, &texts), stated(schema, &DESCRIPTIONS, &texts));
    let mut taken = BTreeSet::new();
    let constants = values.into_iter().zip(names).enumerate().filter_map(|(index, (value, name))| {
        let name = shouty(&name?);
        let name = if name.starts_with(char::is_alphabetic) { name } else { format!("VALUE_{name}") };
        let ident = unique(name, &mut taken);
        Some(NamedValue { value, ident, description: descriptions.get(index).cloned().flatten() })
    });
    constants.collect()
}

/// Returns the string that the first of these keywords states for each value: a list with an entry for each value, or an
/// object with values as keys. A list of another length is ignored, because it is unclear which entry is for which value.
fn stated(schema: &Node<'_>, keys: &[&str], texts: &[&str]) -> Vec<Option<String>> {
    let Some(stated) = keys.iter().find_map(|key| schema.get(key)) else { return Vec::new() };
    let text = |node: &Node<'_>| node.value().as_str().filter(|text| !text.trim().is_empty()).map(str::to_owned);
    if stated.value().is_object() {
        return texts.iter().map(|value| stated.get(value).as_ref().and_then(text)).collect();
    }
    let items: Vec<_> = stated.items().collect();
    if items.len() == texts.len() { items.iter().map(text).collect() } else { Vec::new() }
}
