//! Reads the calls to make from standard input, and the arguments of each from JSON.

use std::fmt::Display;
use std::io::Read as _;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// The calls to make.
#[derive(Deserialize)]
pub struct Job {
    pub server: String,
    pub credentials: Map<String, Value>,
    pub calls: Vec<Arguments>,
}

/// A call and its arguments.
#[derive(Deserialize)]
pub struct Arguments {
    pub function: String,
    pub accept: Option<String>,
    pub link: Option<String>,
    arguments: Map<String, Value>,
    body: Option<Value>,
}

/// Why a call cannot be made.
pub struct Unfit(pub String);

impl Job {
    pub fn read() -> Self {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).expect("the job is text");
        serde_json::from_str(&text).expect("the job is valid")
    }

    pub fn credential(&self, name: &str) -> Option<String> {
        self.credentials.get(name).and_then(Value::as_str).map(str::to_owned)
    }
}

impl Arguments {
    pub fn has(&self, name: &str) -> bool {
        self.arguments.contains_key(name)
    }

    pub fn has_body(&self) -> bool {
        self.body.is_some()
    }

    /// Decodes an argument. Strings are also tried as numbers and booleans, since requests do not show the difference.
    pub fn owned<T: DeserializeOwned>(&self, name: &str) -> Result<T, Unfit> {
        let value = self.arguments.get(name).ok_or_else(|| Unfit(format!("the request has no value for `{name}`")))?;
        T::deserialize(value).or_else(|error| {
            T::deserialize(relaxed(value)).map_err(|_| Unfit(format!("`{name}` cannot be {value}: {error}")))
        })
    }

    pub fn text(&self, name: &str) -> Result<&'static str, Unfit> {
        Ok(self.owned::<String>(name)?.leak())
    }

    pub fn list<T: DeserializeOwned>(&self, name: &str) -> Result<&'static [T], Unfit> {
        Ok(self.owned::<Vec<T>>(name)?.leak())
    }

    pub fn borrowed<T: DeserializeOwned>(&self, name: &str) -> Result<&'static T, Unfit> {
        Ok(Box::leak(Box::new(self.owned::<T>(name)?)))
    }

    pub fn body<T: DeserializeOwned>(&self) -> Result<T, Unfit> {
        let body = self.body.as_ref().ok_or_else(|| Unfit("the request has no body".to_owned()))?;
        T::deserialize(body).map_err(|error| Unfit(format!("the body cannot be decoded: {error}")))
    }

    pub fn bytes(&self) -> Result<client::bytes::Bytes, Unfit> {
        self.body::<Vec<u8>>().map(Into::into)
    }

    pub fn parts(&self) -> Result<Vec<Part>, Unfit> {
        self.body()
    }
}

/// The parts of a form with named parts.
impl Arguments {
    pub fn named(&self, name: &str) -> Result<Vec<Part>, Unfit> {
        Ok(self.parts()?.into_iter().filter(|part| part.name == name).collect())
    }

    pub fn has_part(&self, name: &str) -> Result<bool, Unfit> {
        Ok(!self.named(name)?.is_empty())
    }

    /// Decodes each part of a name: as JSON, or as a string.
    pub fn part_list<T: DeserializeOwned>(&self, name: &str) -> Result<Vec<T>, Unfit> {
        let parts = self.named(name)?;
        parts.iter().map(|part| decoded(&String::from_utf8_lossy(&part.content), name)).collect()
    }

    /// Decodes the items of a list in one part.
    pub fn joined_part<T: DeserializeOwned>(&self, name: &str, separator: char) -> Result<Vec<T>, Unfit> {
        let part = first(self.named(name)?, name)?;
        String::from_utf8_lossy(&part.content).split(separator).map(|item| decoded(item, name)).collect()
    }

    pub fn part<T: DeserializeOwned>(&self, name: &str) -> Result<T, Unfit> {
        first(self.part_list(name)?, name)
    }
}

/// Decodes the text of a part: as JSON, or as a string.
fn decoded<T: DeserializeOwned>(text: &str, name: &str) -> Result<T, Unfit> {
    serde_json::from_str(text).or_else(|error| {
        T::deserialize(Value::from(text)).map_err(|_| Unfit(format!("the part `{name}` cannot be decoded: {error}")))
    })
}

/// Returns the first of the values of a part.
pub fn first<T>(values: Vec<T>, name: &str) -> Result<T, Unfit> {
    values.into_iter().next().ok_or_else(|| Unfit(format!("the request has no part `{name}`")))
}

/// A part of a multipart form.
#[derive(Deserialize)]
pub struct Part {
    pub name: String,
    pub file_name: Option<String>,
    pub media_type: Option<String>,
    pub content: Vec<u8>,
}

fn relaxed(value: &Value) -> Value {
    match value {
        Value::String(text) => match serde_json::from_str(text) {
            Ok(read @ (Value::Number(_) | Value::Bool(_))) => read,
            _ => value.clone(),
        },
        Value::Array(items) => items.iter().map(relaxed).collect(),
        Value::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), relaxed(value))).collect(),
        _ => value.clone(),
    }
}

/// The headers of a response.
pub type Headers = Map<String, Value>;

/// The result of a call without its response, whose headers are kept.
pub fn opened<T>(
    result: Result<client::Response<T>, client::Error>,
    headers: &mut Headers,
) -> Result<T, client::Error> {
    let received = match &result {
        Ok(response) => Some(response.headers()),
        Err(error) => error.api().map(|api| api.headers()),
    };
    for (name, value) in received.into_iter().flatten() {
        headers.insert(name.to_string(), String::from_utf8_lossy(value.as_bytes()).into());
    }
    result.map(client::Response::into_value)
}

/// The report for a call.
pub fn report(outcome: Value, headers: Headers) -> Value {
    json!({"outcome": outcome, "headers": headers})
}

/// A value that is encoded again.
pub fn value<T: Serialize>(value: &T) -> Result<Value, Unfit> {
    serde_json::to_value(value).map_err(|error| Unfit(error.to_string()))
}

/// The report for an error of the client.
pub fn failed(error: &client::Error) -> Value {
    let body = error.api().map(|api| api.text().into_owned());
    json!({"failed": {"status": error.status().map(|status| status.as_u16()), "message": error.to_string(), "body": body}})
}

/// The report for a value.
pub fn encoded<T: Serialize>(value: &T) -> Value {
    match serde_json::to_value(value) {
        Ok(value) => json!({"json": value}),
        Err(error) => not_called(&error),
    }
}

pub fn text(value: &str) -> Value {
    json!({"text": value})
}

pub fn bytes(value: &[u8]) -> Value {
    json!({"bytes": value})
}

pub fn empty() -> Value {
    json!({"empty": null})
}

/// The report for a call that was not made.
pub fn not_called(why: &dyn Display) -> Value {
    json!({"not_called": why.to_string()})
}
