//! The scenarios of the suite, as `scenarios.json` describes them.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use clientsmith::paths::shown;

/// A scenario: exchanges that a client makes in this order.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Scenario {
    pub(crate) name: String,
    /// The name of the document, without its version.
    pub(crate) spec: String,
    pub(crate) apis: Vec<Exchange>,
    /// What makes all requests, if they are not calls of their own.
    #[serde(default)]
    pub(crate) by: Option<By>,
    /// The items of the stream.
    #[serde(default)]
    pub(crate) items: Vec<Value>,
}

/// What makes all requests of a scenario. The suite has no such scenarios.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum By {
    /// The pages of one call.
    Pages,
    /// The stream of one call.
    Stream,
}

/// A request that the client must send, and the response of the server.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Exchange {
    /// The path and the query of the request.
    pub(crate) uri: String,
    /// The method, in lower case.
    pub(crate) method: String,
    /// `None` if the suite checks the request with code only.
    pub(crate) request: Option<Request>,
    pub(crate) response: Response,
    /// Whether the original server handles the request with code.
    #[serde(default)]
    pub(crate) custom: bool,
    /// The arguments of the call, if they are not read from the request.
    #[serde(default)]
    pub(crate) call: Option<Given>,
}

/// Arguments that a scenario states. Spector has no such scenarios.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Given {
    /// The values of the parameters, by their names on the wire. Parameters that are not listed are read from the request.
    #[serde(default)]
    pub(crate) arguments: Map<String, Value>,
    /// The value of the body.
    #[serde(default)]
    pub(crate) body: Option<Value>,
}

/// The expected request.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Request {
    /// Each value is a string or a list of strings.
    #[serde(default)]
    pub(crate) query: Map<String, Value>,
    #[serde(default)]
    pub(crate) headers: Map<String, Value>,
    #[serde(default)]
    pub(crate) body: Option<Body>,
    /// The status of the error that the client must report.
    #[serde(default)]
    pub(crate) status: Option<u16>,
}

/// The response of the server.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Response {
    #[serde(default = "ok")]
    pub(crate) status: u16,
    #[serde(default)]
    pub(crate) headers: Map<String, Value>,
    #[serde(default)]
    pub(crate) body: Option<Body>,
}

fn ok() -> u16 {
    200
}

/// The body of a request or a response.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Body {
    /// Bytes of a media type.
    Content(Content),
    /// A multipart form.
    Form { fields: Map<String, Value>, files: Vec<File> },
    /// A body that the server does not read.
    Any,
}

/// Bytes of a media type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Content {
    pub(crate) media_type: String,
    pub(crate) bytes: Vec<u8>,
}

impl Content {
    /// Whether the media type is JSON.
    pub(crate) fn is_json(&self) -> bool {
        let essence = essence(&self.media_type);
        essence == "application/json" || essence.ends_with("+json")
    }

    /// Whether the media type is XML.
    pub(crate) fn is_xml(&self) -> bool {
        let essence = essence(&self.media_type);
        matches!(essence.as_str(), "application/xml" | "text/xml") || essence.ends_with("+xml")
    }

    /// The bytes if they are sent as anything other than JSON. The suite writes some strings as JSON that are sent as text.
    pub(crate) fn plain(&self) -> Vec<u8> {
        match serde_json::from_slice(&self.bytes) {
            Ok(Value::String(text)) if self.is_json() => text.into_bytes(),
            _ => self.bytes.clone(),
        }
    }
}

/// A media type without its parameters.
pub(crate) fn essence(media_type: &str) -> String {
    media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// A file of a multipart form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct File {
    pub(crate) field: String,
    pub(crate) name: String,
    pub(crate) content: Content,
}

/// Reads the scenarios of a suite.
pub(crate) fn read(folder: &Path) -> Result<Vec<Scenario>> {
    let path = folder.join("scenarios.json");
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", shown(&path)))?;
    serde_json::from_str(&text).with_context(|| format!("{} does not describe scenarios", shown(&path)))
}

impl Scenario {
    /// Whether OpenAPI can describe the scenario. Templates that continue a query are not in the documents.
    pub(crate) fn is_expressible(&self) -> bool {
        !self.name.starts_with("Routes_QueryParameters_QueryContinuation_")
    }
}

impl Exchange {
    /// The path, without the query. The suite escapes colons, which are special in the routes of its own server.
    pub(crate) fn path(&self) -> String {
        let path = self.uri.split_once('?').map_or(self.uri.as_str(), |(path, _)| path);
        path.replace("\\:", ":")
    }

    /// The body of the expected request.
    pub(crate) fn request_body(&self) -> Option<&Body> {
        self.request.as_ref()?.body.as_ref()
    }

    /// The value of a header of the expected request.
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        let headers = &self.request.as_ref()?.headers;
        headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| text(value))
    }

    /// The expected query: names with all their values.
    pub(crate) fn query(&self) -> Vec<(String, String)> {
        let named = self.request.iter().flat_map(|request| &request.query);
        let mut pairs = Vec::new();
        for (name, value) in named {
            match value {
                Value::Array(items) => pairs.extend(items.iter().map(|item| (name.clone(), text(item)))),
                value => pairs.push((name.clone(), text(value))),
            }
        }
        let written = self.uri.split_once('?').map_or("", |(_, query)| query);
        pairs.extend(parse_query(written));
        pairs
    }
}

/// Splits a query into decoded names and values.
pub(crate) fn parse_query(query: &str) -> Vec<(String, String)> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decoded(&name.replace('+', " ")), decoded(&value.replace('+', " ")))
        })
        .collect()
}

/// Decodes percent-encoding.
pub(crate) fn decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// A value as it is written in a query, a header or a form.
pub(crate) fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}

impl<'de> Deserialize<'de> for Body {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        Ok(match value.get("kind") {
            Some(_) => Self::Form {
                fields: value.get("parts").and_then(Value::as_object).cloned().unwrap_or_default(),
                files: value.get("files").and_then(Value::as_array).into_iter().flatten().map(file).collect(),
            },
            None => Self::Content(Content {
                media_type: string(&value, "contentType"),
                bytes: value.get("rawContent").map(bytes).unwrap_or_default(),
            }),
        })
    }
}

fn file(value: &Value) -> File {
    let bytes = value.get("buffer").map(bytes).unwrap_or_default();
    let content = Content { media_type: string(value, "mimetype"), bytes };
    File { field: string(value, "fieldname"), name: string(value, "originalname"), content }
}

fn string(value: &Value, key: &str) -> String {
    value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// The bytes of a raw content.
fn bytes(value: &Value) -> Vec<u8> {
    let encoded = value.get("$bytes").and_then(Value::as_str);
    let encoded = encoded.and_then(|text| BASE64_STANDARD.decode(text).ok());
    encoded.unwrap_or_else(|| {
        let literal = value.get("$serialized").or(Some(value));
        literal.map(text).unwrap_or_default().into_bytes()
    })
}
