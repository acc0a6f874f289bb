//! A small handwritten API: the operations that the tests call, and clients for them.

use std::marker::PhantomData;
use std::time::Duration;

use sdk_runtime::{
    BackoffConfig, ClientSpec, Config, Core, Error, HttpMethod, ListStyle, Method, Operation, OperationMeta, Placement,
    RawResponse, RequestWriter, RetryConfig, RetryDefaults, RetryStrategy, SecurityScheme,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::standin::Standin;

pub const KEY: &str = "key-that-nobody-may-see";

pub const RETRY: RetryDefaults = RetryDefaults {
    strategy: RetryStrategy::Backoff,
    initial_interval_ms: 500,
    max_interval_ms: 60_000,
    exponent: 1.5,
    max_elapsed_time_ms: 60_000,
    codes: &["408", "429", "500", "502", "503", "504"],
    retry_connection_errors: true,
};

pub static SPEC: ClientSpec = ClientSpec {
    security: &[&["apiKey"], &[]],

    user_agent: "example-client/1.2.3",
    server_url: Some("https://example.invalid/api/"),
    retry: RETRY,
    schemes: &[
        SecurityScheme { name: "apiKey", setting: "api_key", placement: Placement::Header("x-api-key") },
        SecurityScheme { name: "bearer", setting: "bearer", placement: Placement::Bearer },
        SecurityScheme { name: "basic", setting: "basic", placement: Placement::Basic },
        SecurityScheme { name: "queryKey", setting: "query_key", placement: Placement::Query("key") },
        SecurityScheme { name: "cookieKey", setting: "cookie_key", placement: Placement::Cookie("session") },
        SecurityScheme { name: "hostKey", setting: "host_key", placement: Placement::Header("Host") },
    ],
};

/// A GET without a credential or a retry policy.
pub const fn plain_get(id: &'static str, path: &'static str) -> OperationMeta {
    OperationMeta {
        id,
        method: HttpMethod::Known(Method::GET),
        path,
        accept: None,
        idempotent: true,
        idempotency_key: None,
        retry: None,
        security: &[],
        server: None,
    }
}

/// Gets a value of some type.
pub struct Get<T>(PhantomData<fn() -> T>);

pub fn get<T>() -> Get<T> {
    Get(PhantomData)
}

impl<T: DeserializeOwned + Send> Operation for Get<T> {
    type Output = T;

    const META: OperationMeta = plain_get("get", "/things");

    fn encode(&self, request: &mut RequestWriter) -> Result<(), Error> {
        request.path("/things");
        Ok(())
    }

    fn decode(response: &RawResponse) -> Result<T, Error> {
        response.json()
    }
}

/// Starts something: a POST that is not idempotent.
#[derive(Clone)]
pub struct Start {
    pub id: String,
    pub body: serde_json::Value,
}

#[derive(Debug, Deserialize, PartialEq)]
pub struct Started {
    pub status: String,
    #[serde(rename = "operationId")]
    pub operation_id: String,
}

impl Operation for Start {
    type Output = Started;

    const META: OperationMeta = OperationMeta {
        id: "startThing",
        method: HttpMethod::Known(Method::POST),
        path: "/things/{id}/update",
        accept: Some("application/json"),
        idempotent: false,
        idempotency_key: None,
        retry: None,
        security: &[&["apiKey"]],
        server: None,
    };

    fn encode(&self, request: &mut RequestWriter) -> Result<(), Error> {
        request.path("/things/");
        request.path_value("id", &self.id)?;
        request.path("/update");
        request.json(&self.body)
    }

    fn decode(response: &RawResponse) -> Result<Started, Error> {
        response.expect_status(&[201])?;
        response.json()
    }
}

/// Looks something up: a GET with an argument in every location.
#[derive(Clone, Default)]
pub struct Look {
    pub id: String,
    pub filter: Option<String>,
    pub tags: Vec<String>,
    pub style: Option<ListStyle>,
    pub trace: Option<String>,
    pub cookie: Option<String>,
}

#[derive(Debug, Deserialize, Serialize, PartialEq)]
pub struct Seen {
    pub status: String,
}

impl Operation for Look {
    type Output = Seen;

    const META: OperationMeta = OperationMeta {
        id: "lookAtThing",
        method: HttpMethod::Known(Method::GET),
        path: "/things/{id}",
        accept: Some("application/json"),
        idempotent: true,
        idempotency_key: None,
        retry: None,
        security: &[&["apiKey"]],
        server: None,
    };

    fn encode(&self, request: &mut RequestWriter) -> Result<(), Error> {
        request.path("/things/");
        request.path_value("id", &self.id)?;
        if let Some(filter) = &self.filter {
            request.query("filter", filter);
        }
        request.query_list("tags", &self.tags, self.style.unwrap_or(ListStyle::Exploded));
        if let Some(trace) = &self.trace {
            request.header("x-trace", trace)?;
        }
        if let Some(cookie) = &self.cookie {
            request.cookie("theme", cookie)?;
        }
        Ok(())
    }

    fn decode(response: &RawResponse) -> Result<Seen, Error> {
        response.expect_status(&[200])?;
        response.json()
    }
}

pub fn start() -> Start {
    Start { id: "one".to_owned(), body: serde_json::json!({"parameters": {"user": "john"}}) }
}

pub fn look() -> Look {
    Look { id: "one".to_owned(), ..Look::default() }
}

/// Three attempts with very short waits.
pub fn quick() -> RetryConfig {
    let backoff =
        BackoffConfig::new().initial_interval(Duration::from_millis(1)).max_interval(Duration::from_millis(2));
    RetryConfig::backoff(backoff).max_attempts(3)
}

/// A client of a server on this machine.
pub fn config(url: &str) -> Config {
    let mut config = Config::new(&SPEC);
    config.credential("apiKey", KEY.into());
    config.server_url(url.to_owned());
    config.retry_config(quick());
    config.attempt_timeout(Duration::from_secs(5));
    config.timeout(Duration::from_secs(20));
    config.rng_seed(1);
    config
}

pub fn client(url: &str) -> Core {
    config(url).build().expect("the settings are valid")
}

/// A client of a stand-in, with defaults otherwise.
pub fn standin_config(standin: &Standin) -> Config {
    let mut config = Config::new(&SPEC);
    config.credential("apiKey", KEY.into());
    config.exchange(standin.clone());
    config.rng_seed(1);
    config
}

pub fn standin_client(standin: &Standin) -> Core {
    standin_config(standin).build().expect("the settings are valid")
}
