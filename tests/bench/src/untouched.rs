//! Progenitor's output for `openapi.yaml` (see `build.rs`). It does not support credentials, so the key is a default header of
//! its HTTP client, which has the same timeouts as the client that it would create itself.

use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderValue};
use uuid::Uuid;

use self::generated::types::{
    UpdateAuthSessionResultDone, UpdateAuthSessionResultResponseBody, UpdateAuthSessionStartRequestBody,
};
use crate::client::{Client, Result};
use crate::exchange::{KEY, PROJECT, PROXY, SESSION, UPDATE, WORKSPACE, parameters};

#[allow(
    missing_docs,
    unused,
    rust_2018_idioms,
    clippy::pedantic,
    clippy::allow_attributes_without_reason,
    clippy::unwrap_used,
    reason = "it is not ours"
)]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/untouched.rs"));
}

/// The timeout in clients that progenitor's output creates.
const LIMIT: Duration = Duration::from_secs(15);

/// The client that progenitor generates.
#[derive(Clone)]
pub struct Untouched {
    client: generated::Client,
    workspace: Uuid,
}

impl Client for Untouched {
    fn of(server: &str) -> Result<Self> {
        let mut key = HeaderValue::from_static(KEY);
        key.set_sensitive(true);
        let headers = HeaderMap::from_iter([("x-api-key".parse()?, key)]);
        let http = reqwest::Client::builder().no_proxy().connect_timeout(LIMIT).timeout(LIMIT);
        let client = generated::Client::new_with_client(server, http.default_headers(headers).build()?);
        Ok(Self { client, workspace: WORKSPACE.parse()? })
    }

    async fn start(&self) -> Result<String> {
        let body = UpdateAuthSessionStartRequestBody {
            parameters: parameters(),
            proxy: Some(PROXY.to_owned()),
            create_attempts: 3,
            check_attempts: 3,
            save_trace: true,
        };
        let started = self.client.update_auth_session_start(&self.workspace, PROJECT, SESSION, &body).await?;
        Ok(started.into_inner().operation_id)
    }

    async fn result(&self) -> Result<String> {
        let response = self.client.update_auth_session_result(&self.workspace, PROJECT, SESSION, UPDATE).await?;
        match response.into_inner() {
            UpdateAuthSessionResultResponseBody::Done(UpdateAuthSessionResultDone { auth_session_id, .. }) => {
                Ok(auth_session_id.into())
            }
            other => Err(format!("{other:?}").into()),
        }
    }
}
