//! The loop that makes one call out of attempts and waits. What follows an attempt is decided in `retry`.

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

/// Makes a call: attempts, and waits between them, until one succeeds or another would not help.
pub(crate) fn run<'a>(
    core: &'a Core,
    plan: &'a Plan<'a>,
) -> impl Future<Output = Result<Completed, Error>> + Send + use<'a> {
    let deadline = Deadline::start(plan.options.timeout.unwrap_or(core.shared.timeout));
    let span = trace::call_span(plan.meta.id, &plan.meta.method, plan.meta.path, &plan.server);
    let mut retry_loop = RetryLoop::new(core, plan, deadline);
    // An `async fn` would keep its arguments beside what is made of them.
    async move {
        let outcome = trace::within(&span, pin!(retry_loop.run())).await;
        let (ended, attempts) = match &outcome {
            Ok(done) => (Ok(done.reply.status), done.attempts),
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
    /// The attempt that is being made; 1 for the first.
    number: u32,
    /// Whether an attempt so far may have been carried out.
    maybe_sent: bool,
    /// Drawn up at the first failure.
    random: Option<fastrand::Rng>,
}

impl<'a> RetryLoop<'a> {
    fn new(core: &'a Core, plan: &'a Plan<'a>, deadline: Deadline) -> Self {
        Self { core, plan, deadline, number: 1, maybe_sent: false, random: None }
    }

    /// Attempts, and waits between them, until one succeeds or there is no sense in another.
    async fn run(&mut self) -> Result<Completed, Error> {
        self.core.shared.budget.begin_call();
        loop {
            let wait = match attempt::make(&self.core.shared, self.plan, self.number, &self.deadline).await {
                Ok(Received { mut reply, secrets, rest, request }) => {
                    self.core.shared.budget.give_back(self.number - 1);
                    reply.operation_id = self.plan.meta.id;
                    reply.max_values = self.plan.max_response_values;
                    let (attempts, deadline) = (self.number, self.deadline);
                    return Ok(Completed { reply, attempts, deadline, secrets, rest, request });
                }
                Err(failed) => self.wait_after(failed)?,
            };
            tokio::time::sleep(wait).await;
            self.number += 1;
        }
    }

    /// How long to wait before the next attempt, or the error that ends the call.
    fn wait_after(&mut self, failed: Failed) -> Result<Duration, Error> {
        let Failed { error, attempted, idempotent, secrets } = failed;
        let attempts = if attempted { self.number } else { self.number - 1 };
        let error = self
            .core
            .mask(self.plan, &secrets, error)
            .for_operation(self.plan.meta.id)
            .after(attempts, self.deadline.elapsed());
        if !attempted {
            return Err(self.tell(error.with_maybe_sent(self.maybe_sent), None));
        }
        // Earlier attempts have been judged: what counts now is this one alone.
        let verdict = self.judge(&error, idempotent);
        if !self.plan.options.is_poll {
            trace::attempt_failed(&error, self.number, &verdict);
        }
        let error = error.with_maybe_sent(self.maybe_sent);
        self.maybe_sent = error.maybe_sent();
        match verdict {
            Verdict::Stop { reason, retryable } => Err(self.tell(error.stopped(reason, retryable), None)),
            Verdict::Retry(wait) => {
                self.tell(error, Some(wait));
                Ok(wait)
            }
        }
    }

    fn judge(&mut self, error: &Error, idempotent: bool) -> Verdict {
        let core = self.core;
        let circumstances = Circumstances {
            policy: &self.plan.policy,
            idempotent,
            attempts: self.number,
            deadline: &self.deadline,
            budget: &core.shared.budget,
        };
        circumstances.judge(error, self.random.get_or_insert_with(|| core.random()))
    }

    fn tell(&self, error: Error, retry_in: Option<Duration>) -> Error {
        self.core.shared.tell(&self.plan.attempt(self.number), &error, retry_in);
        error
    }
}
