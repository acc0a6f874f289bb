//! The plan of a call: all its settings, decided before anything is sent.

use std::borrow::Cow;
use std::time::Duration;

use http::{HeaderMap, Method};
use reqwest::Response;

use super::core::Core;
use super::hooks::Attempt;
use super::maybe_owned::MaybeOwned;
use super::operation::{Operation, OperationMeta};
use super::options::CallOptions;
use crate::runtime::error::kind::{ErrorKind, TimeoutKind};
use crate::runtime::error::{Error, describe};
use crate::runtime::request::RequestWriter;
use crate::runtime::request::server::ServerUrl;
use crate::runtime::retry::config::RetryConfig;
use crate::runtime::retry::deadline::Deadline;
use crate::runtime::retry::policy::Policy;
use crate::runtime::transport::response::RawResponse;

/// Writes a request. The retry loop is not generic over the operation, so it uses this trait as an object.
pub(crate) trait Encode: Sync {
    fn encode_into(&self, request: &mut RequestWriter) -> Result<(), Error>;
}

impl<O: Operation> Encode for O {
    fn encode_into(&self, request: &mut RequestWriter) -> Result<(), Error> {
        self.encode(request)
    }
}

/// All settings of one call, decided.
pub(crate) struct Plan<'a> {
    pub(crate) meta: &'a OperationMeta,
    pub(crate) method: Cow<'a, Method>,
    pub(crate) operation: &'a dyn Encode,
    pub(crate) options: &'a CallOptions,
    /// The `Accept` header.
    pub(crate) accept: Option<&'static str>,
    pub(crate) server: MaybeOwned<'a, ServerUrl>,
    pub(crate) policy: MaybeOwned<'a, Policy>,
    pub(crate) attempt_timeout: Duration,
    pub(crate) max_response_bytes: usize,
    pub(crate) max_response_values: usize,
    /// Whether the body of a successful response is read later.
    pub(crate) streams: bool,
    /// Whether [`Completed`] keeps the request.
    pub(crate) keeps_request: bool,
}

/// The outcome of a call that received a successful response.
pub(crate) struct Completed {
    pub(crate) response: RawResponse,
    pub(crate) attempts: u32,
    /// The time limit of the call. Decoding may exceed it.
    pub(crate) deadline: Deadline,
    /// Credentials that were provided, and values of hooks, to be masked if the response cannot be decoded.
    pub(crate) secrets: Vec<String>,
    /// The body, if [`Plan::streams`] is set.
    pub(crate) rest: Option<Box<Response>>,
    /// The request without its credential, if [`Plan::keeps_request`] is set.
    pub(crate) request: Option<Box<RequestWriter>>,
}

impl Completed {
    /// Returns the decoded value, unless the time limit of the call has passed. For a small body, which is decoded quickly, the
    /// clock is not read.
    pub(crate) fn in_time<T>(&self, value: T) -> Result<T, Error> {
        const SMALL: usize = 64 * 1024;
        if self.response.body.len() < SMALL || !self.deadline.has_passed() {
            return Ok(value);
        }
        let message =
            format!("{}: the call took too long while the response was decoded", describe(self.response.status));
        Err(self.response.refused(ErrorKind::Timeout(TimeoutKind::Total), message))
    }
}

impl Core {
    /// Decides every setting of a call.
    ///
    /// # Errors
    ///
    /// Fails if a setting is missing or invalid.
    pub(crate) fn plan<'a>(
        &'a self,
        meta: &'a OperationMeta,
        operation: &'a dyn Encode,
        options: &'a CallOptions,
    ) -> Result<Plan<'a>, Error> {
        self.shared.auth.check(meta.security)?;
        Ok(Plan {
            meta,
            method: meta.method.get()?,
            operation,
            options,
            accept: meta.accept,
            server: self.server(meta, options)?,
            policy: self.policy(meta, options)?,
            attempt_timeout: options.attempt_timeout.unwrap_or(self.shared.attempt_timeout),
            max_response_bytes: options.max_response_bytes.unwrap_or(self.shared.max_response_bytes),
            max_response_values: options.max_response_values.unwrap_or(self.shared.max_response_values),
            streams: false,
            keeps_request: false,
        })
    }

    /// Returns the retry policy of the client, unless the operation or the call changes it. The client's is checked already.
    fn policy(&self, meta: &OperationMeta, options: &CallOptions) -> Result<MaybeOwned<'_, Policy>, Error> {
        if meta.retry.is_none() && options.retry.is_none() && options.codes.is_none() {
            return Ok(MaybeOwned::Borrowed(&self.shared.policy));
        }
        let mut policy = self.shared.policy;
        if let Some(own) = &meta.retry {
            policy = Policy::from_spec(own)?.with(&self.shared.retry, self.shared.codes);
        }
        policy
            .with(options.retry.as_ref().unwrap_or(&RetryConfig::default()), options.codes)
            .checked()
            .map(MaybeOwned::owned)
    }

    /// Returns the server of the call, the client, the operation or the API: the first that is set.
    fn server<'a>(&'a self, meta: &OperationMeta, options: &CallOptions) -> Result<MaybeOwned<'a, ServerUrl>, Error> {
        let shared = &self.shared;
        let own = meta.server.filter(|_| !shared.server_is_chosen);
        match options.server.as_deref().or(own) {
            Some(url) => ServerUrl::parse(url, shared.schemes).map(MaybeOwned::owned),
            None => shared.server.as_ref().map(MaybeOwned::Borrowed).ok_or_else(|| {
                Error::configuration("server_url", "must be set, because the API's description has no server")
            }),
        }
    }
}

impl Plan<'_> {
    /// Whether the request may be sent again even if the service has processed it.
    ///
    /// The setting of the call takes precedence over that of the API. An operation with an idempotency key is idempotent only
    /// if the key is sent.
    pub(crate) fn is_idempotent(&self, headers: &HeaderMap) -> bool {
        self.options.idempotent.unwrap_or_else(|| {
            self.meta.idempotent && self.meta.idempotency_key.is_none_or(|name| headers.contains_key(name))
        })
    }

    pub(crate) fn attempt(&self, number: u32) -> Attempt<'_> {
        Attempt { operation_id: self.meta.id, method: &self.method, path: self.meta.path, number }
    }
}
