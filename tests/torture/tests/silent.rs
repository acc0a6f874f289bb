//! A silent HTTP/2 connection costs one attempt, and later calls use another connection.

#![expect(clippy::expect_used, reason = "a standalone test")]

use intuned_client::types::UpdateAuthSessionStartRequestBody;
use torture::load;
use torture::plan::Plan;
use torture::silent::SilentServer;

/// The first connection answers one request, and the second all others.
fn server(plan: &Plan) -> SilentServer {
    let answers = |connection| if connection == 0 { 1 } else { u64::MAX };
    SilentServer::start(plan.clone(), answers).expect("a port is free")
}

#[tokio::test]
async fn a_silent_connection_costs_a_look_one_attempt() {
    let plan = Plan::full();
    let server = server(&plan);
    let client = load::silent::client(&plan, &server.url()).expect("the settings are valid");
    let update = client.project().auth_sessions().update();
    let mut attempts = Vec::new();
    for _ in 0..4 {
        let look = update.result("calls", "look-0", "work-of-look-0").send_with_response().await;
        attempts.push(look.expect("answered in the end").attempts());
    }
    assert_eq!((attempts.as_slice(), server.counts()), ([1, 2, 1, 1].as_slice(), (2, 1)));
    server.stop();
}

#[tokio::test]
async fn a_silent_connection_costs_only_one_start() {
    let plan = Plan::full();
    let server = server(&plan);
    let client = load::silent::client(&plan, &server.url()).expect("the settings are valid");
    let update = client.project().auth_sessions().update();
    let mut said = Vec::new();
    for _ in 0..3 {
        let body = UpdateAuthSessionStartRequestBody::new([("username", "john.doe")]);
        said.push(match update.start("calls", "start-1", body).await {
            Ok(_) => "value".to_owned(),
            Err(error) => format!("{} {} {}", error.kind().name(), error.attempts(), error.maybe_sent()),
        });
    }
    assert_eq!(
        (said.as_slice(), server.counts()),
        (["value", "timeout.attempt 1 true", "value"].map(String::from).as_slice(), (2, 1))
    );
    server.stop();
}
