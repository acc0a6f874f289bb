//! Compares schemas with types: properties, what is required, values of enums, tags of unions.

mod unions;

use std::collections::HashSet;

use generator::document::Pointer;
use serde_json::Value;

use super::client::{Client, Field, Strings, Struct, TypeDef, ValueType};
use super::findings::Findings;
use super::place::Place;
use super::rules;
use super::schema::{Part, Schema, Schemas};

/// Where a type is used.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct Context {
    /// Whether the value is sent.
    pub(super) is_request: bool,
    /// Whether the value is sent as text: in the path, the query, a header or a cookie.
    pub(super) is_parameter: bool,
    /// Whether the value is part of a merge patch.
    pub(super) is_merge_patch: bool,
    /// The tag that the union around writes and reads.
    pub(super) tag: Option<String>,
}

/// What distinguishes a schema from others.
type Identity<'d> = (Vec<Pointer>, Vec<&'d str>, usize);

/// How deep unions in unions are followed for `null`.
const DEPTH: usize = 8;

/// Compares the schemas of one document with the types of its client.
pub(super) struct Comparer<'d, 'c, 'f> {
    pub(super) schemas: Schemas<'d>,
    pub(super) client: &'c Client,
    pub(super) findings: &'f mut Findings<'d>,
    /// What was compared, or is being compared, so that recursive types end.
    seen: HashSet<(Identity<'d>, ValueType, Context)>,
    /// The schemas and the types that were compared.
    pub(super) reached: HashSet<Pointer>,
}

impl<'d, 'c, 'f> Comparer<'d, 'c, 'f> {
    pub(super) fn new(schemas: Schemas<'d>, client: &'c Client, findings: &'f mut Findings<'d>) -> Self {
        Self { schemas, client, findings, seen: HashSet::new(), reached: HashSet::new() }
    }

    /// Compares the named schemas that no operation uses with the types of the same names.
    pub(super) fn components(&mut self) {
        let client = self.client;
        let is_union = |ty: &str| matches!(client.types.get(ty), Some(TypeDef::Union(_)));
        let mut all = self.named();
        // The types of members are without the tag only if they are reached from their union.
        all.sort_by_key(|(_, ty)| !is_union(ty));
        for (place, ty) in all {
            if self.reached.contains(&place.pointer) {
                continue;
            }
            let part = Part::new(place);
            // A base that only its extensions use is no union.
            let is_base = !is_union(&ty) && self.schemas.merged(std::slice::from_ref(&part)).is_extended();
            let part = if is_base { part.without_unions() } else { part };
            self.schema(&[part], &ValueType::Named(ty), &Context::default());
        }
    }

    /// The components whose names in Rust are certain, with these.
    fn named(&self) -> Vec<(Place<'d>, String)> {
        let all: Vec<_> = self.schemas.components().collect();
        let is_unique = |name: &str| all.iter().filter(|(other, _)| letters(other) == letters(name)).count() == 1;
        let named = all.iter().filter(|(name, _)| is_unique(name)).filter_map(|(name, place)| {
            let ty = self.client.types.keys().find(|ty| letters(ty) == letters(name))?;
            Some((place.clone(), ty.clone()))
        });
        named.collect()
    }

    /// Compares a value that is always there with its type.
    pub(super) fn value(&mut self, parts: &[Part<'d>], ty: &ValueType, context: &Context) {
        let schema = self.schemas.merged(parts);
        let (inner, options) = ty.without_options();
        if rules::has_null(context) {
            self.null(parts, &schema, inner, options > 0);
        }
        self.schema(parts, inner, context);
    }

    fn null(&mut self, parts: &[Part<'d>], schema: &Schema<'d>, ty: &ValueType, is_nullable: bool) {
        let (ty, def) = self.client.unwrapped(ty);
        let has_null = match def {
            Some(TypeDef::Union(union)) => union.variants.iter().any(|variant| variant.ty.without_options().1 > 0),
            _ => false,
        };
        let is_nullable = is_nullable || has_null || matches!(ty, ValueType::Option(_));
        if schema.is_any() || schema.is_unknown || matches!(ty, ValueType::Any | ValueType::Bytes) {
            return;
        }
        match (self.is_nullable(parts, DEPTH), is_nullable) {
            (true, false) => self.findings.add(&schema.places, "it can be null", "it is never null"),
            (false, true) => self.findings.add(&schema.places, "it is never null", "it can be null"),
            _ => {}
        }
    }

    /// Whether `null` is a value of a schema, or of a member of its union.
    fn is_nullable(&self, parts: &[Part<'d>], depth: usize) -> bool {
        let each: Vec<_> = parts.iter().map(|part| self.schemas.merged(std::slice::from_ref(part))).collect();
        let mut typed = each.iter().filter(|schema| schema.is_nullable || !schema.is_any());
        if !typed.all(|schema| schema.is_nullable || !schema.unions.is_empty()) {
            return false;
        }
        let schema = self.schemas.merged(parts);
        let members = || schema.members(parts).into_iter().flatten();
        schema.is_nullable || (depth > 0 && members().any(|member| self.is_nullable(&member, depth - 1)))
    }

    /// Compares a schema with a type, apart from `null`.
    pub(super) fn schema(&mut self, parts: &[Part<'d>], ty: &ValueType, context: &Context) {
        let schema = self.schemas.merged(parts);
        let (ty, def) = self.client.unwrapped(ty);
        let (ty, def) = match ty {
            ValueType::Option(inner) => self.client.unwrapped(inner),
            _ => (ty, def),
        };
        if schema.is_unknown || !self.seen.insert((schema.identity(), ty.clone(), context.clone())) {
            return;
        }
        let schema = schema.at_target();
        self.reached.extend(schema.places.iter().cloned());
        match def {
            Some(TypeDef::Union(union)) => self.union(parts, &schema, union, context),
            _ if !schema.unions.is_empty() && *ty != ValueType::Any => self.members(parts, &schema, ty, context),
            Some(TypeDef::Struct(def)) => self.object(&schema, def, context),
            Some(TypeDef::Enum(strings)) => self.strings(&schema, strings),
            Some(TypeDef::Wrapper(_)) | None => self.plain(&schema, ty, context),
        }
    }

    /// Compares a union with a type that has the values of all members.
    fn members(&mut self, parts: &[Part<'d>], schema: &Schema<'d>, ty: &ValueType, context: &Context) {
        let (_, def) = self.client.unwrapped(ty);
        if let Some(TypeDef::Enum(strings)) = def {
            return self.folded_strings(parts, schema, strings);
        }
        for member in schema.members(parts).into_iter().flatten() {
            self.schema(&member, ty, context);
        }
    }

    /// Compares a union of constants with an enum.
    fn folded_strings(&mut self, parts: &[Part<'d>], schema: &Schema<'d>, strings: &Strings) {
        let mut all: Vec<&Value> = Vec::new();
        for member in schema.members(parts).into_iter().flatten() {
            let member_schema = self.schemas.merged(&member);
            if !member_schema.unions.is_empty() {
                self.folded_strings(&member, &member_schema, strings);
                return;
            }
            // A member that is any string only makes the enum open.
            all.extend(member_schema.values.into_iter().flatten());
        }
        self.listed(&schema.places, &all, &[], strings);
    }

    fn strings(&mut self, schema: &Schema<'d>, strings: &Strings) {
        match &schema.values {
            Some(values) => self.listed(&schema.places, values, &schema.listed, strings),
            None => self.findings.add(&schema.places, schema.words(), format!("one of {}", strings.sent.join(", "))),
        }
    }

    /// Compares the values of an enum with what is sent and what is read. It may have `others` too.
    fn listed(&mut self, places: &[Pointer], values: &[&Value], others: &[&Value], strings: &Strings) {
        let mut expected: Vec<String> = Vec::new();
        for value in values {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            if !expected.contains(&text) {
                expected.push(text);
            }
        }
        for (verb, found) in [("sends", &strings.sent), ("reads", &strings.read)] {
            for value in expected.iter().filter(|value| !found.contains(value)) {
                self.findings.add(places, format!("`{value}` is a value"), format!("it never {verb} it"));
            }
            let is_listed = |value: &String| others.iter().any(|other| other.as_str() == Some(value));
            for value in found.iter().filter(|value| !expected.contains(value) && !is_listed(value)) {
                self.findings.add(places, format!("no value `{value}`"), format!("it {verb} it"));
            }
        }
    }

    /// Compares a schema with a type that has no definition of its own.
    fn plain(&mut self, schema: &Schema<'d>, ty: &ValueType, context: &Context) {
        let fits = match ty {
            ValueType::Any => schema.is_any(),
            ValueType::Text => schema.may_be("string") && !has_strings(schema),
            ValueType::Bytes => schema.may_be("string"),
            ValueType::Integer => schema.may_be("integer"),
            ValueType::Number => schema.may_be("number") || schema.types == ["integer"],
            ValueType::Boolean => schema.may_be("boolean"),
            ValueType::List(_) => schema.may_be("array"),
            ValueType::Map(_) | ValueType::Object => schema.may_be("object") && self.has_no_properties(schema, context),
            _ => false,
        };
        if !fits {
            self.findings.add(&schema.places, schema.words(), ty.to_string());
            return;
        }
        match ty {
            ValueType::List(item) if !schema.items.is_empty() && !schema.is_tuple => {
                self.value(&schema.items, item, &without_tag(context));
            }
            ValueType::Map(value) if !schema.additional.is_empty() => {
                if rules::may_be_null(false, context) {
                    self.schema(&schema.additional, value.without_options().0, &without_tag(context));
                } else {
                    self.value(&schema.additional, value, &without_tag(context));
                }
            }
            _ => {}
        }
    }

    /// Whether a map loses no property.
    fn has_no_properties(&self, schema: &Schema<'d>, context: &Context) -> bool {
        let is_lost = |name: &str, parts: &[Part<'d>]| {
            let property = self.schemas.merged(parts);
            !parts.iter().any(Part::is_never) && !rules::may_be_absent(name, &property, context)
        };
        !schema.properties.iter().any(|(name, parts)| is_lost(name, parts))
    }

    fn object(&mut self, schema: &Schema<'d>, def: &Struct, context: &Context) {
        if !schema.may_be("object") {
            self.findings.add(&schema.places, schema.words(), "an object");
            return;
        }
        for (name, parts) in &schema.properties {
            let is_required = schema.required.contains(name);
            match def.fields.iter().find(|field| field.name == *name) {
                Some(field) => self.property(name, parts, is_required, field, context),
                None => self.missing(name, parts, schema, context),
            }
        }
        self.others(schema, def, context);
        for field in &def.fields {
            if schema.properties.iter().any(|(name, _)| *name == field.name) {
                continue;
            }
            // A property that is only required can be anything.
            let is_required = schema.required.contains(&field.name.as_str());
            if !(is_required && field.is_required && field.ty == ValueType::Any) {
                self.findings.add(
                    &schema.places,
                    format!("no property `{}`", field.name),
                    format!("it is {}", field.ty),
                );
            }
        }
        for name in schema.required.iter().filter(|name| !schema.properties.iter().any(|(known, _)| known == *name)) {
            let is_tag = context.tag.as_deref() == Some(*name);
            if !is_tag && !def.fields.iter().any(|field| field.name == **name) {
                self.findings.add(&schema.places, format!("`{name}` is required"), "nothing");
            }
        }
    }

    /// Compares the values of properties that the schema does not name.
    fn others(&mut self, schema: &Schema<'d>, def: &Struct, context: &Context) {
        let stated = self.schemas.merged(&schema.additional);
        if schema.additional.is_empty() || stated.is_any() || stated.is_unknown {
            return;
        }
        match &def.others {
            Some(others) => self.schema(&schema.additional, others.without_options().0, &without_tag(context)),
            None => self.findings.add(&stated.places, format!("other properties are {}", stated.words()), "nothing"),
        }
    }

    fn missing(&mut self, name: &str, parts: &[Part<'d>], schema: &Schema<'d>, context: &Context) {
        let property = self.schemas.merged(parts);
        if parts.iter().any(Part::is_never) || rules::may_be_absent(name, &property, context) {
            return;
        }
        let places: Vec<_> = property.places.iter().chain(&schema.places).cloned().collect();
        self.findings.add(&places, format!("`{name}` is {}", property.words()), "nothing");
    }

    fn property(&mut self, name: &str, parts: &[Part<'d>], is_required: bool, field: &Field, context: &Context) {
        let schema = self.schemas.merged(parts);
        let is_free = field.has_default || schema.has_default || rules::may_be_optional(&schema, context);
        if is_required && !field.is_required && !is_free {
            self.findings.add(&schema.places, format!("`{name}` is required"), "it is optional");
        }
        if !is_required && field.is_required {
            self.findings.add(&schema.places, format!("`{name}` is optional"), "it is required");
        }
        let (inner, options) = field.ty.without_options();
        let absent = usize::from(!field.is_required && !field.has_default);
        let is_nullable = options > absent;
        if rules::has_null(context) && !(is_nullable && rules::may_be_null(is_required, context)) {
            self.null(parts, &schema, inner, is_nullable);
        }
        self.schema(parts, inner, &without_tag(context));
    }
}

/// The context of a value inside an object.
fn without_tag(context: &Context) -> Context {
    Context { tag: None, ..context.clone() }
}

/// Whether a schema lists strings.
fn has_strings(schema: &Schema<'_>) -> bool {
    schema.values.as_ref().is_some_and(|values| values.iter().any(|value| value.is_string()))
}

/// The letters and digits of a name, without case. Names that differ only in others are the same to the generator.
pub(super) fn letters(name: &str) -> String {
    name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
