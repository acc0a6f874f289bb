//! Compares a request and the result of a call with an exchange of a scenario. Every error describes the first difference.

use serde_json::{Map, Value};

use super::job::{Outcome, Report};
use super::multipart;
use super::scenarios::{Body, Content, Exchange, File, essence, parse_query, text};
use super::server::{self, Received};
use clientsmith::xml::Tree;

/// The longest value that a difference shows, in characters.
const SHOWN: usize = 160;

/// Compares an exchange.
pub(crate) fn exchange(
    exchange: &Exchange,
    request: Option<&Received>,
    report: Option<&Report>,
    url: &str,
) -> Result<(), String> {
    let outcome = report.map(|report| &report.outcome);
    request_of(exchange, request, outcome)?;
    let report = report.ok_or("the call has no result")?;
    result(exchange, &report.outcome, url)?;
    response_headers(exchange, &report.headers, url)
}

/// Compares a request. The result of its call states why there is none.
pub(crate) fn request_of(
    exchange: &Exchange,
    request: Option<&Received>,
    outcome: Option<&Outcome>,
) -> Result<(), String> {
    if let Some(Outcome::NotCalled(reason)) = outcome {
        return Err(format!("the call cannot be made: {reason}"));
    }
    let request = request.ok_or_else(|| match outcome {
        Some(Outcome::Failed { message, .. }) => format!("no request was sent: {message}"),
        _ => "no request was sent".to_owned(),
    })?;
    compare_request(exchange, request)
}

/// Compares the headers that the client gives access to with those of the response.
fn response_headers(exchange: &Exchange, headers: &Map<String, Value>, url: &str) -> Result<(), String> {
    for (name, value) in &exchange.response.headers {
        let received = headers.get(&name.to_ascii_lowercase()).map(text).unwrap_or_default();
        same(&format!("header `{name}` of the response"), &server::with_links(&text(value), url), &received)?;
    }
    Ok(())
}

fn compare_request(exchange: &Exchange, request: &Received) -> Result<(), String> {
    same("method", &exchange.method.to_uppercase(), &request.method)?;
    same("path", &canonical_path(&exchange.path()), &canonical_path(&request.path))?;
    query(exchange, request)?;
    headers(exchange, request)?;
    match exchange.request_body() {
        Some(Body::Content(content)) => request_content(exchange, content, request),
        Some(Body::Form { fields, files }) => form(fields, files, request),
        Some(Body::Any) => Ok(()),
        None if request.body.is_empty() => Ok(()),
        None if exchange.request.is_none() => Ok(()),
        None => Err(difference("body", &"", &String::from_utf8_lossy(&request.body))),
    }
}

/// Compares the queries, whose pairs may have any order. Pairs that a scenario writes in its URI must be written in the same
/// way; of all others, the decoded names and values are compared.
fn query(exchange: &Exchange, request: &Received) -> Result<(), String> {
    let written = exchange.uri.split_once('?').map(|(_, query)| query);
    let named = exchange.request.as_ref().is_some_and(|request| !request.query.is_empty());
    if let (Some(written), false) = (written, named) {
        return same("query", &canonical_pairs(written), &canonical_pairs(&request.query));
    }
    let (mut expected, mut sent) = (exchange.query(), parse_query(&request.query));
    expected.sort();
    sent.sort();
    same("query", &expected, &sent)
}

fn canonical_pairs(query: &str) -> Vec<String> {
    let mut pairs: Vec<_> = query.split('&').filter(|pair| !pair.is_empty()).map(canonical).collect();
    pairs.sort();
    pairs
}

/// As on the server of the suite, a slash at the end of a path makes no difference.
fn canonical_path(path: &str) -> String {
    canonical(path.strip_suffix('/').unwrap_or(path))
}

/// The one spelling of a part of a URI: percent-encoding for everything but unreserved characters and delimiters, of which
/// only those that are written as such are kept.
fn canonical(text: &str) -> String {
    let mut canonical = String::new();
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        let escaped = (byte == b'%').then(|| bytes.clone().take(2).collect::<Vec<_>>()).and_then(|digits| {
            let digits = std::str::from_utf8(&digits).ok()?;
            u8::from_str_radix(digits, 16).ok()
        });
        if escaped.is_some() {
            _ = bytes.nth(1);
        }
        let is_unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        match escaped {
            Some(byte) if is_unreserved(byte) => canonical.push(char::from(byte)),
            Some(byte) => canonical.push_str(&format!("%{byte:02X}")),
            None if is_unreserved(byte) || b":/?#[]@!$&'()*+,;=".contains(&byte) => canonical.push(char::from(byte)),
            None => canonical.push_str(&format!("%{byte:02X}")),
        }
    }
    canonical
}

fn headers(exchange: &Exchange, request: &Received) -> Result<(), String> {
    for (name, value) in exchange.request.iter().flat_map(|request| &request.headers) {
        let (expected, sent) = (text(value), request.header(name).unwrap_or_default());
        // The media type is compared with the body. Some requests of the suite have one without a body.
        let is_media_type = name.eq_ignore_ascii_case("content-type");
        if !is_media_type && expected != sent && !same_instant(&expected, sent) {
            return Err(difference(&format!("header `{name}`"), &expected, &sent));
        }
    }
    Ok(())
}

/// Compares the body with that of the suite. The media type may be that of the body or that of the header, where these differ.
fn request_content(exchange: &Exchange, content: &Content, request: &Received) -> Result<(), String> {
    let sent = essence(request.header("content-type").unwrap_or_default());
    let header = exchange.header("content-type").map(|header| essence(&header));
    let is_json = Content { media_type: sent.clone(), bytes: Vec::new() }.is_json();
    // The suite writes `application/json` for all kinds of JSON.
    if header.as_ref() != Some(&sent) && !(is_json && content.is_json()) {
        same("content type", &essence(&content.media_type), &sent)?;
    }
    let expected = if is_json { content.bytes.clone() } else { content.plain() };
    bytes("body", &Content { media_type: content.media_type.clone(), bytes: expected }, &request.body)
}

/// Compares bytes: JSON and the fields of forms by value, everything else exactly.
fn bytes(what: &str, expected: &Content, sent: &[u8]) -> Result<(), String> {
    if essence(&expected.media_type) == "application/x-www-form-urlencoded" {
        let fields = |bytes: &[u8]| parse_query(&String::from_utf8_lossy(bytes));
        return same(what, &fields(&expected.bytes), &fields(sent));
    }
    if expected.is_json()
        && let (Ok(expected), Ok(sent)) = (serde_json::from_slice(&expected.bytes), serde_json::from_slice(sent))
    {
        return json(what, &expected, &sent);
    }
    if expected.is_xml()
        && let (Ok(expected), Ok(sent)) = (Tree::parse(&expected.bytes), Tree::parse(sent))
        && expected == sent
    {
        return Ok(());
    }
    if expected.bytes == sent {
        return Ok(());
    }
    Err(difference(what, &String::from_utf8_lossy(&expected.bytes), &String::from_utf8_lossy(sent)))
}

fn json(what: &str, expected: &Value, actual: &Value) -> Result<(), String> {
    if equal(expected, actual) {
        return Ok(());
    }
    Err(difference(what, &expected.to_string(), &actual.to_string()))
}

/// Whether two JSON values are the same. Numbers are compared by value, and dates by their instant.
fn equal(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| equal(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(key, value)| other.get(key).is_some_and(|other| equal(value, other)))
        }
        (Value::Number(a), Value::Number(b)) => a == b || a.as_f64() == b.as_f64(),
        (Value::String(a), Value::String(b)) => a == b || same_instant(a, b),
        _ => one == other,
    }
}

/// Whether two strings are the same RFC 3339 date, except for the digits of its fraction.
fn same_instant(one: &str, other: &str) -> bool {
    without_fraction(one).is_some_and(|one| without_fraction(other) == Some(one))
}

/// A UTC date without trailing zeros of its fraction. `None` for any other string.
fn without_fraction(text: &str) -> Option<String> {
    let upper = text.to_ascii_uppercase();
    let (day, time) = upper.strip_suffix('Z')?.split_once('T')?;
    let is_date =
        day.len() == 10 && time.chars().all(|character| character.is_ascii_digit() || ":.".contains(character));
    let time = if time.contains('.') { time.trim_end_matches('0').trim_end_matches('.') } else { time };
    is_date.then(|| format!("{day}T{time}"))
}

fn form(fields: &Map<String, Value>, files: &[File], request: &Received) -> Result<(), String> {
    let content_type = request.header("content-type").unwrap_or_default();
    let parts = multipart::parts(content_type, &request.body).ok_or("the body is not multipart")?;
    same("number of parts", &(fields.len() + files.len()), &parts.len())?;
    for (name, value) in fields {
        let part = parts.iter().find(|part| part.name == *name).ok_or_else(|| format!("there is no part `{name}`"))?;
        let sent = serde_json::from_slice(&part.content);
        let sent = sent.unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&part.content).into_owned()));
        json(&format!("part `{name}`"), value, &sent)?;
    }
    let sent = parts.iter().filter(|part| !fields.contains_key(&part.name));
    for (file, part) in files.iter().zip(sent) {
        same("name of a part", &file.field, &part.name)?;
        same("file name", &Some(&file.name), &part.file_name.as_ref())?;
        same("content type of a part", &Some(&file.content.media_type), &part.media_type.as_ref())?;
        bytes(&format!("part `{}`", file.field), &file.content, &part.content)?;
    }
    Ok(())
}

/// Compares the result of a call.
fn result(exchange: &Exchange, outcome: &Outcome, url: &str) -> Result<(), String> {
    let status = exchange.response.status;
    let stated = exchange.request.as_ref().and_then(|request| request.status);
    let expected_error = stated.or_else(|| (status >= 400).then_some(status));
    match (expected_error, outcome) {
        (Some(expected), Outcome::Failed { status, body, .. }) => {
            same("status of the error", &Some(expected), status)?;
            error_body(exchange, body.as_deref().unwrap_or_default(), url)
        }
        (Some(expected), _) => Err(format!("the call succeeded, but the response has status {expected}")),
        (None, Outcome::Failed { message, .. }) => Err(format!("the call failed: {message}")),
        (None, outcome) => value(exchange, outcome, url),
    }
}

/// Compares the list that one call makes of all responses: pages, or the items of a stream.
pub(crate) fn list(expected: &[Value], outcome: &Outcome) -> Result<(), String> {
    match outcome {
        Outcome::Json(value) => json("decoded responses", &Value::Array(expected.to_vec()), value),
        Outcome::Failed { message, .. } => Err(format!("the call failed: {message}")),
        other => Err(format!("the call returns {}", short(&format!("{other:?}")))),
    }
}

/// Returns the scalars of a value as texts.
fn scalars(value: &Value) -> Vec<String> {
    match value {
        Value::Object(object) => object.values().flat_map(scalars).collect(),
        Value::Array(items) => items.iter().flat_map(scalars).collect(),
        Value::String(text) => vec![text.trim().to_owned()],
        other => vec![other.to_string()],
    }
}

/// Sorts texts, and leaves out the zeros at the end of fractions of dates.
fn canonical_texts(texts: Vec<String>) -> Vec<String> {
    let mut texts: Vec<_> = texts.into_iter().map(|text| without_fraction(&text).unwrap_or(text)).collect();
    texts.sort();
    texts
}

fn error_body(exchange: &Exchange, body: &str, url: &str) -> Result<(), String> {
    let Some(Body::Content(content)) = &exchange.response.body else { return Ok(()) };
    let expected =
        Content { media_type: content.media_type.clone(), bytes: server::body(exchange.response.body.as_ref(), url) };
    bytes("body of the error", &expected, body.as_bytes())
}

fn value(exchange: &Exchange, outcome: &Outcome, url: &str) -> Result<(), String> {
    let Some(Body::Content(content)) = &exchange.response.body else {
        return match outcome {
            Outcome::Empty(()) => Ok(()),
            Outcome::Text(text) if text.is_empty() => Ok(()),
            Outcome::Bytes(bytes) if bytes.is_empty() => Ok(()),
            other => Err(format!("the response is empty, but the call returns {}", short(&format!("{other:?}")))),
        };
    };
    let expected =
        Content { media_type: content.media_type.clone(), bytes: server::body(exchange.response.body.as_ref(), url) };
    match outcome {
        // Every text and attribute must be in the value, whatever its structure.
        Outcome::Json(value) if expected.is_xml() => {
            let tree = Tree::parse(&expected.bytes).map_err(|error| error.to_string())?;
            same("texts of the decoded response", &canonical_texts(tree.texts()), &canonical_texts(scalars(value)))
        }
        Outcome::Json(value) => {
            let parsed: Result<Value, _> = serde_json::from_slice(&expected.bytes);
            json("decoded response", &parsed.map_err(|_| "the response is not JSON")?, value)
        }
        Outcome::Text(text) => bytes("decoded response", &expected, text.as_bytes()),
        Outcome::Bytes(value) => bytes("decoded response", &expected, value),
        _ => Err("the call returns nothing of the response".to_owned()),
    }
}

fn same<T: PartialEq + std::fmt::Debug + ?Sized>(what: &str, expected: &T, actual: &T) -> Result<(), String> {
    if expected == actual { Ok(()) } else { Err(difference(what, &format!("{expected:?}"), &format!("{actual:?}"))) }
}

fn difference(what: &str, expected: &dyn std::fmt::Display, actual: &dyn std::fmt::Display) -> String {
    format!("{what}: expected {}, not {}", short(&expected.to_string()), short(&actual.to_string()))
}

fn short(text: &str) -> String {
    let shown: String = text.chars().take(SHOWN).collect();
    if shown.len() < text.len() { format!("{shown}…") } else { shown }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_compared_by_meaning() {
        assert!(equal(&json!({"a": [1, 2.0]}), &json!({"a": [1.0, 2]})));
        assert!(equal(&json!("2022-08-26T18:38:00Z"), &json!("2022-08-26T18:38:00.000Z")));
        assert!(!equal(&json!("2022-08-26T18:38:00Z"), &json!("2022-08-26T18:38:10.000Z")));
        assert!(!equal(&json!({"a": 1}), &json!({"a": 1, "b": null})));
        assert!(!equal(&json!("1.50"), &json!("1.5")));
    }

    fn expected() -> Exchange {
        let body = json!({"contentType": "application/json", "rawContent": {"$serialized": "{\"a\":1}"}});
        let request = json!({"query": {"q": ["1", "2"]}, "headers": {"x-h": "v"}, "body": body});
        let response = json!({"status": 200, "headers": {"X-R": "r"}, "body": body});
        serde_json::from_value(json!({"uri": "/p/x", "method": "post", "request": request, "response": response}))
            .unwrap()
    }

    fn sent() -> Received {
        let headers = [("content-type", "application/json"), ("x-h", "v")];
        Received {
            method: "POST".to_owned(),
            path: "/p/x".to_owned(),
            query: "q=2&q=1".to_owned(),
            headers: headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            body: br#"{"a": 1.0}"#.to_vec(),
        }
    }

    fn report(outcome: &Outcome) -> Report {
        let headers = json!({"x-r": "r"}).as_object().cloned().unwrap_or_default();
        Report { outcome: outcome.clone(), headers }
    }

    #[test]
    fn delimiters_are_not_the_same_as_encoded_delimiters() {
        assert_eq!(canonical("/a%7eb/%c3%a4 ;c=1,2"), "/a~b/%C3%A4%20;c=1,2");
        assert_eq!(canonical("%2c%"), "%2C%25");
        let expected: Exchange =
            serde_json::from_value(json!({"uri": "/p?b=1,2&a=x%20y", "method": "get", "response": {}})).unwrap();
        let sent = |query: &str| Received { query: query.to_owned(), ..Received::default() };
        assert_eq!(query(&expected, &sent("a=x%20y&b=1,2")), Ok(()));
        for other in ["a=x%20y&b=1%2C2", "a=x+y&b=1,2", "b=1,2", "a=x%20y&b=1,2&c"] {
            assert!(query(&expected, &sent(other)).is_err(), "{other}");
        }
    }

    #[test]
    fn every_part_of_an_exchange_is_compared() {
        let value = Outcome::Json(json!({"a": 1}));
        let compared =
            |request: &Received, outcome: &Outcome| exchange(&expected(), Some(request), Some(&report(outcome)), "");
        assert_eq!(compared(&sent(), &value), Ok(()));
        let spoils: [fn(&mut Received); 7] = [
            |request| request.method = "PUT".to_owned(),
            |request| request.path = "/p/y".to_owned(),
            |request| request.path = "/p%2Fx".to_owned(),
            |request| request.query = "q=1".to_owned(),
            |request| request.query = "q=2&q=1&z=1".to_owned(),
            |request| request.headers.truncate(1),
            |request| request.body = br#"{"a": 2}"#.to_vec(),
        ];
        for spoil in spoils {
            let mut request = sent();
            spoil(&mut request);
            assert!(compared(&request, &value).is_err(), "{request:?}");
        }
        let failed = Outcome::Failed { status: Some(200), message: String::new(), body: None };
        for outcome in [Outcome::Json(json!({"a": 2})), Outcome::Empty(()), failed] {
            assert!(compared(&sent(), &outcome).is_err(), "{outcome:?}");
        }
        assert!(exchange(&expected(), None, Some(&report(&value)), "").is_err());
        let without_headers = Report { outcome: value, headers: Map::new() };
        assert!(exchange(&expected(), Some(&sent()), Some(&without_headers), "").is_err());
        assert!(exchange(&expected(), Some(&sent()), None, "").is_err());
    }

    #[test]
    fn errors_are_compared_by_status_and_body() {
        let content = json!({"contentType": "application/json", "rawContent": "{\"error\":\"invalid\"}"});
        let response = json!({"status": 403, "body": content});
        let expected = json!({"uri": "/", "method": "get", "request": {"status": 403}, "response": response});
        let expected: Exchange = serde_json::from_value(expected).unwrap();
        let request = Received { method: "GET".to_owned(), path: "/".to_owned(), ..Received::default() };
        let failed = |status, body: &str| {
            let outcome = Outcome::Failed { status: Some(status), message: String::new(), body: Some(body.to_owned()) };
            exchange(&expected, Some(&request), Some(&report(&outcome)), "")
        };
        assert_eq!(failed(403, r#"{"error": "invalid"}"#), Ok(()));
        assert!(failed(404, r#"{"error": "invalid"}"#).is_err());
        assert!(failed(403, r#"{"error": "other"}"#).is_err());
        assert!(exchange(&expected, Some(&request), Some(&report(&Outcome::Empty(()))), "").is_err());
    }
}
