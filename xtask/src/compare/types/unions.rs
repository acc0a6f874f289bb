//! Compares unions: which member each value of a tag selects, and the shapes of members without a tag.

use std::collections::BTreeSet;

use generator::document::Pointer;
use serde_json::Value;

use super::{Comparer, Context, letters};
use crate::compare::client::{Sent, Shape, ShapeField, Tagged, TypeDef, Union, ValueType, Variant};
use crate::compare::place::Place;
use crate::compare::rules;
use crate::compare::schema::{Members, Part, Schema, component_name};

/// How deep unions in unions are followed for their tags.
const DEPTH: usize = 8;

impl<'d> Comparer<'d, '_, '_> {
    pub(super) fn union(&mut self, parts: &[Part<'d>], schema: &Schema<'d>, union: &Union, context: &Context) {
        let Some(members) = schema.members(parts).filter(|_| !schema.unions.is_empty()) else {
            let names: Vec<_> = union.variants.iter().map(|variant| variant.name.as_str()).collect();
            self.findings.add(&schema.places, schema.words(), format!("a union of {}", names.join(", ")));
            return;
        };
        match &union.tagged {
            Some(tagged) => self.tagged(schema, &members, union, tagged, context),
            None => {
                let stated = schema.unions.iter().find(|union| union.discriminator.is_some());
                let discriminator = stated.filter(|stated| self.are_told_apart(&members, stated));
                if let Some(discriminator) = discriminator.and_then(|union| union.discriminator.as_ref()) {
                    let property = discriminator.text("propertyName").unwrap_or_default();
                    let places: Vec<_> = [&discriminator.pointer].into_iter().chain(&schema.places).cloned().collect();
                    self.findings.add(&places, format!("`{property}` selects the member"), "the value's form does");
                }
                self.untagged(schema, &members, union, context);
            }
        }
    }

    /// Whether no value of the discriminator belongs to several members. Otherwise, only the rest of a value can tell these
    /// apart.
    fn are_told_apart(&self, members: &[Vec<Part<'d>>], stated: &Members<'d>) -> bool {
        let property = stated.property().unwrap_or_default();
        let mut seen = BTreeSet::new();
        let mut tags = members.iter().flat_map(|member| self.tags(member, Some(stated), property, DEPTH));
        tags.all(|tag| seen.insert(tag))
    }

    /// The name of the component that a member is.
    fn member_name(&self, member: &[Part<'d>]) -> Option<String> {
        // The last part is the member itself; the others are what its union says.
        let own = member.last().map(|own| self.schemas.merged(std::slice::from_ref(own)));
        own.and_then(|own| own.names.first().cloned())
    }

    fn tagged(
        &mut self,
        schema: &Schema<'d>,
        members: &[Vec<Part<'d>>],
        union: &Union,
        tagged: &Tagged,
        context: &Context,
    ) {
        let property = tagged.property.as_str();
        let stated = schema.unions.iter().find(|union| union.discriminator.is_some());
        if let Some(stated) = stated.filter(|stated| stated.property() != Some(property)) {
            let says = format!("`{}` selects the member", stated.property().unwrap_or_default());
            self.findings.add(&with_discriminator(schema), says, format!("`{property}` does"));
        }
        let mut expected: Vec<String> = Vec::new();
        let unlisted = self.unlisted(schema, members);
        let all: Vec<_> = members.iter().chain(&unlisted).collect();
        let all_tags: Vec<_> = all.iter().map(|member| self.tags(member, stated, property, DEPTH)).collect();
        let names: Vec<_> = all.iter().map(|member| self.member_name(member)).collect();
        for (member, tags) in all.into_iter().zip(&all_tags) {
            // A value that several members list belongs to the one whose schema has that name.
            let is_own = |tag: &&String| {
                let is_shared = all_tags.iter().filter(|tags| tags.contains(tag)).count() > 1;
                let is_name = |name: &Option<String>| name.as_ref() == Some(*tag);
                !is_shared || is_name(&self.member_name(member)) || !names.iter().any(is_name)
            };
            let tags: Vec<String> = tags.iter().filter(is_own).cloned().collect();
            for tag in &tags {
                if expected.contains(tag) {
                    let places = self.places(member, schema);
                    let client = "that it selects only the first of them".to_owned();
                    self.findings.add(
                        &places,
                        format!("`{tag}` is a value of `{property}` in several members"),
                        client,
                    );
                } else {
                    self.arm(schema, member, tag, union, tagged, context);
                }
            }
            if tags.is_empty() {
                let places = self.places(member, schema);
                self.findings.add(&places, format!("no value of `{property}`"), "that it selects the member");
            }
            expected.extend(tags);
        }
        for arm in tagged.arms.iter().filter(|arm| !expected.contains(&arm.value)) {
            let says = format!("no value `{}` of `{property}`", arm.value);
            self.findings.add(&with_discriminator(schema), says, format!("it selects {}", arm.variant));
        }
    }

    /// The schemas that a discriminator maps values to, although they are no members.
    fn unlisted(&mut self, schema: &Schema<'d>, members: &[Vec<Part<'d>>]) -> Vec<Vec<Part<'d>>> {
        let mapping = schema.unions.iter().find_map(|union| union.discriminator.as_ref()?.get("mapping"));
        let mut unlisted = Vec::new();
        for (_, entry) in mapping.iter().flat_map(Place::entries) {
            let Some((name, target)) = entry.value.as_str().and_then(|target| self.schemas.component(target)) else {
                continue;
            };
            let is_member = |member: &Vec<Part<'d>>| self.schemas.merged(member).places.contains(&target.pointer);
            if !members.iter().chain(&unlisted).any(is_member) {
                self.findings.add_at(&entry.pointer, format!("`{name}` is no member"), "that it is one");
                unlisted.push(vec![Part::new(target)]);
            }
        }
        unlisted
    }

    /// Compares what one value of the tag selects.
    fn arm(
        &mut self,
        schema: &Schema<'d>,
        member: &[Part<'d>],
        tag: &str,
        union: &Union,
        tagged: &Tagged,
        context: &Context,
    ) {
        let property = &tagged.property;
        let mut places = self.places(member, schema);
        places.extend(with_discriminator(schema));
        let Some(arm) = tagged.arms.iter().find(|arm| arm.value == tag) else {
            self.findings.add(&places, format!("`{tag}` is a value of `{property}`"), "nothing");
            return;
        };
        let Some(variant) = union.variants.iter().find(|variant| variant.name == arm.variant) else { return };
        let sent = union.sent.get(&arm.variant).filter(|sent| sent.property == *property);
        if arm.is_without_tag && sent.map(|sent| sent.value.as_str()) != Some(tag) {
            let sent = sent.map_or_else(|| "it sends none".to_owned(), |sent| format!("it sends `{}`", sent.value));
            self.findings.add(&places, format!("`{tag}` is the value of `{property}`"), sent);
        }
        let tag = arm.is_without_tag.then(|| property.clone());
        self.schema(member, &variant.ty, &Context { tag, ..context.clone() });
    }

    /// The values of the tag that select a member: those that are mapped to it, or else its constants, or else its name.
    fn tags(&self, member: &[Part<'d>], stated: Option<&Members<'d>>, property: &str, depth: usize) -> Vec<String> {
        let schema = self.schemas.merged(member);
        let name = self.member_name(member);
        let mapped = stated.map(|union| self.mapped(name.as_deref(), union)).unwrap_or_default();
        if !mapped.is_empty() {
            let constants = self.constants(&schema, property);
            // YAML has several spellings of a boolean, also as keys.
            let is_boolean = constants.iter().any(|constant| ["true", "false"].contains(&constant.as_str()));
            return if is_boolean { constants } else { mapped };
        }
        if depth > 0 && !schema.unions.is_empty() {
            let own = schema.unions.iter().find(|union| union.property() == Some(property));
            let members = schema.members(member).into_iter().flatten();
            let mut tags: Vec<_> = members.flat_map(|member| self.tags(&member, own, property, depth - 1)).collect();
            tags.sort();
            tags.dedup();
            if !tags.is_empty() {
                return tags;
            }
        }
        let constants = self.constants(&schema, property);
        if !constants.is_empty() || stated.is_none() {
            return constants;
        }
        name.into_iter().collect()
    }

    /// The values that the mapping of a discriminator leads to a schema.
    fn mapped(&self, member: Option<&str>, union: &Members<'d>) -> Vec<String> {
        let mapping = union.discriminator.as_ref().and_then(|discriminator| discriminator.get("mapping"));
        // A base may be extended by another one, whose discriminator has the values of its own extensions.
        let others = union.property().filter(|_| union.is_extension).map(|property| self.schemas.mappings(property));
        let leads_here = |target: &str| {
            let component = self.schemas.component(target).map(|(name, _)| name);
            let name = component.or_else(|| component_name(target));
            name.is_some() && name == member
        };
        let entries = mapping.into_iter().chain(others.into_iter().flatten()).flat_map(|mapping| mapping.entries());
        let here = entries.filter(|(_, target)| target.value.as_str().is_some_and(leads_here));
        let mut tags: Vec<_> = here.map(|(tag, _)| tag.to_owned()).collect();
        tags.sort();
        tags.dedup();
        tags
    }

    /// The values that a schema lists for a property.
    fn constants(&self, schema: &Schema<'d>, property: &str) -> Vec<String> {
        let found = schema.properties.iter().find(|(name, _)| *name == property);
        let values = found.map(|(_, parts)| self.values(parts, DEPTH)).unwrap_or_default();
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        values.into_iter().map(text).collect()
    }

    /// The values that a schema lists, or that the members of its unions list.
    fn values(&self, parts: &[Part<'d>], depth: usize) -> Vec<&'d Value> {
        let schema = self.schemas.merged(parts);
        let own = schema.values.clone().unwrap_or_default();
        if schema.unions.is_empty() || depth == 0 || !own.is_empty() {
            return own;
        }
        let members = schema.members(parts).into_iter().flatten();
        let members: Vec<_> = members.map(|member| self.values(&member, depth - 1)).collect();
        // A member without constants can have any value.
        if members.iter().any(Vec::is_empty) { Vec::new() } else { members.concat() }
    }

    /// The places of a member, then those of its union.
    fn places(&self, member: &[Part<'d>], schema: &Schema<'d>) -> Vec<Pointer> {
        let mut places = self.schemas.merged(member).places;
        places.extend(schema.places.iter().cloned());
        places
    }

    /// Compares each member with the variant that fits it best.
    fn untagged(&mut self, schema: &Schema<'d>, members: &[Vec<Part<'d>>], union: &Union, context: &Context) {
        let mut used = vec![false; union.variants.len()];
        for member in members {
            let best = self.best(member, &union.variants, &used);
            let Some((index, variant)) = best else {
                let places = self.places(member, schema);
                let words = self.schemas.merged(member).words();
                self.findings.add(&places, format!("{words} is a member"), "nothing");
                continue;
            };
            used.get_mut(index).into_iter().for_each(|used| *used = true);
            let sent = union.sent.get(&variant.name);
            if let Some(sent) = sent {
                self.sent(schema, member, sent);
            }
            let tag = sent.map(|sent| sent.property.clone());
            self.schema(member, variant.ty.without_options().0, &Context { tag, ..context.clone() });
            let dispatch = union.dispatch.as_ref().and_then(|name| self.client.dispatches.get(name));
            if let Some(shape) = dispatch.and_then(|dispatch| dispatch.members.get(index)) {
                self.shape(member, shape, false, DEPTH);
            }
        }
        for (variant, _) in union.variants.iter().zip(used).filter(|(_, used)| !used) {
            self.findings.add(&schema.places, format!("no member {}", variant.name), variant.ty.to_string());
        }
    }

    /// Compares the constant that is sent with a member.
    fn sent(&mut self, schema: &Schema<'d>, member: &[Part<'d>], sent: &Sent) {
        let Sent { property, value } = sent;
        let constants = self.constants(&self.schemas.merged(member), property);
        if !constants.contains(value) {
            let places = self.places(member, schema);
            let says = format!("`{property}` is one of {}", constants.join(", "));
            self.findings.add(&places, says, format!("it sends `{value}`"));
        }
    }

    /// The variant that fits a member best, unused ones first.
    fn best<'v>(&self, member: &[Part<'d>], variants: &'v [Variant], used: &[bool]) -> Option<(usize, &'v Variant)> {
        let schema = self.schemas.merged(member);
        let scored = variants.iter().zip(used).enumerate().filter_map(|(index, (variant, used))| {
            let score = self.score(&schema, &variant.ty)?;
            Some(((score, !used, std::cmp::Reverse(index)), (index, variant)))
        });
        scored.max_by_key(|(rank, _)| *rank).map(|(_, found)| found)
    }

    /// How well a type fits a schema at first sight; `None` if it cannot.
    fn score(&self, schema: &Schema<'d>, ty: &ValueType) -> Option<i64> {
        let name_score = |name: &str| {
            let is_same = schema.names.first().is_some_and(|own| letters(own) == letters(name));
            if is_same { 1000 } else { 0 }
        };
        let named = match ty {
            ValueType::Named(name) => name_score(name),
            _ => 0,
        };
        let (ty, def) = self.client.unwrapped(ty.without_options().0);
        let fit = match (def, ty) {
            (Some(TypeDef::Struct(def)), _) => schema.may_be("object").then(|| {
                let has = |name: &str| schema.properties.iter().any(|(known, _)| *known == name);
                let common = def.fields.iter().filter(|field| has(&field.name)).count();
                let other = def.fields.len() + schema.properties.len() - 2 * common;
                10 + 2 * as_score(common) - as_score(other)
            }),
            (Some(TypeDef::Enum(strings)), _) => schema.may_be("string").then(|| {
                let values = schema.values.as_ref().map(Vec::len);
                if values == Some(strings.sent.len()) { 20 } else { 5 }
            }),
            (Some(TypeDef::Union(_)), _) => Some(if schema.unions.is_empty() { 0 } else { 10 }),
            (_, ValueType::Any) => Some(if schema.is_any() { 10 } else { 1 }),
            (_, ValueType::Text) => schema.may_be("string").then_some(10),
            (_, ValueType::Bytes) => schema.may_be("string").then_some(5),
            (_, ValueType::Integer) => schema.may_be("integer").then_some(10),
            (_, ValueType::Number) => (schema.may_be("number") || schema.may_be("integer")).then_some(9),
            (_, ValueType::Boolean) => schema.may_be("boolean").then_some(10),
            (_, ValueType::List(item)) => schema.may_be("array").then(|| {
                let items = (!schema.items.is_empty()).then(|| self.schemas.merged(&schema.items));
                10 + items.and_then(|items| self.score(&items, item)).unwrap_or(-5)
            }),
            (_, ValueType::Map(_) | ValueType::Object) => schema.may_be("object").then_some(10),
            _ => None,
        };
        fit.map(|fit| fit + named)
    }

    /// Compares the shape by which a member is recognized. The shape of a member that is the only one of its JSON type has no
    /// name, and only the properties that are constants.
    fn shape(&mut self, member: &[Part<'d>], shape: &Shape, is_named: bool, depth: usize) {
        let schema = self.schemas.merged(member);
        match shape {
            Shape::Named(name) if depth > 0 => {
                if let Some(shape) = self.client.shapes.get(name) {
                    self.shape(member, shape, true, depth - 1);
                }
            }
            Shape::Constants(values) => self.shape_constants(&schema, values),
            Shape::Object(fields) if schema.unions.is_empty() => self.shape_fields(&schema, fields, is_named),
            Shape::Tagged { shape, .. } if depth > 0 => self.shape(member, shape, is_named, depth - 1),
            _ => {}
        }
    }

    fn shape_fields(&mut self, schema: &Schema<'d>, fields: &[ShapeField], is_complete: bool) {
        let is_stated =
            |name: &str| schema.properties.iter().any(|(known, _)| *known == name) || schema.required.contains(&name);
        for field in fields.iter().filter(|field| !is_stated(&field.name)) {
            self.findings.add(&schema.places, format!("no property `{}`", field.name), "the shape has it");
        }
        for (name, parts) in schema.properties.iter().filter(|(_, parts)| !parts.iter().any(Part::is_never)) {
            let property = self.schemas.merged(parts);
            let field = fields.iter().find(|field| field.name == *name);
            if let Some(Shape::Constants(values)) = field.map(|field| &field.shape) {
                self.shape_constants(&property, values);
            }
            if is_complete {
                self.shape_field(name, schema.required.contains(name), &property, field);
            }
        }
    }

    fn shape_field(&mut self, name: &str, is_required: bool, property: &Schema<'d>, field: Option<&ShapeField>) {
        let Some(field) = field else {
            if !rules::is_of_one_direction(property) {
                let says = format!("`{name}` is a property");
                self.findings.add(&property.places, says, "the shape has no such property");
            }
            return;
        };
        if field.is_required != is_required && !rules::is_of_one_direction(property) {
            let word = |is_required| if is_required { "required" } else { "optional" };
            let client = format!("it is {} in the shape", word(field.is_required));
            self.findings.add(&property.places, format!("`{name}` is {}", word(is_required)), client);
        }
    }

    fn shape_constants(&mut self, schema: &Schema<'d>, values: &[Value]) {
        let Some(expected) = &schema.values else { return };
        let is_same = |a: &Value, b: &Value| a == b || (a.as_f64().is_some() && a.as_f64() == b.as_f64());
        for value in expected.iter().filter(|value| !values.iter().any(|known| is_same(known, value))) {
            self.findings.add(&schema.places, format!("{value} is a value"), "the shape does not have it");
        }
        for value in values.iter().filter(|value| !schema.listed.iter().any(|known| is_same(known, value))) {
            self.findings.add(&schema.places, format!("no value {value}"), "the shape has it");
        }
    }
}

/// The places of the discriminators of a union, then those of the union.
fn with_discriminator(schema: &Schema<'_>) -> Vec<Pointer> {
    let discriminators = schema.unions.iter().filter_map(|union| union.discriminator.as_ref());
    discriminators.map(|place| &place.pointer).chain(&schema.places).cloned().collect()
}

fn as_score(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX / 8)
}
