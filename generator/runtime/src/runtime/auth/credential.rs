//! Credentials as the user sets them, and the placeholder that is printed instead of secrets.

use std::borrow::Cow;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use crate::runtime::error::BoxError;
use crate::runtime::values::redacted::Redacted;

/// A credential: a fixed string, a user name with a password, or an async function that provides it.
///
/// A `String` or `&str` converts to a fixed credential. White space around it is removed; for the Basic scheme it must be
/// `user:password`, and is used unchanged. [`basic`](Self::basic) takes a user name and a password, and
/// [`provider`](Self::provider) a function.
///
/// A fixed credential is checked when the client is built. It is an error if it is empty, or if it is sent in a header and
/// has characters other than visible ASCII. For the Basic scheme all characters are valid, because it is encoded as base64.
///
/// `Debug` never shows the credential. The messages of errors show it masked if a response echoes it.
#[doc = include_str!("../../doc_examples/credential.md")]
#[derive(Clone)]
pub struct Credential {
    pub(crate) source: Source,
}

#[derive(Clone)]
pub(crate) enum Source {
    Fixed(String),
    Basic { user: String, password: String },
    Provider(Provider),
}

pub(crate) type Provided = Pin<Box<dyn Future<Output = Result<String, BoxError>> + Send>>;
pub(crate) type Provider = Arc<dyn Fn() -> Provided + Send + Sync>;

impl Credential {
    /// Creates a credential that an async function provides.
    ///
    /// The function is called before every attempt: for each retry and each poll again. It should cache the credential for as
    /// long as it is valid. The function returns what a fixed credential would be, for the Basic scheme `user:password`.
    ///
    /// Its time counts toward the time limit of the attempt. If it takes longer, the attempt fails with a timeout, which may be
    /// retried. If the function returns an error, an empty string, or for a header characters other than visible ASCII, the
    /// call fails with [`ErrorKind::Credential`](crate::runtime::ErrorKind::Credential) and is not retried. The function's
    /// error is the source of the call's error.
    pub fn provider<F, Fut, E>(provide: F) -> Self
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<String, E>> + Send + 'static,
        E: Into<BoxError>,
    {
        let provide = move || -> Provided {
            let provided = provide();
            Box::pin(async move { provided.await.map_err(Into::into) })
        };
        Self { source: Source::Provider(Arc::new(provide)) }
    }

    /// Creates a credential for the Basic scheme from a user name and a password.
    ///
    /// Building the client fails if the user name contains a colon, or if the scheme is not Basic.
    pub fn basic(user: impl Into<String>, password: impl Into<String>) -> Self {
        Self { source: Source::Basic { user: user.into(), password: password.into() } }
    }
}

impl From<String> for Credential {
    fn from(credential: String) -> Self {
        Self { source: Source::Fixed(credential) }
    }
}

impl From<&str> for Credential {
    fn from(credential: &str) -> Self {
        Self::from(credential.to_owned())
    }
}

impl From<&String> for Credential {
    fn from(credential: &String) -> Self {
        Self::from(credential.clone())
    }
}

impl From<Cow<'_, str>> for Credential {
    fn from(credential: Cow<'_, str>) -> Self {
        Self::from(credential.into_owned())
    }
}

impl From<Box<str>> for Credential {
    fn from(credential: Box<str>) -> Self {
        Self::from(String::from(credential))
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Credential").field(&Redacted).finish()
    }
}
