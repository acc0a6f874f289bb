//! What generated code tells the runtime: the operations, and the constants of a client. Plain data.

use reqwest::Method;

use crate::runtime::auth::SecurityScheme;
use crate::runtime::error::Error;
use crate::runtime::request::RequestWriter;
use crate::runtime::retry::config::RetryDefaults;
use crate::runtime::transport::response::RawResponse;

/// An operation of the API, with its arguments.
///
/// Generated code implements this trait for the arguments of each operation, and `Output` is what awaiting its [`Call`]
/// returns. Use it as a bound for functions that take calls of any operation. The trait is sealed: its hidden methods use
/// types that no other crate can name.
///
/// [`Call`]: crate::runtime::Call
pub trait Operation: Send + Sync {
    /// What a successful response is decoded to.
    type Output: Send;

    /// What does not depend on the arguments.
    #[doc(hidden)]
    const META: OperationMeta;

    /// Returns [`META`](Self::META), or what replaces it for requests that the API does not describe.
    #[doc(hidden)]
    fn meta(&self) -> &OperationMeta {
        const { &Self::META }
    }

    /// Writes the arguments into a request. Each attempt writes them again, and the same way.
    ///
    /// # Errors
    ///
    /// If an argument cannot be sent.
    #[doc(hidden)]
    fn encode(&self, request: &mut RequestWriter) -> Result<(), Error>;

    /// Decodes the body of a successful response.
    ///
    /// # Errors
    ///
    /// If the response is not as the API describes it.
    #[doc(hidden)]
    fn decode(response: &RawResponse) -> Result<Self::Output, Error>;
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

/// The constants of a client.
#[derive(Debug)]
pub struct ClientSpec {
    /// Name and version, such as `example-client/1.2.3`.
    pub user_agent: &'static str,
    /// The server, unless the user sets one.
    pub server_url: Option<&'static str>,
    /// The retry policy of operations that have none of their own.
    pub retry: RetryDefaults,
    /// Which credentials a request needs that the API does not describe: alternatives of schemes that go together.
    pub security: &'static [&'static [&'static str]],
    /// How credentials are sent.
    pub schemes: &'static [SecurityScheme],
}
