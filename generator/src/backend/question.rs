//! The document that is put to progenitor: the schemas, reduced, and for each operation one of a plain form.
//!
//! Operation 3 with two parameters and a body becomes `POST /op3?p0=…&p1=…` with a JSON body: whatever the parameters'
//! places and styles, their types are the same, and the names cannot collide with anything.

use serde_json::{Map, Value, json};

use super::reduce::{reduce_schema, reduced_schemas};
use crate::document::{Document, Node};
use crate::ir::{Api, Operation, ResponseType};
use crate::walk::{Site, operations};

pub(super) fn write(document: &Document, api: &Api) -> Value {
    let paths: Map<String, Value> = operations(document)
        .iter()
        .zip(&api.operations)
        .enumerate()
        .map(|(index, (site, operation))| (format!("/op{index}"), path_item(index, site, operation)))
        .collect();
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
    if operation.body.is_some() {
        let schema = site.node.at(&["requestBody", "content"]).and_then(|content| json_schema(&content));
        asked["requestBody"] = json!({
            "required": true,
            "content": { "application/json": { "schema": schema.unwrap_or_else(|| json!({})) } },
        });
    }
    json!({ "post": asked })
}

fn parameters(site: &Site<'_>, operation: &Operation) -> Vec<Value> {
    let declared = site.parameters();
    let asked = operation.params.iter().enumerate().filter_map(|(index, param)| {
        let node = declared.iter().find(|node| is_param(node, param))?;
        let mut schema = reduce_schema(node.get("schema")?.value());
        if let Value::Object(schema) = &mut schema {
            // Neither a path nor a query can say `null`.
            schema.shift_remove("nullable");
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
    let mut response = json!({ "description": "" });
    if operation.success.content == ResponseType::Json {
        let responses = site.node.get("responses");
        let good = responses.iter().flat_map(Node::entries).find(|(status, _)| status.starts_with('2'));
        let reply = good.map(|(_, reply)| reply).or_else(|| responses.as_ref()?.get("default"));
        let schema = reply.and_then(|reply| reply.get("content")).and_then(|content| json_schema(&content));
        response["content"] = json!({ "application/json": { "schema": schema.unwrap_or_else(|| json!({})) } });
    }
    response
}

fn json_schema(content: &Node<'_>) -> Option<Value> {
    let (_, media) = content.entries().find(|(name, _)| crate::media::is_json(name))?;
    Some(reduce_schema(media.get("schema")?.value()))
}
