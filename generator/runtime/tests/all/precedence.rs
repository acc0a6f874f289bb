//! Precedence: the call, the client, the operation, the API.

use std::time::Duration;

use sdk_runtime::{
    BackoffConfig, Call, ClientSpec, Config, Core, Error, ErrorKind, HttpMethod, Method, Operation, OperationMeta,
    RawResponse, RequestWriter, RetryConfig, RetryDefaults, RetryStrategy,
};

use crate::operations::{RETRY, SPEC};
use crate::standin::{Standin, Turn};

/// An operation with its own policy and server.
struct Own;

impl Operation for Own {
    type Output = ();

    const META: OperationMeta = OperationMeta {
        id: "own",
        method: HttpMethod::Known(Method::GET),
        path: "/own",
        accept: None,
        idempotent: true,
        idempotency_key: None,
        retry: Some(RetryDefaults { codes: &["404"], initial_interval_ms: 7, ..RETRY }),
        security: &[],
        server: Some("https://own.example/base"),
    };

    fn encode(&self, request: &mut RequestWriter) -> Result<(), Error> {
        request.path("/own");
        Ok(())
    }

    fn decode(_response: &RawResponse) -> Result<(), Error> {
        Ok(())
    }
}

fn config(standin: &Standin) -> Config {
    let mut config = Config::new(&SPEC);
    config.exchange(standin.clone());
    config.rng_seed(1);
    config
}

async fn attempts(core: &Core, set: impl FnOnce(Call<'_, Own>) -> Call<'_, Own>) -> u32 {
    set(Call::new(core, Own)).send().await.expect_err("404").attempts()
}

#[tokio::test(start_paused = true)]
async fn the_call_overrides_the_client_the_operation_and_the_api() {
    let standin = Standin::always(Turn::status(404));
    let core = config(&standin).build().expect("settings");
    assert_eq!(attempts(&core, |call| call).await, 4);
    let mut with_codes = config(&standin);
    with_codes.retry_codes(["5XX"]);
    let core = with_codes.build().expect("settings");
    assert_eq!(attempts(&core, |call| call).await, 1);
    assert_eq!(attempts(&core, |call| call.retry_codes(["4XX"])).await, 4);
    let mut with_attempts = config(&standin);
    with_attempts.retry_config(RetryConfig::new().max_attempts(2));
    let core = with_attempts.build().expect("settings");
    assert_eq!(attempts(&core, |call| call).await, 2);
    assert_eq!(attempts(&core, |call| call.retry_config(RetryConfig::new().max_attempts(3))).await, 3);
    assert_eq!(attempts(&core, |call| call.retry_config(RetryConfig::none())).await, 1);
    // What the call leaves out comes from the client.
    let waits = RetryConfig::backoff(BackoffConfig::new().exponent(2.0));
    assert_eq!(attempts(&core, |call| call.retry_config(waits)).await, 2);
}

#[tokio::test(start_paused = true)]
async fn a_policy_that_is_invalid_only_when_merged_is_rejected() {
    let standin = Standin::always(Turn::status(404));
    let core = config(&standin).build().expect("settings");
    let waits = BackoffConfig::new().max_interval(Duration::from_millis(8));
    Call::new(&core, Own).retry_config(RetryConfig::backoff(waits)).send().await.expect_err("404");
    let waits = BackoffConfig::new().max_interval(Duration::from_millis(6));
    let error = Call::new(&core, Own).retry_config(RetryConfig::backoff(waits)).send().await.expect_err("refused");
    assert_eq!(error.kind(), ErrorKind::Configuration);
}

/// An operation with an invalid policy.
struct Shrinking;

impl Operation for Shrinking {
    type Output = ();

    const META: OperationMeta = OperationMeta {
        id: "shrinking",
        method: HttpMethod::Known(Method::GET),
        path: "/shrinking",
        accept: None,
        idempotent: true,
        idempotency_key: None,
        retry: Some(RetryDefaults { exponent: 0.5, ..RETRY }),
        security: &[],
        server: None,
    };

    fn encode(&self, request: &mut RequestWriter) -> Result<(), Error> {
        request.path("/shrinking");
        Ok(())
    }

    fn decode(_response: &RawResponse) -> Result<(), Error> {
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn an_invalid_policy_of_an_operation_is_rejected_unless_overridden() {
    let standin = Standin::always(Turn::status(404));
    let core = config(&standin).build().expect("settings");
    let error = Call::new(&core, Shrinking).send().await.expect_err("refused");
    assert_eq!((error.kind(), standin.sent()), (ErrorKind::Configuration, 0));
    let waits = RetryConfig::backoff(BackoffConfig::new().exponent(1.0));
    let error = Call::new(&core, Shrinking).retry_config(waits).send().await.expect_err("404");
    assert_eq!((error.status().map(u16::from), standin.sent()), (Some(404), 1));
}

static OFF: ClientSpec =
    ClientSpec { retry: RetryDefaults { strategy: RetryStrategy::None, ..RETRY }, ..SPEC_WITHOUT_SCHEMES };
const SPEC_WITHOUT_SCHEMES: ClientSpec =
    ClientSpec { user_agent: "example-client/1.2.3", server_url: None, retry: RETRY, security: &[], schemes: &[] };

#[test]
fn an_api_without_retries_retries_only_if_the_user_enables_them() {
    let debug = format!("{:?}", Config::new(&OFF));
    assert!(debug.contains("strategy: None"), "{debug}");
    let mut config = Config::new(&OFF);
    config.retry_config(RetryConfig::backoff(BackoffConfig::new()));
    assert!(format!("{config:?}").contains("strategy: Backoff"));
}

#[test]
fn servers_have_the_same_precedence() {
    let standin = Standin::always(Turn::status(404));
    let url = |core: &Core, server: Option<&str>| {
        let call = Call::new(core, Own);
        let call = if let Some(server) = server { call.server_url(server) } else { call };
        call.preview().map(|preview| preview.url().to_owned())
    };
    let core = config(&standin).build().expect("settings");
    assert_eq!(url(&core, None).expect("a URL"), "https://own.example/base/own");
    let mut chosen = config(&standin);
    chosen.server_url("https://chosen.example/".to_owned());
    let core = chosen.build().expect("settings");
    assert_eq!(url(&core, None).expect("a URL"), "https://chosen.example/own");
    assert_eq!(url(&core, Some("https://call.example/x//")).expect("a URL"), "https://call.example/x/own");
    let core = Config::new(&OFF).build().expect("operations may have their own server");
    assert_eq!(url(&core, None).expect("a URL"), "https://own.example/base/own");
}
