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
    /// The number of values that came back with defaults of properties that they do not have.
    completed: usize,
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
    let defaults = defaults(&job.document);
    let mut reports = Vec::new();
    for (index, name) in job.components.iter().enumerate() {
        let schema = translate::name_of_values(&translated, name);
        let report = match judge::compile(&registry, &schema) {
            Err(reason) => Report::unjudged(name, reason),
            Ok(judge) => {
                let seed = name.bytes().fold(job.seed, |seed, byte| seed.wrapping_mul(31).wrapping_add(byte.into()));
                let sampler = Sampler::new(&translated, seed);
                let checked = component(job, (index, &schema), (&judge, &defaults), (sampler, &mut codec));
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
        Self { name: name.to_owned(), samples: 0, discarded: 0, completed: 0, unjudged: None, losses: Vec::new() }
    }

    fn unjudged(name: &str, reason: String) -> Self {
        Self { unjudged: Some(reason), ..Self::of(name) }
    }
}

fn component(
    job: &Job,
    (index, name): (usize, &str),
    (judge, defaults): (&Validator, &Defaults),
    (mut sampler, codec): (Sampler<'_>, &mut Codec),
) -> Result<Report> {
    let mut report = Report::of(name);
    let mut losses: BTreeMap<String, Loss> = BTreeMap::new();
    let listed = listed(&job.document, &job.components, index);
    let attempts = listed.map_or(job.samples * ATTEMPTS, Vec::len);
    for attempt in 0..attempts {
        if listed.is_none() && report.samples == job.samples {
            break;
        }
        let value = match listed {
            Some(values) => values.get(attempt).cloned(),
            None => sampler.component(name),
        };
        let Some(value) = value.filter(|value| judge.is_valid(value)) else {
            report.discarded += 1;
            continue;
        };
        report.samples += 1;
        let result = codec.round_trip(index, &value)?;
        let (reason, is_completed) = loss(&value, &result, judge, defaults);
        report.completed += usize::from(is_completed && reason.is_none());
        if let Some(reason) = reason {
            let result = result.ok().map(|result| shown(&result));
            let new = Loss { reason: reason.clone(), values: 0, example: shown(&value), result };
            losses.entry(reason).or_insert(new).values += 1;
        }
    }
    report.losses = losses.into_values().collect();
    Ok(report)
}

/// The values that the document lists for a component, instead of random ones: those of a test suite.
fn listed<'a>(document: &'a Value, components: &[String], index: usize) -> Option<&'a Vec<Value>> {
    let name = components.get(index)?;
    document.get("components")?.get("schemas")?.get(name)?.get("x-suite-values")?.as_array()
}

/// Why a result is not the value, and whether it has defaults that the value does not have.
fn loss(
    value: &Value,
    result: &Result<Value, String>,
    judge: &Validator,
    defaults: &Defaults,
) -> (Option<String>, bool) {
    match result {
        Err(error) => (Some(format!("not decoded: {}", without_numbers(error))), false),
        Ok(result) => {
            let mut comparison = Comparison { defaults, is_completed: false };
            let difference = comparison.difference(value, result).map(|difference| {
                let validity = if judge.is_valid(result) { "" } else { ", and the result is invalid" };
                format!("changed: {difference}{validity}")
            });
            (difference, comparison.is_completed)
        }
    }
}

/// The defaults of a document, by the names of their properties.
type Defaults = BTreeMap<String, Vec<Value>>;

/// Collects the defaults of all properties.
fn defaults(document: &Value) -> Defaults {
    let (mut defaults, mut pending) = (Defaults::new(), vec![document]);
    while let Some(value) = pending.pop() {
        let properties = value.get("properties").and_then(Value::as_object).into_iter().flatten();
        for (name, schema) in properties {
            if let Some(default) = default_of(document, schema) {
                defaults.entry(name.clone()).or_default().push(default.clone());
            }
        }
        pending.extend(value.as_object().into_iter().flatten().map(|(_, value)| value));
        pending.extend(value.as_array().into_iter().flatten());
    }
    defaults
}

/// The default of a schema, of what it refers to, or of a part of it.
fn default_of<'a>(document: &'a Value, schema: &'a Value) -> Option<&'a Value> {
    let referred = || {
        let pointer = schema.get("$ref")?.as_str()?.strip_prefix('#')?;
        document.pointer(&percent_encoding::percent_decode_str(pointer).decode_utf8_lossy())?.get("default")
    };
    let part = || schema.get("allOf")?.as_array()?.iter().find_map(|part| default_of(document, part));
    schema.get("default").or_else(referred).or_else(part)
}

/// Compares values with results.
struct Comparison<'a> {
    defaults: &'a Defaults,
    /// Whether the result has a default that the value does not have.
    is_completed: bool,
}

/// An error message without the location in the text, so that equal errors are counted together.
fn without_numbers(error: &str) -> String {
    error.split(" at line ").next().unwrap_or_default().chars().take(SHOWN).collect()
}

impl Comparison<'_> {
    /// The first difference. Numbers are compared by value.
    fn difference(&mut self, one: &Value, other: &Value) -> Option<String> {
        match (one, other) {
            (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
                one.iter().zip(other).find_map(|(one, other)| Some(format!("[]{}", self.difference(one, other)?)))
            }
            (Value::Object(one), Value::Object(other)) => {
                let changed = one.iter().find_map(|(key, value)| match other.get(key) {
                    Some(other) => Some(format!(".{key}{}", self.difference(value, other)?)),
                    None => Some(format!(".{key} is missing, which was {}", kind(value))),
                });
                changed.or_else(|| {
                    let new = other.iter().filter(|(key, _)| !one.contains_key(*key));
                    new.into_iter().find_map(|(key, value)| {
                        (!self.is_default(key, value)).then(|| format!(".{key} is new: {}", shown(value)))
                    })
                })
            }
            (Value::Number(one), Value::Number(other)) if is_same_number(one, other) => None,
            _ if one == other => None,
            _ => Some(format!(" was {}, and is {}", kind(one), kind(other))),
        }
    }

    /// Whether a property has one of its defaults, which can have defaults itself.
    fn is_default(&mut self, key: &str, value: &Value) -> bool {
        let defaults = self.defaults;
        let mut candidates = defaults.get(key).into_iter().flatten();
        let is_default = candidates.any(|default| self.difference(default, value).is_none());
        self.is_completed |= is_default;
        is_default
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
        let defaults = BTreeMap::from([("d".to_owned(), vec![json!(1), json!({})])]);
        let mut comparison = Comparison { defaults: &defaults, is_completed: false };
        let same = [(json!(1), json!(1.0)), (json!({"a": [1e2]}), json!({"a": [100]})), (json!(null), json!(null))];
        for (one, other) in same {
            assert_eq!(comparison.difference(&one, &other), None);
        }
        let others = [
            (json!({"a": null}), json!({})),
            (json!({}), json!({"a": null})),
            (json!({}), json!({"d": 2})),
            (json!([1]), json!([1, 2])),
            (json!("1"), json!(1)),
            (json!(9_007_199_254_740_993_i64), json!(9_007_199_254_740_992_i64)),
            (json!([{"a": "b"}]), json!([{"a": "c"}])),
        ];
        for (one, other) in others {
            assert!(comparison.difference(&one, &other).is_some(), "{one} {other}");
        }
        assert!(!comparison.is_completed);
        assert_eq!(comparison.difference(&json!({}), &json!({"d": {"d": 1}})), None);
        assert!(comparison.is_completed);
    }

    #[test]
    fn defaults_are_found_behind_references() {
        let properties = json!({"a": {"default": 1}, "b": {"$ref": "#/components/schemas/B"}, "c": {"allOf": [{"$ref": "#/components/schemas/B"}]}});
        let document = json!({"components": {"schemas": {"A": {"properties": properties}, "B": {"default": "b"}}}});
        let found: Vec<_> = defaults(&document).into_iter().map(|(name, values)| (name, values[0].clone())).collect();
        assert_eq!(found, [("a".to_owned(), json!(1)), ("b".to_owned(), json!("b")), ("c".to_owned(), json!("b"))]);
    }
}
