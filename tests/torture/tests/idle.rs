//! The result of a start if the server closes the idle connection while the start is on the wire. A slow relay between client
//! and server makes sure that this happens.

#![expect(clippy::expect_used, reason = "a standalone test")]

use std::sync::Arc;
use std::time::Duration;

use intuned_client::types::UpdateAuthSessionStartRequestBody;
use torture::fault::Fault;
use torture::ledger::Ledger;
use torture::load;
use torture::plan::Plan;
use torture::relay::Relay;
use torture::server::Server;

/// Runs a start, an idle time and a second start. Returns its result, the number of connections, and of crossed starts.
async fn second_start(idle_threshold: Duration) -> (String, u64, u64) {
    let plan = Plan {
        calls: 4,
        operations: 0,
        attempt_timeout: Duration::from_secs(10),
        keep_alive: Duration::from_millis(500),
        idle_threshold,
        ..Plan::full()
    };
    let ledger = Arc::new(Ledger::new(&plan));
    let server = Server::always(Fault::None, plan.clone(), Arc::clone(&ledger)).expect("a port is free");
    // The client notices the close after 500 ms of idle time, 250 ms after it happened. Requests that it sends in between, or in
    // the 250 ms before, arrive too late.
    let relay = Relay::start(server.address(), Duration::from_millis(250)).await.expect("a port is free");
    let client = load::client(&plan, &relay.url()).expect("the settings are valid");
    let update = client.project().auth_sessions().update();
    let start = |id| update.start("calls", id, UpdateAuthSessionStartRequestBody::new([("username", "john.doe")]));
    start("start-1").await.expect("the first connection is fresh");
    tokio::time::sleep(Duration::from_millis(150)).await;
    let said = match start("start-3").await {
        Ok(_) => "value".to_owned(),
        Err(error) => format!("{} maybe_sent={}", error.kind().name(), error.maybe_sent()),
    };
    let counts = (said, server.connections(), ledger.idle().counts().1);
    drop(relay);
    server.stop();
    counts
}

#[tokio::test]
async fn a_start_does_not_use_a_connection_that_was_idle_for_longer_than_the_threshold() {
    assert_eq!(second_start(Duration::from_millis(50)).await, ("value".to_owned(), 2, 0));
}

/// Shows that the start and the close do cross.
#[tokio::test]
async fn with_a_threshold_above_the_idle_time_of_the_server_a_start_fails_as_maybe_sent() {
    let said = "connection maybe_sent=true".to_owned();
    assert_eq!(second_start(Duration::from_mins(10)).await, (said, 1, 1));
}
