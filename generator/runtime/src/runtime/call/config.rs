//! The settings of a client, their defaults, and the refusal of those that make no sense. It sends nothing.

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
use crate::runtime::retry::codes::RetryCodes;
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
/// | idle time of a connection that a non-idempotent request may use | 2 s |
/// | one attempt: credential, connecting, sending, reading | 15 s |
/// | the whole call: all attempts and waits | 60 s |
/// | attempts | 4 |
/// | waits | 500 ms × 1.5 → 60 s, of which a random part (full jitter) |
/// | no retry begins later than | 60 s after the begin of the call |
/// | retried statuses | 408, 429, 500, 502, 503, 504 |
/// | longest `Retry-After` that is waited for | 60 s |
/// | retry budget | 20 % of the calls, and 100 at once |
/// | response | 32 MiB, counted after decompression; of an error's body 64 KiB are kept |
/// | values in a response of JSON | 1,000,000 |
///
/// Waits and statuses are what the API's description states; `Debug` shows what is in force.
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
    codes: Option<Vec<String>>,
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
    /// The defaults.
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

    /// Returns the value of an environment variable. `None` if it is not set or empty, and also if it is not UTF-8, which is
    /// an error of [`build`](Self::build).
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

    /// Checks a setting that every call sends. An invalid value is an error of [`build`](Self::build), as is a missing one if
    /// there is `help` on how to set it.
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

    /// Adds a header to every request.
    pub fn default_header(&mut self, name: &str, value: &str) {
        let header = parse_header(name, value).map_err(|reason| Error::configuration("default_header", reason));
        let header = self.problems.accept(header);
        self.headers.extend(header);
    }

    /// Adds a parameter to the query of every request.
    pub fn default_query(&mut self, name: String, value: String) {
        self.query.push((name, value));
    }

    /// Adds a setting of an optional module of the runtime.
    pub(crate) fn extension<T: Clone + Send + Sync + 'static>(&mut self, setting: T) {
        self.extensions.insert(setting);
    }

    /// The credential of a scheme, by the scheme's name.
    pub fn credential(&mut self, scheme: &'static str, secret: Credential) {
        self.credentials.push((scheme, secret));
    }

    /// The server, instead of the one the API's description names, also where an operation has its own.
    pub fn server_url(&mut self, url: String) {
        self.server = Some(url);
    }

    /// The user agent, instead of the client's name and version.
    pub fn user_agent(&mut self, user_agent: String) {
        self.user_agent = Some(user_agent);
    }

    /// The limit of a whole call: attempts, waits, connecting and reading.
    pub fn timeout(&mut self, timeout: Duration) {
        self.timeout = timeout;
    }

    /// The limit of one attempt. About a quarter of the whole leaves time for retries.
    pub fn attempt_timeout(&mut self, timeout: Duration) {
        self.attempt_timeout = timeout;
    }

    /// The limit of connecting: name resolution, TCP and TLS.
    pub fn connect_timeout(&mut self, timeout: Duration) {
        self.connect_timeout = timeout;
    }

    /// How long a connection may have been idle when a request uses it that must not be repeated. Other requests may use
    /// connections that have been idle for longer.
    ///
    /// A server that closes an idle connection just when a request arrives leaves unknown whether it has acted on it. Set
    /// this below the server's own keep-alive time.
    pub fn non_idempotent_idle_timeout(&mut self, timeout: Duration) {
        self.non_idempotent_idle_timeout = timeout;
    }

    /// When and how often a call is tried again.
    pub fn retry_config(&mut self, retry: RetryConfig) {
        self.retry = retry;
    }

    /// The statuses that are retried, such as `429` or `5XX`.
    pub fn retry_codes<I>(&mut self, codes: I)
    where
        I: IntoIterator,
        I::Item: Into<String>,
    {
        self.codes = Some(codes.into_iter().map(Into::into).collect());
    }

    /// How many retries the client and its clones make together.
    pub fn retry_budget(&mut self, budget: RetryBudget) {
        self.budget = budget;
    }

    /// The longest response that is read, in bytes after decompression.
    pub fn max_response_bytes(&mut self, bytes: usize) {
        self.max_response_bytes = bytes;
    }

    /// Limits how many JSON values a response of success may have. The default is 1,000,000.
    ///
    /// Every object, array, string, number, `true`, `false` and `null` is one value, at any depth; names are not counted. A
    /// response with more values fails as [`BodyFailure::TooManyValues`](crate::runtime::BodyFailure::TooManyValues) before it is
    /// decoded. Zero is refused by [`build`](Self::build).
    ///
    /// A limit on the bytes of a response alone does not bound memory. Decoded as [`serde_json::Value`], a value takes about
    /// 650 bytes at most, besides the text of names and strings. So a response of 5 MB at the default limit may take 630 MB
    /// if it consists of objects of one field inside each other, and 330 MB if it consists of `{"a":[]}`. A usual response
    /// takes much less: records of some fields take about 100 MB at the limit, and are about 15 MB long then. An object
    /// that the API describes takes at least the size of its type, however few fields the service sent. Set a lower limit
    /// where memory is scarce.
    pub fn max_response_values(&mut self, values: usize) {
        self.max_response_values = values;
    }

    /// Changes the settings of the HTTP client, such as proxies, the pool or TLS.
    ///
    /// The function is called with the settings of this crate, once for each HTTP client that is built. Redirects, resending
    /// and the connect timeout are set after it, so that it cannot change them; neither can it set a proxy for this
    /// machine. A proxy it adds replaces those of the environment. Headers that it adds are not masked in errors.
    ///
    /// Leave time limits to [`timeout`](Self::timeout) and [`attempt_timeout`](Self::attempt_timeout): after a limit that is set
    /// here has passed, [`Error::maybe_sent`] is true even if no connection was made.
    pub fn http_client(&mut self, customize: impl Fn(ClientBuilder) -> ClientBuilder + Send + Sync + 'static) {
        self.customize = Some(Arc::new(customize));
    }

    /// Whether `http://` is allowed to hosts that are not this machine. The credential can then be read on the way.
    pub fn allow_plain_http(&mut self, allow: bool) {
        self.allow_plain_http = allow;
    }

    /// What is called around every attempt.
    pub fn hooks(&mut self, hooks: impl Hooks + 'static) {
        self.hooks = Some(Arc::new(hooks));
    }

    /// Makes the waits predictable, for tests.
    #[doc(hidden)]
    pub fn rng_seed(&mut self, seed: u64) {
        self.rng_seed = Some(seed);
    }

    /// Carries requests without a network, for tests.
    #[doc(hidden)]
    pub fn exchange(&mut self, exchange: impl Exchange + 'static) {
        self.exchange = Some(Arc::new(exchange));
    }

    /// Builds the client.
    ///
    /// # Errors
    ///
    /// Names all settings that are missing or invalid.
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

    /// Without a TLS feature of this crate, `https` is left to whoever changes the HTTP client, or replaces it in a test.
    fn schemes(&self) -> Schemes {
        let has_tls = cfg!(any(feature = "rustls-tls", feature = "native-tls"));
        let https = has_tls || self.customize.is_some() || self.exchange.is_some();
        Schemes { plain_http: self.allow_plain_http, https }
    }

    fn auth(&self, problems: &mut Problems) -> Auth {
        let mut auth = Auth::default();
        for (name, credential) in &self.credentials {
            let scheme = self.scheme(name).ok_or_else(|| Error::configuration(name, "the API has no such scheme"));
            problems.accept(scheme.and_then(|scheme| auth.set(scheme, credential)));
        }
        auth
    }

    fn scheme(&self, name: &str) -> Option<&'static SecurityScheme> {
        self.spec.schemes.iter().find(|scheme| scheme.name == name)
    }

    fn user_agent_value(&self) -> Result<HeaderValue, Error> {
        let text = match &self.user_agent {
            Some(text) => text.clone(),
            None => format!("{} ({}; {})", self.spec.user_agent, std::env::consts::OS, std::env::consts::ARCH),
        };
        HeaderValue::from_str(&text).map_err(|_| Error::configuration("user_agent", "characters that no header takes"))
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

/// The settings in force; of credentials the names only.
impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let codes = self.codes.as_ref().map(RetryCodes::parse).transpose();
        let names: Vec<_> = self.credentials.iter().map(|(name, _)| name).collect();
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
