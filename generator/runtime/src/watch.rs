//! The loop that asks for work until it is over, a state at a time. Dropping it anywhere loses nothing: the handle stays.

use std::pin::pin;
use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use super::error::Error;
use super::long_running::{Answer, LongRunning, Progress, asked_pause};
use super::operation_error::{OperationError, OperationFailure};
use super::trace;
use super::wait_options::{Schedule, WaitOptions};

/// Work that is waited for.
pub(super) struct Watch<'a, H: LongRunning> {
    handle: &'a H,
    client: &'a H::Client,
    schedule: Schedule,
    /// Set when the first state is wanted.
    times: Option<Times>,
    questions: u32,
    /// How many questions in a row have failed.
    errors: u32,
    random: fastrand::Rng,
    last_state: Option<H::State>,
    last_status: Option<String>,
    last_error: Option<Error>,
}

#[derive(Clone, Copy)]
struct Times {
    due: Instant,
    end: Instant,
}

impl<'a, H: LongRunning> Watch<'a, H> {
    /// A watch over some work, which begins when the first state is wanted.
    ///
    /// # Errors
    /// If the options make no sense.
    pub(super) fn new(handle: &'a H, client: &'a H::Client, options: WaitOptions) -> Result<Self, OperationError<H>> {
        let refused = |error| OperationError::of(handle, OperationFailure::Poll(error));
        Ok(Self {
            handle,
            client,
            schedule: options.settle(&H::META).map_err(refused)?,
            times: None,
            questions: 0,
            errors: 0,
            random: handle.ask(client).core().random(),
            last_state: None,
            last_status: None,
            last_error: None,
        })
    }

    /// The next state that comes in. After [`Progress::Done`] or an error there is none to be wanted.
    pub(super) async fn next(&mut self) -> Result<Progress<H>, OperationError<H>> {
        loop {
            match self.question().await {
                Some(Ok(answer)) => return self.progressed(answer),
                Some(Err(error)) => self.tolerate(error)?,
                None => return Err(self.timed_out()),
            }
        }
    }

    /// Waits until it is time, and asks. `None` when the time to wait is over.
    async fn question(&mut self) -> Option<Result<Answer<H>, Error>> {
        let schedule = self.schedule;
        let times = *self.times.get_or_insert_with(|| Times {
            due: Instant::now() + schedule.first_delay,
            end: Instant::now() + schedule.timeout,
        });
        let (pace, minimum) = (self.handle.pace(), schedule.minimum());
        let turn = pace.turn(times.due, times.end, minimum);
        if !trace::within(&trace::wait_span(self.questions), pin!(turn)).await {
            return None;
        }
        self.questions = self.questions.saturating_add(1);
        let asking = Answer::<H>::to(self.handle.ask(self.client));
        let answer = timeout_at(times.end, asking).await.ok()?;
        let asked: Duration = asked_pause(&answer);
        pace.answered(minimum.max(asked));
        let wait = schedule.wait(self.questions, &mut self.random).max(asked);
        self.times = Some(Times { due: Instant::now() + wait, ..times });
        Some(answer)
    }

    fn progressed(&mut self, answer: Answer<H>) -> Result<Progress<H>, OperationError<H>> {
        self.errors = 0;
        self.last_error = None;
        match answer.progress {
            Progress::Running(state) => {
                self.last_state = Some(state.clone());
                self.last_status = answer.status;
                Ok(Progress::Running(state))
            }
            Progress::Done(done) => Ok(Progress::Done(done)),
            Progress::Failed(state) => {
                let error = OperationError::of(self.handle, OperationFailure::Failed(state));
                Err(error.with_status(answer.status).with_message(answer.message))
            }
        }
    }

    /// Goes on after a failure that may pass, unless there were too many in a row.
    fn tolerate(&mut self, error: Error) -> Result<(), OperationError<H>> {
        self.errors = self.errors.saturating_add(1);
        if error.is_retryable() && self.errors <= self.schedule.tolerated_errors {
            self.last_error = Some(error);
            return Ok(());
        }
        Err(OperationError::of(self.handle, OperationFailure::Poll(error)))
    }

    fn timed_out(&mut self) -> OperationError<H> {
        let failure = OperationFailure::TimedOut {
            last_state: self.last_state.take(),
            last_error: self.last_error.take(),
            questions: self.questions,
        };
        OperationError::of(self.handle, failure).with_status(self.last_status.take())
    }
}
