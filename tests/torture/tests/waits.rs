//! The result of a fault in the middle of a wait. Retries are off, so that the wait itself must tolerate the fault.

#![expect(clippy::expect_used, reason = "a standalone test")]

use std::sync::Arc;
use std::time::Duration;

use intuned_client::RetryConfig;
use intuned_client::jobs::{JobFailure, WaitOptions};
use intuned_client::types::UpdateAuthSessionStartRequestBody;
use torture::fault::{Broken, Echo, Fault, RetryAfter, Wrong};
use torture::id::Id;
use torture::ledger::Ledger;
use torture::load;
use torture::plan::Plan;
use torture::server::Server;
use torture::work::{self, Ending, parameters};

/// A job that succeeds after several polls.
fn long_job(plan: &Plan) -> Id {
    let ids = (0..plan.operations).filter_map(|number| Id::parse(&format!("operation-{number}")));
    let is_long = |id: &Id| work::result(plan, *id, 2).body.contains("in_progress");
    ids.filter(is_long).find(|id| Ending::of(plan, *id) == Ending::Done).expect("one of them is")
}

/// The result of a wait whose second poll has the fault: `done`, or the kind and status of the error of the poll.
async fn ending(fault: Fault) -> String {
    let plan = Plan { calls: 0, operations: 100, attempt_timeout: Duration::from_secs(10), ..Plan::full() };
    let id = long_job(&plan);
    let server = Server::once(fault, plan.clone(), Arc::new(Ledger::new(&plan))).expect("a port is free");
    let settings = load::builder(&plan, &server.url()).retry_config(RetryConfig::none());
    let client = settings.build().expect("the settings are valid");
    let update = client.project().auth_sessions().update();
    let body = UpdateAuthSessionStartRequestBody::new(parameters(id));
    let options = WaitOptions::new().interval(Duration::from_millis(5)).timeout(Duration::from_secs(30));
    let session = id.to_string();
    let outcome = update.start("operations", &session, body).wait().options(options).await;
    server.stop();
    match outcome {
        Ok(_) => "done".to_owned(),
        Err(error) => match error.failure() {
            JobFailure::Poll(error) => {
                format!("{} {}", error.kind().name(), error.status().map(u16::from).unwrap_or_default())
            }
            other => format!("{other:?}"),
        },
    }
}

#[tokio::test]
async fn one_transient_fault_does_not_end_a_wait() {
    let statuses = [408, 429, 500, 501, 502, 503, 504, 520, 521, 522, 523, 524, 525, 526, 527, 529, 530, 599];
    let statuses = statuses.map(|status| Fault::Status(status, RetryAfter::Unsaid));
    let wrong = [
        Wrong::OtherSuccess,
        Wrong::OtherJson,
        Wrong::Null,
        Wrong::NoJson,
        Wrong::Empty,
        Wrong::LengthTooShort,
        Wrong::Html,
        Wrong::Untyped,
        Wrong::Redirect,
        Wrong::TooLarge,
        Wrong::OtherEncoding,
    ];
    let broken = [
        Broken::Reset,
        Broken::Closed,
        Broken::ResetInBody,
        Broken::HeadCut,
        Broken::BodyCut,
        Broken::ChunkCut,
        Broken::Garbage,
        Broken::LengthTooLong,
        Broken::NotCompressed,
    ];
    let faults = statuses.into_iter().chain(wrong.map(Fault::Wrong)).chain(broken.map(Fault::Broken));
    for fault in faults.chain([Fault::Echo(Echo::Failed), Fault::Status(404, RetryAfter::Unsaid)]) {
        assert_eq!(ending(fault).await, "done", "{fault:?}");
    }
}

#[tokio::test]
async fn one_permanent_fault_ends_a_wait() {
    let permanent = [
        (Fault::Status(400, RetryAfter::Unsaid), "status 400"),
        (Fault::Status(401, RetryAfter::Unsaid), "status 401"),
        (Fault::Status(409, RetryAfter::Unsaid), "status 409"),
        (Fault::Status(503, RetryAfter::Day), "status 503"),
        (Fault::Echo(Echo::Long), "status 400"),
        (Fault::Wrong(Wrong::NotModified), "status 304"),
    ];
    for (fault, expected) in permanent {
        assert_eq!(ending(fault).await, expected, "{fault:?}");
    }
}
