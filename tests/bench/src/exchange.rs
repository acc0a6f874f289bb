//! The values that are sent and received, the same for every client.

use serde_json::{Map, Value};

/// The user's workspace.
pub const WORKSPACE: &str = "123e4567-e89b-12d3-a456-426614174000";
/// The user's key.
pub const KEY: &str = "a-key-of-thirty-two-characters-!";
/// A project.
pub const PROJECT: &str = "my-project";
/// An auth session of it.
pub const SESSION: &str = "auth-session-123";
/// An update of that.
pub const UPDATE: &str = "aabbccddeeffggh";
/// The proxy that the update uses.
pub const PROXY: &str = "http://proxy.example.com:8080";

/// The reply to a start.
pub const STARTED: &str = r#"{"status":"started","operationId":"aabbccddeeffggh"}"#;
/// The reply to the question for the result.
pub const DONE: &str = r#"{"status":"done","authSessionId":"auth-session-123"}"#;

/// The parameters of an update.
pub const PARAMETERS: [(&str, &str); 2] = [("username", "john.doe"), ("password", "newPassword")];

/// The same as JSON. Every call makes it anew, as the parameters of real calls differ.
#[must_use]
pub fn parameters() -> Map<String, Value> {
    PARAMETERS.map(|(name, value)| (name.to_owned(), value.into())).into_iter().collect()
}

/// Where an update is started, below the address of the server.
#[must_use]
pub fn start_path() -> String {
    format!("/{WORKSPACE}/projects/{PROJECT}/auth-sessions/{SESSION}/update")
}

/// Where its result is asked for.
#[must_use]
pub fn result_path() -> String {
    format!("{}/{UPDATE}/result", start_path())
}
