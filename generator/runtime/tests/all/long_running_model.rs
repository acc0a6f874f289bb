//! A random service, compared with a simple model of how waiting for it must end.

use std::time::Duration;

use proptest::prelude::*;
use sdk_runtime::{FailureKind, JobFailure, WaitOptions};
use tokio::time::Instant;

use crate::long_running::{Failure, done, job, millis, paused, retry_after, script, state, status, unreachable};
use crate::standin::Turn;

/// How the service answers one poll, and after how many milliseconds.
#[derive(Clone, Debug)]
struct Step {
    response: Answer,
    delay: u64,
}

#[derive(Clone, Debug)]
enum Answer {
    State(&'static str, Option<u64>),
    /// The status of a transient failure.
    Transient(u16, Option<u64>),
    Unreachable,
    Broken,
    CutOff,
    Done,
    Failed(&'static str),
    Permanent(u16),
    Nonsense,
}

/// Milliseconds.
#[derive(Clone, Debug)]
struct Options {
    first_delay: u64,
    interval: u64,
    /// In halves.
    factor: u32,
    more: u64,
    timeout: u64,
    tolerated: u32,
}

/// How waiting ends.
#[derive(Clone, Debug, PartialEq)]
struct Outcome {
    end: End,
    states: Vec<&'static str>,
    polls: usize,
    elapsed: u64,
}

#[derive(Clone, Debug, PartialEq)]
enum End {
    Done,
    Failed(String),
    /// Whether it is transient.
    PollFailed(bool),
    TimedOut(Option<String>),
}

/// The timeout of an attempt.
const ATTEMPT: u64 = 15_000;

impl Step {
    fn turn(&self) -> Turn {
        let with_retry_after = |turn, wait: &Option<u64>| match wait {
            Some(seconds) => retry_after(turn, &seconds.to_string()),
            None => turn,
        };
        let turn = match &self.response {
            Answer::State(name, wait) => with_retry_after(state(name), wait),
            Answer::Transient(code, wait) => with_retry_after(status(*code), wait),
            Answer::Unreachable => unreachable(),
            Answer::Broken => Turn::failure(FailureKind::Broken),
            Answer::CutOff => Turn { broken: true, ..Turn::status(200).body("{\"status\":\"do") },
            Answer::Done => done(),
            Answer::Failed(name) => state(name),
            Answer::Permanent(code) => status(*code),
            Answer::Nonsense => Turn::status(200).body("{\"status\":7}"),
        };
        Turn { delay: Duration::from_millis(self.delay), ..turn }
    }
}

/// Rounds up to whole milliseconds, the resolution of the clock.
fn whole(nanos: u128) -> u64 {
    u64::try_from(nanos.div_ceil(1_000_000)).expect("a short time")
}

impl Options {
    fn real(&self) -> WaitOptions {
        WaitOptions::new()
            .first_delay(Duration::from_millis(self.first_delay))
            .interval(Duration::from_millis(self.interval))
            .factor(f64::from(self.factor) / 2.0)
            .max_interval(Duration::from_millis(self.interval + self.more))
            .jitter(0.0)
            .timeout(Duration::from_millis(self.timeout))
            .tolerated_errors(self.tolerated)
    }

    /// The wait after this many polls, in nanoseconds, computed with integers.
    fn wait(&self, polls: u32) -> u128 {
        let longest = u128::from(self.interval + self.more) * 1_000_000;
        let mut wait = u128::from(self.interval) * 1_000_000;
        for _ in 1..polls {
            wait = (wait * u128::from(self.factor) / 2).min(longest);
        }
        wait
    }
}

fn model(options: &Options, steps: &[Step]) -> Outcome {
    let mut outcome = Outcome { end: End::Done, states: Vec::new(), polls: 0, elapsed: 0 };
    let (mut due, mut errors, mut is_unreadable) = (options.first_delay, 0, false);
    loop {
        let step = &steps[outcome.polls.min(steps.len() - 1)];
        let answered = due + step.delay.min(ATTEMPT);
        outcome.polls += usize::from(due < options.timeout);
        if due >= options.timeout || answered > options.timeout {
            let last = outcome.states.last().map(|name| (*name).to_owned());
            return Outcome { end: End::TimedOut(last), elapsed: options.timeout, ..outcome };
        }
        let answer = if step.delay > ATTEMPT { &Answer::Unreachable } else { &step.response };
        let end = match answer {
            Answer::Done => Some(End::Done),
            Answer::Failed(name) => Some(End::Failed((*name).to_owned())),
            Answer::Permanent(_) => Some(End::PollFailed(false)),
            Answer::Nonsense => {
                errors += 1;
                let is_second = std::mem::replace(&mut is_unreadable, true);
                (is_second || errors > options.tolerated).then_some(End::PollFailed(false))
            }
            Answer::State(name, wait) => {
                outcome.states.push(name);
                (errors, is_unreadable) = (0, false);
                // If the time is also over, that takes precedence.
                let is_too_long = wait.is_some_and(|wait| wait > 60) && answered < options.timeout;
                is_too_long.then_some(End::PollFailed(true))
            }
            Answer::Transient(_, Some(61..)) => Some(End::PollFailed(true)),
            Answer::Transient(_, _) | Answer::Unreachable | Answer::Broken | Answer::CutOff => {
                errors += 1;
                (errors > options.tolerated).then_some(End::PollFailed(true))
            }
        };
        if let Some(end) = end {
            return Outcome { end, elapsed: answered, ..outcome };
        }
        let requested = match answer {
            Answer::State(_, wait) | Answer::Transient(_, wait) => wait.unwrap_or_default() * 1000,
            _ => 0,
        };
        let polls = u32::try_from(outcome.polls).expect("few");
        due = whole(u128::from(answered) * 1_000_000 + options.wait(polls).max(u128::from(requested) * 1_000_000));
    }
}

async fn real(options: &Options, steps: &[Step]) -> Outcome {
    let (standin, core) = script(steps.iter().map(Step::turn).collect());
    let (now, handle) = (Instant::now(), job());
    let mut states = Vec::new();
    let waited = handle.wait(&core).options(options.real()).on_state(|state| states.push(name(&state.status))).await;
    let elapsed = millis(now.elapsed());
    if let Err(error) = &waited {
        assert_eq!(error.job(), Some(&handle));
        assert_eq!(error.to_string().lines().count(), 1);
    }
    Outcome { end: end(waited), states, polls: standin.sent(), elapsed }
}

const NAMES: [&str; 4] = ["pending", "in_progress", "unheard_of", "done"];

fn name(status: &str) -> &'static str {
    NAMES.into_iter().find(|name| *name == status).expect("a state of the script")
}

fn end(waited: Result<String, Failure>) -> End {
    let (_, failure) = match waited {
        Ok(_) => return End::Done,
        Err(error) => error.into_parts(),
    };
    match failure {
        JobFailure::Failed(state) => End::Failed(state.status),
        JobFailure::Poll(error) => End::PollFailed(error.is_retryable()),
        JobFailure::TimedOut { last_state, .. } => End::TimedOut(last_state.map(|state| state.status)),
        other => unreachable!("{other:?}"),
    }
}

fn step() -> impl Strategy<Value = Step> {
    let wait = || prop_oneof![3 => Just(None), 1 => (0..90_u64).prop_map(Some)];
    // A `done` without a value does not end the wait.
    let state = (proptest::sample::select(&NAMES[..]), wait()).prop_map(|(name, wait)| Answer::State(name, wait));
    let transient = (proptest::sample::select(&[408_u16, 429, 500, 502, 503, 504][..]), wait());
    let transient = transient.prop_map(|(code, wait)| Answer::Transient(code, wait));
    let response = prop_oneof![
        8 => state,
        4 => transient,
        1 => Just(Answer::Unreachable),
        1 => Just(Answer::Broken),
        1 => Just(Answer::CutOff),
        1 => Just(Answer::Nonsense),
    ];
    (response, delay()).prop_map(|(response, delay)| Step { response, delay })
}

/// Never exactly the timeout of an attempt, where the body decides whether the response is in time.
fn delay() -> impl Strategy<Value = u64> {
    let delay = prop_oneof![4 => Just(0_u64), 2 => 0..3_000_u64, 1 => 14_990..15_010_u64, 1 => 0..40_000_u64];
    delay.prop_map(|delay| if delay == ATTEMPT { delay + 1 } else { delay })
}

/// What repeats after the script.
fn last() -> impl Strategy<Value = Step> {
    let response = prop_oneof![
        4 => Just(Answer::Done),
        1 => proptest::sample::select(&["failed", "canceled"][..]).prop_map(Answer::Failed),
        1 => proptest::sample::select(&[400_u16, 401, 403, 404][..]).prop_map(Answer::Permanent),
        1 => Just(Answer::Nonsense),
        1 => Just(Answer::State("pending", None)),
        1 => Just(Answer::Transient(503, None)),
    ];
    (response, delay()).prop_map(|(response, delay)| Step { response, delay })
}

fn options() -> impl Strategy<Value = Options> {
    let times = (prop_oneof![Just(0_u64), 0..5_000_u64], 1..3_000_u64, 2..6_u32, 0..20_000_u64);
    let timeout = prop_oneof![1..5_000_u64, 1..100_000_u64, Just(600_000_u64)];
    (times, timeout, 0..5_u32).prop_map(|((first_delay, interval, factor, more), timeout, tolerated)| Options {
        first_delay,
        interval,
        factor,
        more,
        timeout,
        tolerated,
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn waiting_ends_as_the_model_predicts(
        options in options(), mut steps in proptest::collection::vec(step(), 0..12), last in last(),
    ) {
        steps.push(last);
        let expected = model(&options, &steps);
        let found = paused(real(&options, &steps));
        prop_assert_eq!(found, expected);
    }
}

#[test]
fn the_model_covers_every_end() {
    let options = Options { first_delay: 0, interval: 1000, factor: 3, more: 9000, timeout: 10_000, tolerated: 1 };
    let step = |response| Step { response, delay: 0 };
    let check = |steps: Vec<Step>, end, polls, elapsed| {
        let found = paused(real(&options, &steps));
        assert_eq!((found.end.clone(), found.polls, found.elapsed), (end, polls, elapsed));
        assert_eq!(found, model(&options, &steps));
    };
    let pending = || step(Answer::State("pending", None));
    check(vec![pending(), step(Answer::Done)], End::Done, 2, 1000);
    check(vec![pending(), step(Answer::Failed("canceled"))], End::Failed("canceled".to_owned()), 2, 1000);
    check(vec![step(Answer::Broken), step(Answer::CutOff)], End::PollFailed(true), 2, 1000);
    check(vec![pending(), pending(), step(Answer::Permanent(404))], End::PollFailed(false), 3, 2500);
    check(vec![step(Answer::Nonsense)], End::PollFailed(false), 2, 1000);
    check(vec![step(Answer::Nonsense), pending(), step(Answer::Nonsense), step(Answer::Done)], End::Done, 4, 4750);
    check(vec![step(Answer::Transient(503, Some(61)))], End::PollFailed(true), 1, 0);
    check(vec![step(Answer::State("pending", Some(61)))], End::PollFailed(true), 1, 0);
    check(vec![step(Answer::State("done", None))], End::TimedOut(Some("done".to_owned())), 5, 10_000);
    check(vec![step(Answer::Transient(503, Some(60)))], End::TimedOut(None), 1, 10_000);
    check(vec![Step { response: Answer::Done, delay: 10_001 }], End::TimedOut(None), 1, 10_000);
    check(vec![Step { response: Answer::Done, delay: 10_000 }], End::Done, 1, 10_000);
}
