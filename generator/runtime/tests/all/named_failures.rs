//! Guarantee 6: an error describes why a response cannot be read, and is retried only where that helps.

use sdk_runtime::{
    BodyFailure, Call, Error, ErrorKind, HttpMethod, Method, Operation, OperationMeta, RawResponse, RequestWriter,
};

use crate::operations::{client, config, look};
use crate::service::api;
use test_server::{Act, JSON, Server, response};

async fn failed(act: Act) -> (Error, Server) {
    let server = Server::always(act).await;
    let error = Call::new(&client(&api(&server)), look()).send().await.expect_err("it cannot be read");
    (error, server)
}

/// Checks that the cause is named and the call is not retried.
fn check(error: &Error, kind: ErrorKind, message: &str) {
    assert_eq!((error.kind(), error.attempts(), error.is_retryable()), (kind, 1, false), "{error}");
    assert!(error.to_string().starts_with(&format!("lookAtThing: {message} (1 attempt ")), "{error}");
}

#[tokio::test]
async fn an_unsupported_encoding_is_named() {
    for encoding in ["br", "x-compress", "zstd, br"] {
        let (error, _) =
            failed(Act::Send(response("200 OK", &[JSON, ("content-encoding", encoding)], b"\x1f\x8b..."))).await;
        let message = format!("200 OK: the content encoding \"{encoding}\" is not supported");
        check(&error, ErrorKind::Body(BodyFailure::UnsupportedEncoding), &message);
        assert_eq!((error.status().map(u16::from), error.maybe_sent()), (Some(200), true));
    }
}

#[cfg(not(feature = "gzip"))]
#[tokio::test]
async fn the_missing_feature_is_named() {
    let (error, _) =
        failed(Act::Send(response("200 OK", &[JSON, ("content-encoding", "x-gzip")], b"\x1f\x8b..."))).await;
    assert!(error.to_string().contains("is not supported; enable the feature `gzip` (1 attempt "), "{error}");
}

#[tokio::test]
async fn identity_and_empty_encodings_are_ignored() {
    for (encoding, body) in [("identity", r#"{"status":"done"}"#), ("", r#"{"status":"done"}"#)] {
        let server =
            Server::always(Act::Send(response("200 OK", &[JSON, ("content-encoding", encoding)], body.as_bytes())))
                .await;
        Call::new(&client(&api(&server)), look()).send().await.expect("it is not encoded");
    }
}

#[tokio::test]
async fn an_error_status_is_kept_with_any_encoding() {
    let (error, _) = failed(Act::Send(response("404 x", &[JSON, ("content-encoding", "br")], b"..."))).await;
    assert_eq!((error.kind(), error.status().map(u16::from)), (ErrorKind::Status, Some(404)));
}

#[tokio::test]
async fn a_head_that_is_too_large_is_named() {
    let many: Vec<_> = (0..101).map(|number| format!("x-{number}")).collect();
    let many: Vec<_> = many.iter().map(|name| (name.as_str(), "1")).collect();
    let long = "a".repeat(2_000_000);
    for headers in [many, vec![("x-long", long.as_str())]] {
        let (error, server) = failed(Act::SendAndClose(response("200 OK", &headers, b"{}"))).await;
        let message = "the head of the response is too large: it has more than 100 headers or about 400 KiB";
        check(&error, ErrorKind::HeadTooLarge, message);
        assert_eq!((server.arrivals(), error.maybe_sent()), (1, true));
    }
}

#[tokio::test]
async fn a_response_that_is_not_http_is_named() {
    let (error, _) = failed(Act::SendAndClose(b"SSH-2.0-OpenSSH\r\n\r\n".to_vec())).await;
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connection, 3));
    assert!(error.to_string().starts_with("lookAtThing: the response is not valid HTTP (3 attempts "), "{error}");
}

#[cfg(feature = "rustls-tls")]
#[tokio::test]
async fn a_failed_handshake_is_named() {
    let server = Server::on_connect(Act::SendAndClose(b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec())).await;
    let core = client(&api(&server).replace("http:", "https:"));
    let error = Call::new(&core, look()).send().await.expect_err("no TLS");
    let message = "the TLS handshake failed: the certificate is not trusted, or the server does not speak TLS";
    check(&error, ErrorKind::Tls, message);
    assert_eq!((error.maybe_sent(), error.is_connect(), server.connections()), (false, true, 1));
}

/// A connection that breaks during the handshake is not a TLS error: another attempt may succeed.
#[cfg(feature = "rustls-tls")]
#[tokio::test]
async fn an_interrupted_handshake_is_retried() {
    let server = Server::on_connect(Act::Reset).await;
    let core = client(&api(&server).replace("http:", "https:"));
    let error = Call::new(&core, look()).send().await.expect_err("no TLS");
    assert_eq!((error.kind(), error.attempts(), server.connections()), (ErrorKind::Connection, 3, 3));
}

#[cfg(not(any(feature = "rustls-tls", feature = "native-tls")))]
#[test]
fn without_a_tls_library_build_rejects_https() {
    let error = config("https://example.com").build().expect_err("no TLS");
    let message =
        "invalid setting `server_url`: https needs a TLS library; enable the feature `rustls-tls` or `native-tls`";
    assert_eq!((error.kind(), error.to_string()), (ErrorKind::Configuration, message.to_owned()));
}

#[tokio::test]
async fn a_url_that_is_too_long_is_rejected_before_sending_and_in_the_preview() {
    let long = || crate::operations::Look { id: "x".repeat(65_535), ..look() };
    let core = config("http://localhost").build().expect("settings");
    let sent = Call::new(&core, long()).send().await.expect_err("too long");
    let previewed = Call::new(&core, long()).preview().expect_err("too long");
    for error in [sent, previewed] {
        assert_eq!((error.kind(), error.attempts(), error.maybe_sent()), (ErrorKind::InvalidArgument, 0, false));
        assert!(error.to_string().contains("bytes long; the limit is 65534"), "{error}");
    }
}

struct Empty;

impl Operation for Empty {
    type Output = ();

    const META: OperationMeta = OperationMeta {
        id: "empty",
        method: HttpMethod::Known(Method::POST),
        path: "/x",
        accept: None,
        idempotent: false,
        idempotency_key: None,
        retry: None,
        security: &[],
        server: None,
    };

    fn encode(&self, request: &mut RequestWriter) -> Result<(), Error> {
        request.path("/x");
        Ok(())
    }

    fn decode(_: &RawResponse) -> Result<(), Error> {
        Ok(())
    }
}

#[tokio::test]
async fn a_post_without_a_body_sends_content_length_zero() {
    let server = Server::always(Act::Send(response("204 x", &[], b""))).await;
    let core = client(&api(&server));
    Call::new(&core, Empty).send().await.expect("no content");
    Call::new(&core, look()).send().await.expect_err("204 is not its status");
    let lengths: Vec<_> =
        server.received().iter().map(|request| request.header("content-length").map(str::to_owned)).collect();
    assert_eq!(lengths, [Some("0".to_owned()), None]);
}
