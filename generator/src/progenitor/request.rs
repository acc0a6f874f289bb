//! The request document for progenitor: the named schemas, and one simple operation for each distinct type of a slot.
//!
//! The type of a parameter is requested as `POST /type3?value=…`, that of a body as the JSON body of such an operation,
//! and that of a response as its JSON response. The types do not depend on the locations, styles and names of the API,
//! and the names cannot collide. Slots with the same role and schema share an operation.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::defaults::settle_defaults;
use super::strip::{strip_argument, strip_schema, stripped_schemas};
use crate::ir::{Api, SlotDef, SlotRole};

/// The schemas and types to request from progenitor.
pub(super) struct Request {
    schemas: Map<String, Value>,
    /// The distinct types. `None` for a removed type.
    types: Vec<Option<(SlotRole, Value)>>,
    /// The type of each slot, as an index into `types`.
    of_slot: Vec<usize>,
}

impl Request {
    pub(super) fn of(api: &Api) -> Self {
        let mut request = Self { schemas: stripped_schemas(api), types: Vec::new(), of_slot: Vec::new() };
        let mut known: HashMap<(SlotRole, String), usize> = HashMap::new();
        for (_, slot) in api.slots.iter() {
            let mut schema = match slot.role {
                SlotRole::Argument => strip_argument(&slot.schema),
                SlotRole::Body | SlotRole::Response => strip_schema(&slot.schema),
            };
            settle_defaults(&mut schema, api);
            let index = *known.entry((slot.role, schema.to_string())).or_insert_with(|| {
                request.types.push(Some((slot.role, schema)));
                request.types.len() - 1
            });
            request.of_slot.push(index);
        }
        request
    }

    #[cfg(test)]
    pub(super) fn new(schemas: Map<String, Value>, types: Vec<Option<(SlotRole, Value)>>) -> Self {
        Self { schemas, types, of_slot: Vec::new() }
    }

    /// Returns the named schemas.
    pub(super) fn schemas(&self) -> &Map<String, Value> {
        &self.schemas
    }

    /// Returns the named schemas, to be changed.
    pub(super) fn schemas_mut(&mut self) -> &mut Map<String, Value> {
        &mut self.schemas
    }

    /// Returns each distinct type with its index.
    pub(super) fn types(&self) -> impl Iterator<Item = (usize, SlotRole, &Value)> {
        let all = self.types.iter().enumerate();
        all.filter_map(|(index, ty)| ty.as_ref().map(|(role, schema)| (index, *role, schema)))
    }

    /// Removes a type.
    pub(super) fn remove(&mut self, index: usize) {
        if let Some(ty) = self.types.get_mut(index) {
            *ty = None;
        }
    }

    /// Returns the index of the type of each slot.
    pub(super) fn of_slot(&self) -> &[usize] {
        &self.of_slot
    }

    /// Returns the slots of a type.
    pub(super) fn slots_of<'a>(&'a self, index: usize, api: &'a Api) -> impl Iterator<Item = &'a SlotDef> {
        let slots = api.slots.iter().zip(&self.of_slot);
        slots.filter(move |(_, of)| **of == index).map(|((_, slot), _)| slot)
    }

    /// Returns the whole request as a document.
    pub(super) fn document(&self) -> Value {
        document(self.types(), &self.schemas)
    }
}

/// Returns the document that requests some types, with the given schemas.
pub(super) fn document<'a>(
    types: impl Iterator<Item = (usize, SlotRole, &'a Value)>,
    schemas: &Map<String, Value>,
) -> Value {
    let paths: Map<_, _> = types.map(|(index, role, schema)| path(index, role, schema)).collect();
    json!({
        "openapi": "3.0.3",
        "info": { "title": "types", "version": "0" },
        "paths": paths,
        "components": { "schemas": schemas },
    })
}

/// Returns the name of the operation that requests a type.
pub(super) fn operation_id(index: usize) -> String {
    format!("type{index}")
}

fn path(index: usize, role: SlotRole, schema: &Value) -> (String, Value) {
    let id = operation_id(index);
    let empty = json!({ "200": { "description": "" } });
    let content = json!({ "application/json": { "schema": schema } });
    let operation = match role {
        SlotRole::Argument => json!({
            "operationId": id,
            "parameters": [{ "name": "value", "in": "query", "required": true, "schema": schema }],
            "responses": empty,
        }),
        SlotRole::Body => json!({
            "operationId": id,
            "requestBody": { "required": true, "content": content },
            "responses": empty,
        }),
        SlotRole::Response => json!({
            "operationId": id,
            "responses": { "200": { "description": "", "content": content } },
        }),
    };
    (format!("/{id}"), json!({ "post": operation }))
}
