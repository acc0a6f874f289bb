//! Replaces the parameters of a body by a `requestBody`, with the media types that the operation consumes.
//!
//! `parameters: [{in: body, schema: …}]` → `requestBody: {content: {application/json: {schema: …}}}`
//! `parameters: [{in: formData, name: a, type: file}]` →
//! `requestBody: {content: {multipart/form-data: {schema: {type: object, properties: {a: …}}}}}`

use serde_json::{Value, json};

use super::media_types::{file_as_bytes, is_file, or_json, take};
use super::parameter_schemas::{Style, split};
use super::{Object, each_operation, strings};
use crate::diagnostics::catalogue::DUPLICATE_PARAMETER;
use crate::document::Pointer;
use crate::openapi::ITEM_SEPARATOR;
use crate::rewrite::Log;

const URL_ENCODED: &str = "application/x-www-form-urlencoded";
const MULTIPART: &str = "multipart/form-data";

/// A parameter, and its index in the list of the operation.
type Indexed = (usize, Value);

pub(super) fn run(document: &mut Value, log: &mut Log) {
    let of_document = strings(document.get("consumes"));
    each_operation(document, |operation, place| {
        let consumed = take(operation, "consumes", &of_document);
        let list = place.join("parameters");
        let parameters = operation.get("parameters").and_then(Value::as_array).cloned().unwrap_or_default();
        let parameters = parameters.into_iter().enumerate();
        let is_in = |(_, parameter): &Indexed, place: &str| parameter.get("in").is_some_and(|own| own == place);
        let (bodies, others): (Vec<_>, Vec<_>) = parameters.partition(|one| is_in(one, "body"));
        let (fields, others): (Vec<_>, Vec<_>) = others.into_iter().partition(|one| is_in(one, "formData"));
        if let Some((index, _)) = bodies.get(1) {
            log.report(&DUPLICATE_PARAMETER, list.join(index), "the operation has two parameters with `in: body`");
        }
        let body = match bodies.into_iter().next() {
            Some((index, body)) => whole(body, or_json(consumed), &list.join(index), place, log),
            None if fields.is_empty() => return,
            None => form(fields, &consumed, &list, place, log),
        };
        log.kept(&list, others.iter().map(|(index, _)| *index).collect());
        operation.insert("parameters".to_owned(), others.into_iter().map(|(_, parameter)| parameter).collect());
        operation.insert("requestBody".to_owned(), body);
    });
    if let Value::Object(root) = document {
        root.shift_remove("consumes");
    }
}

/// Returns the `requestBody` of a parameter that is the whole body.
fn whole(mut parameter: Value, media_types: Vec<String>, from: &Pointer, operation: &Pointer, log: &mut Log) -> Value {
    let to = operation.join("requestBody");
    log.copied(from.clone(), to.clone());
    let Value::Object(body) = &mut parameter else { return parameter };
    let schema = body.shift_remove("schema");
    body.retain(|key, _| matches!(key.as_str(), "description" | "required") || key.starts_with("x-"));
    let content = media_types.into_iter().map(|media_type| {
        let mut media = Object::new();
        if let Some(schema) = &schema {
            log.copied(from.join("schema"), to.join("content").join(&media_type).join("schema"));
            media.insert("schema".to_owned(), schema.clone());
        }
        (media_type, Value::Object(media))
    });
    let content = content.collect();
    body.insert("content".to_owned(), Value::Object(content));
    parameter
}

/// Returns the `requestBody` of the fields of a form.
fn form(fields: Vec<Indexed>, consumed: &[String], list: &Pointer, operation: &Pointer, log: &mut Log) -> Value {
    let media_types = form_types(&fields, consumed);
    let body = operation.join("requestBody");
    log.copied(list.clone(), body.clone());
    let to = body.join("content");
    let is_multipart = media_types.iter().any(|media_type| is_essence(media_type, MULTIPART));
    let (mut properties, mut required, mut encoding) = (Object::new(), Vec::new(), Object::new());
    for (index, field) in fields {
        let Some(name) = field.get("name").and_then(Value::as_str).map(str::to_owned) else { continue };
        for media_type in &media_types {
            let schema = to.join(media_type).join("schema");
            log.copied(list.join(index), schema.join("properties").join(&name));
        }
        let is_required = field.get("required") == Some(&Value::Bool(true));
        let (mut schema, field, style) = split(field, &list.join(index), log);
        file_as_bytes(&mut schema);
        if let Value::Object(schema) = &mut schema {
            let kept = field.into_iter().filter(|(key, _)| key == "description" || key.starts_with("x-"));
            schema.extend(kept);
        }
        if let Some(style) = style.filter(|style| *style != Style::EXPLODED) {
            let mut entry = json!({ "style": style.name, "explode": style.explode });
            if let (true, Value::Object(entry)) = (is_multipart, &mut entry) {
                entry.insert(ITEM_SEPARATOR.to_owned(), style.separator().into());
            }
            encoding.insert(name.clone(), entry);
        }
        if is_required {
            required.push(Value::from(name.clone()));
        }
        properties.insert(name, schema);
    }
    let is_required = !required.is_empty();
    let mut schema = Object::new();
    schema.insert("type".to_owned(), Value::from("object"));
    schema.insert("properties".to_owned(), Value::Object(properties));
    if is_required {
        schema.insert("required".to_owned(), Value::Array(required));
    }
    let mut media = Object::new();
    media.insert("schema".to_owned(), Value::Object(schema));
    if !encoding.is_empty() {
        media.insert("encoding".to_owned(), Value::Object(encoding));
    }
    let content: Object =
        media_types.into_iter().map(|media_type| (media_type, Value::Object(media.clone()))).collect();
    json!({ "required": is_required, "content": content })
}

/// Returns the media types of a form: those of the operation that can have its fields.
fn form_types(fields: &[Indexed], consumed: &[String]) -> Vec<String> {
    let has_file = fields.iter().any(|(_, field)| is_file(field));
    let is_form =
        |media_type: &&String| is_essence(media_type, MULTIPART) || (!has_file && is_essence(media_type, URL_ENCODED));
    let forms: Vec<_> = consumed.iter().filter(is_form).cloned().collect();
    match (forms.is_empty(), has_file) {
        (false, _) => forms,
        (true, true) => vec![MULTIPART.to_owned()],
        (true, false) => vec![URL_ENCODED.to_owned()],
    }
}

/// Whether this is a media type without its parameters.
fn is_essence(media_type: &str, essence: &str) -> bool {
    media_type.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(essence)
}
