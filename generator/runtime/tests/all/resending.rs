//! Guarantee 1: what is retried, and what only if the caller accepts the risk.

use std::time::Duration;

use sdk_runtime::{Call, Core, ErrorKind, RetryConfig, StopReason};

use crate::failures::{observed, outcome};
use crate::operations::{client, look, quick, standin_client, start};
use crate::service::{api, seen, started};
use crate::standin::{Standin, Turn};
use test_server::{Act, JSON, Server, json, response};

#[tokio::test]
async fn a_start_is_retried_after_failures_that_were_not_processed() {
    let server = Server::start(|number| match number {
        0 | 1 => Act::Send(json("429 x", "{}")),
        _ => started(),
    })
    .await;
    let response = Call::new(&client(&api(&server)), start()).send_with_response().await.expect("the third succeeds");
    assert_eq!((server.arrivals(), response.attempts(), response.status().as_u16()), (3, 3, 201));
    assert_eq!(response.value().operation_id, "op-1");
}

#[tokio::test]
async fn a_start_is_retried_after_503_with_retry_after_only_on_request() {
    let act = |number| match number {
        0 => Act::Send(response("503 x", &[JSON, ("retry-after", "0")], b"{}")),
        1 => Act::Send(response("503 x", &[JSON], b"{}")),
        _ => started(),
    };
    let server = Server::start(act).await;
    let core = client(&api(&server));
    let policy = quick().retry_unavailable_with_retry_after(true);
    let error =
        Call::new(&core, start()).retry_config(policy.clone()).send().await.expect_err("the second has no header");
    assert_eq!(observed(server.arrivals(), &error), outcome(2, ErrorKind::Status, Some(503), 2, true));
    let server = Server::start(move |number| if number == 0 { act(0) } else { started() }).await;
    let core = client(&api(&server));
    Call::new(&core, start()).retry_config(policy).send().await.expect("the second succeeds");
    assert_eq!(server.arrivals(), 2);
}

#[tokio::test]
async fn the_caller_can_declare_a_call_idempotent() {
    let server = Server::start(|number| if number == 0 { Act::Reset } else { started() }).await;
    let core = client(&api(&server));
    Call::new(&core, start()).idempotent(true).send().await.expect("the second succeeds");
    assert_eq!(server.arrivals(), 2);
    let server = Server::start(|number| if number == 0 { Act::Reset } else { seen() }).await;
    let core = client(&api(&server));
    let error = Call::new(&core, look()).idempotent(false).send().await.expect_err("once only");
    assert_eq!(observed(server.arrivals(), &error), outcome(1, ErrorKind::Connection, None, 1, true));
}

#[tokio::test]
async fn maybe_sent_stays_true_after_later_attempts() {
    let server = Server::start(|number| if number == 0 { Act::Reset } else { Act::Send(json("429 x", "{}")) }).await;
    let core = client(&api(&server));
    let error = Call::new(&core, start()).idempotent(true).send().await.expect_err("429 to the end");
    assert_eq!(observed(server.arrivals(), &error), outcome(3, ErrorKind::Status, Some(429), 3, true));
}

#[tokio::test]
async fn connection_errors_are_retried_only_if_the_policy_allows() {
    let server = Server::always(Act::Reset).await;
    let core = client(&api(&server));
    let policy = RetryConfig::new().retry_connection_errors(false);
    let error = Call::new(&core, look()).retry_config(policy).send().await.expect_err("reset");
    assert_eq!(observed(server.arrivals(), &error), outcome(1, ErrorKind::Connection, None, 1, true));
    assert!(error.is_retryable() && error.stop_reason() == Some(StopReason::Disabled));
    let error = Call::new(&core, look()).retry_config(RetryConfig::none()).send().await.expect_err("reset");
    assert_eq!((server.arrivals(), error.is_retryable(), error.is_exhausted()), (2, true, false));
}

#[tokio::test]
async fn an_idle_connection_that_the_server_closed_costs_no_start() {
    let server =
        Server::always(Act::SendAndClose(json("201 Created", r#"{"status":"started","operationId":"op"}"#))).await;
    let core: Core = client(&api(&server));
    for _ in 0..10 {
        Call::new(&core, start()).send().await.expect("a new connection");
        // Long enough to see the connection close. A request that crosses the close is ambiguous.
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(server.arrivals(), 10);
}

#[tokio::test]
async fn long_retry_after_ends_the_call_at_once() {
    let act = Act::Send(response("429 x", &[JSON, ("retry-after", "3600")], b"{}"));
    let server = Server::always(act).await;
    let error = Call::new(&client(&api(&server)), look()).send().await.expect_err("429");
    assert_eq!(observed(server.arrivals(), &error), outcome(1, ErrorKind::Status, Some(429), 1, false));
    assert_eq!(error.retry_after(), Some(Duration::from_hours(1)));
    assert!(error.is_exhausted() && error.is_retryable());
}

#[tokio::test(start_paused = true)]
async fn transient_failures_are_retryable_whatever_the_policy_lists() {
    for (status, is_retryable, reason) in [
        (503, true, StopReason::Disabled),
        (408, true, StopReason::Disabled),
        (400, false, StopReason::Permanent),
        (501, false, StopReason::Permanent),
    ] {
        let standin = Standin::always(Turn::status(status));
        let core = standin_client(&standin);
        let error = Call::new(&core, look()).retry_codes(["500"]).send().await.expect_err("a failure");
        assert_eq!((error.is_retryable(), error.stop_reason()), (is_retryable, Some(reason)), "{status}");
        assert_eq!(standin.sent(), 1);
    }
}
