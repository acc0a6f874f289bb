//! The settings of a client, their defaults and their checks. Nothing is sent.

use std::env::VarError;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use reqwest::ClientBuilder;
use reqwest::header::{HeaderName, HeaderValue};

use super::core::{Core, Shared};
use super::hooks::Hooks;
use super::operation::ClientSpec;
use super::options::{checked_size, checked_timeout};
use crate::runtime::auth::Auth;
use crate::runtime::auth::SecurityScheme;
use crate::runtime::auth::credential::Credential;
use crate::runtime::error::Error;
use crate::runtime::error::kind::ErrorKind;
use crate::runtime::error::problems::Problems;
use crate::runtime::request::parse_header;
use crate::runtime::request::server::Network;
use crate::runtime::request::server::{Schemes, ServerUrl};
use crate::runtime::retry::budget::RetryBudget;
use crate::runtime::retry::codes::{RetryCode, RetryCodes};
use crate::runtime::retry::config::RetryConfig;
use crate::runtime::retry::deadline::FAR;
use crate::runtime::retry::policy::Policy;
use crate::runtime::transport::clients::{Clients, Customize, Settings};
use crate::runtime::transport::{Exchange, Transport};

/// The settings of a client.
///
/// | setting | default |
/// |---|---|
/// | connecting | 10 s |
/// | longest idle time of a connection that a non-idempotent request uses | 2 s |
/// | one attempt: credential, connecting, sending, reading | 15 s |
/// | the whole call: all attempts and waits | 60 s |
/// | attempts | 4 |
/// | waits between attempts | random, up to a bound that grows from 500 ms by a factor of 1.5 to 60 s (full jitter) |
/// | latest start of a retry | 60 s after the start of the call |
/// | retried statuses | 408, 429, 500, 502, 503, 504 |
/// | longest `Retry-After` that is waited for | 60 s |
/// | retry budget | 20 % of the calls, and 100 at once |
/// | body of a successful response | 32 MiB after decompression |
/// | body of an error | the first 64 KiB are kept |
/// | values in a JSON response | 1,000,000 |
///
/// The API's description may state other waits and retried statuses. `Debug` shows the settings that are in force.
pub struct Config {
    spec: &'static ClientSpec,
    credentials: Vec<(&'static str, Credential)>,
    server: Option<String>,
    user_agent: Option<String>,
    timeout: Duration,
    attempt_timeout: Duration,
    connect_timeout: Duration,
    non_idempotent_idle_timeout: Duration,
    retry: RetryConfig,
    codes: Option<Vec<RetryCode>>,
    budget: RetryBudget,
    max_response_bytes: usize,
    max_response_values: usize,
    customize: Option<Customize>,
    allow_plain_http: bool,
    hooks: Option<Arc<dyn Hooks>>,
    rng_seed: Option<u64>,
    exchange: Option<Arc<dyn Exchange>>,
    headers: Vec<(HeaderName, HeaderValue)>,
    query: Vec<(String, String)>,
    extensions: http::Extensions,
    problems: Problems,
}

impl Config {
    /// Creates the default settings.
    #[must_use]
    pub fn new(spec: &'static ClientSpec) -> Self {
        Self {
            spec,
            credentials: Vec::new(),
            server: None,
            user_agent: None,
            timeout: Duration::from_secs(60),
            attempt_timeout: Duration::from_secs(15),
            connect_timeout: Duration::from_secs(10),
            non_idempotent_idle_timeout: Duration::from_secs(2),
            retry: RetryConfig::default(),
            codes: None,
            budget: RetryBudget::default(),
            max_response_bytes: 32 * 1024 * 1024,
            max_response_values: 1_000_000,
            customize: None,
            allow_plain_http: false,
            hooks: None,
            rng_seed: None,
            exchange: None,
            headers: Vec::new(),
            query: Vec::new(),
            extensions: http::Extensions::new(),
            problems: Problems::default(),
        }
    }

    /// Returns the value of an environment variable.
    ///
    /// `None` if it is not set or empty, and also if it is not valid UTF-8, which makes [`build`](Self::build) fail.
    pub fn variable(&mut self, name: &'static str) -> Option<String> {
        match std::env::var(name) {
            Ok(value) => (!value.is_empty()).then_some(value),
            Err(VarError::NotPresent) => None,
            Err(VarError::NotUnicode(_)) => {
                self.refuse(Error::configuration(name, "the environment variable is not valid UTF-8"));
                None
            }
        }
    }

    /// Makes [`build`](Self::build) fail with this error, together with the errors of other settings.
    pub fn refuse(&mut self, error: Error) {
        let _: Option<()> = self.problems.accept(Err(error));
    }

    /// Makes [`build`](Self::build) fail because a required setting is not set.
    pub fn refuse_missing(&mut self, setting: &'static str, help: &'static str) {
        self.refuse(Error::missing(setting, help));
    }

    /// Checks a setting that every call sends. An invalid value makes [`build`](Self::build) fail. So does a missing one if
    /// `help` says how to set it.
    pub fn parameter(
        &mut self,
        name: &'static str,
        value: Option<String>,
        parse: fn(&'static str, String) -> Result<String, Error>,
        help: Option<&'static str>,
    ) -> Option<Arc<str>> {
        match (value, help) {
            (Some(value), _) => self.problems.accept(parse(name, value)).map(Arc::from),
            (None, Some(help)) => {
                self.refuse_missing(name, help);
                None
            }
            (None, None) => None,
        }
    }

    /// Adds a header to every request. A header that an operation or a call sets takes precedence.
    pub fn default_header(&mut self, name: &str, value: impl TryInto<HeaderValue>) {
        let header = parse_header(name, value).map_err(|reason| Error::configuration("default_header", reason));
        let header = self.problems.accept(header);
        self.headers.extend(header);
    }

    /// Adds a parameter to the query of every request, unless an operation or a call sets one of the same name.
    pub fn default_query(&mut self, name: String, value: String) {
        self.query.push((name, value));
    }

    /// Adds the setting of an optional module of the runtime, instead of one of the same type.
    pub(crate) fn extension<T: Clone + Send + Sync + 'static>(&mut self, setting: T) {
        self.extensions.insert(setting);
    }

    /// Sets the credential of a scheme, by the name of the scheme.
    pub fn credential(&mut self, scheme: &'static str, secret: Credential) {
        self.credentials.push((scheme, secret));
    }

    /// Sets the server URL, instead of those in the API's description. It also replaces the servers of single operations.
    pub fn server_url(&mut self, url: String) {
        self.server = Some(url);
    }

    /// Sets the `User-Agent` header. The default is the name and version of the client, with the system and architecture.
    pub fn user_agent(&mut self, user_agent: String) {
        self.user_agent = Some(user_agent);
    }

    /// Limits each call: all attempts and the waits between them, connecting and reading. 60 s by default. Zero is invalid.
    pub fn timeout(&mut self, timeout: Duration) {
        self.timeout = timeout;
    }

    /// Limits each attempt: credential, connecting, sending and reading. 15 s by default. Zero is invalid.
    ///
    /// About a quarter of [`timeout`](Self::timeout) leaves time for retries.
    pub fn attempt_timeout(&mut self, timeout: Duration) {
        self.attempt_timeout = timeout;
    }

    /// Limits connecting: name resolution, TCP and TLS. 10 s by default. Zero is invalid.
    pub fn connect_timeout(&mut self, timeout: Duration) {
        self.connect_timeout = timeout;
    }

    /// Sets for how long a connection may have been idle before a non-idempotent request uses it. 2 s by default.
    ///
    /// If the server closes an idle connection just when a request arrives, it is unknown whether the request was processed.
    /// Set this to less than the keep-alive time of the server. Idempotent requests use connections that have been idle for
    /// longer, up to 50 s.
    pub fn non_idempotent_idle_timeout(&mut self, timeout: Duration) {
        self.non_idempotent_idle_timeout = timeout;
    }

    /// Sets when and how often a failed call is retried. What `retry` does not set is as in the API's description.
    pub fn retry_config(&mut self, retry: RetryConfig) {
        self.retry = retry;
    }

    /// Sets which statuses are retried, such as `429` or `5XX`. With an empty list no status is retried.
    pub fn retry_codes<I>(&mut self, codes: I)
    where
        I: IntoIterator,
        I::Item: Into<RetryCode>,
    {
        self.codes = Some(codes.into_iter().map(Into::into).collect());
    }

    /// Limits how many retries the client and its clones make together.
    pub fn retry_budget(&mut self, budget: RetryBudget) {
        self.budget = budget;
    }

    /// Limits the body of a successful response, in bytes after decompression. 32 MiB by default. Zero is invalid.
    pub fn max_response_bytes(&mut self, bytes: usize) {
        self.max_response_bytes = bytes;
    }

    /// Limits the number of JSON values in a successful response. 1,000,000 by default. Zero is invalid.
    ///
    /// Every object, array, string, number, `true`, `false` and `null` is one value, at any depth. Names are not counted. A
    /// response with more values fails with [`BodyFailure::TooManyValues`](crate::runtime::BodyFailure::TooManyValues) before
    /// it is decoded.
    ///
    /// A limit on the bytes of a response does not bound memory. Decoded as [`serde_json::Value`], a value takes up to about
    /// 650 bytes, in addition to the characters of names and strings. So a response of 5 MB at the default limit may take
    /// 630 MB if it consists of nested objects with one field, and 330 MB if it consists of `{"a":[]}`. A typical response
    /// takes much less: records with a few fields take about 100 MB at the limit, and are about 15 MB long. An object that
    /// the API describes takes at least the size of its type, however few fields the service sends. Set a lower limit if
    /// memory is scarce.
    pub fn max_response_values(&mut self, values: usize) {
        self.max_response_values = values;
    }

    /// Changes the settings of the HTTP client, such as proxies, the pool or TLS.
    ///
    /// The function is called with the settings of this crate, once for each HTTP client that is built. It cannot change
    /// redirects, resending and the connect timeout, because they are set after it. A proxy that it adds replaces those of
    /// the environment; requests to this machine never use a proxy. Headers that it adds are not masked in errors.
    ///
    /// Set time limits with [`timeout`](Self::timeout) and [`attempt_timeout`](Self::attempt_timeout) instead: after a limit
    /// that the function sets has passed, [`Error::maybe_sent`] is true even if no connection was made.
    pub fn http_client(&mut self, customize: impl Fn(ClientBuilder) -> ClientBuilder + Send + Sync + 'static) {
        self.customize = Some(Arc::new(customize));
    }

    /// Sets whether `http://` is allowed to other machines. Not allowed by default, because anyone on the way can then read
    /// the credential.
    pub fn allow_plain_http(&mut self, allow: bool) {
        self.allow_plain_http = allow;
    }

    /// Sets functions that are called around every attempt, instead of any that were set before.
    pub fn hooks(&mut self, hooks: impl Hooks + 'static) {
        self.hooks = Some(Arc::new(hooks));
    }

    /// Seeds the random numbers, so that waits are the same in every run of a test.
    #[doc(hidden)]
    pub fn rng_seed(&mut self, seed: u64) {
        self.rng_seed = Some(seed);
    }

    /// Sends requests to an [`Exchange`] instead of the network, for tests.
    #[doc(hidden)]
    pub fn exchange(&mut self, exchange: impl Exchange + 'static) {
        self.exchange = Some(Arc::new(exchange));
    }

    /// Builds the client.
    ///
    /// # Errors
    ///
    /// Fails if settings are missing or invalid. The error names all of them.
    pub fn build(mut self) -> Result<Core, Error> {
        let mut problems = std::mem::take(&mut self.problems);
        let schemes = self.schemes();
        let url = self.server.as_deref().or(self.spec.server_url);
        let server = problems.accept(url.map(|url| ServerUrl::parse(url, schemes)).transpose());
        let codes = problems.accept(self.codes.as_ref().map(RetryCodes::parse).transpose());
        let retry = codes.map(|codes| Policy::from_spec(&self.spec.retry)?.with(&self.retry, codes).checked());
        let policy = retry.and_then(|retry| problems.accept(retry));
        let transport = server.as_ref().and_then(|server| problems.accept(self.transport(server.as_ref())));
        let auth = self.auth(&mut problems);
        let user_agent = problems.accept(self.user_agent_value());
        let timeout = problems.accept(checked_timeout("timeout", self.timeout));
        let attempt_timeout = problems.accept(checked_timeout("attempt_timeout", self.attempt_timeout));
        problems.accept(checked_timeout("connect_timeout", self.connect_timeout));
        let budget = problems.accept(self.budget.open());
        problems.accept(checked_size("max_response_bytes", self.max_response_bytes));
        problems.accept(checked_size("max_response_values", self.max_response_values));
        problems.check()?;
        let (Some(server), Some(codes), Some(policy), Some(transport), Some(user_agent), Some(budget)) =
            (server, codes, policy, transport, user_agent, budget)
        else {
            return Err(Error::new(ErrorKind::Configuration, "a setting is invalid"));
        };
        Ok(Core::new(Shared {
            server_is_chosen: self.server.is_some(),
            server,
            auth,
            user_agent,
            timeout: timeout.unwrap_or(self.timeout),
            attempt_timeout: attempt_timeout.unwrap_or(self.attempt_timeout),
            policy,
            transport,
            budget,
            max_response_bytes: self.max_response_bytes,
            max_response_values: self.max_response_values,
            retry: self.retry,
            codes,
            schemes,
            security: self.spec.security,
            headers: self.headers,
            query: self.query,
            extensions: self.extensions,
            hooks: self.hooks,
            rng_seed: self.rng_seed,
            drawn: AtomicU64::new(0),
        }))
    }

    /// Returns the allowed schemes. Without a TLS feature, `https` is allowed only if the HTTP client is customized, which may
    /// add TLS, or replaced in a test.
    fn schemes(&self) -> Schemes {
        let has_tls = cfg!(any(feature = "rustls-tls", feature = "native-tls"));
        let https = has_tls || self.customize.is_some() || self.exchange.is_some();
        Schemes { plain_http: self.allow_plain_http, https }
    }

    fn auth(&self, problems: &mut Problems) -> Auth {
        let mut auth = Auth::new(self.spec.schemes);
        for (name, credential) in &self.credentials {
            let scheme = self
                .scheme(name)
                .ok_or_else(|| Error::configuration(name, "the API has no security scheme of this name"));
            problems.accept(scheme.and_then(|scheme| auth.set(scheme, credential)));
        }
        auth
    }

    fn scheme(&self, name: &str) -> Option<&'static SecurityScheme> {
        self.spec.schemes.iter().find(|scheme| scheme.name == name)
    }

    fn user_agent_value(&self) -> Result<HeaderValue, Error> {
        let user_agent = match &self.user_agent {
            Some(user_agent) => user_agent.clone(),
            None => format!("{} ({}; {})", self.spec.user_agent, std::env::consts::OS, std::env::consts::ARCH),
        };
        HeaderValue::from_str(&user_agent)
            .map_err(|_| Error::configuration("user_agent", "has characters that are not allowed in headers"))
    }

    fn transport(&self, server: Option<&ServerUrl>) -> Result<Transport, Error> {
        let settings = Settings {
            connect_timeout: self.connect_timeout.min(FAR),
            non_idempotent_idle: self.non_idempotent_idle_timeout.min(FAR),
            customize: self.customize.clone(),
        };
        match &self.exchange {
            Some(exchange) => Ok(Transport::Exchange(exchange.clone())),
            None => {
                let network = server.map_or(Network::Remote, ServerUrl::network);
                Clients::new(settings, network).map(|clients| Transport::Http(Box::new(clients)))
            }
        }
    }
}

/// Shows the settings that are in force. Of credentials only the names of their settings are shown.
impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let codes = self.codes.as_ref().map(RetryCodes::parse).transpose();
        let setting = |name| self.scheme(name).map_or(name, |scheme| scheme.setting);
        let names: Vec<_> = self.credentials.iter().map(|(name, _)| setting(*name)).collect();
        let mut out = f.debug_struct("Config");
        out.field("credentials", &names).field("timeout", &self.timeout);
        out.field("attempt_timeout", &self.attempt_timeout).field("connect_timeout", &self.connect_timeout);
        out.field("non_idempotent_idle_timeout", &self.non_idempotent_idle_timeout);
        let policy = codes.and_then(|codes| Ok(Policy::from_spec(&self.spec.retry)?.with(&self.retry, codes)));
        match policy {
            Ok(policy) => out.field("retry", &policy),
            Err(error) => out.field("retry", &error.to_string()),
        };
        out.field("retry_budget", &self.budget).field("max_response_bytes", &self.max_response_bytes);
        out.field("max_response_values", &self.max_response_values);
        out.field("allow_plain_http", &self.allow_plain_http).finish_non_exhaustive()
    }
}
