//! What a schema of the document says about a value: references followed, and all parts of its `allOf` merged.

mod merge;

use generator::document::Pointer;
use serde_json::Value;

use self::merge::Merge;
use super::place::Place;

/// How many members the combinations of several unions may have.
const COMBINATIONS: usize = 4096;

/// A schema that is part of a value's description.
#[derive(Debug, Clone)]
pub(super) struct Part<'a> {
    pub(super) place: Place<'a>,
    /// Whether the unions in it count; they do not if a member was chosen already.
    has_unions: bool,
    /// The only type of a list of types that counts.
    only_type: Option<&'a str>,
}

impl<'a> Part<'a> {
    pub(super) fn new(place: Place<'a>) -> Self {
        Self { place, has_unions: true, only_type: None }
    }

    /// The schema without the unions in it.
    pub(super) fn without_unions(self) -> Self {
        Self { has_unions: false, ..self }
    }

    /// Whether no value satisfies the schema: it is `false`.
    pub(super) fn is_never(&self) -> bool {
        *self.place.value == Value::Bool(false)
    }
}

/// A union in a schema.
#[derive(Debug, Clone)]
pub(super) struct Members<'a> {
    pub(super) parts: Vec<Vec<Part<'a>>>,
    pub(super) discriminator: Option<Place<'a>>,
    /// Whether the members extend the schema with the discriminator, instead of being listed in it.
    pub(super) is_extension: bool,
}

impl<'a> Members<'a> {
    /// The property that the discriminator names.
    pub(super) fn property(&self) -> Option<&'a str> {
        self.discriminator.as_ref()?.text("propertyName")
    }
}

/// The merged facts.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "they are independent of each other")]
pub(super) struct Schema<'a> {
    /// All schemas that contribute; the first is the one that was asked for.
    pub(super) places: Vec<Pointer>,
    /// How many of the first places are references to the next one.
    references: usize,
    /// The names of the components that it is, or extends.
    pub(super) names: Vec<String>,
    /// The JSON types, without `null`; empty for any.
    pub(super) types: Vec<&'a str>,
    /// Whether `null` is a value.
    pub(super) is_nullable: bool,
    pub(super) properties: Vec<(&'a str, Vec<Part<'a>>)>,
    pub(super) required: Vec<&'a str>,
    pub(super) values: Option<Vec<&'a Value>>,
    /// The values that any part lists. A client that knows more than `values` of these loses none.
    pub(super) listed: Vec<&'a Value>,
    pub(super) items: Vec<Part<'a>>,
    pub(super) is_tuple: bool,
    pub(super) additional: Vec<Part<'a>>,
    pub(super) unions: Vec<Members<'a>>,
    pub(super) is_read_only: bool,
    pub(super) is_write_only: bool,
    pub(super) has_default: bool,
    /// Whether values are bytes.
    pub(super) is_binary: bool,
    /// Whether a reference leads nowhere, so that the schema says nothing.
    pub(super) is_unknown: bool,
}

/// Reads schemas of one document.
#[derive(Debug, Clone)]
pub(super) struct Schemas<'a> {
    root: Place<'a>,
    /// Whether keywords beside a reference count, as they do since OpenAPI 3.1.
    is_modern: bool,
}

impl<'a> Schemas<'a> {
    pub(super) fn new(root: &Place<'a>) -> Self {
        let is_modern = root.text("openapi").is_some_and(|version| !version.starts_with("3.0"));
        Self { root: root.clone(), is_modern }
    }

    /// Merges parts.
    pub(super) fn merged(&self, parts: &[Part<'a>]) -> Schema<'a> {
        let mut merge = Merge::new(self);
        for part in parts {
            merge.add(part, parts.len() > 1);
        }
        merge.finish(parts)
    }

    /// The names and schemas that extend a component with `allOf`, directly or through others. Those that have another tag
    /// stand for their own extensions.
    fn extensions(&self, base: &str, tag: &str) -> Vec<(&'a str, Place<'a>)> {
        let mut found: Vec<(&str, Place<'_>)> = Vec::new();
        let mut bases = vec![base.to_owned()];
        // A base that extends a base with the same tag has values of its own.
        if self.components().any(|(name, schema)| {
            let is_above = || self.component(base).is_some_and(|(_, own)| extends(&own, name));
            tag_of(&schema) == Some(tag) && name != base && is_above()
        }) {
            found.extend(self.component(base));
        }
        while let Some(base) = bases.pop() {
            for (name, schema) in self.components().filter(|(_, schema)| extends(schema, &base)) {
                if found.iter().all(|(known, _)| *known != name) {
                    bases.extend(tag_of(&schema).is_none_or(|own| own == tag).then(|| name.to_owned()));
                    found.push((name, schema));
                }
            }
        }
        found
    }

    /// The mappings of all components with this tag.
    pub(super) fn mappings(&self, tag: &str) -> Vec<Place<'a>> {
        let alike = self.components().filter(|(_, schema)| tag_of(schema) == Some(tag));
        alike.filter_map(|(_, schema)| schema.at(&["discriminator", "mapping"])).collect()
    }

    pub(super) fn components(&self) -> impl Iterator<Item = (&'a str, Place<'a>)> {
        self.root.at(&["components", "schemas"]).into_iter().flat_map(|schemas| schemas.entries())
    }

    /// The component that a value of a mapping leads to, by its reference or its name.
    pub(super) fn component(&self, target: &str) -> Option<(&'a str, Place<'a>)> {
        let name = target.strip_prefix("#/components/schemas/").unwrap_or(target);
        self.components().find(|(known, _)| *known == name)
    }
}

/// The property that a schema names as its tag.
fn tag_of<'a>(schema: &Place<'a>) -> Option<&'a str> {
    schema.get("discriminator")?.text("propertyName")
}

/// Whether a schema includes a component with `allOf`, by its name or an alias, also in nested parts.
fn extends(schema: &Place<'_>, base: &str) -> bool {
    schema.get("allOf").into_iter().flat_map(|parts| parts.items()).any(|part| match part.text("$ref") {
        Some(_) => part.resolved().is_some_and(|target| component_at(&target.pointer).as_deref() == Some(base)),
        None => extends(&part, base),
    })
}

/// The name of the component that is at a location.
fn component_at(pointer: &Pointer) -> Option<String> {
    let is_component = pointer.parent().is_some_and(|list| list.as_str() == "/components/schemas");
    is_component.then(|| pointer.last()).flatten()
}

/// The name of the component that a reference leads to.
pub(super) fn component_name(reference: &str) -> Option<&str> {
    reference.strip_prefix("#/components/schemas/").filter(|name| !name.contains('/'))
}

impl<'a> Schema<'a> {
    fn empty() -> Self {
        Self {
            places: Vec::new(),
            references: 0,
            names: Vec::new(),
            types: Vec::new(),
            is_nullable: false,
            properties: Vec::new(),
            required: Vec::new(),
            values: None,
            listed: Vec::new(),
            items: Vec::new(),
            is_tuple: false,
            additional: Vec::new(),
            unions: Vec::new(),
            is_read_only: false,
            is_write_only: false,
            has_default: false,
            is_binary: false,
            is_unknown: false,
        }
    }

    /// Whether the schema allows any JSON, or only `null`, for which there is no type.
    pub(super) fn is_any(&self) -> bool {
        self.types.is_empty()
            && self.values.as_ref().is_none_or(Vec::is_empty)
            && self.properties.is_empty()
            && self.unions.is_empty()
    }

    /// Whether all values are objects, or can be.
    pub(super) fn may_be(&self, ty: &str) -> bool {
        self.types.is_empty() || self.types.contains(&ty)
    }

    /// What distinguishes the schema from others, however it is referred to: its places, types and unions.
    pub(super) fn identity(&self) -> (Vec<Pointer>, Vec<&'a str>, usize) {
        let places = self.places.iter().skip(self.references).cloned().collect();
        (places, self.types.clone(), self.unions.len())
    }

    /// The same schema, with the place that references lead to as the first one.
    pub(super) fn at_target(mut self) -> Self {
        let references = std::mem::take(&mut self.references).min(self.places.len().saturating_sub(1));
        self.places.rotate_left(references);
        self
    }

    /// A few words for messages.
    pub(super) fn words(&self) -> String {
        if !self.unions.is_empty() {
            let members: Vec<_> = self.unions.iter().map(|union| union.parts.len().to_string()).collect();
            return format!("a union of {} schemas", members.join(" × "));
        }
        if let Some(values) = &self.values {
            let values: Vec<_> = values.iter().map(ToString::to_string).collect();
            return format!("one of {}", values.join(", "));
        }
        match self.types.as_slice() {
            [] if self.properties.is_empty() => "any JSON".to_owned(),
            [] => "an object".to_owned(),
            types => types.join(" or "),
        }
    }
}

impl<'a> Schema<'a> {
    /// Whether the members of its union extend it.
    pub(super) fn is_extended(&self) -> bool {
        self.unions.iter().any(|union| union.is_extension)
    }

    /// The members of all unions together with what the schema says itself. `None` if there are too many.
    pub(super) fn members(&self, parts: &[Part<'a>]) -> Option<Vec<Vec<Part<'a>>>> {
        // Members that extend the schema contain what it says.
        let has_facts = !self.properties.is_empty() || !self.required.is_empty() || self.unions.len() > 1;
        let has_base = has_facts && !self.is_extended();
        let base = |part: &Part<'a>| Part { has_unions: false, ..part.clone() };
        let base: Vec<_> = if has_base { parts.iter().map(base).collect() } else { Vec::new() };
        let mut all = vec![base];
        for union in &self.unions {
            let combined = all.iter().flat_map(|chosen| {
                union.parts.iter().map(move |member| chosen.iter().chain(member).cloned().collect::<Vec<_>>())
            });
            all = combined.take(COMBINATIONS + 1).collect();
        }
        (all.len() <= COMBINATIONS).then_some(all)
    }
}
