//! The values of requests and responses, the same for every client.

use serde_json::{Map, Value};

/// The user's workspace.
pub const WORKSPACE: &str = "123e4567-e89b-12d3-a456-426614174000";
/// The user's key.
pub const KEY: &str = "a-key-of-thirty-two-characters-!";
/// A project.
pub const PROJECT: &str = "my-project";
/// An auth session of the project.
pub const SESSION: &str = "auth-session-123";
/// An update of the auth session.
pub const UPDATE: &str = "aabbccddeeffggh";
/// The proxy that the update uses.
pub const PROXY: &str = "http://proxy.example.com:8080";

/// The response to a start.
pub const STARTED: &str = r#"{"status":"started","operationId":"aabbccddeeffggh"}"#;
/// The response with the result.
pub const DONE: &str = r#"{"status":"done","authSessionId":"auth-session-123"}"#;

/// The parameters of an update.
pub const PARAMETERS: [(&str, &str); 2] = [("username", "john.doe"), ("password", "newPassword")];

/// The parameters as JSON. Every call builds them again, as the parameters of real calls differ.
#[must_use]
pub fn parameters() -> Map<String, Value> {
    PARAMETERS.map(|(name, value)| (name.to_owned(), value.into())).into_iter().collect()
}

/// The path that starts an update.
#[must_use]
pub fn start_path() -> String {
    format!("/{WORKSPACE}/projects/{PROJECT}/auth-sessions/{SESSION}/update")
}

/// The path of the result.
#[must_use]
pub fn result_path() -> String {
    format!("{}/{UPDATE}/result", start_path())
}
