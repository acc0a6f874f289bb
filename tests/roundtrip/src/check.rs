//! Sends values of all components through the program, and reports what is lost.

use std::collections::BTreeMap;

use anyhow::Result;
use jsonschema::Validator;
use serde::Serialize;
use serde_json::Value;

use crate::codec::Codec;
use crate::sample::Sampler;
use crate::{Job, judge, translate};

/// How many values are made for each valid one that is wanted.
const ATTEMPTS: usize = 5;
/// The longest value in a report, in characters.
const SHOWN: usize = 300;

/// What happened to the values of a component.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    name: String,
    /// The number of valid values.
    samples: usize,
    /// The number of values that the judge rejected.
    discarded: usize,
    /// Why the judge cannot use the schema.
    unjudged: Option<String>,
    losses: Vec<Loss>,
}

/// Values that did not come back, with one of them.
#[derive(Debug, Serialize)]
struct Loss {
    reason: String,
    values: usize,
    example: String,
    result: Option<String>,
}

/// Checks all components of a document.
pub(crate) fn document(job: &Job) -> Result<Vec<Report>> {
    let translated = translate::document(&job.document);
    let registry = match judge::registry(&translated) {
        Ok(registry) => registry,
        Err(reason) => {
            let unjudged = |name: &String| Report::unjudged(name, reason.clone());
            return Ok(job.components.iter().map(unjudged).collect());
        }
    };
    let mut codec = Codec::start(&job.program)?;
    let mut reports = Vec::new();
    for (index, name) in job.components.iter().enumerate() {
        let schema = translate::name_of_values(&translated, name);
        let report = match judge::compile(&registry, &schema) {
            Err(reason) => Report::unjudged(name, reason),
            Ok(judge) => {
                let seed = name.bytes().fold(job.seed, |seed, byte| seed.wrapping_mul(31).wrapping_add(byte.into()));
                let sampler = Sampler::new(&translated, seed);
                let checked = component(job, (index, &schema), &judge, (sampler, &mut codec));
                checked.unwrap_or_else(|error| {
                    // The next component needs a program that runs.
                    if let Ok(started) = Codec::start(&job.program) {
                        codec = started;
                    }
                    let loss = Loss { reason: error.to_string(), values: 1, example: String::new(), result: None };
                    Report { samples: 1, losses: vec![loss], ..Report::of(name) }
                })
            }
        };
        reports.push(Report { name: name.clone(), ..report });
    }
    Ok(reports)
}

impl Report {
    fn of(name: &str) -> Self {
        Self { name: name.to_owned(), samples: 0, discarded: 0, unjudged: None, losses: Vec::new() }
    }

    fn unjudged(name: &str, reason: String) -> Self {
        Self { unjudged: Some(reason), ..Self::of(name) }
    }
}

fn component(
    job: &Job,
    (index, name): (usize, &str),
    judge: &Validator,
    (mut sampler, codec): (Sampler<'_>, &mut Codec),
) -> Result<Report> {
    let mut report = Report::of(name);
    let mut losses: BTreeMap<String, Loss> = BTreeMap::new();
    for _ in 0..job.samples * ATTEMPTS {
        if report.samples == job.samples {
            break;
        }
        let Some(value) = sampler.component(name).filter(|value| judge.is_valid(value)) else {
            report.discarded += 1;
            continue;
        };
        report.samples += 1;
        let result = codec.round_trip(index, &value)?;
        if let Some(reason) = loss(&value, &result, judge) {
            let result = result.ok().map(|result| shown(&result));
            let new = Loss { reason: reason.clone(), values: 0, example: shown(&value), result };
            losses.entry(reason).or_insert(new).values += 1;
        }
    }
    report.losses = losses.into_values().collect();
    Ok(report)
}

/// Why a result is not the value. `None` if it is.
fn loss(value: &Value, result: &Result<Value, String>, judge: &Validator) -> Option<String> {
    match result {
        Err(error) => Some(format!("not decoded: {}", without_numbers(error))),
        Ok(result) => {
            let difference = difference(value, result)?;
            let validity = if judge.is_valid(result) { "" } else { ", and the result is invalid" };
            Some(format!("changed: {difference}{validity}"))
        }
    }
}

/// An error message without the location in the text, so that equal errors are counted together.
fn without_numbers(error: &str) -> String {
    error.split(" at line ").next().unwrap_or_default().chars().take(SHOWN).collect()
}

/// The first difference. Numbers are compared by value.
fn difference(one: &Value, other: &Value) -> Option<String> {
    match (one, other) {
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            one.iter().zip(other).find_map(|(one, other)| Some(format!("[]{}", difference(one, other)?)))
        }
        (Value::Object(one), Value::Object(other)) => {
            let changed = one.iter().find_map(|(key, value)| match other.get(key) {
                Some(other) => Some(format!(".{key}{}", difference(value, other)?)),
                None => Some(format!(".{key} is missing, which was {}", kind(value))),
            });
            let is_new = |(key, _): &(&String, &Value)| !one.contains_key(*key);
            changed.or_else(|| other.iter().find(is_new).map(|(key, value)| format!(".{key} is new: {}", shown(value))))
        }
        (Value::Number(one), Value::Number(other)) if is_same_number(one, other) => None,
        _ if one == other => None,
        _ => Some(format!(" was {}, and is {}", kind(one), kind(other))),
    }
}

fn is_same_number(one: &serde_json::Number, other: &serde_json::Number) -> bool {
    if (one.is_i64() || one.is_u64()) && (other.is_i64() || other.is_u64()) {
        return one == other;
    }
    one.as_f64() == other.as_f64()
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

fn shown(value: &Value) -> String {
    value.to_string().chars().take(SHOWN).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_difference_is_found() {
        let same = [(json!(1), json!(1.0)), (json!({"a": [1e2]}), json!({"a": [100]})), (json!(null), json!(null))];
        for (one, other) in same {
            assert_eq!(difference(&one, &other), None);
        }
        let others = [
            (json!({"a": null}), json!({})),
            (json!({}), json!({"a": null})),
            (json!([1]), json!([1, 2])),
            (json!("1"), json!(1)),
            (json!(9_007_199_254_740_993_i64), json!(9_007_199_254_740_992_i64)),
            (json!([{"a": "b"}]), json!([{"a": "c"}])),
        ];
        for (one, other) in others {
            assert!(difference(&one, &other).is_some(), "{one} {other}");
        }
    }
}
