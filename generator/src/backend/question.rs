//! The document that is put to progenitor: the schemas, reduced, and for each operation one of a plain form.
//!
//! Operation 3 with two parameters and a body becomes `POST /op3?p0=…&p1=…` with a JSON body: whatever the parameters'
//! places and styles, their types are the same, and the names cannot collide with anything.

use serde_json::{Map, Value, json};

use super::defaults::settle_defaults;
use super::reduce::{reduce_schema, reduced_schemas};
use crate::document::{Document, Node};
use crate::ir::{Api, BodyContent, GoodReply, Operation, ResponseType};
use crate::walk::{Site, body_media, good_replies, json_media, operations, parameter_schema};

pub(super) fn write(document: &Document, api: &Api) -> Value {
    let mut paths = Map::new();
    for (index, (site, operation)) in operations(document).iter().zip(&api.operations).enumerate() {
        paths.insert(format!("/op{index}"), path_item(index, site, operation));
        for (number, reply) in operation.success.replies.iter().enumerate() {
            if reply.content == ResponseType::Json {
                paths.insert(format!("/op{index}r{number}"), reply_item(index, number, site, reply));
            }
        }
    }
    paths.values_mut().for_each(|item| settle_defaults(item, api));
    json!({
        "openapi": "3.0.3",
        "info": { "title": "question", "version": "0" },
        "paths": paths,
        "components": { "schemas": reduced_schemas(document, api) },
    })
}

fn path_item(index: usize, site: &Site<'_>, operation: &Operation) -> Value {
    let mut asked = json!({
        "operationId": format!("op{index}"),
        "parameters": parameters(site, operation),
        "responses": { "200": response(site, operation) },
    });
    if operation.body.as_ref().is_some_and(|body| is_typed(&body.content)) {
        let media = site.node.at(&["requestBody", "content"]).and_then(|content| body_media(&content));
        let schema = media.and_then(|(_, media)| Some(reduce_schema(media.get("schema")?.value())));
        asked["requestBody"] = json!({
            "required": true,
            "content": { "application/json": { "schema": schema.unwrap_or_else(|| json!({})) } },
        });
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

fn parameters(site: &Site<'_>, operation: &Operation) -> Vec<Value> {
    let declared = site.parameters();
    let asked = operation.params.iter().enumerate().filter_map(|(index, param)| {
        let node = declared.iter().find(|node| is_param(node, param))?;
        let mut schema = parameter_schema(node).map_or_else(|| json!({}), |(schema, _)| reduce_schema(schema.value()));
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
    let schema = media.and_then(|(_, media)| Some(reduce_schema(media.get("schema")?.value())));
    let schema = schema.unwrap_or_else(|| json!({}));
    json!({ "description": "", "content": { "application/json": { "schema": schema } } })
}
