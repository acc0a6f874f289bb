//! Reads the arguments of a call from the request that it must send.

use generator::ir::{
    Alternative, AnyStyle, Api, BodyContent, Location, Operation, Param, ParamStyle, Placement, SlotDef,
};
use serde_json::{Map, Value, json};

use super::job::Call;
use super::matching::Match;
use super::scenarios::{Body, Content, Exchange, decoded, text};
use clientsmith::xml::Tree;

/// The call that sends the request of an exchange.
pub(crate) fn call(api: &Api, found: &Match<'_>, exchange: &Exchange) -> Call {
    let operation = found.operation;
    let mut arguments = Map::new();
    let request = Request { query: exchange.query(), exchange, found };
    for (index, param) in operation.params.iter().enumerate() {
        let schema = schema(api, param);
        let given = exchange.call.as_ref().and_then(|call| call.arguments.get(&param.name)).cloned();
        let value = given.or_else(|| request.value(index, param, schema));
        arguments.extend(value.map(|value| (param.ident.clone(), value)));
    }
    let content_type = exchange.header("content-type").or_else(|| match exchange.request_body() {
        Some(Body::Content(content)) => Some(content.media_type.clone()),
        _ => None,
    });
    let choice = operation.body.as_ref().and_then(|body| body.choice.as_ref());
    if let (Some(choice), Some(media_type)) = (choice, content_type) {
        arguments.insert(choice.ident.clone(), Value::String(media_type));
    }
    let body = operation.body.as_ref().zip(exchange.request_body());
    let given = exchange.call.as_ref().and_then(|call| call.body.clone());
    let body = given.or_else(|| body.map(|(body, value)| body_argument(api, &body.content, value)));
    let accept = accept(operation, exchange);
    Call { function: function(operation, exchange), arguments, accept, link: None, body }
}

/// The function, and the method that requests the media type of the scenario.
fn function(operation: &Operation, exchange: &Exchange) -> String {
    let name = &operation.function_ident;
    let accepted = exchange.header("accept").or_else(|| match &exchange.response.body {
        Some(Body::Content(content)) => Some(content.media_type.clone()),
        _ => None,
    });
    let is_accepted =
        |alternative: &&Alternative| accepted.as_ref().is_some_and(|accepted| alternative.accept == *accepted);
    match operation.alternatives.iter().find(is_accepted) {
        Some(alternative) => format!("{name}.{}", alternative.ident),
        None => name.clone(),
    }
}

/// The `Accept` header of a request whose operation does not request that media type.
fn accept(operation: &Operation, exchange: &Exchange) -> Option<String> {
    let accept = exchange.header("accept")?;
    let is_listed = operation.alternatives.iter().any(|alternative| alternative.accept == accept);
    (!is_listed && operation.success.accept.as_ref() != Some(&accept)).then_some(accept)
}

/// The credentials of a scenario. If the suite has none for an operation that needs one, each is invalid.
pub(crate) fn invalid_credentials(api: &Api) -> Map<String, Value> {
    let schemes = api.client.schemes.iter();
    schemes.map(|scheme| (scheme.ident.clone(), Value::String("invalid".to_owned()))).collect()
}

/// The credentials in the request of an exchange, by the names of the builder's methods.
pub(crate) fn credentials(api: &Api, exchange: &Exchange) -> Map<String, Value> {
    let query = exchange.query();
    let bearer = exchange.header("authorization");
    let schemes = api.client.schemes.iter().filter_map(|scheme| {
        let value = match &scheme.placement {
            Placement::Header(name) => exchange.header(name),
            Placement::Query(name) => query.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone()),
            Placement::Bearer => bearer.as_ref()?.strip_prefix("Bearer ").map(str::to_owned),
            Placement::Cookie(_) | Placement::Basic => None,
        };
        Some((scheme.ident.clone(), Value::String(value?)))
    });
    schemes.collect()
}

fn schema<'a>(api: &'a Api, param: &Param) -> Option<&'a Value> {
    let found = api.slots.iter().find(|(slot, _)| *slot == param.slot);
    found.map(|(_, SlotDef { schema, .. })| schema)
}

/// An expected request, as the source of arguments.
struct Request<'a> {
    query: Vec<(String, String)>,
    exchange: &'a Exchange,
    found: &'a Match<'a>,
}

impl Request<'_> {
    /// The value of a parameter. `None` if the request does not have it.
    fn value(&self, index: usize, param: &Param, schema: Option<&Value>) -> Option<Value> {
        match param.location {
            Location::Path => {
                let (_, raw) = self.found.values.iter().find(|(key, _)| *key == index)?;
                Some(path_value(param, schema, raw))
            }
            Location::Query => self.query_value(param, schema),
            Location::Header => {
                let written = self.exchange.header(&param.name)?;
                Some(match param.style {
                    ParamStyle::Scalar => Value::String(written),
                    ParamStyle::Any(_) => structured(schema, &split(&written, ',')),
                    _ => list(&split(&written, ',')),
                })
            }
            Location::Cookie => None,
        }
    }

    fn query_value(&self, param: &Param, schema: Option<&Value>) -> Option<Value> {
        let values: Vec<_> =
            self.query.iter().filter(|(name, _)| *name == param.name).map(|(_, value)| value.clone()).collect();
        let first = values.first();
        match param.style {
            ParamStyle::Scalar => first.cloned().map(Value::String),
            ParamStyle::Exploded => first.map(|_| list(&values)),
            ParamStyle::Comma => first.map(|value| list(&split(value, ','))),
            ParamStyle::Space => first.map(|value| list(&split(value, ' '))),
            ParamStyle::Tab => first.map(|value| list(&split(value, '\t'))),
            ParamStyle::Pipe => first.map(|value| list(&split(value, '|'))),
            ParamStyle::Any(AnyStyle::Exploded) => first.map(|_| list(&values)).or_else(|| self.properties(schema)),
            ParamStyle::Any(AnyStyle::Space) => first.map(|value| structured(schema, &split(value, ' '))),
            ParamStyle::Any(AnyStyle::Tab) => first.map(|value| structured(schema, &split(value, '\t'))),
            ParamStyle::Any(AnyStyle::Pipe) => first.map(|value| structured(schema, &split(value, '|'))),
            ParamStyle::Any(AnyStyle::Json) => first.and_then(|value| serde_json::from_str(value).ok()),
            ParamStyle::Any(_) => first.map(|value| structured(schema, &split(value, ','))),
        }
    }

    /// The object whose properties are separate query parameters: those that no other parameter has.
    fn properties(&self, _schema: Option<&Value>) -> Option<Value> {
        let params = &self.found.operation.params;
        let is_other = |name: &str| params.iter().any(|param| param.location == Location::Query && param.name == name);
        let rest = self.query.iter().filter(|(name, _)| !is_other(name));
        let object: Map<_, _> = rest.map(|(name, value)| (name.clone(), Value::String(value.clone()))).collect();
        (!object.is_empty()).then_some(Value::Object(object))
    }
}

/// Reads a value of a path, as its style writes it.
fn path_value(param: &Param, schema: Option<&Value>, raw: &str) -> Value {
    match param.style {
        ParamStyle::Scalar => Value::String(decoded(raw)),
        ParamStyle::Any(AnyStyle::Label { explode }) => {
            let separator = if explode { '.' } else { ',' };
            structured(schema, &split(raw.trim_start_matches('.'), separator))
        }
        ParamStyle::Any(AnyStyle::Matrix { explode }) => {
            let separator = if explode { ';' } else { ',' };
            let own = format!("{}=", param.name);
            let parts = split(raw.trim_start_matches(';'), separator);
            let parts: Vec<_> = parts.iter().map(|part| part.strip_prefix(&own).unwrap_or(part).to_owned()).collect();
            structured(schema, &parts)
        }
        ParamStyle::Any(_) => structured(schema, &split(raw, ',')),
        _ => list(&split(raw, ',')),
    }
}

fn split(text: &str, separator: char) -> Vec<String> {
    text.split(separator).map(decoded).collect()
}

fn list(values: &[String]) -> Value {
    Value::Array(values.iter().map(|value| Value::String(value.clone())).collect())
}

/// A value from its parts: an object if the schema is one, a list if it is one, and otherwise the first part.
fn structured(schema: Option<&Value>, parts: &[String]) -> Value {
    let kind = schema.and_then(|schema| schema.get("type")).and_then(Value::as_str);
    match kind {
        Some("array") => list(parts),
        Some("object") => object(parts),
        _ => Value::String(parts.join(",")),
    }
}

/// An object from `name=value` parts, or from alternating names and values.
fn object(parts: &[String]) -> Value {
    let mut fields = Map::new();
    let mut pending: Option<&str> = None;
    for part in parts {
        match (part.split_once('='), pending.take()) {
            (Some((name, value)), None) => _ = fields.insert(name.to_owned(), Value::String(value.to_owned())),
            (_, Some(name)) => _ = fields.insert(name.to_owned(), Value::String(part.clone())),
            (None, None) => pending = Some(part),
        }
    }
    Value::Object(fields)
}

/// The body as the program reads it.
fn body_argument(api: &Api, content: &BodyContent, body: &Body) -> Value {
    match (content, body) {
        (BodyContent::Multipart(_), Body::Form { fields, files }) => {
            let fields = fields.iter().flat_map(|(name, value)| parts_of_field(name, value));
            let files = files.iter().map(|file| {
                let Content { media_type, bytes } = &file.content;
                json!({"name": file.field, "file_name": file.name, "media_type": media_type, "content": bytes})
            });
            fields.chain(files).collect()
        }
        (BodyContent::Xml(slot), Body::Content(content)) => {
            let tree = Tree::parse(&content.bytes).ok();
            let value = tree.zip(api.slots.xml(*slot)).map(|(tree, root)| tree.value(api, &root.element.content));
            value.unwrap_or_default()
        }
        (BodyContent::Bytes, Body::Content(content)) => json!(content.bytes),
        (BodyContent::Text, Body::Content(content)) => {
            Value::String(String::from_utf8_lossy(&content.plain()).into_owned())
        }
        (_, Body::Content(content)) => {
            let parsed = serde_json::from_slice(&content.bytes);
            parsed.unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&content.bytes).into_owned()))
        }
        (_, Body::Form { fields, .. }) => Value::Object(fields.clone()),
        (_, Body::Any) => Value::Object(Map::new()),
    }
}

/// The parts of a field: objects are JSON, lists of objects are one JSON part, everything else is text.
fn parts_of_field(name: &str, value: &Value) -> Vec<Value> {
    let bytes = text(value).into_bytes();
    match value {
        Value::Object(_) | Value::Array(_) => {
            vec![json!({"name": name, "media_type": "application/json", "content": bytes})]
        }
        _ => vec![json!({"name": name, "content": bytes})],
    }
}
