//! What is set for one call. The first setting that makes no sense is kept, and reported when the call is made.

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{HeaderName, HeaderValue};

use crate::runtime::error::Error;
use crate::runtime::error::mask::Mask;
use crate::runtime::request::server::ServerUrl;
use crate::runtime::retry::codes::RetryCodes;
use crate::runtime::retry::config::RetryConfig;

/// The settings of one call; none is as the client has it.
pub(crate) struct CallOptions {
    pub(crate) timeout: Option<Duration>,
    pub(crate) attempt_timeout: Option<Duration>,
    /// A later one of the same name replaces an earlier one.
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    pub(crate) retry: Option<RetryConfig>,
    pub(crate) codes: Option<RetryCodes>,
    pub(crate) server: Option<ServerUrl>,
    pub(crate) idempotent: Option<bool>,
    pub(crate) max_response_bytes: Option<usize>,
    pub(crate) max_response_values: Option<usize>,
    pub(crate) echoes: Echoes,
    pub(crate) refused: Option<Error>,
}

/// What a response to a call may echo, beside what the call itself sends.
#[derive(Clone)]
pub(crate) enum Echoes {
    /// Nothing else.
    Nothing,
    /// What the start of a job has sent.
    Start(Arc<Mask>),
    /// Anything: nobody knows here what the start of the job has sent.
    Unknown,
}

impl CallOptions {
    /// Nothing is set.
    pub(crate) const NONE: Self = Self {
        timeout: None,
        attempt_timeout: None,
        headers: Vec::new(),
        retry: None,
        codes: None,
        server: None,
        idempotent: None,
        max_response_bytes: None,
        max_response_values: None,
        echoes: Echoes::Nothing,
        refused: None,
    };

    /// The value of a setting, unless it makes no sense.
    pub(crate) fn accept<T>(&mut self, setting: Result<T, Error>) -> Option<T> {
        match setting {
            Ok(value) => Some(value),
            Err(error) => {
                self.refused.get_or_insert(error);
                None
            }
        }
    }
}

/// A time limit that is no limit of nothing.
pub(crate) fn checked_timeout(setting: &'static str, timeout: Duration) -> Result<Duration, Error> {
    if timeout.is_zero() {
        return Err(Error::configuration(setting, "must be more than nothing"));
    }
    Ok(timeout)
}

/// A bound that lets something through.
pub(crate) fn checked_size(setting: &'static str, bytes: usize) -> Result<usize, Error> {
    if bytes == 0 {
        return Err(Error::configuration(setting, "must be more than nothing"));
    }
    Ok(bytes)
}
