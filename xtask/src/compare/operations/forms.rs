//! Compares the schemas of multipart bodies with the parts that clients add.

use generator::document::Pointer;

use super::super::client::FormPart;
use super::super::place::Place;
use super::super::schema::Part;
use super::super::types::{Comparer, Context};

impl<'d> Comparer<'d, '_, '_> {
    /// Compares the properties of a body with the parts of its type.
    pub(super) fn form(&mut self, media: &Place<'d>, form: &[FormPart], around: &[Pointer]) {
        let Some(schema) = media.get("schema") else {
            self.findings.add_at(&media.pointer, "the body has no schema", "it has parts");
            return;
        };
        let merged = self.schemas.merged(&[Part::new(schema)]);
        let places: Vec<_> = merged.places.iter().chain(around).cloned().collect();
        for (name, parts) in &merged.properties {
            let property = self.schemas.merged(parts);
            if property.is_read_only {
                continue;
            }
            let places: Vec<_> = property.places.iter().chain(&places).cloned().collect();
            let Some(part) = form.iter().find(|part| part.name == *name) else {
                self.findings.add(&places, format!("the part `{name}`"), "nothing");
                continue;
            };
            let is_required = merged.required.contains(name) && !property.is_nullable;
            if is_required != part.is_required {
                let word = |is_required: bool| if is_required { "required" } else { "optional" };
                self.findings.add(
                    &places,
                    format!("the part `{name}` is {}", word(is_required)),
                    format!("it is {}", word(part.is_required)),
                );
            }
            if part.is_repeated && property.types != ["array"] {
                self.findings.add(&places, format!("the part `{name}` is {}", property.words()), "it is repeated");
            }
            let each = if part.is_repeated { &property.items } else { parts };
            let content_type = media.get("encoding").and_then(|all| all.get(name)?.text("contentType"));
            self.text_or_json(part, each, content_type, &places);
            match &part.ty {
                Some(ty) => self.schema(each, ty, &Context { is_request: true, ..Context::default() }),
                None => self.file(name, each, &places),
            }
        }
        for part in form.iter().filter(|part| !merged.properties.iter().any(|(name, _)| *name == part.name)) {
            self.findings.add(&places, format!("no property `{}`", part.name), "it is a part");
        }
    }

    /// Compares whether a value is written as text or as JSON. Parts of other media types, and unions, are not compared.
    fn text_or_json(&mut self, part: &FormPart, each: &[Part<'d>], content_type: Option<&str>, around: &[Pointer]) {
        let schema = self.schemas.merged(each);
        let is_stated_json = content_type.is_some_and(|name| name.contains("json"));
        let is_scalar = !schema.types.is_empty()
            && schema.types.iter().all(|ty| matches!(*ty, "string" | "integer" | "number" | "boolean"));
        let is_text = is_scalar && !is_stated_json;
        let is_json = schema.types == ["object"] && content_type.is_none();
        if part.ty.is_some() && schema.unions.is_empty() && (is_text || is_json) && part.is_json == is_text {
            let word = |is_json: bool| if is_json { "JSON" } else { "text" };
            let name = &part.name;
            self.findings.add(
                around,
                format!("the part `{name}` is {}", word(is_json)),
                format!("it is {}", word(part.is_json)),
            );
        }
    }

    fn file(&mut self, name: &str, parts: &[Part<'d>], around: &[Pointer]) {
        let schema = self.schemas.merged(parts);
        let mut members = schema.unions.iter().flat_map(|union| &union.parts);
        let may_be_bytes = members.any(|member| self.schemas.merged(member).is_binary);
        let is_bytes =
            may_be_bytes || schema.is_binary || schema.is_any() || schema.is_unknown || schema.types == ["string"];
        if !is_bytes {
            let places: Vec<_> = schema.places.iter().chain(around).cloned().collect();
            self.findings.add(&places, format!("the part `{name}` is {}", schema.words()), "it is a file");
        }
    }
}
