//! Guarantees 3 and 7: defaults are as documented, and invalid settings are typed errors, never panics.

use std::time::Duration;

use sdk_runtime::{
    BackoffConfig, Call, Config, Core, Credential, Error, ErrorKind, RetryConfig, RetryStrategy, parse_text, parse_uuid,
};

use crate::operations::{KEY, SPEC, client, config, look};
use crate::service::{api, seen};
use test_server::Server;

fn rejected(set: impl FnOnce(&mut Config)) -> Error {
    let mut config = Config::new(&SPEC);
    config.credential("apiKey", KEY.into());
    set(&mut config);
    let error = config.build().expect_err("it is invalid");
    assert_eq!((error.kind(), error.attempts(), error.maybe_sent()), (ErrorKind::Configuration, 0, false));
    error
}

fn check(setting: &str, set: impl FnOnce(&mut Config)) {
    let error = rejected(set);
    assert!(error.to_string().contains(&format!("`{setting}`")), "{setting}: {error}");
    assert!(!format!("{error:?} {error}").contains("secret"), "{error:?}");
}

#[test]
fn the_defaults_are_those_of_the_table() {
    let config = Config::new(&SPEC);
    let debug = format!("{config:?}");
    let expected = [
        "timeout: 60s",
        "attempt_timeout: 15s",
        "connect_timeout: 10s",
        "non_idempotent_idle_timeout: 2s",
        "strategy: Backoff",
        "initial_interval: 500ms",
        "max_interval: 60s",
        "exponent: 1.5",
        "max_elapsed_time: 60s",
        "codes: {408, 429, 500, 502, 503, 504}",
        "retry_connection_errors: true",
        "max_attempts: 4",
        "max_retry_after: 60s",
        "retry_unavailable_with_retry_after: false",
        "percent: 20, burst: 100",
        "max_response_bytes: 33554432",
        "max_response_values: 1000000",
        "allow_plain_http: false",
    ];
    for text in expected {
        assert!(debug.contains(text), "{text} is not in {debug}");
    }
}

#[test]
fn zero_durations_are_rejected() {
    check("timeout", |config| config.timeout(Duration::ZERO));
    check("attempt_timeout", |config| {
        config.attempt_timeout(Duration::ZERO);
    });
    check("connect_timeout", |config| {
        config.connect_timeout(Duration::ZERO);
    });
    check("max_response_bytes", |config| config.max_response_bytes(0));
}

#[test]
fn policies_at_the_limits_are_accepted() {
    let mut config = Config::new(&SPEC);
    config.credential("apiKey", KEY.into());
    let (second, nanosecond) = (Duration::from_secs(1), Duration::from_nanos(1));
    let waits = BackoffConfig::new().initial_interval(second).max_interval(second).exponent(1.0);
    config.retry_config(RetryConfig::backoff(waits.max_elapsed_time(nanosecond)).max_attempts(1));
    config.build().expect("it makes sense");
}

#[test]
fn invalid_policies_are_rejected() {
    let backoff = BackoffConfig::new;
    let waits = |waits: BackoffConfig| move |config: &mut Config| config.retry_config(RetryConfig::backoff(waits));
    check("initial_interval", waits(backoff().initial_interval(Duration::ZERO)));
    check("max_interval", waits(backoff().max_interval(Duration::from_millis(1))));
    for exponent in [0.99, 0.0, -1.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        check("exponent", waits(backoff().exponent(exponent)));
    }
    check("max_elapsed_time", waits(backoff().max_elapsed_time(Duration::ZERO)));
    check("max_attempts", |config| {
        config.retry_config(RetryConfig::new().max_attempts(0));
    });
    check("retry_codes", |config| config.retry_codes(["7XX"]));
}

#[tokio::test]
async fn a_call_rejects_the_same_values_before_it_sends_anything() {
    let server = Server::always(seen()).await;
    let core = client(&api(&server));
    let flat = RetryConfig::backoff(BackoffConfig::new().exponent(0.5));
    let calls = [
        Call::new(&core, look()).timeout(Duration::ZERO),
        Call::new(&core, look()).attempt_timeout(Duration::ZERO),
        Call::new(&core, look()).retry_config(flat),
        Call::new(&core, look()).retry_codes(["7XX"]),
        Call::new(&core, look()).server_url("http://example.com"),
        Call::new(&core, look()).max_response_bytes(0),
    ];
    for call in calls {
        let previewed = call.preview().expect_err("it is invalid").to_string();
        let error = call.send().await.expect_err("it is invalid");
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Configuration, 0), "{error}");
        assert_eq!((error.to_string(), error.operation_id()), (previewed, Some("lookAtThing")));
    }
    for (name, value) in [("a b", "x"), ("x", "a\nb"), ("host", "x"), ("Content-Length", "1"), ("", "x")] {
        let error = Call::new(&core, look()).header(name, value).send().await.expect_err("no header");
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::InvalidArgument, 0), "{error}");
    }
    assert_eq!(server.connections(), 0);
}

fn with_server(url: &str) -> Result<Core, Error> {
    let mut config = Config::new(&SPEC);
    config.credential("apiKey", KEY.into());
    config.server_url(url.to_owned());
    config.build()
}

#[test]
fn invalid_servers_are_rejected() {
    let urls =
        ["", "nonsense", "/api", "ftp://example.com", "https://", "https://user:secret@example.com", "file:///x"];
    for url in urls.into_iter().chain([
        "https://secret@example.com",
        "https://example.com/?key=secret",
        "https://e.com/#x",
        "https://e.com/{region}",
    ]) {
        check("server_url", |config| config.server_url(url.to_owned()));
    }
}

#[test]
fn a_missing_scheme_is_named_in_the_error() {
    let error = with_server("127.0.0.1:4010").expect_err("it is not a URL").to_string();
    assert!(error.contains("must start with https:// or http://"), "{error}");
}

#[test]
fn plain_http_is_limited_to_loopback_unless_allowed() {
    for url in
        ["http://example.com", "http://10.0.0.1", "http://127.0.0.1.example.com", "http://[::2]", "http://0.0.0.0"]
    {
        let error = with_server(url).expect_err(url);
        assert!(error.to_string().contains("plain http"), "{error}");
        let mut config = Config::new(&SPEC);
        config.credential("apiKey", KEY.into());
        config.server_url(url.to_owned());
        config.allow_plain_http(true);
        config.build().expect(url);
    }
    let here = ["http://localhost", "http://127.0.0.1:80", "http://[::1]:8080/x", "http://127.9.9.9"];
    for url in here.into_iter().chain(["https://example.com"]) {
        with_server(url).expect(url);
    }
}

#[test]
fn invalid_credentials_are_rejected() {
    check("api_key", |config| config.credential("apiKey", "".into()));
    check("api_key", |config| config.credential("apiKey", " \t".into()));
    check("api_key", |config| {
        config.credential("apiKey", "secret\nvalue".into());
    });
    check("api_key", |config| {
        config.credential("apiKey", Credential::basic("user", "secret"));
    });
    check("basic", |config| {
        config.credential("basic", Credential::basic("us:er", "secret"));
    });
    check("unheardOf", |config| {
        config.credential("unheardOf", "secret".into());
    });
    // A connection header would never reach the service, or would change the target.
    check("host_key", |config| config.credential("hostKey", "secret".into()));
    check("user_agent", |config| config.user_agent("a\nb".to_owned()));
}

#[test]
fn strategy_none_ignores_invalid_waits() {
    let mut config = Config::new(&SPEC);
    let waits = BackoffConfig::new().initial_interval(Duration::ZERO);
    config.retry_config(RetryConfig::backoff(waits).strategy(RetryStrategy::None));
    config.build().expect("the waits are not used");
}

#[test]
fn a_path_setting_is_accepted_unless_no_path_can_contain_it() {
    for text in ["a", "a/b c", "...", "ü?"] {
        assert_eq!(parse_text("locale", text.to_owned()).expect("a path can hold it"), text);
    }
    for text in ["", ".", "..", "secret\n"] {
        let error = parse_text("locale", text.to_owned()).expect_err(text);
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert!(error.to_string().contains("locale") && !error.to_string().contains("secret"), "{error}");
    }
}

#[test]
fn a_uuid_is_accepted_only_in_canonical_form() {
    let canonical = "123e4567-e89b-12d3-a456-426614174000";
    assert_eq!(parse_uuid("workspace_id", canonical.to_owned()).expect("a UUID"), canonical);
    assert_eq!(parse_uuid("workspace_id", canonical.to_uppercase()).expect("a UUID"), canonical);
    let others = ["", "secret", "123e4567e89b12d3a456426614174000", "{123e4567-e89b-12d3-a456-426614174000}"];
    for text in others.into_iter().chain([
        "urn:uuid:123e4567-e89b-12d3-a456-426614174000",
        "123e4567-e89b-12d3-a456-42661417400g",
        "123e4567-e89b-12d3-a456-42661417400 ",
        "123e4567-e89b-12d3a-456-426614174000",
    ]) {
        let error = parse_uuid("workspace_id", text.to_owned()).expect_err(text);
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert!(error.to_string().contains("workspace_id") && !error.to_string().contains("secret"), "{error}");
    }
}

#[tokio::test]
async fn clones_share_state_and_debug_shows_only_settings() {
    let server = Server::always(seen()).await;
    let core = config(&api(&server)).build().expect("the settings are valid");
    Call::new(&core.clone(), look()).send().await.expect("seen");
    Call::new(&core, look()).send().await.expect("seen");
    assert_eq!((server.arrivals(), server.connections()), (2, 1));
    let debug = format!("{core:?}");
    assert!(debug.contains("api_key") && debug.contains("attempt_timeout: 5s") && !debug.contains(KEY), "{debug}");
}
