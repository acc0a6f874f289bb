//! Combines the parts of a schema into one shape, or into a union of shapes.

use serde_json::{Map, Value};

use super::super::shape::is_shape;
use super::parts::Parts;
use crate::document::{Node, Pointer};
use crate::naming::pascal;

/// The maximum number of combinations of union members. Beyond it, the schema becomes any JSON.
const MEMBERS: usize = 64;

/// The result of combining the parts of a schema.
pub(super) enum Combined {
    /// One shape.
    One(Map<String, Value>),
    /// One of several objects.
    OneOf {
        /// The objects.
        members: Vec<Member>,
        /// The discriminator that distinguishes them.
        discriminator: Option<Value>,
    },
    /// No type can represent the schema.
    Nothing,
}

/// A union member, combined with the keywords beside the union.
pub(super) struct Member {
    /// The words of its name.
    pub(super) name: String,
    /// The reference to the original member, if it was a reference.
    pub(super) of: Option<String>,
    pub(super) shape: Map<String, Value>,
}

/// Combines the parts of a schema. `None` if a reference has no target, which `check` has reported.
///
/// Adds the locations of properties that parts describe with different types to `contradictions`.
pub(super) fn combine(schema: &Node<'_>, contradictions: &mut Vec<Pointer>) -> Option<Combined> {
    let mut parts = Parts::of(schema)?;
    contradictions.append(&mut parts.contradictions);
    if parts.others.is_empty() {
        let unions = std::mem::take(&mut parts.unions);
        let unions: Vec<_> = unions.into_iter().filter(|(union, key)| !only_narrows(&parts, union, key)).collect();
        return Some(match unions.as_slice() {
            [] => Combined::One(parts.object()),
            [(union, key)] if adds_nothing(&parts, union, key) => Combined::One(union_alone(union, key)),
            several => distribute(&parts, several, contradictions),
        });
    }
    let is_contradiction = parts.is_object
        || parts.has_fields()
        || parts.unions.iter().any(|(union, key)| !only_narrows(&parts, union, key));
    Some(if is_contradiction { Combined::Nothing } else { common(&parts.others) })
}

/// Combines strings, numbers or arrays: they must have one type, or no value can match all of them.
fn common(others: &[Node<'_>]) -> Combined {
    let types: Vec<_> = others.iter().filter_map(|other| other.text("type")).collect();
    let is_one = types.iter().all(|ty| Some(ty) == types.first());
    let is_whole = types.iter().all(|ty| matches!(*ty, "integer" | "number"));
    let narrowest = |other: &&Node<'_>| {
        let is_list = other.get("enum").is_some() || other.get("items").is_some();
        let values = other.get("enum").map_or(usize::MAX, |values| values.items().count());
        (!is_list, values, other.text("type") != Some("integer"))
    };
    match others.iter().min_by_key(narrowest).filter(|_| is_one || is_whole) {
        Some(other) => {
            let shape = other.entries().filter(|(key, _)| is_shape(key) && *key != "allOf" || *key == "format");
            Combined::One(shape.map(|(key, value)| (key.to_owned(), value.value().clone())).collect())
        }
        None => Combined::Nothing,
    }
}

fn members<'a>(union: &Node<'a>, key: &str) -> Vec<Node<'a>> {
    union.get(key).iter().flat_map(Node::items).collect()
}

/// Whether a union only says which properties are required, as `anyOf: [{required: [a]}, {required: [b]}]` does.
fn only_narrows(parts: &Parts<'_>, union: &Node<'_>, key: &str) -> bool {
    members(union, key).iter().all(|member| {
        let Some(own) = Parts::of(member) else { return false };
        let adds = own.properties.keys().any(|name| !parts.properties.contains_key(name));
        member.text("$ref").is_none()
            && own.unions.is_empty()
            && own.others.is_empty()
            && !adds
            && own.additional.is_none()
    })
}

/// Whether each member already has everything that is beside the union.
fn adds_nothing(parts: &Parts<'_>, union: &Node<'_>, key: &str) -> bool {
    !parts.has_fields()
        || members(union, key).iter().all(|member| {
            let Some(own) = Parts::of(member).filter(|own| own.others.is_empty()) else { return false };
            parts.properties.keys().all(|name| own.properties.contains_key(name))
                && parts.required.iter().all(|name| own.required.contains(name))
        })
}

fn union_alone(union: &Node<'_>, key: &str) -> Map<String, Value> {
    let kept = union.entries().filter(|(own, _)| *own == key || *own == "discriminator");
    kept.map(|(key, value)| (key.to_owned(), value.value().clone())).collect()
}

/// Combines each member of each union with the keywords beside the unions, as an object.
fn distribute<'a>(
    parts: &Parts<'a>,
    unions: &[(Node<'a>, &'static str)],
    contradictions: &mut Vec<Pointer>,
) -> Combined {
    let mut choices = vec![(parts.clone(), String::new(), None)];
    for (union, key) in unions {
        let members = members(union, key);
        if choices.len() * members.len() > MEMBERS {
            return Combined::Nothing;
        }
        let mut next = Vec::with_capacity(choices.len() * members.len());
        for (parts, name, _) in &choices {
            for (index, member) in members.iter().enumerate() {
                let Some(parts) = parts.with(member).filter(|parts| parts.unions.is_empty() && parts.others.is_empty())
                else {
                    return Combined::Nothing;
                };
                let of = member.text("$ref").map(str::to_owned);
                let word = of
                    .as_deref()
                    .and_then(|of| of.rsplit('/').next())
                    .map_or_else(|| format!("Variant{index}"), pascal);
                next.push((parts, format!("{name}{word}"), of));
            }
        }
        choices = next;
    }
    let discriminator = match unions {
        [(union, _)] => union.get("discriminator").map(|node| node.value().clone()),
        _ => None,
    };
    for place in choices.iter().flat_map(|(parts, ..)| &parts.contradictions) {
        if !contradictions.contains(place) {
            contradictions.push(place.clone());
        }
    }
    let member = |(parts, name, of): (Parts<'a>, String, Option<String>)| Member { name, of, shape: parts.object() };
    Combined::OneOf { members: choices.into_iter().map(member).collect(), discriminator }
}
