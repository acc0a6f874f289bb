//! The service that is played: a request in, a reply out. No I/O; the time is told to it.

use std::time::Duration;

use anyhow::Result;
use generator::document::{Document, Node};
use generator::ir::{Api, LongRunning};
use serde_json::{Value, json};

use super::check::{Site, Violation, check};
use super::inject::Inject;
use super::request::{Request, decoded};
use super::route::{self, Route};
use super::sample;
use super::work::{Plan, Work, states};

/// A reply.
#[derive(Debug, Clone, PartialEq)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// Headers besides the content type.
    pub headers: Vec<(&'static str, String)>,
    /// The content type, if there is a body.
    pub content_type: Option<String>,
    /// The body.
    pub body: Vec<u8>,
    /// Why it is no success, in words; nothing of the request's values.
    pub remark: Option<String>,
}

impl Reply {
    /// What a request gets whose body is longer than is read.
    pub(super) fn too_large() -> Self {
        refused(&Violation::new(413, "body", "the body is too large"))
    }
}

/// The service of a document.
pub struct Service {
    description: Description,
    plan: Plan,
    inject: Option<Inject>,
    works: Vec<Work>,
    requests: u64,
}

impl Service {
    /// The service of a document, as the generator understands it.
    ///
    /// # Errors
    ///
    /// Work of the API cannot end as planned.
    pub fn new(document: Document, api: Api, plan: Plan, inject: Option<Inject>) -> Result<Self> {
        let description = Description { document, api };
        for link in description.links() {
            description.states(link.result, plan)?;
        }
        Ok(Self { description, plan, inject, works: Vec::new(), requests: 0 })
    }

    /// The API that is served.
    #[must_use]
    pub fn api(&self) -> &Api {
        &self.description.api
    }

    /// Answers a request that comes in at some time.
    pub fn answer(&mut self, request: &Request, now: Duration) -> Reply {
        self.requests += 1;
        if let Some(status) = self.inject.as_ref().and_then(|inject| inject.status(self.requests)) {
            return injected(status);
        }
        self.decide(request, now).unwrap_or_else(|violation| refused(&violation))
    }

    fn decide(&mut self, request: &Request, now: Duration) -> Result<Reply, Violation> {
        let description = &self.description;
        let (index, in_path) = match route::find(&description.api, &request.method, &request.path) {
            Route::Operation(index, in_path) => (index, in_path),
            Route::OtherMethods(methods) => return Err(Violation::method(&methods.join(", "))),
            Route::Nowhere => return Err(Violation::new(404, "path", "the document has no such path")),
        };
        let operation = description.api.operation(index);
        let site = description.site(index);
        let site = site.ok_or_else(|| Violation::new(501, "path", "the document keeps the operation elsewhere"))?;
        check(&description.api, operation, &site, request, &in_path)?;

        let of_path = |name: &str| in_path.iter().find(|(own, _)| own == name).map(|(_, text)| decoded(text));
        let argument = |name: &str| of_path(name).or_else(|| request.query_values(name).next().map(str::to_owned));
        let (status, media) = success(&site.node);
        let mut body = media.as_ref().map(|(_, media)| sample::of_media(media));
        if description.links().any(|link| link.result == index) {
            let replies = description.states(index, self.plan);
            let replies = replies.map_err(|error| Violation::new(501, "work", error.to_string()))?;
            let work = self.works.iter_mut().rev().find(|work| work.is_meant(index, &argument));
            let work = work.ok_or_else(|| Violation::new(404, "work", "no such work was started"))?;
            body = replies.get(work.next(replies.len(), now, self.plan)).cloned();
        }
        if let (Some(link), Some(body)) = (&operation.long_running, &mut body) {
            let work = Work::begin(link, self.works.len() + 1, body, &argument, now);
            self.works.push(work);
        }
        let content_type = media.map(|(name, _)| name.to_owned());
        let body = body.map(|body| written(&body, content_type.as_deref())).unwrap_or_default();
        Ok(Reply { status, headers: Vec::new(), content_type, body, remark: None })
    }
}

/// The document, and what it means.
struct Description {
    document: Document,
    api: Api,
}

impl Description {
    fn links(&self) -> impl Iterator<Item = &LongRunning> {
        self.api.operations.iter().filter_map(|operation| operation.long_running.as_ref())
    }

    /// The replies of an operation that is asked for work.
    fn states(&self, index: usize, plan: Plan) -> Result<Vec<Value>> {
        let operation = self.api.operation(index);
        let (Some(polling), Some(site)) = (&operation.polling, self.site(index)) else { return Ok(Vec::new()) };
        let (_, media) = success(&site.node);
        media.map_or(Ok(Vec::new()), |(_, media)| states(operation, polling, &media, plan.ending))
    }

    fn site(&self, index: usize) -> Option<Site<'_>> {
        let operation = self.api.operation(index);
        let item = self.document.root().at(&["paths", &operation.template])?.resolve()?;
        let node = item.get(&operation.http_method.to_lowercase())?;
        Some(Site { item, node })
    }
}

/// The status of success, and the media type of its body with what the document says of it.
fn success<'a>(operation: &Node<'a>) -> (u16, Option<(&'a str, Node<'a>)>) {
    let responses: Vec<(&str, Node<'_>)> = operation.get("responses").iter().flat_map(Node::entries).collect();
    let found = responses.iter().find(|(status, _)| status.starts_with('2'));
    let Some((status, response)) = found.or(responses.iter().find(|(status, _)| *status == "default")) else {
        return (204, None);
    };
    let content = response.resolve().and_then(|response| response.get("content"));
    let media: Vec<(&str, Node<'_>)> = content.iter().flat_map(Node::entries).collect();
    let json = media.iter().find(|(name, _)| name.contains("json")).or(media.first()).cloned();
    let usual = if json.is_some() { 200 } else { 204 };
    (status.parse().unwrap_or(usual), json)
}

fn written(body: &Value, content_type: Option<&str>) -> Vec<u8> {
    match body {
        Value::String(text) if content_type.is_some_and(|name| !name.contains("json")) => text.clone().into_bytes(),
        body => body.to_string().into_bytes(),
    }
}

fn refused(violation: &Violation) -> Reply {
    let remark = Some(format!("{}: {}", violation.rule, violation.message));
    let body = json!({ "message": violation.message, "rule": violation.rule });
    let mut reply = json_reply(violation.status, &body, remark);
    reply.headers.extend(violation.header.clone());
    reply
}

fn injected(status: u16) -> Reply {
    let mut reply = json_reply(status, &json!({ "message": "injected" }), Some("injected".to_owned()));
    if matches!(status, 429 | 503) {
        reply.headers.push(("retry-after", "1".to_owned()));
    }
    reply
}

fn json_reply(status: u16, body: &Value, remark: Option<String>) -> Reply {
    let content_type = Some("application/json".to_owned());
    Reply { status, headers: Vec::new(), content_type, body: body.to_string().into_bytes(), remark }
}
