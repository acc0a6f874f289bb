//! A single call and its immediate checks.

use std::time::Duration;

use intuned_client::types::{UpdateAuthSessionResultResponseBody as State, UpdateAuthSessionStartRequestBody};
use intuned_client::{Error, ErrorKind, Response};
use tokio::time::Instant;

use super::Load;
use crate::id::Id;
use crate::tally::Tally;
use crate::work::{operation_id, parameters};

/// A look at a result.
pub(super) async fn look(load: &Load, id: Id, tally: &mut Tally) {
    let (session, operation) = (id.to_string(), operation_id(id));
    let (limit, of_attempt) = load.plan.limits(id);
    let begun = Instant::now();
    let call = load.calls.project().auth_sessions().update().result("calls", &session, &operation);
    let outcome = call.server_url(&load.url).timeout(limit).attempt_timeout(of_attempt).send_with_response().await;
    let is_own = |state: &State| matches!(state, State::Done(done) if done.auth_session_id == session);
    note(load, id, begun.elapsed(), outcome, is_own, tally);
}

/// A start.
pub(super) async fn start(load: &Load, id: Id, tally: &mut Tally) {
    let (session, operation) = (id.to_string(), operation_id(id));
    let (limit, of_attempt) = load.plan.limits(id);
    let begun = Instant::now();
    let call = load.calls.project().auth_sessions().update().start("calls", &session, body(id));
    let call = if id.is_idempotent() { call.idempotent(true) } else { call };
    let outcome = call.server_url(&load.url).timeout(limit).attempt_timeout(of_attempt).send_with_response().await;
    note(load, id, begun.elapsed(), outcome, |started| started.operation_id == operation, tally);
}

/// The body of a start.
pub(super) fn body(id: Id) -> UpdateAuthSessionStartRequestBody {
    UpdateAuthSessionStartRequestBody::new(parameters(id))
}

fn note<T: std::fmt::Debug>(
    load: &Load,
    id: Id,
    took: Duration,
    outcome: Result<Response<T>, Error>,
    is_own: impl FnOnce(&T) -> bool,
    tally: &mut Tally,
) {
    tally.overshoot = tally.overshoot.max(took.saturating_sub(load.plan.limits(id).0));
    let (attempts, surely_unsent) = match outcome {
        Ok(response) => {
            tally.note_good(response.attempts());
            let attempts = response.attempts();
            if !is_own(response.value()) {
                tally.report(format!("{id} got the value of another call: {:?}", response.value()));
            }
            (attempts, false)
        }
        Err(error) => {
            tally.note_error(&error);
            tally.check_secrets(id, &error);
            if matches!(error.kind(), ErrorKind::Configuration | ErrorKind::InvalidArgument | ErrorKind::Credential) {
                tally.report(format!("{id}: {error}"));
            }
            (error.attempts(), !error.maybe_sent())
        }
    };
    if let Some(entry) = load.ledger.entry(id) {
        entry.note_end(attempts, surely_unsent);
    }
}
