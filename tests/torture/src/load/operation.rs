//! A whole job: started, awaited, and resumed whenever the wait ends before the job.

use std::future::IntoFuture as _;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use intuned_client::Error;
use intuned_client::error::StopReason;
use intuned_client::funcs::UpdateAuthSessionStartJob as Handle;
use intuned_client::jobs::{JobError, JobFailure, WaitOptions};
use intuned_client::types::{UpdateAuthSessionResultDone as Done, UpdateAuthSessionResultResponseBody as State};

use super::Load;
use super::call::body;
use crate::id::Id;
use crate::tally::Tally;
use crate::work::{Ending, operation_id, reason};

/// The maximum number of resumed waits. Three of ten polls fail.
const ROUNDS: u32 = 100;

type Outcome = Result<Done, JobError<Handle>>;

/// The result of the first wait.
enum Begun {
    /// The wait was dropped.
    Dropped,
    /// The start failed.
    Unstarted(Error),
    /// The wait ended.
    Waited(Outcome),
}

pub(super) async fn run(load: &Load, id: Id, tally: &mut Tally) {
    let kept = Mutex::new(None);
    let begun = begin(load, id, &kept).await;
    let kept = kept.into_inner().unwrap_or_else(PoisonError::into_inner);
    let outcome = match begun {
        Begun::Unstarted(failure) => {
            tally.check_secrets(id, &failure);
            *tally.unstarted.entry(failure.kind().name()).or_default() += 1;
            if let Some(entry) = load.ledger.entry(id) {
                entry.note_end(failure.attempts(), !failure.maybe_sent());
            }
            return;
        }
        Begun::Dropped => None,
        Begun::Waited(outcome) => Some(outcome),
    };
    let Some(handle) = kept else {
        tally.dropped += 1;
        return;
    };
    tally.started += 1;
    to_its_end(load, id, &handle, outcome, tally).await;
}

async fn to_its_end(load: &Load, id: Id, handle: &Handle, mut outcome: Option<Outcome>, tally: &mut Tally) {
    for round in 0..ROUNDS {
        if let Some(Err(error)) = &outcome {
            check_error(id, error, round == 0, tally);
        }
        if let Some(is_right) = outcome.as_ref().and_then(|outcome| ended(load, id, outcome)) {
            tally.ended += 1;
            if !is_right {
                tally.report(format!("{id} ended as {outcome:?}"));
            }
            return;
        }
        if let Some(Err(error)) = &outcome
            && error.job().map(Handle::operation_id) != Some(operation_id(id).as_str())
        {
            tally.report(format!("the id of {id} is lost: {error}"));
            return;
        }
        tally.resumed += 1;
        // As in another process, which knows only the ids.
        let again = Handle::new("operations", id.to_string(), handle.operation_id());
        outcome = Some(again.wait(&load.operations).options(options()).await);
    }
    tally.report(format!("{id} never ended: {outcome:?}"));
}

/// Checks an error of a wait. `is_first` if the handle came from the start, so that the client knows what to mask.
fn check_error(id: Id, error: &JobError<Handle>, is_first: bool, tally: &mut Tally) {
    tally.check_secrets(id, error);
    if !is_first && error.server_message().is_some() {
        tally.report(format!("a handle made from the ids of {id} shows a message of the service"));
    }
    if error.is_failed() && !error.to_string().starts_with("the job ended as \"") {
        tally.report(format!("the error of {id} does not show how the job ended: {error}"));
    }
    if let JobFailure::Poll(poll) = error.failure()
        && poll.status().is_some_and(|status| status.is_server_error())
        && poll.stop_reason() != Some(StopReason::RetryAfterTooLong)
    {
        tally.report(format!("a transient status ended the wait for {id}: {error}"));
    }
}

/// The first wait, in one of three ways: in one call, with a handle, or dropped after a delay.
async fn begin(load: &Load, id: Id, kept: &Mutex<Option<Handle>>) -> Begun {
    let session = id.to_string();
    let start = load.operations.project().auth_sessions().update().start("operations", &session, body(id));
    let keep = |handle: &Handle| *kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(handle.clone());
    let outcome = match id.number % 4 {
        0 => {
            let handle = match start.job().await {
                Ok(handle) => handle,
                Err(error) => return Begun::Unstarted(error),
            };
            keep(&handle);
            handle.wait(&load.operations).options(options()).await
        }
        1 => {
            let patience = Duration::from_millis(load.plan.random(id.key()).u64(1..60));
            let wait = start.wait().options(options()).on_start(keep).into_future();
            match tokio::time::timeout(patience, wait).await {
                Ok(outcome) => outcome,
                Err(_) => return Begun::Dropped,
            }
        }
        _ => start.wait().options(options()).on_start(keep).await,
    };
    match outcome {
        Err(error) if matches!(error.failure(), JobFailure::Start(_)) => match error.into_parts() {
            (_, JobFailure::Start(failure)) => Begun::Unstarted(failure),
            (_, other) => unreachable!("it was another failure a moment before: {other:?}"),
        },
        outcome => Begun::Waited(outcome),
    }
}

fn options() -> WaitOptions {
    WaitOptions::new().interval(Duration::from_millis(10)).timeout(Duration::from_secs(2))
}

/// Whether the job ended as expected. `None` if it has not ended.
fn ended(load: &Load, id: Id, outcome: &Outcome) -> Option<bool> {
    let planned = Ending::of(&load.plan, id);
    match outcome {
        Ok(done) => Some(planned == Ending::Done && done.auth_session_id == id.to_string()),
        Err(error) if error.is_failed() => Some(match error.state() {
            Some(State::Failed(failed)) => planned == Ending::Failed && failed.message == reason(id),
            Some(State::Canceled(canceled)) => planned == Ending::Canceled && canceled.message == reason(id),
            _ => false,
        }),
        Err(_) => None,
    }
}
