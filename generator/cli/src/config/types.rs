//! The table `types`: derives and attributes that the types of a client get besides the usual ones.

use std::collections::BTreeMap;

use generator::ir::Api;
use generator::passes::{TypeExtra, TypeExtras};
use serde::Deserialize;
use toml::de::DeTable;

use super::Mistake;
use super::keys::similar;

/// The key of what is for all types. No type has this name, because types are in Pascal case.
const ALL: &str = "all";

/// Derives and attributes of types, by the names of the types in Rust. What is under `all` is for all types.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Types {
    /// The paths of traits to derive.
    #[serde(default)]
    pub derives: BTreeMap<String, Vec<String>>,
    /// Attributes.
    #[serde(default)]
    pub attributes: BTreeMap<String, Vec<String>>,
    /// The names of types, with their locations.
    #[serde(skip)]
    named: Vec<(String, Mistake)>,
}

impl Types {
    /// Keeps the locations of the names of types, for [`Self::unmatched`].
    pub(super) fn locate(&mut self, text: &str) {
        let Ok(document) = DeTable::parse(text) else { return };
        let Some(types) = document.get_ref().get("types").and_then(|types| types.get_ref().as_table()) else { return };
        let tables = types.values().filter_map(|table| table.get_ref().as_table());
        let keys = tables.flatten().map(|(key, _)| key).filter(|key| key.get_ref() != ALL);
        let located = |key: &toml::Spanned<toml::de::DeString<'_>>| {
            (key.get_ref().to_string(), Mistake::new(text, key.span().start, String::new()))
        };
        self.named = keys.map(located).collect();
        self.named.sort_by_key(|(_, place)| (place.line, place.column));
    }

    /// Returns the derives and attributes as the generator needs them. Those of all types are first.
    #[must_use]
    pub fn extras(&self) -> TypeExtras {
        let extras = |table: &BTreeMap<String, Vec<String>>| {
            let extra = |(name, texts): (&String, &Vec<String>)| TypeExtra {
                type_name: (name != ALL).then(|| name.clone()),
                texts: texts.clone(),
            };
            let mut extras: Vec<_> = table.iter().map(extra).collect();
            extras.sort_by_key(|extra| extra.type_name.is_some());
            extras
        };
        TypeExtras { derives: extras(&self.derives), attributes: extras(&self.attributes) }
    }

    /// Returns a warning for each name that is not the name of a type of the API.
    #[must_use]
    pub fn unmatched(&self, api: &Api) -> Vec<Mistake> {
        let unknown = self.named.iter().filter(|(name, _)| api.types.get(name).is_none());
        let warning = |(name, place): &(String, Mistake)| {
            let suggestion = similar(name, api.types.iter().map(|definition| definition.name.as_str()));
            let suggestion = suggestion.map(|name| format!("; did you mean `{name}`?")).unwrap_or_default();
            Mistake {
                message: format!("the client has no type `{name}`{suggestion}"),
                help: Some("use the name of the type in the module `types`, or `all` for all types".to_owned()),
                ..place.clone()
            }
        };
        unknown.map(warning).collect()
    }
}
