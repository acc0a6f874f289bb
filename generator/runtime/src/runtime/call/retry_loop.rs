//! The loop over the attempts of a call and the waits between them. What follows a failed attempt is decided in `retry`.

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use super::attempt::{self, Failed, Received};
use super::core::Core;
use super::plan::{Completed, Plan};
use crate::runtime::error::Error;
use crate::runtime::retry::deadline::Deadline;
use crate::runtime::retry::{Circumstances, Verdict};
use crate::runtime::trace;

/// Makes a call: repeats attempts and waits until one succeeds or the call must not be retried.
pub(crate) fn run<'a>(
    core: &'a Core,
    plan: &'a Plan<'a>,
) -> impl Future<Output = Result<Completed, Error>> + Send + use<'a> {
    let deadline = Deadline::start(plan.options.timeout.unwrap_or(core.shared.timeout));
    let span = trace::call_span(plan.meta.id, &plan.method, plan.meta.path, &plan.server);
    let mut retry_loop = RetryLoop::new(core, plan, deadline);
    // Not an `async fn`, whose future would also store the arguments.
    async move {
        let outcome = trace::within(&span, pin!(retry_loop.run())).await;
        let (ended, attempts) = match &outcome {
            Ok(completed) => (Ok(completed.response.status), completed.attempts),
            Err(error) => (Err(error), error.attempts()),
        };
        trace::call_ended(&span, ended, attempts, deadline.elapsed());
        outcome
    }
}

/// The state of a call between its attempts.
struct RetryLoop<'a> {
    core: &'a Core,
    plan: &'a Plan<'a>,
    deadline: Deadline,
    /// The number of the current attempt: 1 for the first.
    number: u32,
    /// Whether the service may have processed an attempt so far.
    maybe_sent: bool,
    /// Created at the first failure.
    random: Option<fastrand::Rng>,
}

impl<'a> RetryLoop<'a> {
    fn new(core: &'a Core, plan: &'a Plan<'a>, deadline: Deadline) -> Self {
        Self { core, plan, deadline, number: 1, maybe_sent: false, random: None }
    }

    async fn run(&mut self) -> Result<Completed, Error> {
        self.core.shared.budget.begin_call();
        loop {
            let wait = match attempt::make(&self.core.shared, self.plan, self.number, &self.deadline).await {
                Ok(Received { mut response, secrets, rest, request }) => {
                    self.core.shared.budget.give_back(self.number - 1);
                    response.operation_id = self.plan.meta.id;
                    response.max_values = self.plan.max_response_values;
                    let (attempts, deadline) = (self.number, self.deadline);
                    return Ok(Completed { response, attempts, deadline, secrets, rest, request });
                }
                Err(failed) => self.wait_after(failed)?,
            };
            tokio::time::sleep(wait).await;
            self.number += 1;
        }
    }

    /// Returns how long to wait before the next attempt, or the error that ends the call.
    fn wait_after(&mut self, failed: Failed) -> Result<Duration, Error> {
        let Failed { error, attempted, idempotent, is_whole, secrets } = failed;
        let attempts = if attempted { self.number } else { self.number - 1 };
        let error = self
            .core
            .mask(self.plan, &secrets, error)
            .for_operation(self.plan.meta.id)
            .after(attempts, self.deadline.elapsed());
        if !attempted {
            return Err(self.report(error.with_maybe_sent(self.maybe_sent), None));
        }
        // The verdict is about this attempt alone, so it is made before the error takes earlier attempts into account.
        let verdict = self.judge(&error, idempotent, is_whole);
        if !self.plan.options.is_poll {
            trace::attempt_failed(&error, self.number, &verdict);
        }
        let error = error.with_maybe_sent(self.maybe_sent);
        self.maybe_sent = error.maybe_sent();
        match verdict {
            Verdict::Stop { reason, retryable } => Err(self.report(error.stopped(reason, retryable), None)),
            Verdict::Retry(wait) => {
                self.report(error, Some(wait));
                Ok(wait)
            }
        }
    }

    fn judge(&mut self, error: &Error, idempotent: bool, is_whole: bool) -> Verdict {
        let core = self.core;
        let circumstances = Circumstances {
            policy: &self.plan.policy,
            idempotent,
            is_whole,
            attempts: self.number,
            deadline: &self.deadline,
            budget: &core.shared.budget,
        };
        circumstances.judge(error, self.random.get_or_insert_with(|| core.random()))
    }

    fn report(&self, error: Error, retry_in: Option<Duration>) -> Error {
        self.core.shared.report(&self.plan.attempt(self.number), &error, retry_in);
        error
    }
}
