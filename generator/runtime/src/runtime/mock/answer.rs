//! One answer: what a request gets, and when.

use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};

use crate::runtime::transport::failure::{ExchangeFailure, FailureKind};

/// What one request gets.
#[derive(Clone)]
pub(crate) struct Answer {
    pub(crate) outcome: Outcome,
    /// What passes before it.
    pub(crate) delay: Duration,
    /// Whether it stays for all requests that follow.
    pub(crate) repeats: bool,
    /// Its number among all answers of the server.
    pub(crate) number: u64,
}

#[derive(Clone)]
pub(crate) enum Outcome {
    Reply(Reply),
    Failure(FailureKind),
    /// Nothing, ever.
    Silence,
}

#[derive(Clone)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Reply {
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

impl Answer {
    pub(crate) fn new(outcome: Outcome) -> Self {
        Self { outcome, delay: Duration::ZERO, repeats: false, number: 0 }
    }

    /// The answer to a request that the script has none for. No call and no wait goes on after it.
    pub(crate) fn unscripted(problem: &str) -> Self {
        Self::new(Outcome::Reply(Reply::json(StatusCode::BAD_REQUEST, &json!({ "message": problem }))))
    }

    pub(crate) async fn play(self) -> Result<Response, ExchangeFailure> {
        if !self.delay.is_zero() {
            tokio::time::sleep(self.delay).await;
        }
        match self.outcome {
            Outcome::Reply(Reply { status, headers, body }) => {
                let mut response = http::Response::new(body);
                *response.status_mut() = status;
                *response.headers_mut() = headers;
                Ok(response.into())
            }
            Outcome::Failure(kind) => Err(ExchangeFailure { kind, source: "as scripted".into() }),
            Outcome::Silence => std::future::pending().await,
        }
    }
}
