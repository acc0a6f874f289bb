//! Guarantee 8: path values cannot change the path.

use std::sync::LazyLock;

use percent_encoding::percent_decode_str;
use proptest::prelude::*;
use sdk_runtime::{Call, Core, Error, ErrorKind, Operation, OperationMeta, RawResponse, RequestWriter};

use crate::operations::{Look, client, look, plain_get, start};
use crate::service::{api, seen};
use crate::shapes::Written;
use test_server::Server;

/// One client for all cases, because setting up TLS is expensive.
fn core() -> &'static Core {
    static CORE: LazyLock<Core> = LazyLock::new(|| client("http://127.0.0.1:9/base"));
    &CORE
}

fn url_of(core: &Core, look: Look) -> Result<String, Error> {
    Call::new(core, look).preview().map(|preview| preview.url().to_owned())
}

fn with_id(id: &str) -> Look {
    Look { id: id.to_owned(), ..look() }
}

#[test]
fn values_that_would_change_the_path_are_rejected() {
    for id in ["", ".", "..", "\n", "a\rb", "a\0", "\u{7f}", "\u{85}", "a\tb"] {
        let error = url_of(core(), with_id(id)).expect_err(id);
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::InvalidArgument, 0), "{id:?}");
        let reason = match id {
            "" => "must not be empty",
            "." | ".." => "must not be `.` or `..`, which would lead to another path",
            _ => "must not contain control characters",
        };
        assert_eq!(error.to_string(), format!("lookAtThing: invalid argument `id`: {reason}"));
    }
}

#[tokio::test]
async fn invalid_values_are_rejected_before_anything_is_sent() {
    let server = Server::always(seen()).await;
    let core = client(&api(&server));
    let error = Call::new(&core, with_id("..")).send().await.expect_err("refused");
    assert_eq!((error.kind(), error.operation_id()), (ErrorKind::InvalidArgument, Some("lookAtThing")));
    assert!(!error.maybe_sent() && !error.is_retryable());
    assert_eq!((server.arrivals(), server.connections()), (0, 0));
}

#[test]
fn other_values_are_one_segment() {
    let core = core();
    let check = |id: &str, segment: &str| {
        let url = url_of(core, with_id(id)).expect("an accepted value");
        assert_eq!(url, format!("http://127.0.0.1:9/base/things/{segment}"));
    };
    check("<id>", "%3Cid%3E");
    check("a/b", "a%2Fb");
    check("../x", "..%2Fx");
    check("%2e%2e", "%252e%252e");
    check("...", "...");
    check("a\\b", "a%5Cb");
    check("a?b#c", "a%3Fb%23c");
    check("a b+c;d,e:f@g&h=i", "a%20b%2Bc%3Bd%2Ce%3Af%40g%26h%3Di");
    check("-_.!~*'()", "-_.%21~%2A%27%28%29");
    check("ü😀", "%C3%BC%F0%9F%98%80");
    check("\u{200b}", "%E2%80%8B");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn accepted_values_round_trip_as_one_segment(id in prop_oneof![".*", "[./%\\\\2eE?#]{0,6}"]) {
        let core = core();
        let call = Call::new(core, with_id(&id));
        if let Ok(preview) = call.preview() {
            let url = reqwest::Url::parse(preview.url()).expect("a URL");
            prop_assert_eq!(url.as_str(), preview.url());
            let segments: Vec<&str> = url.path_segments().expect("a path").collect();
            prop_assert_eq!(&segments[..2], &["base", "things"]);
            prop_assert_eq!(segments.len(), 3);
            prop_assert_eq!(percent_decode_str(segments[2]).decode_utf8().expect("UTF-8"), id);
            prop_assert!(url.query().is_none() && url.fragment().is_none());
        } else {
            prop_assert!(["", ".", ".."].contains(&id.as_str()) || id.chars().any(char::is_control));
        }
    }

    #[test]
    fn query_values_round_trip_as_one_value(filter in ".*", tags in proptest::collection::vec(".*", 0..4)) {
        let look = Look { filter: Some(filter.clone()), tags: tags.clone(), ..look() };
        let url = url_of(core(), look).expect("any text is a value of a query");
        let url = reqwest::Url::parse(&url).expect("a URL");
        prop_assert_eq!(url.path(), "/base/things/one");
        let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        let filters = std::iter::once(("filter".to_owned(), filter));
        let expected: Vec<_> = filters.chain(tags.into_iter().map(|tag| ("tags".to_owned(), tag))).collect();
        prop_assert_eq!(pairs, expected);
    }
}

#[tokio::test]
async fn the_server_receives_the_written_path() {
    let server = Server::always(crate::service::started()).await;
    let mut start = start();
    start.id = "<id>".to_owned();
    Call::new(&client(&api(&server)), start).send().await.expect("started");
    assert_eq!(server.received()[0].line(), "POST /api/things/%3Cid%3E/update HTTP/1.1");
}

/// The template contains `.`, a segment that URL parsers remove.
struct Bent(&'static str);

impl Operation for Bent {
    type Output = ();

    const META: OperationMeta = plain_get("bent", "/bent");

    fn encode(&self, request: &mut RequestWriter) -> Result<(), Error> {
        request.path(self.0);
        Ok(())
    }

    fn decode(_response: &RawResponse) -> Result<(), Error> {
        Ok(())
    }
}

#[test]
fn a_path_that_continues_after_the_query_is_rejected() {
    let late = |request: &mut RequestWriter| {
        request.path("/a");
        request.query("b", "c");
        request.path("/d");
        request.query("e", "f");
        Ok(())
    };
    let error = Call::new(core(), Written(late)).preview().expect_err("the path is over");
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
}

#[tokio::test]
async fn a_url_that_parsing_would_change_is_not_sent() {
    let server = Server::always(seen()).await;
    let core = client(&api(&server));
    for path in ["/a/../b", "/a/.", "/%2e%2e/b", "/a b", "/a\\b", "/\t", "@elsewhere.example/"] {
        Call::new(&core, Bent(path)).preview().expect_err(path);
        let error = Call::new(&core, Bent(path)).send().await.expect_err(path);
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::InvalidArgument, 0), "{path}");
    }
    let core_at_root = client(&format!("http://{}", server.address()));
    for path in ["@elsewhere.example/", "0/a", ".example/a", "a"] {
        let error = Call::new(&core_at_root, Bent(path)).send().await.expect_err(path);
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::InvalidArgument, 0), "{path}");
    }
    assert_eq!(server.connections(), 0);
    Call::new(&core_at_root, Bent("")).send().await.expect("the root");
    assert_eq!(server.received()[0].line(), "GET / HTTP/1.1");
    Call::new(&core, Bent("/a.b/c")).send().await.expect("a path like any other");
}
