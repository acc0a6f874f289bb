//! Jobs: a request starts one, and later requests poll it. Tracks the ids and the state of each job.

use std::time::Duration;

use anyhow::{Result, anyhow};
use generator::document::Node;
use generator::ir::{Criterion, Expression, LongRunning, Operation, Polling};
use serde_json::Value;

use super::sample;

/// How jobs proceed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// The time from the start to the final state.
    pub duration: Duration,
    /// The final state.
    pub ending: Ending,
}

/// The final state of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// The job succeeds.
    Done,
    /// The job fails.
    Failed,
    /// The job is canceled.
    Canceled,
}

impl Default for Plan {
    fn default() -> Self {
        Self { duration: Duration::from_secs(2), ending: Ending::Done }
    }
}

/// A job.
pub(super) struct Job {
    /// The operation that polls the job.
    pub(super) result: usize,
    /// The parameters of that operation that identify the job, with their values.
    ids: Vec<(String, String)>,
    started: Duration,
    /// The number of states already reported, without the current one.
    passed: usize,
    was_polled: bool,
}

impl Job {
    /// Starts a job, and writes a new id into the response of the start.
    pub(super) fn start(
        link: &LongRunning,
        number: usize,
        response: &mut Value,
        request: &dyn Fn(&str) -> Option<String>,
        started: Duration,
    ) -> Self {
        let mut ids = Vec::new();
        for (name, expression) in &link.arguments {
            let value = match expression {
                Expression::Request(name) => request(name),
                Expression::ResponseBody(pointer) => response.pointer_mut(pointer).map(|place| {
                    *place = if place.is_number() { number.into() } else { format!("op-{number}").into() };
                    place.as_str().map_or_else(|| place.to_string(), str::to_owned)
                }),
            };
            ids.extend(value.map(|value| (name.clone(), value)));
        }
        Self { result: link.result, ids, started, passed: 0, was_polled: false }
    }

    /// Whether a request with these parameters polls this job.
    pub(super) fn matches(&self, result: usize, value: &dyn Fn(&str) -> Option<String>) -> bool {
        self.result == result && self.ids.iter().all(|(name, id)| value(name).as_ref() == Some(id))
    }

    /// The index of the state to report now, out of `states`. Advances with time, but skips no state.
    pub(super) fn next(&mut self, states: usize, now: Duration, plan: Plan) -> usize {
        let last = states.saturating_sub(1);
        let by_time = if plan.duration.is_zero() {
            last
        } else {
            let share = now.saturating_sub(self.started).as_secs_f64() / plan.duration.as_secs_f64();
            (0..last).take_while(|state| share * last_as_f64(last) >= last_as_f64(state + 1)).count()
        };
        if self.was_polled {
            self.passed = (self.passed + 1).min(by_time.max(self.passed)).min(last);
        }
        self.was_polled = true;
        self.passed
    }
}

fn last_as_f64(states: usize) -> f64 {
    u32::try_from(states).map_or(f64::MAX, f64::from)
}

/// The bodies that the polling operation returns: those of a running job, then that of the final state.
///
/// # Errors
///
/// The API has no state for the ending.
pub(super) fn states(operation: &Operation, polling: &Polling, media: &Node<'_>, ending: Ending) -> Result<Vec<Value>> {
    let pointed = |criteria: &[Criterion]| {
        criteria.iter().find_map(|criterion| match criterion {
            Criterion::BodyIn { pointer, values } => Some((pointer.clone(), values.clone())),
            Criterion::Status(_) => None,
        })
    };
    let criteria = [pointed(&polling.success), pointed(&polling.failure)];
    let is_final = |text: &str| criteria.iter().flatten().any(|(_, values)| values.iter().any(|value| value == text));
    let last = final_value(operation, &criteria, ending)?;
    let schema = media.get("schema").and_then(|schema| schema.resolve());
    let members = schema.as_ref().map(sample::members).unwrap_or_default();
    if let (Some(property), Some((_, last))) = (schema.as_ref().and_then(sample::tag_of), &last) {
        let running = members.iter().filter(|(tag, _)| !is_final(tag));
        let over = members.iter().filter(|(tag, _)| tag == last);
        return Ok(running.chain(over).map(|(tag, member)| sample::of_member(property, tag, member)).collect());
    }
    let response = sample::of_media(media);
    let with = |(pointer, text): &(String, String)| {
        let mut response = response.clone();
        response.pointer_mut(pointer).map(|place| *place = text.as_str().into()).map(|()| response)
    };
    let running = last.as_ref().and_then(|(pointer, _)| with(&(pointer.clone(), "running".to_owned())));
    let over = last.as_ref().map_or_else(|| Some(response.clone()), with);
    Ok(running.into_iter().chain(over).collect())
}

/// The location and the value that mark the ending in the response.
fn final_value(
    operation: &Operation,
    [success, failure]: &[Option<(String, Vec<String>)>; 2],
    ending: Ending,
) -> Result<Option<(String, String)>> {
    let is_cancel = |text: &String| text.to_lowercase().contains("cancel");
    let pick = |list: &Option<(String, Vec<String>)>, wanted: &dyn Fn(&String) -> bool| {
        let (pointer, values) = list.as_ref()?;
        values.iter().find(|value| wanted(value)).map(|value| (pointer.clone(), value.clone()))
    };
    let (found, word) = match ending {
        Ending::Done => return Ok(pick(success, &|_| true)),
        Ending::Failed => (pick(failure, &|text| !is_cancel(text)), "failed"),
        Ending::Canceled => (pick(failure, &is_cancel), "canceled"),
    };
    found.map(Some).ok_or_else(|| anyhow!("`{}` has no state for a job that was {word}", operation.id))
}
