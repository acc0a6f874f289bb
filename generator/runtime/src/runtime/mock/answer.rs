//! One scripted response or failure, and when it is sent.

use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};

use crate::runtime::transport::failure::{ExchangeFailure, FailureKind};

/// A scripted response to one request, or a failure instead of it.
#[derive(Clone)]
pub(crate) struct ScriptedResponse {
    pub(crate) outcome: Outcome,
    /// The time before it is sent.
    pub(crate) delay: Duration,
    /// Whether it is used for all requests that follow.
    pub(crate) repeats: bool,
    /// Its number among all scripted responses of the server.
    pub(crate) number: u64,
}

#[derive(Clone)]
pub(crate) enum Outcome {
    Response(Content),
    Failure(FailureKind),
    /// No response ever.
    Silence,
}

/// The content of a response.
#[derive(Clone)]
pub(crate) struct Content {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Content {
    pub(crate) fn empty(status: StatusCode) -> Self {
        Self { status, headers: HeaderMap::new(), body: Bytes::new() }
    }

    pub(crate) fn json(status: StatusCode, value: &Value) -> Self {
        Self::empty(status).with_body(HeaderValue::from_static("application/json"), value.to_string().into())
    }

    pub(crate) fn with_body(mut self, content_type: HeaderValue, body: Bytes) -> Self {
        self.headers.insert(CONTENT_TYPE, content_type);
        self.body = body;
        self
    }
}

impl ScriptedResponse {
    pub(crate) fn new(outcome: Outcome) -> Self {
        Self { outcome, delay: Duration::ZERO, repeats: false, number: 0 }
    }

    /// Returns the response to a request for which the script has none. Neither a call nor a wait continues after it.
    pub(crate) fn unscripted(problem: &str) -> Self {
        Self::new(Outcome::Response(Content::json(StatusCode::BAD_REQUEST, &json!({ "message": problem }))))
    }

    pub(crate) async fn play(self) -> Result<Response, ExchangeFailure> {
        if !self.delay.is_zero() {
            tokio::time::sleep(self.delay).await;
        }
        match self.outcome {
            Outcome::Response(Content { status, headers, body }) => {
                let mut response = http::Response::new(body);
                *response.status_mut() = status;
                *response.headers_mut() = headers;
                Ok(response.into())
            }
            Outcome::Failure(kind) => Err(ExchangeFailure { kind, source: "scripted failure".into() }),
            Outcome::Silence => std::future::pending().await,
        }
    }
}
