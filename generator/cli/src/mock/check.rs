//! Validates a request against the document.

use generator::document::Node;
use generator::ir::{Api, Operation, Placement};
use serde_json::Value;

use super::request::{Request, decoded};
use super::{multipart, schema};

/// A rule that a request violates, and the status of the response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Violation {
    pub(super) status: u16,
    /// A short name of the kind of rule.
    pub(super) rule: &'static str,
    pub(super) message: String,
    /// An additional header of the response.
    pub(super) header: Option<(&'static str, String)>,
}

impl Violation {
    pub(super) fn new(status: u16, rule: &'static str, message: impl Into<String>) -> Self {
        Self { status, rule, message: message.into(), header: None }
    }

    /// The path does not support the method; it supports only these.
    pub(super) fn method(methods: &str) -> Self {
        let header = Some(("allow", methods.to_owned()));
        Self { header, ..Self::new(405, "method", format!("the path supports only {methods}")) }
    }
}

/// An operation in the document, with its path item.
pub(super) struct Site<'a> {
    pub(super) item: Node<'a>,
    pub(super) node: Node<'a>,
}

/// Checks the credential, then the parameters, then the body.
pub(super) fn check(
    api: &Api,
    operation: &Operation,
    site: &Site<'_>,
    request: &Request,
    path_values: &[(String, String)],
) -> Result<(), Violation> {
    check_credential(api, operation, request)?;
    for parameter in parameters(site) {
        check_parameter(&operation.template, &parameter, request, path_values)?;
    }
    match site.node.get("requestBody").and_then(|body| body.resolve()) {
        Some(body) => check_body(&body, request),
        None => Ok(()),
    }
}

fn check_credential(api: &Api, operation: &Operation, request: &Request) -> Result<(), Violation> {
    let is_given = |name: &String| {
        let scheme = api.client.schemes.iter().find(|scheme| scheme.name == *name);
        scheme.is_none_or(|scheme| has_credential(&scheme.placement, request))
    };
    let alternatives = &operation.security;
    if alternatives.is_empty() || alternatives.iter().any(|together| together.iter().all(is_given)) {
        return Ok(());
    }
    let names: Vec<String> = alternatives.iter().map(|together| together.join(" and ")).collect();
    Err(Violation::new(401, "credential", format!("the operation needs the credential {}", names.join(" or "))))
}

fn has_credential(placement: &Placement, request: &Request) -> bool {
    let authorization = |prefix: &str| {
        let given = request.header("authorization").and_then(|value| value.split_once(' '));
        given.is_some_and(|(own, rest)| own.eq_ignore_ascii_case(prefix) && !rest.trim().is_empty())
    };
    let is_set = |value: Option<&str>| value.is_some_and(|value| !value.is_empty());
    match placement {
        Placement::Header(name) => is_set(request.header(name)),
        Placement::Query(name) => is_set(request.query_values(name).next()),
        Placement::Cookie(name) => is_set(request.cookie(name)),
        Placement::Bearer => authorization("bearer"),
        Placement::Basic => authorization("basic"),
    }
}

/// The parameters of the path item that the operation does not override, then those of the operation.
fn parameters<'a>(site: &Site<'a>) -> Vec<Node<'a>> {
    let of = |node: &Node<'a>| -> Vec<Node<'a>> {
        node.get("parameters").iter().flat_map(Node::items).filter_map(|parameter| parameter.resolve()).collect()
    };
    let own = of(&site.node);
    let is_own =
        |shared: &Node<'_>| own.iter().any(|own| ["name", "in"].iter().all(|key| own.text(key) == shared.text(key)));
    of(&site.item).into_iter().filter(|shared| !is_own(shared)).chain(own.clone()).collect()
}

/// Returns the name of the query parameter that a path parameter is sent as, if it is in the query of the path.
fn in_query<'p>(path: &'p str, name: &str) -> Option<&'p str> {
    let (_, query) = path.split_once('?')?;
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(_, value)| *value == format!("{{{name}}}")).map(|(key, _)| key)
}

fn check_parameter(
    path: &str,
    parameter: &Node<'_>,
    request: &Request,
    path_values: &[(String, String)],
) -> Result<(), Violation> {
    let (Some(name), Some(location)) = (parameter.text("name"), parameter.text("in")) else { return Ok(()) };
    let in_query = in_query(path, name).filter(|_| location == "path");
    let (name, location) = in_query.map_or((name, location), |key| (key, "query"));
    let values: Vec<String> = match location {
        "path" => path_values.iter().filter(|(own, _)| own == name).map(|(_, value)| decoded(value)).collect(),
        "query" => request.query_values(name).map(str::to_owned).collect(),
        "header" => request.header(name).map(str::to_owned).into_iter().collect(),
        "cookie" => request.cookie(name).map(decoded).into_iter().collect(),
        _ => return Ok(()),
    };
    let Some(first) = values.first() else {
        let is_required = parameter.is_true("required");
        let missing = || Err(Violation::new(400, "parameter", format!("the {location} parameter `{name}` is missing")));
        return if is_required { missing() } else { Ok(()) };
    };
    if location == "path" && first.is_empty() {
        return Err(Violation::new(400, "parameter", format!("the path parameter `{name}` is empty")));
    }
    let Some(schema) = parameter.get("schema").and_then(|schema| schema.resolve()) else { return Ok(()) };
    let value = match schema.text("type") {
        Some("object") => return Ok(()),
        Some("array") => listed(parameter, &schema, location, &values),
        _ => typed(&schema, first),
    };
    let message = |message: String| Violation::new(400, "parameter", format!("the {location} parameter {message}"));
    schema::check(&schema, &value, name).map_err(message)
}

/// The items of an array: repeated names in a query, otherwise the parts between the separators of its style.
fn listed(parameter: &Node<'_>, schema: &Node<'_>, location: &str, values: &[String]) -> Value {
    let items = schema.get("items").and_then(|items| items.resolve());
    let item = |text: &str| items.as_ref().map_or_else(|| text.into(), |items| typed(items, text));
    let is_repeated =
        location == "query" && parameter.get("explode").is_none_or(|node| *node.value() != Value::Bool(false));
    if is_repeated {
        return values.iter().map(|text| item(text)).collect();
    }
    let separator = match parameter.text("style") {
        Some("spaceDelimited") => ' ',
        Some("pipeDelimited") => '|',
        _ => ',',
    };
    values.iter().flat_map(|text| text.split(separator)).map(item).collect()
}

/// A string as a value of the type in its schema, or as a string if it cannot be parsed.
pub(super) fn typed(schema: &Node<'_>, text: &str) -> Value {
    let parsed = match schema.text("type") {
        Some("integer" | "number" | "boolean") => serde_json::from_str(text).ok(),
        _ => None,
    };
    parsed.unwrap_or_else(|| text.into())
}

fn check_body(body: &Node<'_>, request: &Request) -> Result<(), Violation> {
    if request.body.is_empty() {
        let missing = || Err(Violation::new(400, "body", "the body is missing"));
        return if body.is_true("required") { missing() } else { Ok(()) };
    }
    let given = request.header("content-type").unwrap_or_default();
    let essence = given.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let media = body.get("content");
    let known: Vec<(&str, Node<'_>)> = media.iter().flat_map(Node::entries).collect();
    let Some((_, media)) = known.iter().find(|(name, _)| takes(name, &essence)) else {
        let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
        return Err(Violation::new(415, "content-type", format!("the content type must be {}", names.join(" or "))));
    };
    if essence == "multipart/form-data" {
        return multipart::check(media, given, &request.body).map_err(|rule| Violation::new(400, "body", rule));
    }
    if !(essence.ends_with("/json") || essence.ends_with("+json")) {
        return Ok(());
    }
    let value: Value = serde_json::from_slice(&request.body).map_err(|error| {
        Violation::new(
            400,
            "body",
            format!("the body is not valid JSON (line {}, column {})", error.line(), error.column()),
        )
    })?;
    let schema = media.get("schema");
    schema
        .map_or(Ok(()), |schema| schema::check(&schema, &value, "body"))
        .map_err(|rule| Violation::new(400, "body", rule))
}

/// Whether a media type or media range of the document matches the content type of the request.
fn takes(known: &str, essence: &str) -> bool {
    let known = known.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    known == essence || known == "*/*" || known.strip_suffix('*').is_some_and(|range| essence.starts_with(range))
}
