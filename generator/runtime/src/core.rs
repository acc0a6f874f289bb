//! What the calls of a client share, and the decision which settings hold for one of them. It repeats nothing itself.

use std::fmt;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use reqwest::Response;
use reqwest::header::{ACCEPT, HeaderMap, HeaderValue, USER_AGENT};

use super::auth::Auth;
use super::budget::Budget;
use super::deadline::Deadline;
use super::error::Error;
use super::error_kind::{ErrorKind, TimeoutKind};
use super::hooks::{Attempt, Hooks};
use super::lent::Lent;
use super::mask::Mask;
use super::operation::{Operation, OperationMeta};
use super::options::{CallOptions, Echoes};
use super::policy::Policy;
use super::repeat::Repetition;
use super::reply::{Reply, describe};
use super::retry_codes::RetryCodes;
use super::retry_config::RetryConfig;
use super::server::{Schemes, ServerUrl};
use super::trace;
use super::transport::Transport;
use super::writer::RequestWriter;

/// A client without its API: settings, credentials and connections. Clones share all of it.
#[derive(Clone)]
pub struct Core {
    pub(super) shared: Arc<Shared>,
}

pub(super) struct Shared {
    pub(super) server: Option<ServerUrl>,
    pub(super) server_is_chosen: bool,
    pub(super) auth: Auth,
    pub(super) user_agent: HeaderValue,
    pub(super) timeout: Duration,
    pub(super) attempt_timeout: Duration,
    pub(super) policy: Policy,
    pub(super) retry: RetryConfig,
    pub(super) codes: Option<RetryCodes>,
    pub(super) transport: Transport,
    pub(super) budget: Budget,
    pub(super) max_response_bytes: usize,
    pub(super) max_response_values: usize,
    pub(super) schemes: Schemes,
    pub(super) hooks: Option<Arc<dyn Hooks>>,
    pub(super) rng_seed: Option<u64>,
    /// Calls that have drawn random numbers.
    pub(super) drawn: AtomicU64,
}

/// An operation as the loop sees it: whatever its arguments are, they can be written.
pub(super) trait Encode: Sync {
    fn encode_into(&self, request: &mut RequestWriter) -> Result<(), Error>;
}

impl<O: Operation> Encode for O {
    fn encode_into(&self, request: &mut RequestWriter) -> Result<(), Error> {
        self.encode(request)
    }
}

/// One call, with every setting decided.
pub(super) struct Plan<'a> {
    pub(super) meta: &'a OperationMeta,
    pub(super) operation: &'a dyn Encode,
    pub(super) options: &'a CallOptions,
    pub(super) server: Lent<'a, ServerUrl>,
    pub(super) policy: Lent<'a, Policy>,
    pub(super) attempt_timeout: Duration,
    pub(super) max_response_bytes: usize,
    pub(super) max_response_values: usize,
    /// Whether the body of a reply of success is left to be read later.
    pub(super) streams: bool,
}

/// A call that got a reply of success.
pub(super) struct Completed {
    pub(super) reply: Reply,
    pub(super) attempts: u32,
    /// When the call must end, which decoding may pass.
    pub(super) deadline: Deadline,
    /// Credentials that were asked for, to be masked if the reply turns out not to decode.
    pub(super) secrets: Vec<String>,
    /// The body, where it was left to be read later.
    pub(super) rest: Option<Box<Response>>,
}

impl Completed {
    /// The decoded value, unless the call's time is over. Small bodies are decoded in no time, so they pay for no clock.
    pub(super) fn in_time<T>(&self, value: T) -> Result<T, Error> {
        const SMALL: usize = 64 * 1024;
        if self.reply.body.len() < SMALL || !self.deadline.has_passed() {
            return Ok(value);
        }
        let message = format!("{}: the call took too long while the response was decoded", describe(self.reply.status));
        Err(self.reply.refused(ErrorKind::Timeout(TimeoutKind::Total), message))
    }
}

impl Core {
    pub(super) fn new(shared: Shared) -> Self {
        Self { shared: Arc::new(shared) }
    }

    /// Decides every setting of a call, or says which makes no sense.
    pub(super) fn plan<'a>(
        &'a self,
        meta: &'a OperationMeta,
        operation: &'a dyn Encode,
        options: &'a CallOptions,
    ) -> Result<Plan<'a>, Error> {
        self.shared.auth.check(meta.security)?;
        Ok(Plan {
            meta,
            operation,
            options,
            server: self.server(meta, options)?,
            policy: self.policy(meta, options)?,
            attempt_timeout: options.attempt_timeout.unwrap_or(self.shared.attempt_timeout),
            max_response_bytes: options.max_response_bytes.unwrap_or(self.shared.max_response_bytes),
            max_response_values: options.max_response_values.unwrap_or(self.shared.max_response_values),
            streams: false,
        })
    }

    /// Makes the call: attempts, and waits between them, until one succeeds or there is no sense in another.
    pub(super) fn run<'a>(
        &'a self,
        plan: &'a Plan<'a>,
    ) -> impl Future<Output = Result<Completed, Error>> + Send + use<'a> {
        let deadline = Deadline::start(plan.options.timeout.unwrap_or(self.shared.timeout));
        let span = trace::call_span(plan.meta, &plan.server);
        let mut repetition = Repetition::new(self, plan, deadline);
        // An `async fn` would keep its arguments beside what is made of them.
        async move {
            let outcome = trace::within(&span, pin!(repetition.run())).await;
            match &outcome {
                Ok(done) => trace::record(&span, done.attempts - 1, Ok(done.reply.status())),
                Err(error) => trace::record(&span, error.attempts().saturating_sub(1), Err(error)),
            }
            outcome
        }
    }

    /// Every call draws its own numbers, which a seed makes the same every time.
    pub(super) fn random(&self) -> fastrand::Rng {
        match self.shared.rng_seed {
            Some(seed) => {
                fastrand::Rng::with_seed(seed.wrapping_add(self.shared.drawn.fetch_add(1, Ordering::Relaxed)))
            }
            None => fastrand::Rng::new(),
        }
    }

    /// The error without anything secret that the response may echo.
    pub(super) fn mask(&self, plan: &Plan<'_>, secrets: &[String], error: Error) -> Error {
        if !error.may_echo() {
            return error;
        }
        match self.echoes(plan, secrets) {
            Some(mask) => error.masked(&mask),
            None => error.withheld(),
        }
    }

    /// What a response may echo: credentials, those that were asked for included, and what was sent. `None` if not all
    /// of it is known. Writing the request once more for it keeps calls that succeed cheap.
    pub(super) fn echoes(&self, plan: &Plan<'_>, secrets: &[String]) -> Option<Mask> {
        let mut mask = match &plan.options.echoes {
            Echoes::Nothing => Mask::default(),
            Echoes::Start(start) => Mask::clone(start),
            Echoes::Unknown => return None,
        };
        self.shared.auth.mask(&mut mask);
        mask.add_all(secrets);
        if let Ok(request) = self.shared.write(plan) {
            mask.add_request(&request);
        }
        Some(mask)
    }

    /// The client's, which makes sense, unless the operation or the call has something to say.
    fn policy(&self, meta: &OperationMeta, options: &CallOptions) -> Result<Lent<'_, Policy>, Error> {
        if meta.retry.is_none() && options.retry.is_none() && options.codes.is_none() {
            return Ok(Lent::Borrowed(&self.shared.policy));
        }
        let mut policy = self.shared.policy;
        if let Some(own) = &meta.retry {
            policy = Policy::from_spec(own)?.with(&self.shared.retry, self.shared.codes);
        }
        policy.with(options.retry.as_ref().unwrap_or(&RetryConfig::default()), options.codes).checked().map(Lent::owned)
    }

    /// The call's, else the user's, else the operation's, else the API's.
    fn server<'a>(&'a self, meta: &OperationMeta, options: &'a CallOptions) -> Result<Lent<'a, ServerUrl>, Error> {
        let shared = &self.shared;
        if let (None, Some(own), false) = (&options.server, meta.server, shared.server_is_chosen) {
            return ServerUrl::parse(own, shared.schemes).map(Lent::owned);
        }
        let server = options.server.as_ref().or(shared.server.as_ref());
        server
            .map(Lent::Borrowed)
            .ok_or_else(|| Error::configuration("server_url", "none is set, and the API names none"))
    }
}

impl Shared {
    /// Tells the hooks, if there are any.
    pub(super) fn tell(&self, attempt: &Attempt<'_>, error: &Error, retry_in: Option<Duration>) {
        if let Some(hooks) = &self.hooks {
            hooks.on_error(attempt, error, retry_in);
        }
    }

    /// The request of a call, still without a credential.
    pub(super) fn write(&self, plan: &Plan<'_>) -> Result<RequestWriter, Error> {
        let mut request = RequestWriter::new(&plan.server);
        request.headers_mut().insert(USER_AGENT, self.user_agent.clone());
        if let Some(accept) = plan.meta.accept {
            let accept = HeaderValue::from_maybe_shared(Bytes::from_static(accept.as_bytes()))
                .map_err(|_| Error::new(ErrorKind::Configuration, "the operation's content types are no header"))?;
            request.headers_mut().insert(ACCEPT, accept);
        }
        plan.operation.encode_into(&mut request)?;
        request.check_arguments()?;
        for (name, value) in &plan.options.headers {
            request.headers_mut().insert(name.clone(), value.clone());
        }
        Ok(request)
    }
}

impl Plan<'_> {
    /// Whether the request may be sent again even if the service has processed it: the call's own setting counts, then the
    /// API's. An operation that a key makes idempotent is so only if the key is sent.
    pub(super) fn is_idempotent(&self, headers: &HeaderMap) -> bool {
        self.options.idempotent.unwrap_or_else(|| {
            self.meta.idempotent && self.meta.idempotency_key.is_none_or(|name| headers.contains_key(name))
        })
    }

    pub(super) fn attempt(&self, number: u32) -> Attempt<'_> {
        Attempt { operation_id: self.meta.id, method: &self.meta.method, path: self.meta.path, number }
    }
}

/// The settings in force; of credentials the names only.
impl fmt::Debug for Core {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shared = &*self.shared;
        let mut out = f.debug_struct("Core");
        out.field("server_url", &shared.server.as_ref().map(ServerUrl::as_str));
        out.field("credentials", &shared.auth.schemes().collect::<Vec<_>>()).field("user_agent", &shared.user_agent);
        out.field("timeout", &shared.timeout).field("attempt_timeout", &shared.attempt_timeout);
        out.field("retry", &shared.policy).field("retry_budget", &shared.budget);
        out.field("max_response_bytes", &shared.max_response_bytes);
        out.field("max_response_values", &shared.max_response_values).finish_non_exhaustive()
    }
}
