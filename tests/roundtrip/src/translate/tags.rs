//! Discriminators: which values of a property select which schema.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::{SCHEMAS, reference, target};

/// The discriminator of a schema.
#[derive(Debug, Clone)]
pub(super) struct Tag {
    pub(super) property: String,
    /// The values, with the names of their components.
    mapping: Vec<(String, String)>,
}

impl Tag {
    pub(super) fn of(schema: &Map<String, Value>) -> Option<Self> {
        let discriminator = schema.get("discriminator")?;
        let property = discriminator.get("propertyName")?.as_str()?.to_owned();
        let mapping = discriminator.get("mapping").and_then(Value::as_object).into_iter().flatten();
        let mapping = mapping.filter_map(|(value, target)| {
            let target = target.as_str()?;
            Some((value.clone(), target.strip_prefix(SCHEMAS).unwrap_or(target).to_owned()))
        });
        Some(Self { property, mapping: mapping.collect() })
    }

    /// The values that select a component: those of the mapping, or its name.
    fn values(&self, name: &str) -> Vec<String> {
        let mapped = self.mapping.iter().filter(|(_, target)| target == name);
        let mapped: Vec<_> = mapped.map(|(value, _)| value.clone()).collect();
        if mapped.is_empty() { vec![name.to_owned()] } else { mapped }
    }

    fn maps(&self, name: &str) -> bool {
        self.mapping.iter().any(|(_, target)| target == name)
    }
}

/// The name of the schema of a component or any of its children, with their tags.
pub(super) fn any(name: &str) -> String {
    format!("{name} or a child")
}

/// A schema that requires one of these tags.
pub(super) fn required(property: &str, tags: &[String]) -> Value {
    json!({"properties": {property: {"enum": tags}}, "required": [property]})
}

/// Components that inherit from one that has a discriminator.
pub(super) struct Hierarchy {
    /// The discriminators of each component, including those of its parents.
    tags: BTreeMap<String, Vec<Tag>>,
    /// The components that have a component in their `allOf`.
    children: BTreeMap<String, BTreeSet<String>>,
}

impl Hierarchy {
    pub(super) fn of(schemas: &Map<String, Value>) -> Self {
        let mut children: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (name, schema) in schemas {
            for parent in schema.get("allOf").and_then(Value::as_array).into_iter().flatten().filter_map(target) {
                children.entry(parent).or_default().insert(name.clone());
            }
        }
        let mut hierarchy = Self { tags: BTreeMap::new(), children };
        for (name, schema) in schemas {
            let Some(schema) = schema.as_object() else { continue };
            let is_union = schema.contains_key("oneOf") || schema.contains_key("anyOf");
            if let (false, Some(tag)) = (is_union, Tag::of(schema)) {
                for descendant in hierarchy.descendants(name) {
                    hierarchy.tags.entry(descendant).or_default().push(tag.clone());
                }
            }
        }
        hierarchy
    }

    pub(super) fn contains(&self, name: &str) -> bool {
        self.tags.contains_key(name)
    }

    /// A component and everything that inherits from it.
    fn descendants(&self, name: &str) -> BTreeSet<String> {
        let (mut found, mut pending) = (BTreeSet::new(), vec![name.to_owned()]);
        while let Some(next) = pending.pop() {
            if found.insert(next.clone()) {
                pending.extend(self.children.get(&next).into_iter().flatten().cloned());
            }
        }
        found
    }

    /// The schemas of all components of a hierarchy with their children.
    pub(super) fn variants(&self) -> Map<String, Value> {
        let variants = self.tags.keys().map(|name| {
            let descendants = self.descendants(name);
            let is_abstract =
                |tag: &Tag| !tag.maps(name) && tag.mapping.iter().any(|(_, target)| descendants.contains(target));
            let has_children = descendants.len() > 1;
            let own = self.tags.get(name).into_iter().flatten();
            let excludes_itself = has_children && own.into_iter().all(|tag| tag.mapping.is_empty() || is_abstract(tag));
            let members = descendants.iter().filter(|member| !(excludes_itself && *member == name));
            let members: Vec<_> = members.map(|member| self.tagged(member)).collect();
            (any(name), json!({"anyOf": members}))
        });
        variants.collect()
    }

    /// The schema of a component with its own tags.
    fn tagged(&self, name: &str) -> Value {
        let mut parts = vec![reference(name)];
        let tags = self.tags.get(name).into_iter().flatten();
        parts.extend(tags.map(|tag| required(&tag.property, &tag.values(name))));
        json!({"allOf": parts})
    }
}

/// The tags of a member of a union. If the member has constants that the discriminator does not list, it has those.
pub(super) fn of_member(tag: &Tag, name: &str, schemas: &Map<String, Value>) -> Vec<String> {
    let values = tag.values(name);
    let own = schemas.get(name).and_then(|schema| schema.get("properties")?.get(&tag.property));
    let constants = own.and_then(|own| {
        own.get("const").map(|one| vec![one]).or_else(|| Some(own.get("enum")?.as_array()?.iter().collect()))
    });
    let constants: Vec<_> =
        constants.unwrap_or_default().into_iter().filter_map(Value::as_str).map(str::to_owned).collect();
    if constants.is_empty() || values.iter().any(|value| constants.contains(value)) { values } else { constants }
}
