//! Guarantee 7: secrets planted everywhere are never printed, whatever fails and whatever the service echoes.

use std::error::Error as _;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use sdk_runtime::{
    AnyStyle, Call, Config, Core, Credential, Error, FailureKind, ListStyle, RequestPreview, RequestWriter,
};

use crate::operations::{Look, SPEC, Start, client, look, start};
use crate::service::api;
use crate::shapes::Written;
use crate::standin::{Standin, Turn};
use test_server::{Act, JSON, Server, json, response, response_with_length};

/// The string that must never appear. Each planted secret contains it, with a quote, so that escaped forms are tested too.
const MARK: &str = "MARK\"er\\7";
const CORE: &str = "MARK";

/// Everything that a user can print of an error.
fn printed(error: &Error) -> String {
    let mut text = format!("{error}\n{error:?}\n{error:#?}\n{:?}\n{:?}\n", error.api(), error.server_message());
    let _ = writeln!(text, "{:?} {:?}", error.json_path(), error.kind());
    let mut source = error.source();
    while let Some(cause) = source {
        let _ = writeln!(text, "{cause}\n{cause:?}\n{cause:#?}");
        source = cause.source();
    }
    text
}

fn check(name: &str, text: &str) {
    assert!(!text.contains(CORE), "{name} shows a secret:\n{text}");
}

fn body() -> serde_json::Value {
    serde_json::json!({
        "parameters": {"user": "john", "password": format!("{MARK}-p"), "deep": [{"token": format!("{MARK}-t")}]},
        "proxy": format!("http://user:{CORE}-proxy@proxy.example:8080"),
    })
}

fn key() -> String {
    format!("{MARK}-key")
}

fn planted_start(core: &Core) -> Call<'_, Start> {
    Call::new(core, Start { body: body(), ..start() }).header("x-mine", format!("{MARK}-header"))
}

fn planted_look(core: &Core) -> Call<'_, Look> {
    let secret = |part: &str| Some(format!("{MARK}-{part}"));
    let look = Look { filter: secret("query"), trace: secret("trace"), cookie: secret("cookie"), ..look() };
    Call::new(core, look).header("x-mine", format!("{MARK}-header"))
}

fn config(url: &str, provided: bool) -> Config {
    let mut config = crate::operations::config(url);
    config.attempt_timeout(std::time::Duration::from_millis(150));
    if provided {
        config.credential("apiKey", Credential::provider(|| async { Ok::<_, sdk_runtime::BoxError>(key()) }));
    } else {
        config.credential("apiKey", key().into());
    }
    config
}

#[tokio::test]
async fn echoed_list_items_and_form_fields_are_masked() {
    let message = format!(r#"{{"message":"no {CORE}-item, {CORE}-cookie, {CORE}-field"}}"#);
    let server = Server::always(Act::Send(json("422 x", &message))).await;
    let write = |request: &mut RequestWriter| {
        let list = |what: &str| [format!("{CORE}-{what}"), "other".to_owned()];
        request.path("/");
        request.query_list("list", &list("item"), ListStyle::Comma);
        request.any_in_cookie("a", &list("cookie"), AnyStyle::Exploded)?;
        request.form(&serde_json::json!({"field": format!("{CORE}-field"), "other": 1}), &[])
    };
    let error = Call::new(&client(&api(&server)), Written(write)).send().await.expect_err("422");
    assert!(error.server_message().is_some_and(|message| message.starts_with("no [redacted], [redacted]")));
    check("echoes", &printed(&error));
}

/// Runs both operations, with a fixed and a provided credential. `act` receives what each of them sends.
async fn check_acts(name: &str, act: impl Fn(&str) -> Act) {
    for provided in [false, true] {
        let server = Server::always(act(&start_echo())).await;
        let core = config(&api(&server), provided).build().expect("settings");
        check(name, &printed(&planted_start(&core).send().await.expect_err(name)));
        let server = Server::always(act(&look_echo())).await;
        let core = config(&api(&server), provided).build().expect("settings");
        check(name, &printed(&planted_look(&core).send().await.expect_err(name)));
    }
}

async fn check_act(name: &str, act: Act) {
    check_acts(name, |_| act.clone()).await;
}

/// All secrets that `start` sends, as a service might quote them.
fn start_echo() -> String {
    let parts = ["key", "header", "p", "t"].map(|part| format!("{MARK}-{part}")).join(" and ");
    format!("bad: {parts} and http://user:{CORE}-proxy@proxy.example:8080, {CORE}-proxy")
}

/// The same for `look`.
fn look_echo() -> String {
    let parts = ["key", "header", "query", "trace", "cookie"].map(|part| format!("{MARK}-{part}"));
    format!("bad: {}", parts.join(" and "))
}

fn echoing(template: &str, echo: &str) -> String {
    let quoted = serde_json::to_string(echo).expect("a string");
    template.replace("ECHO", &quoted)
}

#[test]
fn debug_output_of_clients_and_calls_has_no_secret() {
    let config = config("http://localhost", false);
    check("Config", &format!("{config:?} {config:#?}"));
    let core = config.build().expect("settings");
    check("Core", &format!("{core:?} {core:#?}"));
    check("Call", &format!("{:?} {:#?}", planted_start(&core), planted_look(&core)));
    let previews = [planted_start(&core).preview(), planted_look(&core).preview()];
    for preview in previews.map(|preview| preview.expect("a request")) {
        let preview: RequestPreview = preview;
        check("RequestPreview", &format!("{preview:?} {preview:#?}"));
        assert!(!format!("{:?}", preview.headers()).contains(CORE), "headers are marked sensitive");
    }
    let credentials = [Credential::from(key()), Credential::basic(key(), key())];
    check("Credential", &format!("{credentials:?}"));
}

#[tokio::test]
async fn errors_without_a_response_have_no_secret() {
    check_act("reset", Act::Reset).await;
    check_act("nonsense", Act::SendAndClose(format!("HTTP/9 {CORE}\r\n\r\n").into_bytes())).await;
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let address = listener.local_addr().expect("bound");
    drop(listener);
    let core = config(&format!("http://{address}"), false).build().expect("settings");
    let error = planted_look(&core).send().await.expect_err("refused");
    check("refused", &printed(&error));
    let (shown, port) = (format!("{error} {error:?}"), address.port().to_string());
    assert!(shown.contains("refused") && !shown.contains(&port), "the address is shown: {shown}");
}

#[tokio::test]
async fn timeout_errors_have_no_secret() {
    let server = Server::always(Act::Hang(Vec::new())).await;
    let core = config(&api(&server), false).build().expect("settings");
    check("hang", &printed(&planted_look(&core).send().await.expect_err("it hangs")));
}

#[tokio::test]
async fn errors_with_an_echoing_response_have_no_secret() {
    let templates =
        ["{\"message\":ECHO}", "{\"error\":{\"message\":ECHO}}", "{\"errors\":[{\"message\":ECHO}]}", "ECHO"];
    for template in templates {
        for status in ["400 x", "429 x", "500 x"] {
            check_acts(template, |echo| Act::Send(json(status, &echoing(template, echo)))).await;
        }
    }
    let plain = |echo: &str| response("400 x", &[("content-type", "text/plain")], echo.as_bytes());
    check_acts("plain text", |echo| Act::Send(plain(echo))).await;
    check_act("phrase", Act::Send(json(&format!("400 {CORE}"), "{}"))).await;
    let headers = [("location", "/MARK-elsewhere?key=MARK"), ("set-cookie", "a=MARK")];
    check_act("redirect", Act::Send(response("302 x", &headers, b""))).await;
}

#[tokio::test]
async fn decoding_errors_have_no_secret() {
    // Both operations accept both as success.
    for status in ["200 OK", "201 Created"] {
        for template in ["{\"status\":{\"x\":ECHO}}", "ECHO", "[[ECHO]]"] {
            check_acts(template, |echo| Act::Send(json(status, &echoing(template, echo)))).await;
        }
        let kind = format!("text/html; boundary={}", key().replace(['"', '\\'], ""));
        let html = response(status, &[("content-type", &kind)], b"<h1>");
        let server = Server::always(Act::Send(html)).await;
        let mut config = config(&api(&server), false);
        config.credential("apiKey", key().replace(['"', '\\'], "").into());
        let error = planted_look(&config.build().expect("settings")).send().await.expect_err("html");
        check("content type", &printed(&error));
        let truncated = |echo: &str| response_with_length(status, &[JSON], echo.as_bytes(), 100_000);
        check_acts("truncated", |echo| Act::SendAndClose(truncated(echo))).await;
    }
}

#[tokio::test]
async fn errors_of_settings_and_arguments_have_no_secret() {
    let mut config = Config::new(&SPEC);
    config.credential("apiKey", format!("{CORE}\nline").into());
    check("key", &printed(&config.build().expect_err("a line break")));
    let mut config = Config::new(&SPEC);
    config.server_url(format!("https://user:{CORE}@example.com/?x={CORE}"));
    check("server", &printed(&config.build().expect_err("user information")));
    let core = self::config("http://localhost", false).build().expect("settings");
    for id in [format!("{CORE}\n"), format!("{CORE}\0")] {
        let error = Call::new(&core, Look { id, ..look() }).send().await.expect_err("control characters");
        check("path", &printed(&error));
    }
    let error = Call::new(&core, look()).header("x-mine", format!("{CORE}\n")).send().await.expect_err("no header");
    check("header", &printed(&error));
    let error = Call::new(&core, look()).server_url(format!("http://{CORE}@h")).send().await.expect_err("no server");
    check("call's server", &printed(&error));
}

#[tokio::test(start_paused = true)]
async fn transport_errors_have_no_secret() {
    use FailureKind::{
        Broken, Connect, ConnectTimeout, HeadTooLarge, NotHttp, NotProcessed, Proxy, ProxyCredential, Refused, Timeout,
        Tls,
    };
    let kinds = [
        Broken,
        Connect,
        ConnectTimeout,
        HeadTooLarge,
        NotHttp,
        NotProcessed,
        Proxy,
        ProxyCredential,
        Refused,
        Timeout,
        Tls,
    ];
    for kind in kinds {
        let mut config = config("https://example.com", false);
        config.exchange(Standin::always(Turn::failure(kind)));
        let core = config.build().expect("settings");
        check("transport", &printed(&planted_look(&core).send().await.expect_err("it fails")));
    }
}

#[tokio::test]
async fn the_key_header_is_marked_sensitive() {
    let seen: Arc<Mutex<Vec<String>>> = Arc::default();
    let notes = seen.clone();
    let standin = Standin::new(move |_, request| {
        notes.lock().expect("no thread panicked").push(format!("{:?}", request.headers()));
        assert_eq!(request.headers()["x-api-key"], key().as_str());
        Turn::status(400)
    });
    let mut config = config("https://example.com", false);
    config.exchange(standin);
    planted_look(&config.build().expect("settings")).send().await.expect_err("400");
    check("headers", &seen.lock().expect("no thread panicked").join("\n"));
}

/// Runs with a subscriber that collects all events of all crates.
#[cfg(feature = "tracing")]
#[tokio::test]
async fn traces_have_no_secret() {
    let (collected, _guard) = crate::traces::Collected::install();
    let acts = [
        Act::Reset,
        Act::Send(json("503 x", &echoing("{\"message\":ECHO}", &look_echo()))),
        Act::Send(json("200 OK", &echoing("[[ECHO]]", &look_echo()))),
    ];
    for act in acts {
        let server = Server::always(act).await;
        let core = config(&api(&server), true).build().expect("settings");
        planted_start(&core).send().await.expect_err("it fails");
        planted_look(&core).send().await.expect_err("it fails");
    }
    let text = collected.text();
    assert!(text.contains("http.request.method") && text.contains("is retried"), "{text}");
    check("traces", &text);
}

#[tokio::test]
async fn our_own_messages_are_not_masked() {
    let mut config = crate::operations::config("http://localhost");
    config.credential("apiKey", "empty".into());
    let core = config.build().expect("settings");
    let error = Call::new(&core, Look { id: String::new(), ..look() }).send().await.expect_err("no segment");
    assert_eq!(error.to_string(), "lookAtThing: invalid argument `id`: must not be empty");
}

#[tokio::test]
async fn an_empty_password_masks_nothing() {
    let server = Server::always(Act::Send(json("400 x", r#"{"message":"no such user"}"#))).await;
    let mut config = crate::operations::config(&api(&server));
    config.credential("basic", Credential::basic("john", ""));
    let error = Call::new(&config.build().expect("settings"), look()).send().await.expect_err("400");
    assert_eq!(error.server_message(), Some("no such user"));
}

#[tokio::test]
async fn short_and_numeric_secrets_are_masked_where_they_are_recognizable() {
    let server = Server::always(Act::Send(json("400 x", r#"{"message":"pin 123456 of k7 for john: no"}"#))).await;
    let mut config = crate::operations::config(&api(&server));
    config.credential("apiKey", "k7".into());
    let core = config.build().expect("settings");
    let call =
        Call::new(&core, Start { body: serde_json::json!({"pin": 123_456, "user": "john", "x": "no"}), ..start() });
    let error = call.send().await.expect_err("400");
    // Masking strings of fewer than four characters would hide half of any message. Only credentials are masked at any length.
    assert_eq!(error.server_message(), Some("pin [redacted] of [redacted] for [redacted]: no"));
}
