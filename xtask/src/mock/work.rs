//! Work that a request started and others ask for: its ids, and how far it has come.

use std::time::Duration;

use anyhow::{Result, anyhow};
use generator::document::Node;
use generator::ir::{Criterion, Expression, LongRunning, Operation, Polling};
use serde_json::Value;

use super::sample;

/// How work goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// How long it takes, as far as anyone asks for it.
    pub duration: Duration,
    /// How it ends.
    pub ending: Ending,
}

/// How work ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// In success.
    Done,
    /// In failure.
    Failed,
    /// It is called off.
    Canceled,
}

impl Default for Plan {
    fn default() -> Self {
        Self { duration: Duration::from_secs(2), ending: Ending::Done }
    }
}

/// One piece of work.
pub(super) struct Work {
    /// The operation that asks for it.
    pub(super) result: usize,
    /// Parameters of that operation and the values that mean this work.
    ids: Vec<(String, String)>,
    begun: Duration,
    /// States that were told already, the current one not among them.
    passed: usize,
    was_asked: bool,
}

impl Work {
    /// Work begun at some time, with a fresh id put into the reply of its start.
    pub(super) fn begin(
        link: &LongRunning,
        number: usize,
        reply: &mut Value,
        request: &dyn Fn(&str) -> Option<String>,
        begun: Duration,
    ) -> Self {
        let mut ids = Vec::new();
        for (name, expression) in &link.arguments {
            let value = match expression {
                Expression::Request(name) => request(name),
                Expression::ResponseBody(pointer) => reply.pointer_mut(pointer).map(|place| {
                    *place = if place.is_number() { number.into() } else { format!("op-{number}").into() };
                    place.as_str().map_or_else(|| place.to_string(), str::to_owned)
                }),
            };
            ids.extend(value.map(|value| (name.clone(), value)));
        }
        Self { result: link.result, ids, begun, passed: 0, was_asked: false }
    }

    /// Whether a request with these parameters asks for this work.
    pub(super) fn is_meant(&self, result: usize, value: &dyn Fn(&str) -> Option<String>) -> bool {
        self.result == result && self.ids.iter().all(|(name, id)| value(name).as_ref() == Some(id))
    }

    /// The state to tell now, of so many: a later one as time goes by, but none is left out.
    pub(super) fn next(&mut self, states: usize, now: Duration, plan: Plan) -> usize {
        let last = states.saturating_sub(1);
        let by_time = if plan.duration.is_zero() {
            last
        } else {
            let share = now.saturating_sub(self.begun).as_secs_f64() / plan.duration.as_secs_f64();
            (0..last).take_while(|state| share * last_as_f64(last) >= last_as_f64(state + 1)).count()
        };
        if self.was_asked {
            self.passed = (self.passed + 1).min(by_time.max(self.passed)).min(last);
        }
        self.was_asked = true;
        self.passed
    }
}

fn last_as_f64(states: usize) -> f64 {
    u32::try_from(states).map_or(f64::MAX, f64::from)
}

/// What the asking operation replies on the way, and last.
///
/// # Errors
///
/// The API has no state that means the ending.
pub(super) fn states(operation: &Operation, polling: &Polling, media: &Node<'_>, ending: Ending) -> Result<Vec<Value>> {
    let pointed = |criteria: &[Criterion]| {
        criteria.iter().find_map(|criterion| match criterion {
            Criterion::BodyIn { pointer, values } => Some((pointer.clone(), values.clone())),
            Criterion::Status(_) => None,
        })
    };
    let criteria = [pointed(&polling.success), pointed(&polling.failure)];
    let is_over = |text: &str| criteria.iter().flatten().any(|(_, values)| values.iter().any(|value| value == text));
    let last = last_text(operation, &criteria, ending)?;
    let schema = media.get("schema").and_then(|schema| schema.resolve());
    let members = schema.as_ref().map(sample::members).unwrap_or_default();
    if let (Some(property), Some((_, last))) = (schema.as_ref().and_then(sample::tag_of), &last) {
        let running = members.iter().filter(|(tag, _)| !is_over(tag));
        let over = members.iter().filter(|(tag, _)| tag == last);
        return Ok(running.chain(over).map(|(tag, member)| sample::of_member(property, tag, member)).collect());
    }
    let reply = sample::of_media(media);
    let with = |(pointer, text): &(String, String)| {
        let mut reply = reply.clone();
        reply.pointer_mut(pointer).map(|place| *place = text.as_str().into()).map(|()| reply)
    };
    let running = last.as_ref().and_then(|(pointer, _)| with(&(pointer.clone(), "running".to_owned())));
    let over = last.as_ref().map_or_else(|| Some(reply.clone()), with);
    Ok(running.into_iter().chain(over).collect())
}

/// The place and the text that say that the work has ended so.
fn last_text(
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
    found.map(Some).ok_or_else(|| anyhow!("`{}` has no state that says that the work was {word}", operation.id))
}
