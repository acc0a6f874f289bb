//! What generated code tells the runtime: the operations, and the constants of a client. Plain data.

use reqwest::Method;

use super::error::Error;
use super::reply::Reply;
use super::retry_config::Strategy;
use super::writer::RequestWriter;

/// One operation with its arguments.
pub trait Operation: Send + Sync {
    /// What a successful reply is decoded to.
    type Output: Send;

    /// What is known of the operation before it has arguments.
    const META: OperationMeta;

    /// Writes the arguments into a request. It may be asked again for every attempt, and writes the same each time.
    ///
    /// # Errors
    /// If an argument cannot be sent.
    fn encode(&self, request: &mut RequestWriter) -> Result<(), Error>;

    /// Reads the value out of a reply of success.
    ///
    /// # Errors
    /// If the reply is not as the API describes it.
    fn decode(reply: &Reply) -> Result<Self::Output, Error>;
}

/// What is known of an operation before it has arguments.
#[derive(Clone, Debug)]
pub struct OperationMeta {
    /// The operation's name in the API's description.
    pub id: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The path with its parameters in braces, for traces.
    pub path: &'static str,
    /// The `Accept` header.
    pub accept: Option<&'static str>,
    /// Whether carrying the operation out twice is the same as once.
    pub idempotent: bool,
    /// The header whose value makes it so. A request without that header is not repeated.
    pub idempotency_key: Option<&'static str>,
    /// The operation's own retry policy.
    pub retry: Option<RetryDefaults>,
    /// Alternatives of schemes that go together; none at all means no credential.
    pub security: &'static [&'static [&'static str]],
    /// The operation's own server.
    pub server: Option<&'static str>,
}

/// A retry policy as an API's description states it.
#[derive(Clone, Copy, Debug)]
pub struct RetryDefaults {
    /// Whether there are retries at all.
    pub strategy: Strategy,
    /// The bound of the first wait, in milliseconds.
    pub initial_interval_ms: u64,
    /// The bound of every wait, in milliseconds.
    pub max_interval_ms: u64,
    /// What the bound grows by from wait to wait.
    pub exponent: f64,
    /// No retry begins later than this after the begin of the call, in milliseconds.
    pub max_elapsed_time_ms: u64,
    /// The statuses that are retried, such as `429` or `5XX`.
    pub codes: &'static [&'static str],
    /// Whether broken connections and attempts that take too long are retried.
    pub retry_connection_errors: bool,
}

/// The constants of a client.
#[derive(Debug)]
pub struct ClientSpec {
    /// Name and version, such as `example-client/1.2.3`.
    pub user_agent: &'static str,
    /// The server, unless the user sets one.
    pub server_url: Option<&'static str>,
    /// The retry policy of operations that have none of their own.
    pub retry: RetryDefaults,
    /// How credentials are sent.
    pub schemes: &'static [SecurityScheme],
}

/// One way to send a credential.
#[derive(Debug)]
pub struct SecurityScheme {
    /// Its name in the API's description.
    pub name: &'static str,
    /// Where the credential stands in a request.
    pub placement: Placement,
}

/// Where a credential stands in a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placement {
    /// In the header of this name.
    Header(&'static str),
    /// In the query, under this name.
    Query(&'static str),
    /// In the cookie of this name.
    Cookie(&'static str),
    /// As `Authorization: Bearer …`.
    Bearer,
    /// As `Authorization: Basic …`.
    Basic,
}
