//! What generated code states about operations with streamed responses, and how a part of a stream is decoded.

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

/// An operation that can return a streamed response. Generated code implements this trait. It is sealed, like
/// [`Operation`].
pub trait Streamed: Operation {
    /// The type of a part.
    type Item: Send;

    /// What the API description states about the stream.
    #[doc(hidden)]
    const STREAM: StreamMeta;

    /// Decodes a part of the stream.
    ///
    /// # Errors
    ///
    /// The part does not match the API description.
    #[doc(hidden)]
    fn item(part: &StreamPart<'_>) -> Result<Self::Item, Error>;
}

/// What the API description states about a stream.
#[derive(Clone, Copy, Debug)]
pub struct StreamMeta {
    /// The `Accept` header of the request, and the content type that the response must have.
    pub media_type: &'static str,
    /// How the stream is split into parts.
    pub format: StreamFormat,
    /// The data of the event that ends the stream.
    pub sentinel: Option<&'static str>,
    /// The field of the body that requests a stream if it is `true`.
    pub switch: Option<&'static str>,
}

/// How a stream is split into parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StreamFormat {
    /// Server-sent events (`text/event-stream`).
    Events,
    /// Lines of JSON.
    Lines,
}

/// A server-sent event, with its data decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServerEvent<T> {
    /// The type of the event. `message` if the service sends none.
    pub name: String,
    /// The decoded data.
    pub data: T,
    /// The last event id that the service sent, with this event or an earlier one. `None` if there is none, or if it is
    /// empty.
    pub id: Option<String>,
    /// The wait before a reconnect that the service requests, if this event contains it. The client itself does not
    /// reconnect.
    pub retry: Option<Duration>,
}

/// One part of a stream, an event or a line, that is not decoded yet.
#[derive(Debug)]
pub struct StreamPart<'a> {
    pub(crate) head: &'a RawResponse,
    pub(crate) event: &'a Event,
}

impl StreamPart<'_> {
    /// Decodes an event whose data is JSON.
    ///
    /// # Errors
    ///
    /// The data is not JSON of the type, or has more values than `max_response_values`. The error has the status, the
    /// headers and the start of the data.
    pub fn json_event<T: DeserializeOwned>(&self) -> Result<ServerEvent<T>, Error> {
        self.json().map(|data| self.around(data))
    }

    /// Returns an event whose data is a string.
    ///
    /// # Errors
    ///
    /// None. It returns a `Result` so that it can be used like the other methods.
    pub fn text_event(&self) -> Result<ServerEvent<String>, Error> {
        Ok(self.around(self.event.data.clone()))
    }

    /// Decodes the data of the event, or the line, from JSON.
    ///
    /// # Errors
    ///
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

    /// Decodes the whole event: an object with `event`, `data`, `id` and `retry` (in milliseconds), as far as they are
    /// present. The data is decoded as JSON if the type accepts that, else as a string. With `prefers_text`, a string
    /// is tried first.
    ///
    /// # Errors
    ///
    /// The event does not match the type. The error has the status, the headers and the start of the data.
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
        let strings = [("event", name), ("id", id)].map(|(key, text)| (key, text.clone().map(Value::String)));
        for (key, value) in strings.into_iter().chain([("retry", retry)]) {
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
        let line = format!("{}: a part of the stream cannot be decoded at `{path}`: {message}", describe(*status));
        let data = self.event.data.clone().into_bytes().into();
        let part = RawResponse::new(*status, headers.clone(), data);
        part.refused(ErrorKind::Decode, line).with_json_path(path)
    }
}
