//! The loop that asks for work until it is over, a state at a time. Dropping it anywhere loses nothing: the handle stays.

use std::time::Duration;

use tokio::time::{Instant, sleep_until, timeout_at};

use super::error::Error;
use super::long_running::{Answer, LongRunning, Progress};
use super::operation_error::{OperationError, OperationFailure};
use super::retry_config::RetryConfig;
use super::trace;
use super::wait_options::{Schedule, WaitOptions};

/// Work that is waited for.
pub(super) struct Watch<'a, H: LongRunning> {
    handle: &'a H,
    client: &'a H::Client,
    schedule: Result<Schedule, Option<Error>>,
    /// Set when the first question is due.
    times: Option<Times>,
    questions: u32,
    errors: u32,
    random: fastrand::Rng,
    last_state: Option<H::State>,
    last_error: Option<Error>,
    is_over: bool,
}

#[derive(Clone, Copy)]
struct Times {
    due: Instant,
    end: Instant,
}

impl<'a, H: LongRunning> Watch<'a, H> {
    pub(super) fn new(handle: &'a H, client: &'a H::Client, options: WaitOptions) -> Self {
        Self {
            handle,
            client,
            schedule: options.settle(&H::META).map_err(Some),
            times: None,
            questions: 0,
            errors: 0,
            random: handle.ask(client).core().random(),
            last_state: None,
            last_error: None,
            is_over: false,
        }
    }

    /// The next state that comes in; `None` once there will be none any more.
    pub(super) async fn next(&mut self) -> Option<Result<Progress<H>, OperationError<H>>> {
        if self.is_over {
            return None;
        }
        let schedule = match &mut self.schedule {
            Ok(schedule) => *schedule,
            Err(error) => {
                let error = error.take()?;
                self.is_over = true;
                return Some(Err(self.ended(OperationFailure::Poll(error), None)));
            }
        };
        loop {
            let outcome = self.question(&schedule).await;
            if let Some(progress) = self.take(outcome) {
                return Some(progress);
            }
        }
    }

    /// Waits until it is time, and asks. `None` when the time to wait is over.
    async fn question(&mut self, schedule: &Schedule) -> Option<Result<Answer<H>, Error>> {
        let times = *self.times.get_or_insert_with(|| Times {
            due: Instant::now() + schedule.first_delay,
            end: Instant::now() + schedule.timeout.min(Duration::from_hours(8760)),
        });
        let due = times.due.max(self.handle.pace().due());
        let span = trace::wait_span(self.questions);
        trace::within(&span, sleep_until(due.min(times.end))).await;
        if due >= times.end {
            return None;
        }
        self.handle.pace().asked(schedule.minimum());
        self.questions += 1;
        let call = self.handle.ask(self.client).retry_config(RetryConfig::none());
        let answer = timeout_at(times.end, Answer::<H>::to(call)).await.ok()?;
        let asked = match &answer {
            Ok(answer) => answer.retry_after,
            Err(error) => error.retry_after(),
        };
        let asked = asked.unwrap_or_default();
        let wait = schedule.wait(self.questions, &mut self.random).max(asked).min(Duration::from_hours(8760));
        self.handle.pace().asked(schedule.minimum().max(asked));
        self.times = Some(Times { due: Instant::now() + wait, ..times });
        Some(answer)
    }

    /// What a question gives to the caller. `None` when it is to be asked again.
    fn take(&mut self, outcome: Option<Result<Answer<H>, Error>>) -> Option<Result<Progress<H>, OperationError<H>>> {
        match outcome {
            None => {
                self.is_over = true;
                let failure = OperationFailure::TimedOut {
                    last_state: self.last_state.take(),
                    last_error: self.last_error.take(),
                    questions: self.questions,
                };
                Some(Err(self.ended(failure, None)))
            }
            Some(Ok(answer)) => {
                self.errors = 0;
                self.last_error = None;
                Some(self.progressed(answer))
            }
            Some(Err(error)) => {
                self.errors += 1;
                let tolerated = self.schedule.as_ref().map_or(0, |schedule| schedule.tolerated_errors);
                if error.is_retryable() && self.errors <= tolerated {
                    self.last_error = Some(error);
                    return None;
                }
                self.is_over = true;
                Some(Err(self.ended(OperationFailure::Poll(error), None)))
            }
        }
    }

    fn progressed(&mut self, answer: Answer<H>) -> Result<Progress<H>, OperationError<H>> {
        match answer.progress {
            Progress::Running(state) => {
                self.last_state = Some(state.clone());
                Ok(Progress::Running(state))
            }
            Progress::Done(done) => {
                self.is_over = true;
                Ok(Progress::Done(done))
            }
            Progress::Failed(state) => {
                self.is_over = true;
                Err(self.ended(OperationFailure::Failed(state), answer.message))
            }
        }
    }

    fn ended(&self, failure: OperationFailure<H>, message: Option<String>) -> OperationError<H> {
        OperationError::new(Some(self.handle.clone()), failure, message)
    }
}
