//! The generated client on the wire: the requests it sends, and how it handles the responses.
//!
//! Every test runs the unmodified public client against a server on loopback.

mod failures;
mod options;
mod paths;
mod requests;
mod responses;
mod retries;
mod secrets;
mod settings;

use std::time::Duration;

use intuned_client::types::{UpdateAuthSessionResultResponseBody, UpdateAuthSessionStartRequestBody};
use intuned_client::{BackoffConfig, Error, IntunedClient, IntunedClientBuilder, RetryConfig};

use test_server::{Response, Server};

const WORKSPACE: &str = "123e4567-e89b-12d3-a456-426614174000";
const KEY: &str = "key-4f8a1c-planted";

/// A builder with all required settings.
fn builder(server: &Server) -> IntunedClientBuilder {
    IntunedClient::builder().workspace_id(WORKSPACE).api_key(KEY).server_url(server.url())
}

fn client(server: &Server) -> IntunedClient {
    builder(server).build().expect("the settings are complete")
}

/// The retry policy of the document, with minimal delays.
fn quick_retries() -> RetryConfig {
    let millisecond = Duration::from_millis(1);
    RetryConfig::backoff(BackoffConfig::new().initial_interval(millisecond).max_interval(millisecond))
}

/// The body of the documented example.
fn documented_body() -> UpdateAuthSessionStartRequestBody {
    UpdateAuthSessionStartRequestBody::new([("username", "john.doe"), ("password", "newPassword")])
        .proxy("http://proxy.example.com:8080")
}

/// The documented response to `start`.
fn started() -> Response {
    Response::json(201, r#"{"status":"started","operationId":"aabbccddeeffggh"}"#)
}

/// The shortest response to `result`.
fn pending() -> Response {
    Response::json(200, r#"{"status":"pending"}"#)
}

async fn start(client: &IntunedClient) -> Result<(), Error> {
    let update = client.project().auth_sessions().update();
    update.start("my-project", "<id>", documented_body()).await.map(drop)
}

async fn result(client: &IntunedClient) -> Result<UpdateAuthSessionResultResponseBody, Error> {
    client.project().auth_sessions().update().result("my-project", "<id>", "aaaabbbCCCCdddd").await
}
