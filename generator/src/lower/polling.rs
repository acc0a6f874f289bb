//! Lowers long-running operations: standard `links` from the operation that starts a job to the one that returns its
//! result, and `x-speakeasy-polling` on the latter.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::Lowering;
use super::responses::type_name;
use crate::diagnostics::catalogue::{BAD_LINK, BAD_POLLING, POLLING_WITHOUT_LINK};
use crate::document::{Node, Pointer};
use crate::ir::{Criterion, Expression, Kind, LongRunning, Member, Operation, Polling, TypeDef, Types};
use crate::naming::unique;
use crate::openapi::Site;

impl Lowering<'_> {
    /// Returns when a response of an operation is final. `None` if the operation does not say.
    pub(super) fn polling(&mut self, operation: &Node<'_>) -> Option<Polling> {
        let stated = operation.get("x-speakeasy-polling")?;
        let entry = stated.items().next().unwrap_or(stated);
        let success = self.criteria(&entry, "successCriteria");
        if success.is_empty() {
            let message = "the polling block has no usable `successCriteria`";
            self.diagnostics.report(self.document, &BAD_POLLING, entry.pointer(), message);
        }
        Some(Polling {
            delay_ms: self.milliseconds(&entry, "delaySeconds", true),
            interval_ms: self.milliseconds(&entry, "intervalSeconds", false),
            limit_count: self.count(&entry),
            failure: self.criteria(&entry, "failureCriteria"),
            success,
        })
    }

    fn count(&mut self, entry: &Node<'_>) -> u64 {
        let Some(node) = entry.get("limitCount") else { return 60 };
        let number = node.value().as_u64().filter(|number| *number > 0);
        if number.is_none() {
            let message = format!("`limitCount` is {}, which is not an integer of at least 1", node.value());
            self.diagnostics.report(self.document, &BAD_POLLING, node.pointer(), message);
        }
        number.unwrap_or(60)
    }

    /// Converts a number of seconds, which may be fractional, to milliseconds. Returns one second if it is absent.
    fn milliseconds(&mut self, entry: &Node<'_>, key: &str, may_be_zero: bool) -> u64 {
        let Some(node) = entry.get(key) else { return 1000 };
        let duration = node.value().as_f64().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        let number = duration.and_then(|duration| u64::try_from(duration.as_millis()).ok());
        let number = number.filter(|number| may_be_zero || *number > 0);
        if number.is_none() {
            let least = if may_be_zero { "of at least" } else { "greater than" };
            let message = format!("`{key}` is {}, which is not a number {least} 0", node.value());
            self.diagnostics.report(self.document, &BAD_POLLING, node.pointer(), message);
        }
        number.unwrap_or(1000)
    }

    fn criteria(&mut self, entry: &Node<'_>, key: &str) -> Vec<Criterion> {
        let mut criteria = Vec::new();
        for node in entry.get(key).iter().flat_map(Node::items) {
            match criterion(&node) {
                Some(criterion) => criteria.push(criterion),
                None => {
                    let message = "the criterion has an unsupported form";
                    self.diagnostics.report(self.document, &BAD_POLLING, node.pointer(), message);
                }
            }
        }
        criteria
    }

    /// Returns the job that each operation starts, if it starts one.
    pub(super) fn jobs(
        &mut self,
        operations: &[Operation],
        types: &Types,
        names: &mut BTreeSet<String>,
    ) -> Vec<Option<LongRunning>> {
        let ids: BTreeMap<&str, usize> =
            operations.iter().enumerate().map(|(index, operation)| (operation.id.as_str(), index)).collect();
        let jobs = self.sites.iter().zip(operations).map(|(start, operation)| {
            let (result, arguments) = self.link(start, &ids)?;
            let handle = unique(format!("{}Job", operation.type_name), names);
            let error = unique(format!("{handle}Error"), names);
            Some(LongRunning { result, handle, error, arguments, done: self.done(result, operations, types) })
        });
        jobs.collect()
    }

    /// Returns the union member that is the final value of a job.
    fn done(&self, result: usize, operations: &[Operation], types: &Types) -> Option<Member> {
        let state = types.get(&type_name(&self.sites.get(result)?.node)?)?;
        done_member(operations.get(result)?.polling.as_ref()?, state)
    }

    /// Returns the operation with the result of the job that this one starts, and the source of its parameters.
    fn link(&mut self, start: &Site<'_>, ids: &BTreeMap<&str, usize>) -> Option<(usize, Vec<(String, Expression)>)> {
        let sites = self.sites;
        let mut found = None;
        let responses = start.node.get("responses");
        let responses = responses.iter().flat_map(Node::entries).filter(|(status, _)| status.starts_with('2'));
        for (_, link) in responses.filter_map(|(_, response)| response.get("links")).flat_map(|links| links.entries()) {
            let target = link.text("operationId").and_then(|id| ids.get(id).copied());
            let Some((result, site)) = target.and_then(|result| Some((result, sites.get(result)?))) else {
                let message = match link.text("operationId") {
                    Some(id) => format!("the link points to the operation `{id}`, which does not exist"),
                    None if link.text("operationRef").is_some() => {
                        "the link has an `operationRef`, which is not supported; use `operationId` instead".to_owned()
                    }
                    None => "the link has no `operationId`".to_owned(),
                };
                self.diagnostics.report(self.document, &BAD_LINK, link.pointer(), message);
                continue;
            };
            let Some(arguments) = self.arguments(&link, start, site) else { continue };
            if site.node.get("x-speakeasy-polling").is_some() {
                found = found.or(Some((result, arguments)));
            }
        }
        found
    }

    /// Returns the source of each parameter. `None` if the link lacks a required one.
    fn arguments(&mut self, link: &Node<'_>, start: &Site<'_>, target: &Site<'_>) -> Option<Vec<(String, Expression)>> {
        let mut faults: Vec<(Pointer, String)> = Vec::new();
        let declared = target.parameters();
        let mut arguments = Vec::new();
        let mut given = Vec::new();
        for (name, node) in link.get("parameters").iter().flat_map(Node::entries) {
            // A name may be qualified by its location (`path.id`), to distinguish two parameters of one name.
            let bare =
                ["path.", "query.", "header."].iter().find_map(|prefix| name.strip_prefix(prefix)).unwrap_or(name);
            if !declared.iter().any(|parameter| parameter.text("name") == Some(bare)) {
                let message = format!("the operation that the link points to has no parameter `{bare}`");
                faults.push((node.pointer().clone(), message));
            }
            given.push(bare);
            match node.value().as_str().and_then(|text| expression(text, start)) {
                Some(expression) => arguments.push((bare.to_owned(), expression)),
                None => {
                    let message = format!("`{}` is not an expression that yields a value here", node.value());
                    faults.push((node.pointer().clone(), message));
                }
            }
        }
        let missing = declared.iter().filter(|parameter| parameter.is_true("required"));
        for name in missing.filter_map(|parameter| parameter.text("name")) {
            if !given.contains(&name) {
                let message = format!("the link provides no value for the required parameter `{name}`");
                faults.push((link.pointer().clone(), message));
            }
        }
        let is_sound = faults.is_empty();
        for (place, message) in faults {
            self.diagnostics.report(self.document, &BAD_LINK, &place, message);
        }
        is_sound.then_some(arguments)
    }

    pub(super) fn check_polling_has_link(&mut self, operations: &[Operation], sites: &[Site<'_>]) {
        for (index, (operation, site)) in operations.iter().zip(sites).enumerate() {
            let is_target = |start: &Operation| start.long_running.as_ref().is_some_and(|pair| pair.result == index);
            if operation.polling.is_some() && !operations.iter().any(is_target) {
                let place = site.node.pointer().join("x-speakeasy-polling");
                let message =
                    format!("no operation links to `{}`, so nothing starts the job that it polls", operation.id);
                self.diagnostics.report(self.document, &POLLING_WITHOUT_LINK, &place, message);
            }
        }
    }
}

/// Returns the union member whose tag the success criteria require.
fn done_member(polling: &Polling, state: &TypeDef) -> Option<Member> {
    let Kind::Union { tag, members, .. } = &state.kind else { return None };
    let names_tag = |criterion: &&Criterion| matches!(criterion, Criterion::BodyIn { pointer, .. } if *pointer == format!("/{tag}"));
    let Criterion::BodyIn { values, .. } = polling.success.iter().find(names_tag)? else { return None };
    let [value] = values.as_slice() else { return None };
    members.iter().find(|member| member.tag == *value).cloned()
}

const BODY: &str = "$response.body#";

fn expression(text: &str, start: &Site<'_>) -> Option<Expression> {
    if let Some(pointer) = text.strip_prefix(BODY) {
        return pointer.starts_with('/').then(|| Expression::ResponseBody(pointer.to_owned()));
    }
    let (place, name) = text.strip_prefix("$request.")?.split_once('.')?;
    let is_declared = start
        .parameters()
        .iter()
        .any(|parameter| parameter.text("in") == Some(place) && parameter.text("name") == Some(name));
    is_declared.then(|| Expression::Request(name.to_owned()))
}

fn criterion(node: &Node<'_>) -> Option<Criterion> {
    let condition = node.text("condition")?.trim();
    match node.text("type") {
        None | Some("simple") => simple(condition),
        Some("regex") => Some(Criterion::BodyIn {
            pointer: node.text("context")?.strip_prefix(BODY)?.to_owned(),
            values: alternatives(condition)?,
        }),
        Some(_) => None,
    }
}

/// Parses `$statusCode == 200` or `$response.body#/status == "done"`.
fn simple(condition: &str) -> Option<Criterion> {
    let (left, right) = condition.split_once("==")?;
    let (left, right) = (left.trim(), right.trim());
    if left == "$statusCode" {
        return right.parse().ok().map(Criterion::Status);
    }
    let pointer = left.strip_prefix(BODY)?.to_owned();
    let quoted = ['"', '\''].iter().find_map(|quote| right.strip_prefix(*quote)?.strip_suffix(*quote));
    Some(Criterion::BodyIn { pointer, values: vec![quoted?.to_owned()] })
}

/// Returns the strings that `^(a|b)$` or `^a$` matches. `None` for any other regular expression.
fn alternatives(pattern: &str) -> Option<Vec<String>> {
    let inner = pattern.strip_prefix('^')?.strip_suffix('$')?;
    let inner = inner.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')).unwrap_or(inner);
    let values: Vec<_> = inner.split('|').map(str::to_owned).collect();
    let is_plain = |value: &String| {
        !value.is_empty() && value.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | ' '))
    };
    values.iter().all(is_plain).then_some(values)
}
