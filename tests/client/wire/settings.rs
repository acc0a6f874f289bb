//! Settings of the client: validation when the client is built, and values from the environment.

use std::ffi::OsStr;
use std::process::Command;

use intuned_client::{Error, ErrorKind, IntunedClient, IntunedClientBuilder};

use super::{KEY, WORKSPACE, builder, pending, result};
use test_server::Server;

fn complete() -> IntunedClientBuilder {
    IntunedClient::builder().workspace_id(WORKSPACE).api_key(KEY)
}

/// Invalid settings, the setting that the error names, and a word of the reason.
fn check_rejected(settings: IntunedClientBuilder, setting: &str, reason: &str) {
    let error: Error = settings.build().expect_err("the settings will not do");
    assert_eq!(error.kind(), ErrorKind::Configuration, "{error}");
    let line = error.to_string();
    assert!(line.contains(&format!("`{setting}`")) && line.contains(reason), "`{setting}`, {reason}: {line}");
    assert!(!line.contains('\n') && !line.contains(KEY), "{line}");
    assert_eq!((error.attempts(), error.status().map(u16::from), error.maybe_sent()), (0, None, false));
}

#[test]
fn complete_settings_make_a_client() {
    let client = complete().build().expect("nothing else is needed");
    assert_eq!(client.core().workspace_id(), WORKSPACE);
}

#[test]
fn the_default_debug_output_of_a_client_is_short() {
    let client = complete().build().expect("nothing else is needed");
    let short = format!("{client:?}");
    let start = format!("IntunedClient {{ workspace_id: \"{WORKSPACE}\", settings: Core {{ server_url: ");
    assert!(short.starts_with(&start) && short.contains("credentials: [\"api_key\"]"), "{short}");
    assert!(short.len() < 260 && !short.contains("max_attempts"), "{short}");
    let whole = format!("{client:#?}");
    assert!(whole.contains("max_attempts: 4") && whole.contains("user_agent") && !whole.contains(KEY), "{whole}");
}

#[test]
fn invalid_wait_options_are_rejected_with_their_type() {
    let options = intuned_client::jobs::WaitOptions::new().factor(0.5);
    check_rejected(complete().wait_options(options), "WaitOptions::factor", "at least 1");
}

#[tokio::test]
async fn an_invalid_argument_is_reported_with_its_name_in_rust() {
    let client = complete().build().expect("nothing else is needed");
    let error = client.project().auth_sessions().update().result("..", "<id>", "op").await.expect_err("it is a step");
    assert!(error.to_string().contains("invalid argument `project_name`: "), "{error}");
}

#[test]
fn missing_settings_are_reported_with_help() {
    let without_key = || IntunedClient::builder().workspace_id(WORKSPACE);
    check_rejected(without_key(), "api_key", "INTUNED_API_KEY");
    let without_workspace = || IntunedClient::builder().api_key(KEY);
    check_rejected(without_workspace(), "workspace_id", "INTUNED_WORKSPACE_ID");
}

#[test]
fn a_key_that_is_invalid_in_a_header_is_rejected() {
    for key in ["", "   ", "a\nb", "a\0b"] {
        let error = complete().api_key(key).build().expect_err("no header takes it");
        assert_eq!(error.kind(), ErrorKind::Configuration, "{key:?}");
        assert!(key.trim().is_empty() || !error.to_string().contains(key), "the key is not shown: {error}");
        assert!(error.to_string().contains("invalid setting `api_key`"), "{error}");
    }
}

#[test]
fn a_workspace_id_must_be_a_uuid() {
    for id in
        ["", "my-workspace", "123e4567-e89b-12d3-a456-42661417400", "123e4567-e89b-12d3-a456-42661417400g", "../x"]
    {
        check_rejected(complete().workspace_id(id), "workspace_id", "UUID");
    }
}

#[test]
fn a_server_url_must_be_valid_and_must_not_expose_the_key() {
    for (url, reason) in [
        ("", ""),
        ("nonsense", ""),
        ("/api", ""),
        ("ftp://example.com", "https or http"),
        ("https://", ""),
        ("https://user@example.com", "user"),
        ("https://user:word@example.com", "password"),
        ("https://example.com?x=1", "query"),
        ("https://example.com#x", "fragment"),
        ("http://example.com", "plain http"),
        ("http://127.0.0.1.example.com", "plain http"),
        ("http://localhost.example.com", "plain http"),
        ("http://10.0.0.1", "plain http"),
        ("http://0.0.0.0", "plain http"),
    ] {
        check_rejected(complete().server_url(url), "server_url", reason);
    }
}

#[test]
fn plain_http_requires_a_loopback_address_or_opt_in() {
    for url in ["http://127.0.0.1:8080", "http://localhost", "http://[::1]:1", "https://example.com/api"] {
        complete().server_url(url).build().unwrap_or_else(|error| panic!("{url}: {error}"));
    }
    complete().server_url("http://example.com").allow_plain_http(true).build().expect("it is allowed");
}

#[test]
fn limits_of_zero_are_rejected() {
    let zero = std::time::Duration::ZERO;
    check_rejected(complete().timeout(zero), "timeout", "greater than zero");
    check_rejected(complete().attempt_timeout(zero), "attempt_timeout", "greater than zero");
    check_rejected(complete().connect_timeout(zero), "connect_timeout", "greater than zero");
    check_rejected(complete().max_response_bytes(0), "max_response_bytes", "greater than zero");
    check_rejected(complete().retry_codes(["7XX"]), "retry_codes", "7XX");
    check_rejected(complete().user_agent("a\nb"), "user_agent", "characters");
}

#[tokio::test]
async fn a_custom_user_agent_replaces_the_default() {
    let server = Server::always(pending()).await;
    let client = builder(&server).user_agent("my-robot/2").build().expect("the settings are complete");
    result(&client).await.expect("the response is documented");
    assert_eq!(server.only().one("user-agent"), "my-robot/2");
}

#[tokio::test]
async fn a_uuid_is_sent_in_canonical_form() {
    let server = Server::always(pending()).await;
    for id in [WORKSPACE.to_uppercase(), WORKSPACE.to_owned()] {
        let client = builder(&server).workspace_id(id).build().expect("letter case does not matter to a UUID");
        result(&client).await.expect("the response is documented");
    }
    for request in server.received() {
        assert!(request.target.starts_with(&format!("/{WORKSPACE}/")), "{}", request.target);
    }
}

/// If this is set, this process is the child that builds a client from its environment and calls the server.
const CHILD: &str = "FROM_ENV_CHILD";
const OUTCOME: &str = "outcome: ";

/// Runs this test in a child process with only these variables of the client, and returns the result of the call.
fn in_child(variables: &[(&str, &OsStr)]) -> String {
    let mut command = Command::new(std::env::current_exe().expect("a test is a program"));
    let (_, module) = module_path!().split_once("::").expect("this is a module of a crate");
    command.args(["--exact", &format!("{module}::settings_come_from_the_environment"), "--nocapture"]);
    for name in ["INTUNED_API_KEY", "INTUNED_WORKSPACE_ID", "INTUNED_SERVER_URL"] {
        command.env_remove(name);
    }
    let output = command.env(CHILD, "1").envs(variables.iter().copied()).output().expect("the program runs again");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let outcome = text.lines().find_map(|line| line.split_once(OUTCOME));
    outcome.unwrap_or_else(|| panic!("the child prints no result: {text}")).1.to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn settings_come_from_the_environment() {
    if std::env::var_os(CHILD).is_some() {
        let outcome = match IntunedClient::from_env() {
            Ok(client) => result(&client).await.map(|body| body.tag().to_owned()),
            Err(error) => Err(error),
        };
        println!("\n{OUTCOME}{}", outcome.unwrap_or_else(|error| error.to_string()));
        return;
    }
    let server = Server::always(pending()).await;
    let url = server.url();
    let all = [("INTUNED_API_KEY", KEY), ("INTUNED_WORKSPACE_ID", WORKSPACE), ("INTUNED_SERVER_URL", url.as_str())];
    let all = all.map(|(name, value)| (name, OsStr::new(value)));
    assert_eq!(in_child(&all), "pending");
    let request = server.only();
    assert_eq!(request.one("x-api-key"), KEY);
    assert!(request.target.starts_with(&format!("/{WORKSPACE}/")), "{}", request.target);

    for (variables, words) in [
        (&all[1..], ["`api_key`", "INTUNED_API_KEY"]),
        (&[all[0], all[2]][..], ["`workspace_id`", "INTUNED_WORKSPACE_ID"]),
        (&[("INTUNED_API_KEY", OsStr::new("")), all[1], all[2]][..], ["`api_key`", "missing"]),
        (&[all[0], ("INTUNED_WORKSPACE_ID", OsStr::new("ws")), all[2]][..], ["`workspace_id`", "UUID"]),
        (
            &[all[0], all[1], ("INTUNED_SERVER_URL", OsStr::new("http://example.com"))][..],
            ["`server_url`", "plain http"],
        ),
    ] {
        let outcome = in_child(variables);
        assert!(words.iter().all(|word| outcome.contains(word)), "{words:?}: {outcome}");
    }
    // An invalid server URL must not fall back to the default server, which would receive the key.
    #[cfg(unix)]
    for (place, (name, _)) in all.into_iter().enumerate() {
        let mut variables = all;
        variables[place].1 = std::os::unix::ffi::OsStrExt::from_bytes(b"http://127.0.0.1:1/\xff");
        let expected = format!("invalid setting `{name}`: the environment variable is not valid UTF-8");
        let outcome = in_child(&variables);
        assert!(outcome.starts_with(&expected), "{outcome}");
    }
    assert_eq!(server.arrivals(), 1, "what will not do is found before anything is sent");
}
