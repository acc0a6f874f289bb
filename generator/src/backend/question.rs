//! The document that is put to progenitor: the schemas, reduced, and for each operation one of a plain form.
//!
//! Operation 3 with two parameters and a body becomes `POST /op3?p0=…&p1=…` with a JSON body: whatever the parameters'
//! places and styles, their types are the same, and the names cannot collide with anything.

use serde_json::{Map, Value, json};

use super::defaults::settle_defaults;
use super::reduce::{reduce_schema, reduced_schemas};
use crate::document::{Document, Node};
use crate::ir::{Api, BodyContent, GoodReply, Operation, ResponseType, StreamPart};
use crate::walk::{
    Site, body_media, failure_replies, good_replies, is_plain, json_media, json_reply_schema, operations,
    parameter_schema, schema_at, stream_media,
};

pub(super) fn write(document: &Document, api: &Api) -> Value {
    let mut paths = Map::new();
    for (index, (site, operation)) in operations(document).iter().zip(&api.operations).enumerate() {
        paths.insert(format!("/op{index}"), path_item(index, site, operation));
        for (number, reply) in operation.success.replies.iter().enumerate() {
            if reply.content == ResponseType::Json {
                paths.insert(format!("/op{index}r{number}"), reply_item(index, number, site, reply));
            }
        }
        for (name, schema) in further_schemas(index, site, operation) {
            paths.insert(
                format!("/{name}"),
                json!({ "post": {
                "operationId": name,
                "responses": { "200": json_schema_response(schema.as_ref()) },
            } }),
            );
        }
    }
    paths.values_mut().for_each(|item| settle_defaults(item, api));
    ask_for(&Value::Object(paths), &Value::Object(reduced_schemas(document, api)))
}

/// The question for these operations and schemas.
pub(super) fn ask_for(paths: &Value, schemas: &Value) -> Value {
    json!({
        "openapi": "3.0.3",
        "info": { "title": "question", "version": "0" },
        "paths": paths,
        "components": { "schemas": schemas },
    })
}

fn path_item(index: usize, site: &Site<'_>, operation: &Operation) -> Value {
    let mut asked = json!({
        "operationId": format!("op{index}"),
        "parameters": parameters(site, operation),
        "responses": { "200": response(site, operation) },
    });
    if operation.body.as_ref().is_some_and(|body| is_typed(&body.content))
        && let Some(asked) = asked.as_object_mut()
    {
        let media = site.node.at(&["requestBody", "content"]).and_then(|content| body_media(&content));
        let schema = media.and_then(|(_, media)| Some(reduce_schema(media.get("schema")?.value())));
        let body = json!({
            "required": true,
            "content": { "application/json": { "schema": schema.unwrap_or_else(|| json!({})) } },
        });
        asked.insert("requestBody".to_owned(), body);
    }
    json!({ "post": asked })
}

fn is_typed(content: &BodyContent) -> bool {
    matches!(content, BodyContent::Json | BodyContent::Form(_))
}

/// One of several replies, asked for as the reply of an operation of its own.
fn reply_item(index: usize, number: usize, site: &Site<'_>, reply: &GoodReply) -> Value {
    let is_it = |status: &str| status.parse().ok() == reply.status;
    let node = good_replies(&site.node).into_iter().find(|(status, _)| is_it(status)).map(|(_, node)| node);
    json!({ "post": {
        "operationId": format!("op{index}r{number}"),
        "responses": { "200": json_response(node.as_ref()) },
    } })
}

/// What else an operation is answered with, under the names of operations of their own: an item of a page, a part of a
/// stream, the bodies of failures.
fn further_schemas<'a>(index: usize, site: &Site<'a>, operation: &Operation) -> Vec<(String, Option<Node<'a>>)> {
    let mut all = Vec::new();
    if let Some(results) = operation.pagination.as_ref().and_then(|pagination| pagination.results.as_deref()) {
        let list = json_reply_schema(&site.node).and_then(|reply| schema_at(&reply, results));
        all.push((format!("op{index}i"), list.and_then(|list| list.get("items"))));
    }
    if operation.streaming.as_ref().is_some_and(|streaming| streaming.part != StreamPart::Text) {
        all.push((format!("op{index}s"), stream_media(&site.node).and_then(|(_, media)| media.get("schema"))));
    }
    let failures = failure_replies(&site.node);
    for (number, (failure, (_, reply))) in operation.failures.iter().zip(&failures).enumerate() {
        if failure.ident.is_some() {
            let media = reply.get("content").and_then(|content| json_media(&content));
            all.push((format!("op{index}f{number}"), media.and_then(|(_, media)| media.get("schema"))));
        }
    }
    all
}

fn parameters(site: &Site<'_>, operation: &Operation) -> Vec<Value> {
    let declared = site.parameters();
    let asked = operation.params.iter().enumerate().filter_map(|(index, param)| {
        let node = declared.iter().find(|node| is_param(node, param))?;
        let mut schema = parameter_schema(node).map_or_else(|| json!({}), |(schema, _)| plain_schema(&schema));
        if let Value::Object(schema) = &mut schema {
            // Neither a path nor a query can say `null`.
            schema.shift_remove("nullable");
            if let Some(Value::Object(items)) = schema.get_mut("items") {
                items.shift_remove("nullable");
            }
        }
        Some(json!({ "name": format!("p{index}"), "in": "query", "required": true, "schema": schema }))
    });
    asked.collect()
}

/// A named text, number or boolean is asked for as what it is: its name says nothing of how it is written. Enums of texts
/// know that themselves.
fn plain_schema(schema: &Node<'_>) -> Value {
    let plain = |schema: &Node<'_>| {
        let target = schema.resolve_single()?;
        let is_text_enum = target.get("enum").is_some() && target.text("type") == Some("string");
        (is_plain(&target) && !is_text_enum).then(|| reduce_schema(target.value()))
    };
    if let Some(plain) = plain(schema) {
        return plain;
    }
    let list = schema.resolve_single().filter(|target| target.text("type") == Some("array"));
    match list.as_ref().and_then(|list| list.get("items")).and_then(|items| plain(&items)) {
        Some(items) => json!({ "type": "array", "items": items }),
        None => reduce_schema(schema.value()),
    }
}

fn is_param(node: &Node<'_>, param: &crate::ir::Param) -> bool {
    let location = format!("{:?}", param.location).to_lowercase();
    node.text("name") == Some(&param.name) && node.text("in") == Some(&location)
}

fn response(site: &Site<'_>, operation: &Operation) -> Value {
    if operation.success.content == ResponseType::Json {
        json_response(good_replies(&site.node).first().map(|(_, reply)| reply))
    } else {
        json!({ "description": "" })
    }
}

fn json_response(reply: Option<&Node<'_>>) -> Value {
    let media = reply.and_then(|reply| reply.get("content")).and_then(|content| json_media(&content));
    json_schema_response(media.and_then(|(_, media)| media.get("schema")).as_ref())
}

fn json_schema_response(schema: Option<&Node<'_>>) -> Value {
    let schema = schema.map_or_else(|| json!({}), |schema| reduce_schema(schema.value()));
    json!({ "description": "", "content": { "application/json": { "schema": schema } } })
}
