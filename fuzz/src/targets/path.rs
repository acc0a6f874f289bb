//! Path parameters: a value is rejected, or becomes one segment that decodes to the same value and leaves the rest of the URL
//! unchanged.

use std::sync::LazyLock;

use intuned_client::IntunedClient;
use intuned_client::reqwest::Url;
use intuned_client::test_util::MockServer;
use percent_encoding::percent_decode_str;
use proptest::prelude::*;
use proptest::strategy::BoxedStrategy;

use crate::target::Target;

/// See [`Target::ABOUT`].
#[derive(Debug)]
pub struct Path;

/// The values of one call.
#[derive(Debug, Clone)]
pub struct Values {
    project: String,
    session: String,
    operation: String,
}

/// One client for all inputs.
fn client() -> &'static IntunedClient {
    static CLIENT: LazyLock<IntunedClient> = LazyLock::new(|| MockServer::new().client());
    &CLIENT
}

impl Target for Path {
    type Input = Values;
    const NAME: &'static str = "path";
    const ABOUT: &'static str = "a path parameter is rejected, or becomes one segment that decodes to the same value";
    const SHORT: u64 = 3_000;

    fn inputs() -> BoxedStrategy<Values> {
        (value(), value(), value())
            .prop_map(|(project, session, operation)| Values { project, session, operation })
            .boxed()
    }

    fn run(input: &Values) -> Result<(), String> {
        let update = client().project().auth_sessions().update();
        let call = update.result(&input.project, &input.session, &input.operation);
        let values = [&input.project, &input.session, &input.operation];
        match call.preview() {
            Ok(preview) => check(preview.url(), values),
            Err(_) if values.into_iter().any(|value| is_invalid(value)) => Ok(()),
            Err(error) => Err(format!("valid values are rejected: {error}")),
        }
    }
}

fn is_invalid(value: &str) -> bool {
    ["", ".", ".."].contains(&value) || value.chars().any(char::is_control)
}

fn check(url: &str, values: [&String; 3]) -> Result<(), String> {
    let parsed = Url::parse(url).map_err(|error| format!("{url} is not a URL: {error}"))?;
    if parsed.as_str() != url || parsed.host_str() != Some("localhost") {
        return Err(format!("{url} changes when it is parsed: {parsed}"));
    }
    let segments: Vec<&str> = url.split('/').skip(3).collect();
    let [_, "projects", project, "auth-sessions", session, "update", operation, "result"] = segments[..] else {
        return Err(format!("{url} is the URL of another operation"));
    };
    for (segment, value) in [project, session, operation].into_iter().zip(values) {
        if is_invalid(value) || percent_decode_str(segment).decode_utf8().ok().as_deref() != Some(value) {
            return Err(format!("{value:?} was encoded as {segment}"));
        }
    }
    Ok(())
}

fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => ".{0,12}",
        3 => "[./%\\\\2eE?#;:@& +~]{1,8}",
        1 => "(\\.|%2e|%2E|%252e|\u{ff0e}|\u{2024}){1,3}",
        1 => any::<String>(),
        1 => "[a-z]{1,4}(/\\.\\.){0,3}/?[a-z]{0,3}",
    ]
}
