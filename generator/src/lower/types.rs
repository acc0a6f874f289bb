//! Lowers named types: the kind of type of each schema of the normalised document, and the requests and responses that
//! carry it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::Value;

use super::Lowering;
use super::enums::{named_integers, string_enum};
use super::rust_type::rust_type;
use super::unions::add_shapes;
use crate::document::Node;
use crate::ir::{Dispatch, Field, Kind, Member, TagType, TypeDef, Types, Untagged};
use crate::naming::{file_stem, pascal, shouty, snake, unique};
use crate::openapi::{NAME_OVERRIDE, REQUEST_OF, RUST_TYPE, SENSITIVE, leaves, property_type, union_members};

impl Lowering<'_> {
    pub(super) fn types(&mut self) -> Types {
        let uses = self.uses();
        let mut references = References::new();
        count_references(&self.document.root(), &mut references);
        let root = self.document.root();
        let schemas = root.at(&["components", "schemas"]);
        let mut types = Vec::new();
        let (mut file_stems, mut constants) = (BTreeSet::new(), BTreeSet::new());
        for (name, schema) in schemas.iter().flat_map(Node::entries) {
            let usage = Use {
                in_request: uses.requests.contains(name),
                in_response: uses.responses.contains(name),
                in_patch: uses.patches.contains(name),
            };
            types.push(TypeDef {
                name: name.to_owned(),
                file_stem: file_stem(name, &mut file_stems),
                const_ident: unique(shouty(name), &mut constants),
                description: schema.words("description"),
                kind: kind(&schema, usage, &references),
                named_values: named_integers(&schema),
                in_request: usage.in_request,
                in_response: usage.in_response,
                request_of: schema.text(REQUEST_OF).map(str::to_owned),
                example: schema.get("example").map(|example| example.value().clone()),
                deprecated: schema.is_true("deprecated"),
                shape: None,
                xml: None,
                rust_type: rust_type(&schema),
                schema: schema.value().clone(),
                location: self.document.location(schema.pointer()),
            });
        }
        let forms = self.form_types(&references);
        drop_forms(&mut types, &forms);
        keep_shared_tags(&mut types, schemas.as_ref());
        drop_tags(&mut types, schemas.as_ref(), references);
        box_recursive_members(&mut types, schemas.as_ref());
        add_shapes(&mut types, schemas.as_ref());
        types.into()
    }

    /// Collects the types that requests, responses and patches carry.
    fn uses(&self) -> Uses {
        let (mut requests, mut responses, mut patches) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        let mut reached = Reached::default();
        for site in self.sites {
            let content = site.node.at(&["requestBody", "content"]);
            let is_merged = |name: &str| name.to_ascii_lowercase().starts_with("application/merge-patch");
            for (media_type, media) in content.iter().flat_map(Node::entries) {
                if site.method == "patch" || is_merged(media_type) {
                    reached.add(&media, &mut patches);
                }
            }
            for part in [site.node.get("parameters"), site.node.get("requestBody")].iter().flatten() {
                reached.add(part, &mut requests);
            }
            site.node.get("responses").iter().for_each(|node| reached.add(node, &mut responses));
        }
        Uses { requests, responses, patches }
    }
}

/// The names of the types that requests and responses carry.
struct Uses {
    requests: BTreeSet<String>,
    responses: BTreeSet<String>,
    /// Types in the bodies of patches, where an absent field keeps its value.
    patches: BTreeSet<String>,
}

/// How one type is used.
#[derive(Clone, Copy)]
struct Use {
    in_request: bool,
    in_response: bool,
    in_patch: bool,
}

impl Use {
    /// Whether the service may send values. If no operation uses the type, it may be the payload of a webhook.
    fn is_received(self) -> bool {
        self.in_response || !self.in_request
    }
}

/// The references in schemas that have been reached, by the reference to the schema.
#[derive(Default)]
struct Reached<'a>(HashMap<&'a str, Vec<Node<'a>>>);

impl<'a> Reached<'a> {
    /// Adds the names of all schemas that a node refers to, directly or through other schemas.
    fn add(&mut self, node: &Node<'a>, names: &mut BTreeSet<String>) {
        let mut open = Vec::new();
        references(node, &mut open);
        while let Some(node) = open.pop() {
            let reference = node.text("$ref").unwrap_or_default();
            if !names.insert(target_name(reference).unwrap_or_default().to_owned()) {
                continue;
            }
            let inside = self.0.entry(reference).or_insert_with(|| {
                let mut inside = Vec::new();
                // One step: a schema that is only a reference is used, and so is the one that it refers to.
                node.follow().iter().for_each(|target| references(target, &mut inside));
                inside
            });
            open.extend(inside.iter().cloned());
        }
    }
}

/// Collects the references in a node, without following them.
fn references<'a>(node: &Node<'a>, found: &mut Vec<Node<'a>>) {
    if node.text("$ref").is_some() {
        found.push(node.clone());
        return;
    }
    node.described_parts().for_each(|(_, child)| references(&child, found));
    node.items().for_each(|item| references(&item, found));
}

/// Keeps the tag in members that several unions distinguish by different properties, that are unions themselves, or
/// that are aliases of other types or types of other crates.
fn keep_shared_tags(types: &mut [TypeDef], schemas: Option<&Node<'_>>) {
    let is_replaced = |name: &str| schemas.and_then(|schemas| schemas.at(&[name, RUST_TYPE])).is_some();
    let is_union = |definition: &&TypeDef| matches!(definition.kind, Kind::Union { .. } | Kind::UntaggedUnion { .. });
    let unions: BTreeMap<String, Option<String>> =
        types.iter().filter(is_union).map(|definition| (definition.name.clone(), own_tag(&definition.kind))).collect();
    let mut tags: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for definition in types.iter() {
        if let Kind::Union { tag, members, .. } = &definition.kind {
            for member in members {
                tags.entry(member.type_name.clone()).or_default().insert(tag.clone());
            }
        }
    }
    for definition in types {
        if let Kind::Union { members, tag, .. } = &mut definition.kind {
            for member in members {
                let is_shared = tags.get(&member.type_name).is_some_and(|tags| tags.len() > 1);
                let schema = schemas.and_then(|schemas| schemas.get(&member.type_name));
                let is_alias = schema.is_some_and(|schema| {
                    schema.resolve_single().is_some_and(|target| target.pointer() != schema.pointer())
                });
                let is_own = unions.contains_key(&member.type_name) || is_replaced(&member.type_name);
                member.keeps_tag |= is_shared || is_alias || is_own;
                member.writes_tag = unions.get(&member.type_name).is_some_and(|own| own.as_ref() == Some(tag));
            }
        }
    }
}

/// Boxes members that contain their union other than in a list or map, so that the union has a finite size.
fn box_recursive_members(types: &mut [TypeDef], schemas: Option<&Node<'_>>) {
    let mut users: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, schema) in schemas.iter().flat_map(|schemas| schemas.entries()) {
        let mut parts = Vec::new();
        parts_of(schema.value(), &mut parts);
        for part in parts {
            users.entry(part).or_default().push(name);
        }
    }
    for definition in types {
        if let Kind::Union { members, .. } = &mut definition.kind {
            let (mut around, mut open) = (BTreeSet::new(), vec![definition.name.as_str()]);
            while let Some(name) = open.pop() {
                if around.insert(name) {
                    open.extend(users.get(name).into_iter().flatten());
                }
            }
            for member in members {
                member.is_boxed = around.contains(member.type_name.as_str());
            }
        }
    }
}

/// Collects the names of the schemas whose values a value of a schema contains, other than in lists or maps.
fn parts_of<'a>(schema: &'a Value, names: &mut Vec<&'a str>) {
    if let Some(name) = schema.get("$ref").and_then(Value::as_str).and_then(target_name) {
        names.push(name);
        return;
    }
    let properties = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
    properties.for_each(|(_, property)| parts_of(property, names));
    for key in ["oneOf", "anyOf", "allOf"] {
        let parts = schema.get(key).and_then(Value::as_array).into_iter().flatten();
        parts.for_each(|part| parts_of(part, names));
    }
}

/// Returns the property that distinguishes the members of a union.
fn own_tag(kind: &Kind) -> Option<String> {
    match kind {
        Kind::Union { tag, .. } => Some(tag.clone()),
        _ => None,
    }
}

/// Removes the tag from members whose union writes it, and removes the types that only described such a tag.
fn drop_tags(types: &mut Vec<TypeDef>, schemas: Option<&Node<'_>>, mut references: References) {
    let unions = types.iter().filter_map(|definition| match &definition.kind {
        Kind::Union { tag, members, .. } => Some((tag, members)),
        _ => None,
    });
    let dropped: BTreeSet<(String, String)> = unions
        .flat_map(|(tag, members)| members.iter().map(move |member| (member, tag)))
        .filter(|(member, _)| !member.keeps_tag)
        .map(|(member, tag)| (member.type_name.clone(), tag.clone()))
        .collect();
    for definition in types.iter_mut() {
        if let Kind::Struct { fields } = &mut definition.kind {
            fields.retain(|field| !dropped.contains(&(definition.name.clone(), field.name.clone())));
        }
    }
    let mut unused = BTreeSet::new();
    for (name, tag) in &dropped {
        let property = schemas.and_then(|schemas| schemas.at(&[name, "properties", tag]));
        let reference = property.and_then(|property| match property.get("allOf") {
            // A reference with annotations, such as a default.
            Some(parts) => parts.items().next().and_then(|part| part.text("$ref")),
            None => property.text("$ref"),
        });
        let Some(target) = reference.and_then(target_name) else { continue };
        if let Some(count) = references.get_mut(target) {
            *count -= 1;
            if *count == 0 {
                unused.insert(target.to_owned());
            }
        }
    }
    types.retain(|definition| !unused.contains(&definition.name));
}

/// Removes the types of multipart bodies, unless they are members of unions.
fn drop_forms(types: &mut Vec<TypeDef>, forms: &BTreeSet<String>) {
    let members: BTreeSet<String> = types
        .iter()
        .filter_map(|definition| match &definition.kind {
            Kind::Union { members, .. } => Some(members),
            _ => None,
        })
        .flatten()
        .map(|member| member.type_name.clone())
        .collect();
    types.retain(|definition| !forms.contains(&definition.name) || members.contains(&definition.name));
}

/// The number of references to each type from outside a union with a discriminator.
pub(super) type References = BTreeMap<String, usize>;

fn count_references(node: &Node<'_>, references: &mut References) {
    if let Some(reference) = node.text("$ref") {
        *references.entry(target_name(reference).unwrap_or_default().to_owned()).or_default() += 1;
        return;
    }
    let is_union = node.at(&["discriminator", "mapping"]).is_some();
    for (_, child) in node.described_parts().filter(|(key, _)| !(is_union && *key == "oneOf")) {
        count_references(&child, references);
    }
    node.items().for_each(|item| count_references(&item, references));
}

fn target_name(reference: &str) -> Option<&str> {
    reference.rsplit('/').next()
}

fn kind(schema: &Node<'_>, usage: Use, references: &References) -> Kind {
    if schema.get(RUST_TYPE).is_some() {
        return Kind::Other;
    }
    let stated = schema.text("x-speakeasy-unknown-values");
    let open = (usage.is_received() || schema.get(REQUEST_OF).is_some()) && stated != Some("disallow");
    if let Some(values) = string_enum(schema) {
        return Kind::Enum { values, open: open || stated == Some("allow") };
    }
    if let Some((tag, tag_type, members)) = tagged_union(schema, references) {
        return Kind::Union { tag, tag_type, members, untagged: Untagged::Invalid, constants: None, open };
    }
    if union_members(schema).is_some() {
        let dispatch = Dispatch { tags: Vec::new(), members: Vec::new() };
        return Kind::UntaggedUnion { dispatch, tags: Vec::new(), open };
    }
    match schema.get("properties") {
        Some(properties) if schema.get("allOf").is_none() => {
            Kind::Struct { fields: fields(schema, &properties, usage) }
        }
        _ => Kind::Other,
    }
}

fn tagged_union(schema: &Node<'_>, references: &References) -> Option<(String, TagType, Vec<Member>)> {
    let discriminator = schema.get("discriminator")?;
    let tag = discriminator.text("propertyName")?.to_owned();
    let mut objects = leaves(schema).unwrap_or_default().into_iter();
    let tag_type = match objects.find_map(|object| property_type(&object, &tag)) {
        Some("integer") => TagType::Integer,
        Some("boolean") => TagType::Boolean,
        _ => TagType::String,
    };
    let mut taken: BTreeSet<String> = ["Unknown".to_owned()].into();
    let mapping = discriminator.get("mapping")?;
    let own = schema.pointer().last().unwrap_or_default();
    let is_single =
        |target: &Node<'_>| mapping.entries().filter(|(_, other)| other.value() == target.value()).count() == 1;
    let members = mapping.entries().filter_map(|(value, target)| {
        let type_name = target.value().as_str()?.rsplit('/').next()?.to_owned();
        let ident = match tag_type {
            TagType::String => pascal(value),
            // A number says little, unlike a name that the author chose.
            _ if is_single(&target) && !type_name.starts_with(&own) => type_name.clone(),
            _ => pascal(&format!("{tag} {value}")),
        };
        Some(Member {
            tag: value.to_owned(),
            ident: unique(ident, &mut taken),
            keeps_tag: references.contains_key(&type_name),
            writes_tag: false,
            is_boxed: false,
            type_name,
        })
    });
    schema.get("oneOf")?;
    let members = members.collect();
    Some((tag, tag_type, members))
}

fn fields(schema: &Node<'_>, properties: &Node<'_>, usage: Use) -> Vec<Field> {
    let required: Vec<&str> =
        schema.get("required").iter().flat_map(Node::items).filter_map(|name| name.value().as_str()).collect();
    let mut taken: BTreeSet<String> = BTreeSet::new();
    properties
        .entries()
        .map(|(name, property)| {
            let stated = property.text(NAME_OVERRIDE);
            let ident = unique(field_ident(stated.unwrap_or(name)), &mut taken);
            let mut field = field(name, ident, &property, required.contains(&name));
            // In a patch, sending the default would change a field that the caller did not set.
            field.default = field.default.filter(|_| !usage.in_patch);
            field
        })
        .collect()
}

/// Returns the name of a field, whose setter must differ from the functions that every struct has.
pub(super) fn field_ident(name: &str) -> String {
    let ident = snake(name);
    if matches!(ident.as_str(), "new" | "default") { format!("{ident}_") } else { ident }
}

fn field(name: &str, ident: String, property: &Node<'_>, required: bool) -> Field {
    let target = property.resolve_single().unwrap_or_else(|| property.clone());
    // A default is not known to be a value of a type of another crate.
    let is_replaced = target.get(RUST_TYPE).is_some();
    let own = |key: &str| property.get(key).or_else(|| target.get(key)).map(|node| node.value().clone());
    Field {
        name: name.to_owned(),
        ident,
        description: property.words("description").or_else(|| target.words("description")),
        required,
        nullable: own("nullable") == Some(Value::Bool(true)),
        // A default of `null` is the same as no default.
        default: property
            .get("default")
            .map(|node| node.value().clone())
            .filter(|default| !default.is_null() && !is_replaced),
        sensitive: is_sensitive(property) || is_sensitive(&target),
        deprecated: own("deprecated") == Some(Value::Bool(true)),
        example: own("example"),
    }
}

/// Whether a schema, or that of its items or values, is marked as sensitive.
pub(super) fn is_sensitive(schema: &Node<'_>) -> bool {
    let is_marked = |schema: &Node<'_>| schema.is_true(SENSITIVE) || schema.text("format") == Some("password");
    let parts = ["items", "additionalProperties"].into_iter().filter_map(|key| schema.get(key)?.resolve_single());
    is_marked(schema) || parts.into_iter().any(|part| is_marked(&part))
}
