//! What the calls of a client share: settings, credentials, connections and the retry budget.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{ACCEPT, HeaderName, HeaderValue, USER_AGENT};

use super::hooks::{Attempt, Hooks};
use super::options::Echoes;
use super::plan::Plan;
use crate::runtime::auth::Auth;
use crate::runtime::error::Error;
use crate::runtime::error::kind::ErrorKind;
use crate::runtime::error::mask::Mask;
use crate::runtime::request::RequestWriter;
use crate::runtime::request::server::{Schemes, ServerUrl};
use crate::runtime::retry::budget::Budget;
use crate::runtime::retry::codes::RetryCodes;
use crate::runtime::retry::config::RetryConfig;
use crate::runtime::retry::policy::Policy;
use crate::runtime::transport::Transport;

/// The part of a client that does not depend on its API: settings, credentials and connections. Clones share all of them.
#[derive(Clone)]
pub struct Core {
    pub(crate) shared: Arc<Shared>,
}

pub(crate) struct Shared {
    pub(crate) server: Option<ServerUrl>,
    pub(crate) server_is_chosen: bool,
    pub(crate) auth: Auth,
    pub(crate) user_agent: HeaderValue,
    pub(crate) timeout: Duration,
    pub(crate) attempt_timeout: Duration,
    pub(crate) policy: Policy,
    pub(crate) retry: RetryConfig,
    pub(crate) codes: Option<RetryCodes>,
    pub(crate) transport: Transport,
    pub(crate) budget: Budget,
    pub(crate) max_response_bytes: usize,
    pub(crate) max_response_values: usize,
    pub(crate) schemes: Schemes,
    /// The security schemes of requests that the API does not describe.
    pub(crate) security: &'static [&'static [&'static str]],
    /// Headers of every request.
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    /// Parameters in the query of every request.
    pub(crate) query: Vec<(String, String)>,
    /// Settings of optional modules.
    pub(crate) extensions: http::Extensions,
    pub(crate) hooks: Option<Arc<dyn Hooks>>,
    pub(crate) rng_seed: Option<u64>,
    /// How many calls have used random numbers.
    pub(crate) drawn: AtomicU64,
}

impl Core {
    pub(crate) fn new(shared: Shared) -> Self {
        Self { shared: Arc::new(shared) }
    }

    /// Returns the random numbers of one call. With a seed they are the same in every run.
    pub(crate) fn random(&self) -> fastrand::Rng {
        match self.shared.rng_seed {
            Some(seed) => {
                fastrand::Rng::with_seed(seed.wrapping_add(self.shared.drawn.fetch_add(1, Ordering::Relaxed)))
            }
            None => fastrand::Rng::new(),
        }
    }

    /// Masks everything secret in an error that the response may echo.
    pub(crate) fn mask(&self, plan: &Plan<'_>, secrets: &[String], error: Error) -> Error {
        if !error.may_echo() {
            return error;
        }
        match self.echoes(plan, secrets) {
            Some(mask) => error.masked(&mask),
            None => error.withheld(),
        }
    }

    /// Returns what a response may echo: credentials, including provided ones, and what was sent. `None` if not all of it is
    /// known. The request is written again for this, which costs nothing for calls that succeed.
    pub(crate) fn echoes(&self, plan: &Plan<'_>, secrets: &[String]) -> Option<Mask> {
        let mut mask = match &plan.options.echoes {
            Echoes::Nothing => Mask::default(),
            Echoes::Start(start) => Mask::clone(start),
            Echoes::Unknown => return None,
        };
        self.shared.auth.mask(&mut mask);
        mask.add_all(secrets);
        if let Ok(request) = self.shared.write(plan) {
            request.add_to(&mut mask);
        }
        Some(mask)
    }
}

impl Shared {
    /// Reports a failed attempt to the hooks.
    pub(crate) fn report(&self, attempt: &Attempt<'_>, error: &Error, retry_in: Option<Duration>) {
        if let Some(hooks) = &self.hooks {
            hooks.on_error(attempt, error, retry_in);
        }
    }

    /// Writes the request of a call, without a credential.
    pub(crate) fn write(&self, plan: &Plan<'_>) -> Result<RequestWriter, Error> {
        let mut request = RequestWriter::new(&plan.server);
        request.headers_mut().insert(USER_AGENT, self.user_agent.clone());
        if let Some(accept) = plan.accept {
            let accept = HeaderValue::from_maybe_shared(Bytes::from_static(accept.as_bytes())).map_err(|_| {
                Error::new(
                    ErrorKind::Configuration,
                    "the content types that the operation accepts are not a valid header",
                )
            })?;
            request.headers_mut().insert(ACCEPT, accept);
        }
        for (name, value) in &self.headers {
            request.headers_mut().insert(name.clone(), value.clone());
        }
        plan.operation.encode_into(&mut request)?;
        request.check_arguments()?;
        for (name, value) in &plan.options.headers {
            request.headers_mut().insert(name.clone(), value.clone());
        }
        for (name, value) in &plan.options.query {
            request.push_query(name, value);
        }
        request.push_default_query(&self.query);
        Ok(request)
    }
}

/// Shows the server, the credentials and the time limits, and with `{:#?}` all settings that are in force. Of credentials
/// only the names of their settings are shown.
impl fmt::Debug for Core {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shared = &*self.shared;
        let is_whole = f.alternate();
        let mut out = f.debug_struct("Core");
        out.field("server_url", &shared.server.as_ref().map(ServerUrl::as_str));
        out.field("credentials", &shared.auth.settings().collect::<Vec<_>>());
        out.field("timeout", &shared.timeout).field("attempt_timeout", &shared.attempt_timeout);
        if !is_whole {
            return out.finish_non_exhaustive();
        }
        out.field("user_agent", &shared.user_agent);
        out.field("retry", &shared.policy).field("retry_budget", &shared.budget);
        out.field("max_response_bytes", &shared.max_response_bytes);
        out.field("max_response_values", &shared.max_response_values).finish_non_exhaustive()
    }
}
