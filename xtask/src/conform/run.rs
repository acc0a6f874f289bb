//! Runs a scenario: starts a server, runs the program of the client, and compares.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, Result};
use generator::ir::{Api, BodyContent};
use serde_json::{Map, Value};
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

use super::arguments;
use super::compare;
use super::job::{Call, Job, Report};
use super::matching::{self, Match};
use super::scenarios::{Body, By, Content, Exchange, File, Scenario};
use super::server::Server;

/// The time limit for a program.
const LIMIT: Duration = Duration::from_secs(20);

/// The result of a scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// All requests and all results are as expected.
    Passed,
    /// The first difference.
    Failed(String),
    /// The suite has no data to compare with.
    NotChecked(String),
}

/// Runs a scenario with the program of a client.
pub(crate) async fn run(scenario: &Scenario, api: &Api, program: &Path) -> Result<Verdict> {
    let scenario = &completed(scenario, api);
    let found = match operations(scenario, api) {
        Ok(found) => found,
        Err(verdict) => return Ok(verdict),
    };
    let server = Server::start(scenario.apis.iter().map(|exchange| exchange.response.clone()).collect()).await?;
    let mut job = job(api, &found, server.url());
    if let Some(by) = scenario.by {
        job.calls.truncate(1);
        job.calls.iter_mut().for_each(|call| call.function.push_str(by.suffix()));
    }
    let compared = match execute(program, &job).await? {
        Ok(reports) => compared(scenario, &reports, &server),
        Err(reason) => Err(reason),
    };
    Ok(compared.map_or_else(Verdict::Failed, |()| Verdict::Passed))
}

/// Compares all exchanges. The error is the first difference.
fn compared(scenario: &Scenario, reports: &[Report], server: &Server) -> Result<(), String> {
    let received = server.received();
    let requests = received.iter().map(Some).chain(std::iter::repeat(None));
    let exchanges = scenario.apis.iter().zip(requests);
    if let Some(by) = scenario.by {
        let outcome = &reports.first().ok_or("the call has no result")?.outcome;
        for (exchange, request) in exchanges {
            compare::request_of(exchange, request, Some(outcome))?;
        }
        compare::list(&by.expected(scenario), outcome)?;
    } else {
        let reports = reports.iter().map(Some).chain(std::iter::repeat(None));
        for ((exchange, request), report) in exchanges.zip(reports) {
            compare::exchange(exchange, request, report, server.url())?;
        }
    }
    match (received.len(), scenario.apis.len()) {
        (sent, expected) if sent > expected => Err(format!("{sent} requests were sent instead of {expected}")),
        _ => Ok(()),
    }
}

impl By {
    /// The end of the name of the function that makes the call in this way.
    fn suffix(self) -> &'static str {
        match self {
            Self::Pages => ".pages",
            Self::Stream => ".stream",
        }
    }

    /// The values that the call returns.
    fn expected(self, scenario: &Scenario) -> Vec<Value> {
        let bodies = scenario.apis.iter().filter_map(|exchange| match &exchange.response.body {
            Some(Body::Content(content)) => serde_json::from_slice(&content.bytes).ok(),
            _ => None,
        });
        match self {
            Self::Pages => bodies.collect(),
            Self::Stream => scenario.items.clone(),
        }
    }
}

/// The exchanges with their operations. The error is the verdict on a scenario that cannot be run.
fn operations<'a>(scenario: &'a Scenario, api: &'a Api) -> Result<Vec<(&'a Exchange, Option<Match<'a>>)>, Verdict> {
    let mut found = Vec::new();
    for (index, exchange) in scenario.apis.iter().enumerate() {
        let matched = matching::find(api, exchange);
        match &matched {
            None if exchange.method == "get" && is_linked(exchange, scenario.apis.get(..index).unwrap_or_default()) => {
            }
            None => {
                let (method, path) = (exchange.method.to_uppercase(), exchange.path());
                return Err(Verdict::Failed(format!("no operation matches {method} {path}")));
            }
            Some(matched) => {
                missing_data(matched, exchange).map_or(Ok(()), |reason| Err(Verdict::NotChecked(reason)))?;
            }
        }
        found.push((exchange, matched));
    }
    Ok(found)
}

/// Whether an earlier response has a link to the path of a request.
fn is_linked(exchange: &Exchange, earlier: &[Exchange]) -> bool {
    let path = exchange.path();
    earlier.iter().any(|earlier| match &earlier.response.body {
        Some(Body::Content(content)) => String::from_utf8_lossy(&content.bytes).contains(&path),
        _ => false,
    })
}

/// The scenario with the data that the suite does not have because its server does not need it.
///
/// - Responses that its code makes from requests: those of operations that return JSON repeat the body of the request.
/// - Required bodies that its server does not read. They are empty objects.
/// - Files that it checks with code.
fn completed(scenario: &Scenario, api: &Api) -> Scenario {
    let mut scenario = scenario.clone();
    let files = files_of(&scenario.name);
    for exchange in &mut scenario.apis {
        if let (Some(files), Some(request)) = (&files, &mut exchange.request) {
            request.body = Some(Body::Form { fields: Map::new(), files: files.clone() });
        }
        let Some(operation) = matching::find(api, exchange).map(|found| found.operation) else { continue };
        let returns_json = operation.success.content.slot().is_some();
        if exchange.custom && exchange.response.body.is_none() && exchange.response.status == 200 && returns_json {
            exchange.response.body = exchange.request_body().cloned();
        }
        let body = operation.body.as_ref().filter(|body| body.required);
        let needs_json = body.is_some_and(|body| matches!(body.content, BodyContent::Json(_)));
        let is_missing = !exchange.custom && needs_json && exchange.request_body().is_none();
        if let (true, Some(request)) = (is_missing, &mut exchange.request) {
            request.body = Some(Body::Any);
        }
    }
    scenario
}

/// The files of the scenarios whose requests the suite checks with code only: `file` is one image, and `files` are two. Their
/// content does not matter to the client.
fn files_of(scenario: &str) -> Option<Vec<File>> {
    let (field, count) = match scenario.strip_prefix("Payload_MultiPart_FormData_File_")? {
        "uploadFileSpecificContentType" | "uploadFileRequiredFilename" => ("file", 1),
        "uploadFileArray" => ("files", 2),
        _ => return None,
    };
    let content = Content { media_type: "image/png".to_owned(), bytes: b"\x89PNG\r\n\x1a\n".to_vec() };
    Some(vec![File { field: field.to_owned(), name: "image.png".to_owned(), content }; count])
}

/// Why an exchange cannot be checked.
fn missing_data(found: &Match<'_>, exchange: &Exchange) -> Option<String> {
    let needs_body = found.operation.body.as_ref().is_some_and(|body| body.required);
    (needs_body && exchange.request_body().is_none()).then(|| "the suite has no body for the request".to_owned())
}

fn job(api: &Api, found: &[(&Exchange, Option<Match<'_>>)], url: &str) -> Job {
    let prefixes = found.iter().filter_map(|(_, found)| found.as_ref()).map(|found| found.prefix.as_str());
    let prefix = prefixes.into_iter().next().unwrap_or_default();
    let mut credentials = Map::new();
    for (exchange, _) in found {
        credentials.extend(arguments::credentials(api, exchange));
    }
    let mut operations = found.iter().filter_map(|(_, found)| found.as_ref());
    if credentials.is_empty() && operations.any(|found| found.operation.needs_credential()) {
        credentials = arguments::invalid_credentials(api);
    }
    let calls = found.iter().map(|(exchange, found)| match found {
        Some(found) => arguments::call(api, found, exchange),
        None => Call::of_link(&exchange.uri),
    });
    Job { server: format!("{url}{prefix}"), credentials, calls: calls.collect() }
}

/// Runs the program. The inner error is why it reports nothing.
async fn execute(program: &Path, job: &Job) -> Result<Result<Vec<Report>, String>> {
    let mut command = Command::new(program);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    let mut child = command.spawn().context("cannot start a program")?;
    let mut stdin = child.stdin.take().context("the program has no standard input")?;
    // A program that ends early closes its input.
    let _ = stdin.write_all(&serde_json::to_vec(job)?).await;
    drop(stdin);
    let Ok(output) = tokio::time::timeout(LIMIT, child.wait_with_output()).await else {
        return Ok(Err(format!("the program did not end within {} s", LIMIT.as_secs())));
    };
    let output = output?;
    if !output.status.success() {
        let message = String::from_utf8_lossy(&output.stderr).lines().take(3).collect::<Vec<_>>().join(" ");
        return Ok(Err(format!("the program ended with {}: {message}", output.status)));
    }
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    Ok(text.lines().map(|line| serde_json::from_str(line).map_err(|error| format!("{error}: {line}"))).collect())
}
