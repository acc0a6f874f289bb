//! Credentials as the user gives them, and the placeholder that is printed in place of secrets.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use crate::runtime::error::BoxError;

/// Printed where a secret stands.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Redacted;

impl fmt::Debug for Redacted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl fmt::Display for Redacted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// A credential: a fixed text, a user with a password, or something that is asked for one.
///
/// `Debug` never shows it.
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
    /// A function that is asked for the credential before every attempt, within the attempt's time limit. It should
    /// keep what it knows; an error of it ends the call.
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

    /// A user and a password, for the Basic scheme.
    pub fn basic(user: impl Into<String>, password: impl Into<String>) -> Self {
        Self { source: Source::Basic { user: user.into(), password: password.into() } }
    }
}

impl From<String> for Credential {
    fn from(text: String) -> Self {
        Self { source: Source::Fixed(text) }
    }
}

impl From<&str> for Credential {
    fn from(text: &str) -> Self {
        Self::from(text.to_owned())
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Credential").field(&Redacted).finish()
    }
}
