//! Adds a successful response without a body to an operation whose only response is a `default` for errors.
//!
//! `responses: {default: {…: {$ref: Error}}}` → `responses: {2XX: {}, default: {…: {$ref: Error}}}`
//!
//! The specification lets `default` stand for all statuses, so a lone one is the value of the operation, unless
//! something says that it is an error: other operations have its schema as an error, its schema is named after errors,
//! its media type is `application/problem+json`, or its description speaks of an error. Something says that it is the value
//! if other operations return its schema, or its description speaks of success. Then it stays the value.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::Log;
use crate::diagnostics::catalogue::{AMBIGUOUS_DEFAULT, NO_SUCCESS};
use crate::document::{Document, Node};
use crate::naming::snake;
use crate::openapi::{Site, error_responses, json_media, operations, success_responses};

/// Words for errors, in names of schemas and in descriptions.
const ERRORS: [&str; 7] = ["error", "exception", "failed", "failure", "fault", "problem", "unexpected"];

/// Words for success, in descriptions.
const SUCCESSES: [&str; 4] = ["ok", "success", "successful", "successfully"];

pub(super) fn run(document: &Document, value: &mut Cow<'_, Value>, log: &mut Log) {
    let sites = operations(document);
    let lone: Vec<_> = sites.iter().filter_map(|site| Some((site, lone_default(site)?))).collect();
    if lone.is_empty() {
        return;
    }
    let others = Others::of(&sites);
    for (site, response) in lone {
        let Some(reading) = others.reading(&response) else { continue };
        match reading {
            Reading::Error => {
                let message = "the operation describes no 2xx response";
                log.report(&NO_SUCCESS, site.node.pointer().clone(), message);
            }
            Reading::ProbablyError => {
                let message =
                    "`default` is the only response; its description speaks of an error, so it is read as one";
                log.report(&AMBIGUOUS_DEFAULT, response.pointer().clone(), message);
            }
            Reading::ProbablyValue => {
                let message = "`default` is the only response; it is read as the value, although it resembles an error";
                log.report(&AMBIGUOUS_DEFAULT, response.pointer().clone(), message);
                continue;
            }
        }
        let responses = value.to_mut().pointer_mut(site.node.pointer().join("responses").as_str());
        if let Some(Value::Object(responses)) = responses {
            let described = std::mem::take(responses);
            responses.insert("2XX".to_owned(), json!({ "description": "" }));
            responses.extend(described);
        }
    }
}

/// How a lone default is read.
enum Reading {
    Error,
    ProbablyError,
    ProbablyValue,
}

/// The JSON schemas of responses that are either successful or errors.
struct Others {
    values: BTreeSet<String>,
    errors: BTreeSet<String>,
}

impl Others {
    fn of(sites: &[Site<'_>]) -> Self {
        let is_stated = |(status, _): &(&str, Node<'_>)| *status != "default";
        let successes = sites.iter().flat_map(|site| success_responses(&site.node)).filter(is_stated);
        // Operations that this rewrite has changed say nothing about others.
        let described = sites.iter().filter(|site| site.node.at(&["responses", "2XX"]).is_none());
        let errors = described.flat_map(|site| error_responses(&site.node));
        Self {
            values: successes.filter_map(|(_, response)| schema(&response)).collect(),
            errors: errors.filter_map(|(_, response)| schema(&response)).collect(),
        }
    }

    /// `None` if nothing says that the response is an error, or if it has no body.
    fn reading(&self, response: &Node<'_>) -> Option<Reading> {
        let content = response.get("content")?;
        let schema = schema(response);
        let is_in = |all: &BTreeSet<String>| schema.as_ref().is_some_and(|schema| all.contains(schema));
        let reference = json_media(&content).and_then(|(_, media)| media.get("schema")?.text("$ref"));
        let name = reference.and_then(|reference| reference.rsplit('/').next()).unwrap_or_default();
        let is_problem = content.entries().any(|(media, _)| media.starts_with("application/problem+"));
        let is_error = is_problem || is_in(&self.errors) || speaks_of(name, &ERRORS);
        let description = response.text("description").unwrap_or_default();
        let resembles_error = is_error || speaks_of(description, &ERRORS);
        let is_value = is_in(&self.values) || speaks_of(description, &SUCCESSES);
        match (is_error, resembles_error, is_value) {
            (_, false, _) => None,
            (_, true, true) => Some(Reading::ProbablyValue),
            (true, true, false) => Some(Reading::Error),
            (false, true, false) => Some(Reading::ProbablyError),
        }
    }
}

/// Returns the `default` of an operation without other responses than informational ones.
fn lone_default<'a>(site: &Site<'a>) -> Option<Node<'a>> {
    let responses = site.node.get("responses")?;
    let is_other = |status: &str| status != "default" && !status.starts_with('1') && !status.starts_with("x-");
    if responses.entries().any(|(status, _)| is_other(status)) {
        return None;
    }
    responses.get("default")
}

/// Returns what identifies the schema of a JSON response.
fn schema(response: &Node<'_>) -> Option<String> {
    let content = response.get("content")?;
    let (_, media) = json_media(&content)?;
    Some(media.get("schema")?.value().to_string())
}

fn speaks_of(text: &str, words: &[&str]) -> bool {
    snake(text).split('_').any(|word| words.contains(&word))
}
