//! Builds synthetic documents of any size, deterministically: resources with operations and schemas as in typical services.

use serde_json::{Map, Value, json};

/// A path, a method and an operation.
type Placed = (String, &'static str, Value);

/// The operations of a resource, in the order of the document.
const KINDS: [fn(&Resource) -> Placed; 6] = [list, create, get, change, delete, watch];

/// A document with this many operations: one namespace per six operations, with parameters of several styles, bodies, own and
/// shared schemas, enums and unions.
#[must_use]
pub fn document(operations: usize) -> Value {
    let mut paths: Map<String, Value> = Map::new();
    let mut schemas = shared_schemas();
    for number in 0..operations.div_ceil(KINDS.len()) {
        let resource = Resource::new(number);
        for kind in KINDS.iter().take(operations - number * KINDS.len()) {
            let (path, method, operation) = kind(&resource);
            let item = paths.entry(path).or_insert_with(|| json!({}));
            item[method] = operation;
        }
        schemas.extend(resource.schemas());
    }
    json!({
        "openapi": "3.0.3",
        "info": { "title": "Synthetic", "version": "1.0.0", "description": "A service that does not exist." },
        "servers": [{ "url": "https://api.example.com/v1" }],
        "security": [{ "bearer": [] }],
        "paths": paths,
        "components": {
            "securitySchemes": { "bearer": { "type": "http", "scheme": "bearer" } },
            "schemas": schemas,
        },
    })
}

/// The words in names, chosen with many different first letters.
const WORDS: [&str; 20] = [
    "Account", "Badge", "Card", "Device", "Event", "Folder", "Group", "Host", "Invoice", "Job", "Key", "Label",
    "Member", "Note", "Order", "Project", "Quota", "Report", "Site", "Ticket",
];

struct Resource {
    name: String,
    tag: String,
}

impl Resource {
    fn new(number: usize) -> Self {
        let word = |number: usize| WORDS.get(number % WORDS.len()).copied().unwrap_or_default();
        let (first, second) = (word(number), word(number / WORDS.len()));
        let round = number / (WORDS.len() * WORDS.len());
        let round = if round == 0 { String::new() } else { round.to_string() };
        Self { name: format!("{first}{second}{round}"), tag: format!("{first}{second}{round}s") }
    }

    fn path(&self) -> String {
        format!("/{}", self.tag.to_lowercase())
    }

    fn item_path(&self) -> String {
        format!("{}/{{id}}", self.path())
    }

    fn operation(&self, verb: &str, more: Value) -> Value {
        let mut operation = json!({
            "operationId": format!("{verb}{}", self.name),
            "tags": [self.tag],
            "summary": format!("{verb} a {}", self.name),
            "description": "Several words about what it does, to whom it is of use, and what must be true before.",
        });
        if let (Value::Object(operation), Value::Object(more)) = (&mut operation, more) {
            operation.extend(more);
        }
        operation
    }

    fn schemas(&self) -> Map<String, Value> {
        let name = &self.name;
        let own = [
            (String::new(), self.whole()),
            ("Draft".to_owned(), self.draft()),
            ("Status".to_owned(), json!({ "type": "string", "enum": ["active", "paused", "deleted", "in-review"] })),
            ("Page".to_owned(), page(name)),
            ("Event".to_owned(), event(name)),
            ("Created".to_owned(), happened(&json!({ "item": reference(name) }))),
            ("Deleted".to_owned(), happened(&json!({ "reason": { "type": "string" } }))),
        ];
        own.into_iter().map(|(suffix, schema)| (format!("{name}{suffix}"), schema)).collect()
    }

    fn draft(&self) -> Value {
        json!({
            "type": "object",
            "required": ["title", "price"],
            "properties": {
                "title": { "type": "string", "description": "What people call it.", "maxLength": 200 },
                "note": { "type": "string", "nullable": true },
                "price": reference("Money"),
                "address": reference("Address"),
                "status": reference(&format!("{}Status", self.name)),
                "labels": { "type": "array", "items": { "type": "string" } },
                "settings": {
                    "type": "object",
                    "properties": {
                        "limit": { "type": "integer", "format": "int32", "default": 10 },
                        "enabled": { "type": "boolean", "default": true },
                    },
                },
            },
        })
    }

    fn whole(&self) -> Value {
        json!({
            "allOf": [
                reference(&format!("{}Draft", self.name)),
                {
                    "type": "object",
                    "required": ["id", "created_at"],
                    "properties": {
                        "id": { "type": "string", "format": "uuid", "readOnly": true },
                        "created_at": { "type": "string", "format": "date-time" },
                        "owner": { "oneOf": [{ "type": "string" }, reference("Owner")] },
                        "metadata": { "type": "object", "additionalProperties": { "type": "string" } },
                    },
                },
            ],
        })
    }
}

fn page(name: &str) -> Value {
    json!({
        "type": "object",
        "required": ["items"],
        "properties": {
            "items": { "type": "array", "items": reference(name) },
            "next": { "type": "string", "description": "Where the next page begins." },
        },
    })
}

/// A union with a discriminator.
fn event(name: &str) -> Value {
    let members = ["Created", "Deleted"].map(|suffix| format!("{name}{suffix}"));
    json!({
        "oneOf": members.each_ref().map(|member| reference(member)),
        "discriminator": {
            "propertyName": "kind",
            "mapping": { "created": pointer(&members[0]), "deleted": pointer(&members[1]) },
        },
    })
}

fn happened(more: &Value) -> Value {
    let mut properties = json!({ "kind": { "type": "string" }, "at": { "type": "string", "format": "date-time" } });
    if let (Value::Object(properties), Value::Object(more)) = (&mut properties, more) {
        properties.extend(more.clone());
    }
    json!({ "type": "object", "required": ["kind", "at"], "properties": properties })
}

fn shared_schemas() -> Map<String, Value> {
    let text = || json!({ "type": "string" });
    let shared = [
        (
            "Money",
            json!({
                "type": "object",
                "required": ["amount", "currency"],
                "properties": { "amount": { "type": "integer", "format": "int64" }, "currency": text() },
            }),
        ),
        ("Address", json!({ "type": "object", "properties": { "street": text(), "city": text(), "country": text() } })),
        ("Owner", json!({ "type": "object", "required": ["id"], "properties": { "id": text(), "name": text() } })),
        ("Problem", json!({ "type": "object", "properties": { "code": text(), "message": text() } })),
    ];
    shared.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect()
}

fn pointer(name: &str) -> String {
    format!("#/components/schemas/{name}")
}

fn reference(name: &str) -> Value {
    json!({ "$ref": pointer(name) })
}

fn content(name: &str) -> Value {
    json!({ "application/json": { "schema": reference(name) } })
}

fn responses(status: &str, name: &str) -> Value {
    json!({
        status: { "description": "What was asked for.", "content": content(name) },
        "default": { "description": "It could not be done.", "content": content("Problem") },
    })
}

fn id() -> Value {
    json!({ "name": "id", "in": "path", "required": true, "schema": { "type": "string" } })
}

fn query(name: &str, schema: &Value) -> Value {
    json!({ "name": name, "in": "query", "description": format!("Only those with this {name}."), "schema": schema })
}

fn list(resource: &Resource) -> Placed {
    let labels = json!({ "type": "array", "items": { "type": "string" } });
    let more = json!({
        "parameters": [
            query("limit", &json!({ "type": "integer", "format": "int32" })),
            query("cursor", &json!({ "type": "string" })),
            query("status", &reference(&format!("{}Status", resource.name))),
            { "name": "labels", "in": "query", "explode": false, "schema": labels },
            { "name": "X-Request-Id", "in": "header", "schema": { "type": "string" } },
        ],
        "responses": responses("200", &format!("{}Page", resource.name)),
    });
    (resource.path(), "get", resource.operation("list", more))
}

fn create(resource: &Resource) -> Placed {
    let more = json!({
        "requestBody": { "required": true, "content": content(&format!("{}Draft", resource.name)) },
        "responses": responses("201", &resource.name),
    });
    (resource.path(), "post", resource.operation("create", more))
}

fn get(resource: &Resource) -> Placed {
    let more = json!({ "parameters": [id()], "responses": responses("200", &resource.name) });
    (resource.item_path(), "get", resource.operation("get", more))
}

fn change(resource: &Resource) -> Placed {
    let schema = json!({
        "type": "object",
        "properties": {
            "title": { "type": "string", "nullable": true },
            "price": reference("Money"),
            "changes": { "type": "array", "items": { "type": "object", "properties": { "field": { "type": "string" } } } },
        },
    });
    let more = json!({
        "parameters": [id()],
        "requestBody": { "required": true, "content": { "application/json": { "schema": schema } } },
        "responses": responses("200", &resource.name),
    });
    (resource.item_path(), "patch", resource.operation("change", more))
}

fn delete(resource: &Resource) -> Placed {
    let more = json!({ "parameters": [id()], "responses": { "204": { "description": "It is gone." } } });
    (resource.item_path(), "delete", resource.operation("delete", more))
}

fn watch(resource: &Resource) -> Placed {
    let more = json!({
        "parameters": [id()],
        "responses": responses("200", &format!("{}Event", resource.name)),
    });
    (format!("{}/last-event", resource.item_path()), "get", resource.operation("watch", more))
}
