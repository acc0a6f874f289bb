//! The table `types`: what the types of a client have besides the usual, what replaces them, and what they are called.

use std::collections::BTreeMap;

use generator::customise::{Customisation, Table};
use generator::passes::{TypeExtra, TypeExtras};
use serde::Deserialize;
use serde_json::Value;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::Mistake;

/// The key of what is for all types. No type has this name, because types are in Pascal case.
const ALL: &str = "all";

/// Derives and attributes of types, by the names of the types in Rust. What is under `all` is for all types. The other tables
/// have names of the document.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Types {
    /// The paths of traits to derive.
    #[serde(default)]
    pub derives: BTreeMap<String, Vec<String>>,
    /// Attributes.
    #[serde(default)]
    pub attributes: BTreeMap<String, Vec<String>>,
    /// The types of formats.
    #[serde(default)]
    pub formats: toml::Table,
    /// The types of schemas.
    #[serde(default)]
    pub schemas: toml::Table,
    /// The types of properties.
    #[serde(default)]
    pub properties: toml::Table,
    /// The names of types, fields and variants.
    #[serde(default)]
    pub rename: BTreeMap<String, String>,
    /// The lines and columns of the names of types, by table and name.
    #[serde(skip)]
    positions: BTreeMap<(String, String), (usize, usize)>,
    /// What the tables replace and rename, in the order of the file.
    #[serde(skip)]
    customisations: Vec<Customisation>,
}

impl Types {
    /// Keeps the locations of all names, for diagnostics.
    pub(super) fn locate(&mut self, text: &str) {
        let Ok(document) = DeTable::parse(text) else { return };
        let Some(types) = document.get_ref().get("types").and_then(|types| types.get_ref().as_table()) else { return };
        for (name, table) in types {
            let known = [Table::Formats, Table::Schemas, Table::Properties, Table::Rename];
            let known = known.into_iter().find(|known| known.key().strip_prefix("types.") == Some(name.get_ref()));
            for (key, value) in table.get_ref().as_table().into_iter().flatten() {
                match known {
                    Some(table) => self.customisations.push(customisation(text, table, key, value)),
                    None => {
                        let names = (name.get_ref().to_string(), key.get_ref().to_string());
                        self.positions.insert(names, position(text, key));
                    }
                }
            }
        }
        self.customisations.sort_by_key(|customisation| customisation.position);
    }

    /// Returns the derives and attributes as the generator needs them. Those of all types are first.
    #[must_use]
    pub fn extras(&self) -> TypeExtras {
        let extras = |key: &str, table: &BTreeMap<String, Vec<String>>| {
            let extra = |(name, texts): (&String, &Vec<String>)| TypeExtra {
                type_name: (name != ALL).then(|| name.clone()),
                texts: texts.clone(),
                position: self.positions.get(&(key.to_owned(), name.clone())).copied().unwrap_or((1, 1)),
            };
            let mut extras: Vec<_> = table.iter().map(extra).collect();
            extras.sort_by_key(|extra| extra.type_name.is_some());
            extras
        };
        TypeExtras { derives: extras("derives", &self.derives), attributes: extras("attributes", &self.attributes) }
    }

    /// Returns what is replaced and renamed.
    #[must_use]
    pub fn customisations(&self) -> Vec<Customisation> {
        self.customisations.clone()
    }
}

/// Returns a key of a table as the generator needs it.
pub(super) fn customisation(
    text: &str,
    table: Table,
    key: &Spanned<DeString<'_>>,
    value: &Spanned<DeValue<'_>>,
) -> Customisation {
    Customisation { table, key: key.get_ref().to_string(), value: json(value.get_ref()), position: position(text, key) }
}

fn position(text: &str, key: &Spanned<DeString<'_>>) -> (usize, usize) {
    let place = Mistake::new(text, key.span().start, String::new());
    (place.line, place.column)
}

/// Returns a value as JSON. Numbers and dates, which no key accepts, are `null`.
fn json(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => Value::String(text.to_string()),
        DeValue::Boolean(value) => Value::Bool(*value),
        DeValue::Array(items) => items.iter().map(|item| json(item.get_ref())).collect(),
        DeValue::Table(table) => {
            let members = table.iter().map(|(key, value)| (key.get_ref().to_string(), json(value.get_ref())));
            Value::Object(members.collect())
        }
        _ => Value::Null,
    }
}
