//! The mocked service: maps a request to a response. Does no I/O; the caller passes the time.

use std::borrow::Cow;
use std::time::Duration;

use anyhow::{Result, bail};
use generator::document::{Document, Node};
use generator::ir::{Api, LongRunning, ResponseType, Slot};
use serde_json::{Value, json};

use super::check::{Site, Violation, check};
use super::inject::Inject;
use super::job::{Job, Plan, states};
use super::request::{Request, decoded};
use super::route::{self, Route};
use super::{headers, sample};
use crate::xml;

/// A response.
#[derive(Debug, Clone, PartialEq)]
pub struct Response {
    /// The status.
    pub status: u16,
    /// Headers other than the content type.
    pub headers: Vec<(Cow<'static, str>, String)>,
    /// The content type, if there is a body.
    pub content_type: Option<String>,
    /// The body.
    pub body: Vec<u8>,
    /// Why the request failed. Contains no values of the request.
    pub reason: Option<String>,
}

impl Response {
    /// The response to a request whose body is too large.
    pub(super) fn too_large() -> Self {
        error_response(&Violation::new(413, "body", "the body is too large"))
    }
}

/// The mocked service of a document.
pub struct Service {
    description: Description,
    plan: Plan,
    inject: Option<Inject>,
    jobs: Vec<Job>,
    requests: u64,
}

impl Service {
    /// Creates the service of a document. `api` is the generator's model of it.
    ///
    /// # Errors
    ///
    /// The jobs of the API have no state for the planned ending.
    pub fn new(document: Document, api: Api, plan: Plan, inject: Option<Inject>) -> Result<Self> {
        let description = Description { document, api };
        for link in description.links() {
            description.states(link.result, plan)?;
        }
        Ok(Self { description, plan, inject, jobs: Vec::new(), requests: 0 })
    }

    /// The API that is served.
    #[must_use]
    pub fn api(&self) -> &Api {
        &self.description.api
    }

    /// Responds to a request. `now` is the time since the service started.
    pub fn respond(&mut self, request: &Request, now: Duration) -> Response {
        self.requests += 1;
        if let Some(status) = self.inject.as_ref().and_then(|inject| inject.status(self.requests)) {
            return injected(status);
        }
        self.decide(request, now).unwrap_or_else(|violation| error_response(&violation))
    }

    fn decide(&mut self, request: &Request, now: Duration) -> Result<Response, Violation> {
        let description = &self.description;
        let (index, in_path) = match route::find(&description.api, &request.method, &request.path) {
            Route::Operation(index, in_path) => (index, in_path),
            Route::OtherMethods(methods) => return Err(Violation::method(&methods.join(", "))),
            Route::NotFound => return Err(Violation::new(404, "path", "the document does not define this path")),
        };
        let operation = description.api.operation(index);
        let site = description.site(index);
        let site =
            site.ok_or_else(|| Violation::new(501, "path", "the path item of the operation is not under `paths`"))?;
        check(&description.api, operation, &site, request, &in_path)?;

        let of_path = |name: &str| in_path.iter().find(|(own, _)| own == name).map(|(_, text)| decoded(text));
        let argument = |name: &str| of_path(name).or_else(|| request.query_values(name).next().map(str::to_owned));
        let (status, media) = success(&site.node, request.header("accept"));
        let mut body = media.as_ref().map(|(_, media)| sample::of_media(media));
        if description.links().any(|link| link.result == index) {
            let responses = description.states(index, self.plan);
            let responses = responses.map_err(|error| Violation::new(501, "work", error.to_string()))?;
            let job = self.jobs.iter_mut().rev().find(|job| job.matches(index, &argument));
            let job = job.ok_or_else(|| Violation::new(404, "work", "no such work was started"))?;
            body = responses.get(job.next(responses.len(), now, self.plan)).cloned();
        }
        if let (Some(link), Some(body)) = (&operation.long_running, &mut body) {
            let job = Job::start(link, self.jobs.len() + 1, body, &argument, now);
            self.jobs.push(job);
        }
        let content_type = media.map(|(name, _)| name.to_owned());
        let body = match (&operation.success.content, body) {
            (ResponseType::Xml(slot), Some(body)) => description.in_xml(*slot, &body)?,
            (_, Some(body)) => serialize(&body, content_type.as_deref()),
            (_, None) => Vec::new(),
        };
        let headers = headers::of_success(&site.node);
        Ok(Response { status, headers, content_type, body, reason: None })
    }
}

/// The document and the generator's model of it.
struct Description {
    document: Document,
    api: Api,
}

impl Description {
    fn links(&self) -> impl Iterator<Item = &LongRunning> {
        self.api.operations.iter().filter_map(|operation| operation.long_running.as_ref())
    }

    /// The responses of an operation that polls a job.
    fn states(&self, index: usize, plan: Plan) -> Result<Vec<Value>> {
        let operation = self.api.operation(index);
        let (Some(polling), Some(site)) = (&operation.polling, self.site(index)) else { return Ok(Vec::new()) };
        let (_, media) = success(&site.node, None);
        media.map_or(Ok(Vec::new()), |(_, media)| states(operation, polling, &media, plan.ending))
    }

    /// Returns the XML of a response.
    fn in_xml(&self, slot: Slot, body: &Value) -> Result<Vec<u8>, Violation> {
        let root = self.api.slots.xml(slot);
        let text = root.map(|root| xml::document(&self.api, &root.element, body));
        let text = text.unwrap_or_else(|| bail!("the document does not describe the element"));
        text.map(String::into_bytes).map_err(|error| Violation::new(501, "body", error.to_string()))
    }

    fn site(&self, index: usize) -> Option<Site<'_>> {
        let operation = self.api.operation(index);
        let item = self.document.root().at(&["paths", &operation.template])?.resolve()?;
        let method = &operation.http_method;
        let node = item.get(&method.to_lowercase()).or_else(|| item.at(&["additionalOperations", method]))?;
        Some(Site { item, node })
    }
}

/// The successful response of an operation that is sent, with its status.
pub(super) fn response<'a>(operation: &Node<'a>) -> Option<(&'a str, Node<'a>)> {
    let responses: Vec<(&str, Node<'_>)> = operation.get("responses").iter().flat_map(Node::entries).collect();
    let found = responses.iter().find(|(status, _)| status.starts_with('2'));
    let (status, response) = found.or(responses.iter().find(|(status, _)| *status == "default"))?;
    Some((status, response.resolve()?))
}

/// The success status of an operation, and the media type of its body: the first of the `Accept` header that the document
/// offers, or else JSON.
fn success<'a>(operation: &Node<'a>, accept: Option<&str>) -> (u16, Option<(&'a str, Node<'a>)>) {
    let Some((status, response)) = response(operation) else { return (204, None) };
    let content = response.get("content");
    let media: Vec<(&str, Node<'_>)> = content.iter().flat_map(Node::entries).collect();
    let requested = accept.into_iter().flat_map(|accept| accept.split(','));
    let mut requested = requested.filter_map(|range| media.iter().find(|(name, _)| essence(name) == essence(range)));
    let json = || media.iter().find(|(name, _)| name.contains("json")).or(media.first());
    let chosen = requested.next().or_else(json).cloned();
    let default = if chosen.is_some() { 200 } else { 204 };
    (status.parse().unwrap_or(default), chosen)
}

/// A media type without its parameters.
fn essence(media_type: &str) -> String {
    media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

fn serialize(body: &Value, content_type: Option<&str>) -> Vec<u8> {
    match body {
        Value::String(text) if content_type.is_some_and(|name| !name.contains("json")) => text.clone().into_bytes(),
        body => body.to_string().into_bytes(),
    }
}

fn error_response(violation: &Violation) -> Response {
    let reason = Some(format!("{}: {}", violation.rule, violation.message));
    let body = json!({ "message": violation.message, "rule": violation.rule });
    let mut response = json_response(violation.status, &body, reason);
    response.headers.extend(violation.header.clone().map(|(name, value)| (name.into(), value)));
    response
}

fn injected(status: u16) -> Response {
    let mut response = json_response(status, &json!({ "message": "injected" }), Some("injected".to_owned()));
    if matches!(status, 429 | 503) {
        response.headers.push(("retry-after".into(), "1".to_owned()));
    }
    response
}

fn json_response(status: u16, body: &Value, reason: Option<String>) -> Response {
    let content_type = Some("application/json".to_owned());
    Response { status, headers: Vec::new(), content_type, body: body.to_string().into_bytes(), reason }
}
