//! What generated code says of an operation that answers with a stream, and how a part of one becomes a value.

use std::time::Duration;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::events::Event;
use crate::runtime::call::operation::Operation;
use crate::runtime::decode::lossy;
use crate::runtime::error::Error;
use crate::runtime::error::describe;
use crate::runtime::error::kind::ErrorKind;
use crate::runtime::transport::response::{RawResponse, undecodable, undecodable_value};

/// An operation that can answer with a stream.
pub trait Streamed: Operation {
    /// What the stream gives.
    type Item: Send;

    /// What is known of the stream before it begins.
    const STREAM: StreamMeta;

    /// Reads a value out of a part of the stream.
    ///
    /// # Errors
    /// If the part is not as the API describes it.
    fn item(part: &StreamPart<'_>) -> Result<Self::Item, Error>;
}

/// What is known of a stream before it begins.
#[derive(Clone, Copy, Debug)]
pub struct StreamMeta {
    /// The `Accept` header that asks for it, and the content type that it must have.
    pub media_type: &'static str,
    /// How its parts are told apart.
    pub format: StreamFormat,
    /// The data of the event that ends it.
    pub sentinel: Option<&'static str>,
    /// The field of the body that asks for it, if it is `true`.
    pub switch: Option<&'static str>,
}

/// How the parts of a stream are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StreamFormat {
    /// As server-sent events (`text/event-stream`).
    Events,
    /// Each a line of JSON.
    Lines,
}

/// An event, as the service sent it, with its data decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServerEvent<T> {
    /// What kind of event it is; `message` where the service says nothing.
    pub name: String,
    /// What it carries.
    pub data: T,
    /// The last id the service gave, with this event or one before.
    pub id: Option<String>,
    /// How long the service asks to wait before a new connection, if this event says so.
    pub retry: Option<Duration>,
}

/// One part of a stream: an event or a line, not yet decoded.
#[derive(Debug)]
pub struct StreamPart<'a> {
    pub(crate) head: &'a RawResponse,
    pub(crate) event: &'a Event,
}

impl StreamPart<'_> {
    /// An event whose data is JSON of a type.
    ///
    /// # Errors
    /// If the data is not of that type, or has more values than `max_response_values`; the error keeps the status, the
    /// headers and the start of the data.
    pub fn json_event<T: DeserializeOwned>(&self) -> Result<ServerEvent<T>, Error> {
        self.json().map(|data| self.around(data))
    }

    /// An event whose data is text.
    ///
    /// # Errors
    /// None; it is a result so that it stands where the others do.
    pub fn text_event(&self) -> Result<ServerEvent<String>, Error> {
        Ok(self.around(self.event.data.clone()))
    }

    /// The data, or the line, as JSON of a type.
    ///
    /// # Errors
    /// As [`json_event`](Self::json_event).
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Error> {
        let data = self.event.data.as_bytes();
        self.head.expect_few_values(data)?;
        match lossy::decode(data) {
            Ok((value, omitted)) => {
                self.head.note(&omitted);
                Ok(value)
            }
            Err(error) => Err(self.refused(undecodable::<T>(data, &error))),
        }
    }

    /// The whole event as a type: an object of `event`, `data`, `id` and `retry` (milliseconds), as far as they are
    /// there. The data is JSON where the type takes that, else text; `prefers_text` has it tried the other way round.
    ///
    /// # Errors
    /// As [`json_event`](Self::json_event).
    pub fn whole<T: DeserializeOwned>(&self, prefers_text: bool) -> Result<T, Error> {
        let text = Value::String(self.event.data.clone());
        let parsed = serde_json::from_str(&self.event.data).unwrap_or_else(|_| text.clone());
        let (first, second) = if prefers_text { (text, parsed) } else { (parsed, text) };
        let (first, second) = (self.object(first), self.object(second));
        T::deserialize(&first).or_else(|failed| {
            T::deserialize(&second).map_err(|also| {
                let (structured, error) = if prefers_text { (second, also) } else { (first, failed) };
                self.refused(undecodable_value::<T>(&structured, &error))
            })
        })
    }

    fn object(&self, data: Value) -> Value {
        let Event { name, id, retry, .. } = self.event;
        let mut object = serde_json::Map::new();
        object.insert("data".to_owned(), data);
        let retry = retry.and_then(|retry| u64::try_from(retry.as_millis()).ok()).map(Value::from);
        let texts = [("event", name), ("id", id)].map(|(key, text)| (key, text.clone().map(Value::String)));
        for (key, value) in texts.into_iter().chain([("retry", retry)]) {
            object.extend(value.map(|value| (key.to_owned(), value)));
        }
        Value::Object(object)
    }

    fn around<T>(&self, data: T) -> ServerEvent<T> {
        let Event { name, id, retry, .. } = self.event;
        let name = name.clone().unwrap_or_else(|| "message".to_owned());
        ServerEvent { name, data, id: id.clone(), retry: *retry }
    }

    fn refused(&self, (path, message): (String, String)) -> Error {
        let RawResponse { status, headers, .. } = self.head;
        let line = format!("{}: a part of the stream does not decode at `{path}`: {message}", describe(*status));
        let data = self.event.data.clone().into_bytes().into();
        let part = RawResponse::new(*status, headers.clone(), data);
        part.refused(ErrorKind::Decode, line).with_json_path(path)
    }
}
