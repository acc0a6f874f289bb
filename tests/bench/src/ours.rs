//! The generated client, used as in its README, with the default retries, deadlines and checks.

use intuned_client::IntunedClient;
use intuned_client::types::{UpdateAuthSessionResultResponseBody, UpdateAuthSessionStartRequestBody};

use crate::client::{Client, Result};
use crate::exchange::{KEY, PARAMETERS, PROJECT, PROXY, SESSION, UPDATE, WORKSPACE};

/// The generated client.
#[derive(Clone)]
pub struct Ours(IntunedClient);

impl Client for Ours {
    fn of(server: &str) -> Result<Self> {
        Ok(Self(IntunedClient::builder().workspace_id(WORKSPACE).api_key(KEY).server_url(server).build()?))
    }

    async fn start(&self) -> Result<String> {
        let body = UpdateAuthSessionStartRequestBody::new(PARAMETERS).proxy(PROXY);
        let started = self.0.project().auth_sessions().update().start(PROJECT, SESSION, body).await?;
        Ok(started.operation_id)
    }

    async fn result(&self) -> Result<String> {
        match self.0.project().auth_sessions().update().result(PROJECT, SESSION, UPDATE).await? {
            UpdateAuthSessionResultResponseBody::Done(done) => Ok(done.auth_session_id),
            other => Err(format!("{other:?}").into()),
        }
    }
}
