//! Decides how the members of unions are told apart: by a property that is a tag, or else by the shape of the value.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::document::Node;
use crate::ir::{Dispatch, Kind, Member, Others, Scalar, Shape, ShapeField, TypeDef, Untagged};
use crate::openapi::{INFERRED, PARTIAL, constants, leaves, listed, requires, union_members};

/// The JSON types of values, one bit each.
type JsonTypes = u8;

const BOOLEAN: JsonTypes = 1;
const NUMBER: JsonTypes = 1 << 1;
const STRING: JsonTypes = 1 << 2;
const ARRAY: JsonTypes = 1 << 3;
const OBJECT: JsonTypes = 1 << 4;
const ANY: JsonTypes = BOOLEAN | NUMBER | STRING | ARRAY | OBJECT;

/// How deep constants are looked for in the members of a union whose members differ in their JSON type.
const DEPTH: usize = 3;

/// Completes the unions among `types` with the shapes of their members, and the types that those refer to with theirs.
pub(super) fn add_shapes(types: &mut [TypeDef], schemas: Option<&Node<'_>>) {
    let Some(schemas) = schemas else { return };
    let shapes = Shapes { by_name: types.iter().map(|definition| (definition.name.as_str(), definition)).collect() };
    let kinds: Vec<Option<Kind>> = types.iter().map(|definition| shapes.decided(definition, schemas)).collect();
    let mut needed = BTreeSet::new();
    let dispatches = kinds.iter().flatten().filter_map(|kind| match kind {
        Kind::Union { untagged: Untagged::ByShape(dispatch), .. } | Kind::UntaggedUnion { dispatch, .. } => {
            Some(dispatch)
        }
        _ => None,
    });
    dispatches.flat_map(|dispatch| &dispatch.members).for_each(|shape| named_in(shape, &mut needed));
    let mut found: BTreeMap<String, Shape> = BTreeMap::new();
    while let Some(name) = needed.iter().find(|name| !found.contains_key(*name)).cloned() {
        let shape = schemas.get(&name).map_or(Shape::Any, |schema| shapes.of_named(&schema));
        named_in(&shape, &mut needed);
        found.insert(name, shape);
    }
    for (definition, kind) in types.iter_mut().zip(kinds) {
        definition.shape = found.remove(&definition.name);
        if let Some(kind) = kind {
            definition.kind = kind;
        }
    }
}

/// Collects the names that a shape refers to.
fn named_in(shape: &Shape, names: &mut BTreeSet<String>) {
    match shape {
        Shape::Named(name) => drop(names.insert(name.clone())),
        Shape::Nullable(inner) | Shape::Array(inner) | Shape::Tagged { shape: inner, .. } => named_in(inner, names),
        Shape::Object { fields, others } => {
            for field in fields {
                named_in(&field.shape, names);
            }
            if let Others::Of(shape) = others {
                named_in(shape, names);
            }
        }
        Shape::Union { dispatch, .. } => dispatch.members.iter().for_each(|shape| named_in(shape, names)),
        Shape::Any | Shape::Scalar(_) | Shape::Constants { .. } => {}
    }
}

struct Shapes<'t> {
    by_name: BTreeMap<&'t str, &'t TypeDef>,
}

impl Shapes<'_> {
    /// Returns the kind of a union with its dispatch. `None` for other types.
    fn decided(&self, definition: &TypeDef, schemas: &Node<'_>) -> Option<Kind> {
        let schema = schemas.get(&definition.name)?;
        match &definition.kind {
            Kind::Union { tag, tag_type, members, open, .. } => {
                let of = |member: &Member| schemas.get(&member.type_name);
                let nodes: Vec<_> = members.iter().filter_map(of).collect();
                let is_always_there = nodes
                    .iter()
                    .all(|node| leaves(node).is_some_and(|leaves| leaves.iter().all(|leaf| requires(leaf, tag))));
                let untagged = match schema.at(&["discriminator", INFERRED]) {
                    _ if !is_always_there => Untagged::ByShape(self.dispatch(&nodes)),
                    Some(_) => Untagged::NoMember,
                    None => Untagged::Invalid,
                };
                Some(Kind::Union {
                    tag: tag.clone(),
                    tag_type: *tag_type,
                    members: members.clone(),
                    untagged,
                    constants: self.constants_besides(tag, &nodes),
                    open: *open,
                })
            }
            Kind::UntaggedUnion { open, .. } => {
                let members: Vec<_> = union_members(&schema)?.items().collect();
                let stated = schema.at(&["discriminator", "propertyName"]).and_then(|name| name.value().as_str());
                let mut tags = written_tags(&members, stated);
                let mut dispatch = self.dispatch(&members);
                if let Some(discriminator) = schema.get(PARTIAL) {
                    add_tags(&discriminator, &members, &mut dispatch, &mut tags);
                }
                Some(Kind::UntaggedUnion { dispatch, tags, open: *open })
            }
            _ => None,
        }
    }

    /// Returns the constants of members besides their tag. `None` if no member has any.
    fn constants_besides(&self, tag: &str, members: &[Node<'_>]) -> Option<Dispatch> {
        let mut has_some = false;
        let shapes = members.iter().map(|member| {
            let mut shape = self.constants_of(member, 0);
            if let Shape::Object { fields, .. } = &mut shape {
                fields.retain(|field| field.name != tag);
                has_some |= !fields.is_empty();
            }
            shape
        });
        let members = shapes.collect();
        has_some.then_some(Dispatch { tags: Vec::new(), members })
    }

    fn dispatch(&self, members: &[Node<'_>]) -> Dispatch {
        let types: Vec<_> = members.iter().map(|member| json_types(member, 0)).collect();
        let is_distinct = |index: usize, types: &[JsonTypes]| {
            types.iter().enumerate().all(|(other, ty)| other == index || ty & types.get(index).unwrap_or(&ANY) == 0)
        };
        let shape = |(index, member): (usize, &Node<'_>)| {
            if is_distinct(index, &types) { self.constants_of(member, 0) } else { self.of(member) }
        };
        Dispatch { tags: tags(members), members: members.iter().enumerate().map(shape).collect() }
    }

    /// Returns the shape of a value that only its JSON type and its constants distinguish.
    fn constants_of(&self, schema: &Node<'_>, depth: usize) -> Shape {
        let Some(target) = schema.resolve_single() else { return Shape::Any };
        let nullable = schema.is_true("nullable") || target.is_true("nullable");
        let types = json_types(&target, 0);
        let shape = if let Some(listed) = [schema, &target].into_iter().find(|schema| listed(schema).is_some()) {
            self.constants(listed)
        } else if types == OBJECT && target.get("properties").is_some() {
            let properties = target.get("properties");
            let fields = properties.iter().flat_map(Node::entries).filter(|_| depth < DEPTH);
            let fields = fields.filter_map(|(name, property)| {
                let shape = self.constants_of(&property, depth + 1);
                let is_evidence = matches!(&shape, Shape::Constants { open: false, .. })
                    || matches!(&shape, Shape::Object { fields, .. } if !fields.is_empty());
                is_evidence.then(|| ShapeField { name: name.to_owned(), required: false, shape })
            });
            Shape::Object { fields: fields.collect(), others: Others::Any }
        } else {
            match types {
                OBJECT => Shape::Object { fields: Vec::new(), others: Others::Any },
                ARRAY => Shape::Array(Box::new(Shape::Any)),
                STRING => Shape::Scalar(Scalar::String),
                BOOLEAN => Shape::Scalar(Scalar::Boolean),
                NUMBER => number(&target),
                _ => return self.of(schema),
            }
        };
        if nullable { Shape::Nullable(Box::new(shape)) } else { shape }
    }

    /// Returns the shape of values of a schema.
    fn of(&self, schema: &Node<'_>) -> Shape {
        if schema.text("$ref").is_none() {
            return self.of_inline(schema);
        }
        let Some(target) = schema.resolve() else { return Shape::Any };
        let is_compound = ["properties", "oneOf", "anyOf", "items", "additionalProperties", "allOf"];
        if is_compound.iter().any(|key| target.get(key).is_some()) {
            return target.pointer().last().map_or(Shape::Any, Shape::Named);
        }
        self.of_inline(&target)
    }

    fn of_inline(&self, schema: &Node<'_>) -> Shape {
        let shape = self.of_values(schema, &BTreeSet::new());
        if schema.is_true("nullable") { Shape::Nullable(Box::new(shape)) } else { shape }
    }

    /// Returns the shape of a named type, whose properties can be optional in one direction.
    fn of_named(&self, schema: &Node<'_>) -> Shape {
        let name = schema.pointer().last().unwrap_or_default();
        let optional = self.by_name.get(name.as_str()).map(|definition| match &definition.kind {
            Kind::Struct { fields } => {
                fields.iter().filter(|field| !field.required).map(|field| field.name.as_str()).collect()
            }
            _ => BTreeSet::new(),
        });
        let shape = self.of_values(schema, &optional.unwrap_or_default());
        if schema.is_true("nullable") { Shape::Nullable(Box::new(shape)) } else { shape }
    }

    fn of_values(&self, schema: &Node<'_>, optional: &BTreeSet<&str>) -> Shape {
        if let Some(parts) = schema.get("allOf") {
            let parts: Vec<_> = parts.items().collect();
            return match parts.as_slice() {
                [only] => self.of(only),
                _ => Shape::Any,
            };
        }
        if let Some(members) = union_members(schema) {
            let dispatch = self.union(schema, &members.items().collect::<Vec<_>>());
            return Shape::Union { dispatch, open: self.is_open(schema) };
        }
        if listed(schema).is_some() {
            return self.constants(schema);
        }
        match schema.text("type") {
            Some("boolean") => Shape::Scalar(Scalar::Boolean),
            Some("integer" | "number") => number(schema),
            Some("string") => Shape::Scalar(Scalar::String),
            Some("array") => Shape::Array(Box::new(schema.get("items").map_or(Shape::Any, |items| self.of(&items)))),
            Some("object") => self.object(schema, optional),
            _ => Shape::Any,
        }
    }

    /// Whether the named union accepts values that match no member.
    fn is_open(&self, schema: &Node<'_>) -> bool {
        let name = schema.pointer().last().unwrap_or_default();
        let definition = self.by_name.get(name.as_str());
        definition.is_some_and(|definition| {
            matches!(definition.kind, Kind::Union { open: true, .. } | Kind::UntaggedUnion { open: true, .. })
        })
    }

    fn object(&self, schema: &Node<'_>, optional: &BTreeSet<&str>) -> Shape {
        let properties = schema.get("properties");
        let fields = properties.iter().flat_map(Node::entries).map(|(name, property)| ShapeField {
            name: name.to_owned(),
            required: requires(schema, name) && !optional.contains(name),
            shape: self.of(&property),
        });
        let others = match schema.get("additionalProperties") {
            Some(others) if others.value() == &Value::Bool(false) => Others::Closed,
            Some(others) if others.value().is_object() => match self.of(&others) {
                Shape::Any => Others::Any,
                shape => Others::Of(Box::new(shape)),
            },
            _ => Others::Any,
        };
        Shape::Object { fields: fields.collect(), others }
    }

    fn constants(&self, schema: &Node<'_>) -> Shape {
        let values = listed(schema);
        let values: Vec<Value> = values.iter().flat_map(Node::items).map(|value| value.value().clone()).collect();
        if values.is_empty() || values.iter().any(|value| value.is_array() || value.is_object()) {
            return Shape::Any;
        }
        let name = schema.pointer().last().unwrap_or_default();
        let is_closed = self.by_name.get(name.as_str()).is_some_and(|definition| {
            matches!(definition.kind, Kind::Enum { open: false, .. }) && definition.schema == *schema.value()
        });
        let is_open = values.len() > 1 && !is_closed && schema.text("x-speakeasy-unknown-values") != Some("disallow");
        Shape::Constants { values, open: is_open }
    }

    /// Returns the shape of a union. The members of a union with a discriminator have its tag, even if they do not
    /// describe it.
    fn union(&self, schema: &Node<'_>, members: &[Node<'_>]) -> Dispatch {
        let tag = schema.at(&["discriminator", "propertyName"]).and_then(|tag| tag.value().as_str());
        let mapping = schema.at(&["discriminator", "mapping"]);
        let (Some(tag), Some(mapping)) = (tag, mapping) else {
            let mut dispatch =
                Dispatch { tags: tags(members), members: members.iter().map(|member| self.of(member)).collect() };
            if let Some(discriminator) = schema.get(PARTIAL) {
                add_tags(&discriminator, members, &mut dispatch, &mut []);
            }
            return dispatch;
        };
        let shape = |member: &Node<'_>| {
            let values = tag_values(tag, &mapping, member);
            Shape::Tagged { tag: tag.to_owned(), values, shape: Box::new(self.of(member)) }
        };
        Dispatch { tags: vec![tag.to_owned()], members: members.iter().map(shape).collect() }
    }
}

/// Adds the values of a discriminator to the members that it maps: to their shapes, and to what requests write.
fn add_tags(
    discriminator: &Node<'_>,
    members: &[Node<'_>],
    dispatch: &mut Dispatch,
    written: &mut [Option<(String, Value)>],
) {
    let (Some(tag), Some(mapping)) = (discriminator.text("propertyName"), discriminator.get("mapping")) else { return };
    for (index, (member, shape)) in members.iter().zip(&mut dispatch.members).enumerate() {
        let values = tag_values(tag, &mapping, member);
        if let ([value], Some(written)) = (values.as_slice(), written.get_mut(index)) {
            *written = Some((tag.to_owned(), value.clone()));
        }
        if !values.is_empty() {
            let inner = std::mem::replace(shape, Shape::Any);
            *shape = Shape::Tagged { tag: tag.to_owned(), values, shape: Box::new(inner) };
        }
    }
}

/// Returns the values of a tag that a mapping has for a member of a union.
fn tag_values(tag: &str, mapping: &Node<'_>, member: &Node<'_>) -> Vec<Value> {
    let reference = member.text("$ref");
    let own = mapping.entries().filter(|(_, target)| target.value().as_str() == reference);
    let property = leaves(member).into_iter().flatten().find_map(|leaf| leaf.at(&["properties", tag]));
    let ty = property.and_then(|property| Some(property.resolve_single()?.text("type")?.to_owned()));
    own.map(|(text, _)| match ty.as_deref() {
        Some("integer" | "boolean") => text.parse().unwrap_or_else(|_| text.into()),
        _ => Value::from(text),
    })
    .collect()
}

fn number(schema: &Node<'_>) -> Shape {
    let is_integer = schema.text("type") == Some("integer");
    Shape::Scalar(if is_integer { Scalar::Integer } else { Scalar::Number })
}

/// Returns the JSON types that values of a schema can have, without `null`.
fn json_types(schema: &Node<'_>, depth: usize) -> JsonTypes {
    let Some(schema) = schema.resolve_single() else { return ANY };
    if let Some(members) = union_members(&schema) {
        return if depth > 16 {
            ANY
        } else {
            members.items().fold(0, |all, member| all | json_types(&member, depth + 1))
        };
    }
    match schema.text("type") {
        Some("boolean") => BOOLEAN,
        Some("integer" | "number") => NUMBER,
        Some("string") => STRING,
        Some("array") => ARRAY,
        Some("object") => OBJECT,
        _ => ANY,
    }
}

/// Returns the objects among the members of a union, including those of nested unions.
fn objects<'a>(members: &[Node<'a>]) -> Vec<Node<'a>> {
    let leaves = members.iter().filter_map(leaves).flatten();
    leaves.filter(|leaf| leaf.get("properties").is_some()).collect()
}

/// Returns the properties that all objects among the members require, with values that no other object has.
fn tags(members: &[Node<'_>]) -> Vec<String> {
    let objects = objects(members);
    let candidates = objects.first().and_then(|first| first.get("properties"));
    let names = candidates.iter().flat_map(Node::entries).map(|(name, _)| name);
    let is_tag = |name: &&str| objects.iter().all(|object| requires(object, name)) && is_distinct(name, &objects);
    names.filter(is_tag).map(str::to_owned).collect()
}

/// Whether every object lists the values of the property, and no two have one in common.
fn is_distinct(property: &str, objects: &[Node<'_>]) -> bool {
    let mut seen = BTreeSet::new();
    let mut is_new = |values: Vec<String>| values.into_iter().all(|value| seen.insert(value));
    objects.len() > 1 && objects.iter().all(|object| constants(object, property).is_some_and(&mut is_new))
}

/// Returns the property of each member that requests must have because it names the member, with its only value: the
/// document states that it is the discriminator, or no other object has that value, and at least one lists others.
fn written_tags(members: &[Node<'_>], stated: Option<&str>) -> Vec<Option<(String, Value)>> {
    let written = |(index, member): (usize, &Node<'_>)| {
        let others: Vec<_> = members.iter().enumerate().filter(|(other, _)| *other != index).collect();
        let others: Vec<_> = others.into_iter().filter_map(|(_, other)| leaves(other)).flatten().collect();
        let member = member.resolve_single()?;
        let properties = member.get("properties")?;
        properties.entries().find_map(|(name, property)| {
            let listed = listed(&property).or_else(|| listed(&property.resolve_single()?))?;
            let [value] = listed.value().as_array()?.as_slice() else { return None };
            let text = constants(&member, name)?;
            let lists: Vec<_> = others.iter().filter_map(|other| constants(other, name)).collect();
            let is_own = stated == Some(name)
                || !lists.is_empty() && lists.iter().all(|list| text.iter().all(|text| !list.contains(text)));
            is_own.then(|| (name.to_owned(), value.clone()))
        })
    };
    members.iter().enumerate().map(written).collect()
}
