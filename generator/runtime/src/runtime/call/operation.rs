//! What generated code passes to the runtime: the operations and the constants of a client.

use std::borrow::Cow;

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
    /// The type that a successful response is decoded to.
    type Output: Send;

    /// The properties that do not depend on the arguments.
    #[doc(hidden)]
    const META: OperationMeta;

    /// Returns [`META`](Self::META), or what replaces it for requests that the API does not describe.
    #[doc(hidden)]
    fn meta(&self) -> &OperationMeta {
        const { &Self::META }
    }

    /// Writes the arguments into a request. Each attempt writes them again, and must write the same.
    ///
    /// # Errors
    ///
    /// Fails if an argument cannot be sent.
    #[doc(hidden)]
    fn encode(&self, request: &mut RequestWriter) -> Result<(), Error>;

    /// Decodes the body of a successful response.
    ///
    /// # Errors
    ///
    /// Fails if the response is not as the API describes it.
    #[doc(hidden)]
    fn decode(response: &RawResponse) -> Result<Self::Output, Error>;
}

/// The properties of an operation that do not depend on its arguments.
#[derive(Clone, Debug)]
pub struct OperationMeta {
    /// The operation's name in the API's description.
    pub id: &'static str,
    /// The HTTP method.
    pub method: HttpMethod,
    /// The path with its parameters in braces, for hooks and traces.
    pub path: &'static str,
    /// The value of the `Accept` header. `None` if a response has no body, or any content type is accepted.
    pub accept: Option<&'static str>,
    /// Whether the operation is idempotent: processing it twice has the same effect as once.
    pub idempotent: bool,
    /// The header whose value makes the operation idempotent. A request without this header is not idempotent.
    pub idempotency_key: Option<&'static str>,
    /// The operation's own retry policy.
    pub retry: Option<RetryDefaults>,
    /// Alternatives of security schemes. All schemes of one alternative are needed. Empty if no credential is needed.
    pub security: &'static [&'static [&'static str]],
    /// The operation's own server, unless the user sets one for the client or the call.
    pub server: Option<&'static str>,
}

/// An HTTP method that a constant can hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HttpMethod {
    /// A method that `http` has a constant for.
    Known(Method),
    /// Any other method, such as `QUERY`.
    Other(&'static str),
}

impl HttpMethod {
    /// Returns the method as requests have it.
    ///
    /// # Errors
    ///
    /// It has characters that a method cannot have (RFC 9110, section 9.1).
    pub(crate) fn get(&self) -> Result<Cow<'_, Method>, Error> {
        match self {
            Self::Known(method) => Ok(Cow::Borrowed(method)),
            Self::Other(name) => {
                let method = Method::from_bytes(name.as_bytes());
                method.map(Cow::Owned).map_err(|_| Error::configuration("method", "is not a valid HTTP method"))
            }
        }
    }
}

/// The constants of a client.
#[derive(Debug)]
pub struct ClientSpec {
    /// The name and version of the client, such as `example-client/1.2.3`.
    pub user_agent: &'static str,
    /// The server, unless the user sets one.
    pub server_url: Option<&'static str>,
    /// The retry policy of operations without their own.
    pub retry: RetryDefaults,
    /// The security schemes of requests that the API does not describe. As [`OperationMeta::security`].
    pub security: &'static [&'static [&'static str]],
    /// The security schemes of the API.
    pub schemes: &'static [SecurityScheme],
}
