//! The leanest hand-written client with reqwest: headers and the body are prepared once, the base URL is parsed once, and
//! requests are built without a `RequestBuilder`. It has no timeouts and no retries.

use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Method, Request, Url};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::client::{Client, Result};
use crate::exchange::{KEY, PROJECT, PROXY, SESSION, UPDATE, WORKSPACE, parameters};

/// A hand-written client.
#[derive(Clone)]
pub struct ByHand {
    http: reqwest::Client,
    server: Url,
    body: bytes::Bytes,
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

impl ByHand {
    /// Returns the server's URL with these path segments, each percent-encoded where necessary.
    fn url(&self, segments: &[&str]) -> Result<Url> {
        let mut url = self.server.clone();
        url.path_segments_mut().map_err(|()| "the server's URL cannot have a path")?.pop_if_empty().extend(segments);
        Ok(url)
    }

    async fn execute<T: DeserializeOwned>(&self, request: Request) -> Result<T> {
        let body = self.http.execute(request).await?.error_for_status()?.bytes().await?;
        Ok(serde_json::from_slice(&body)?)
    }
}

impl Client for ByHand {
    fn of(server: &str) -> Result<Self> {
        let mut key = HeaderValue::from_static(KEY);
        key.set_sensitive(true);
        let headers =
            HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static("application/json")), ("x-api-key".parse()?, key)]);
        let http = reqwest::Client::builder().no_proxy().user_agent("by-hand/1.0").default_headers(headers).build()?;
        let body = Start {
            parameters: parameters(),
            proxy: Some(PROXY),
            create_attempts: 3,
            check_attempts: 3,
            save_trace: true,
        };
        Ok(Self { http, server: server.parse()?, body: serde_json::to_vec(&body)?.into() })
    }

    async fn start(&self) -> Result<String> {
        let url = self.url(&[WORKSPACE, "projects", PROJECT, "auth-sessions", SESSION, "update"])?;
        let mut request = Request::new(Method::POST, url);
        request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        *request.body_mut() = Some(self.body.clone().into());
        let started: Started = self.execute(request).await?;
        Ok(started.operation_id)
    }

    async fn result(&self) -> Result<String> {
        let url = self.url(&[WORKSPACE, "projects", PROJECT, "auth-sessions", SESSION, "update", UPDATE, "result"])?;
        match self.execute(Request::new(Method::GET, url)).await? {
            Outcome::Done { auth_session_id } => Ok(auth_session_id),
            other => Err(format!("{other:?}").into()),
        }
    }
}
