//! A hand-written, optimized client with reqwest: default headers on the client, custom types that borrow where possible, no
//! timeouts and no retries.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::header::{ACCEPT, HeaderMap, HeaderValue};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::client::{Client, Result};
use crate::exchange::{KEY, PROJECT, PROXY, SESSION, UPDATE, WORKSPACE, parameters};

/// A hand-written client.
#[derive(Clone)]
pub struct ByHand {
    http: reqwest::Client,
    server: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Start<'a> {
    parameters: Map<String, Value>,
    proxy: Option<&'a str>,
    create_attempts: i64,
    check_attempts: i64,
    save_trace: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Started {
    #[expect(dead_code, reason = "it is read, as the other clients read it")]
    status: Status,
    operation_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Status {
    Started,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "what is read is shown at most")]
#[serde(tag = "status", rename_all = "snake_case", rename_all_fields = "camelCase")]
enum Outcome {
    Done { auth_session_id: String },
    Pending,
    InProgress { run_id: String },
    Canceled { message: String, reason: Value },
    Failed { message: String, error: Value },
}

/// The characters that are not encoded in a path.
const PLAIN: AsciiSet = NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

impl Client for ByHand {
    fn of(server: &str) -> Result<Self> {
        let mut key = HeaderValue::from_static(KEY);
        key.set_sensitive(true);
        let headers =
            HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static("application/json")), ("x-api-key".parse()?, key)]);
        let http = reqwest::Client::builder().no_proxy().user_agent("by-hand/1.0").default_headers(headers).build()?;
        Ok(Self { http, server: server.to_owned() })
    }

    async fn start(&self) -> Result<String> {
        let body = Start {
            parameters: parameters(),
            proxy: Some(PROXY),
            create_attempts: 3,
            check_attempts: 3,
            save_trace: true,
        };
        let url = format!(
            "{}/{}/projects/{}/auth-sessions/{}/update",
            self.server,
            utf8_percent_encode(WORKSPACE, &PLAIN),
            utf8_percent_encode(PROJECT, &PLAIN),
            utf8_percent_encode(SESSION, &PLAIN),
        );
        let started: Started = self.http.post(url).json(&body).send().await?.error_for_status()?.json().await?;
        Ok(started.operation_id)
    }

    async fn result(&self) -> Result<String> {
        let url = format!(
            "{}/{}/projects/{}/auth-sessions/{}/update/{}/result",
            self.server,
            utf8_percent_encode(WORKSPACE, &PLAIN),
            utf8_percent_encode(PROJECT, &PLAIN),
            utf8_percent_encode(SESSION, &PLAIN),
            utf8_percent_encode(UPDATE, &PLAIN),
        );
        match self.http.get(url).send().await?.error_for_status()?.json().await? {
            Outcome::Done { auth_session_id } => Ok(auth_session_id),
            other => Err(format!("{other:?}").into()),
        }
    }
}
