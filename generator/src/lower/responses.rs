//! Lowers successful responses: their statuses, and what is decoded from them.
//!
//! Responses of other statuses are not the operation's value. The runtime returns them as errors.

use std::collections::BTreeSet;

use super::Lowering;
use crate::diagnostics::catalogue::{DEFAULT_SUCCESS, NO_SUCCESS, RAW_BODY, RESPONSE_MEDIA_IGNORED};
use crate::document::Node;
use crate::ir::{Alternative, Body, Param, ResponseType, SlotRole, Success, SuccessResponse};
use crate::naming::{pascal, snake, unique};
use crate::openapi::media::{
    MediaKind, essence, is_binary, is_event_stream, is_json, is_json_lines, is_range, is_typed_xml, is_value, kind,
};
use crate::openapi::{error_responses, json_media, success_responses};

impl Lowering<'_> {
    pub(super) fn success(&mut self, operation: &Node<'_>) -> Success {
        let good = success_responses(operation);
        let Some((_, first)) = good.first() else {
            let message = "the operation describes no 2xx response";
            self.diagnostics.report(self.document, &NO_SUCCESS, operation.pointer(), message);
            return nothing();
        };
        if good.iter().any(|(status, _)| *status == "default") && !error_responses(operation).is_empty() {
            let message = "the operation describes no 2xx response, so `default` is read as success";
            self.diagnostics.report(self.document, &DEFAULT_SUCCESS, first.pointer(), message);
        }
        let mut taken: BTreeSet<String> = BTreeSet::new();
        let mut responses: Vec<SuccessResponse> = Vec::new();
        let mut seen: Vec<(usize, &Node<'_>)> = Vec::new();
        for (status, response) in &good {
            let number: Option<u16> = status.parse().ok();
            let same = seen.iter().find(|(_, earlier)| carries_same(earlier, response)).map(|(index, _)| *index);
            if let Some(earlier) = same.and_then(|index| responses.get_mut(index)) {
                match number {
                    Some(number) if earlier.status.is_some() => earlier.statuses.push(number),
                    Some(_) => {}
                    None => (earlier.status, earlier.statuses) = (None, Vec::new()),
                }
                continue;
            }
            seen.push((responses.len(), response));
            responses.push(SuccessResponse {
                status: number,
                statuses: number.into_iter().collect(),
                ident: unique(variant(number), &mut taken),
                content: self.content(operation, response),
                description: response.words("description"),
            });
        }
        let is_range = responses.iter().any(|response| response.status.is_none());
        let statuses: Vec<u16> = responses.iter().flat_map(|response| response.statuses.iter().copied()).collect();
        let accept = good.iter().find_map(|(_, response)| accept(response));
        // A range applies if no single status does.
        responses.sort_by_key(|response| response.status.is_none());
        let content = if let [only] = responses.as_slice() { only.content } else { ResponseType::Several };
        let type_name = (content == ResponseType::Several)
            .then(|| format!("{}Response", pascal(operation.text("operationId").unwrap_or_default())));
        if content != ResponseType::Several {
            responses.clear();
        }
        let statuses = if is_range { Vec::new() } else { statuses };
        Success { accept, type_name, responses, statuses, content, description: first.words("description") }
    }

    fn content(&mut self, operation: &Node<'_>, response: &Node<'_>) -> ResponseType {
        let Some((name, media)) = response.get("content").and_then(|content| read(&content)) else {
            return ResponseType::Empty;
        };
        match self.xml_slot(operation, SlotRole::Response, name, &media) {
            Some(slot) => ResponseType::Xml(slot),
            None => self.decoded(operation, name, &media),
        }
    }

    /// Returns what is decoded from a response of a media type.
    fn decoded(&mut self, operation: &Node<'_>, name: &str, media: &Node<'_>) -> ResponseType {
        if is_value(name, media) {
            return ResponseType::Json(self.slot(operation, SlotRole::Response, media.get("schema").as_ref()));
        }
        let schema = media.get("schema").and_then(|schema| schema.resolve_single());
        let is_typed = schema.as_ref().is_some_and(|schema| {
            schema.get("properties").is_some() || matches!(schema.text("type"), Some("object" | "array"))
        });
        if is_typed && !is_event_stream(name) && !is_json_lines(name) {
            let message = format!("the response is `{name}`, which is returned without decoding");
            let response = media.pointer().parent().and_then(|content| content.parent());
            let place = response.unwrap_or_else(|| media.pointer().clone());
            self.diagnostics.report(self.document, &RAW_BODY, &place, message);
        }
        match kind(name) {
            MediaKind::Text | MediaKind::Form if !is_binary(media) => ResponseType::Text,
            _ => ResponseType::Bytes,
        }
    }

    /// Returns the other media types of the response that have a value of their own, and warns about those that cannot be
    /// requested.
    ///
    /// A media type beside JSON is assumed to represent the same value, unless it has another schema or none.
    pub(super) fn alternatives(
        &mut self,
        operation: &Node<'_>,
        success: &Success,
        body: Option<&Body>,
        params: &[Param],
        type_name: &str,
        types: &mut BTreeSet<String>,
    ) -> Vec<Alternative> {
        let choice = body.and_then(|body| body.choice.as_ref()).map(|choice| choice.ident.clone());
        let mut methods: BTreeSet<String> = params.iter().map(|param| param.ident.clone()).chain(choice).collect();
        let mut found: Vec<Alternative> = Vec::new();
        for (_, response) in success_responses(operation) {
            let Some(content) = response.get("content") else { continue };
            let Some((read, media)) = read(&content) else { continue };
            let schema = |media: &Node<'_>| media.get("schema").map(|schema| schema.value().clone());
            for (name, other) in content.entries() {
                let is_stream = is_event_stream(name) || is_json_lines(name);
                let has_own_schema = schema(&other) != schema(&media);
                let is_same =
                    is_value(read, &media) && (!has_own_schema || (is_json(name) && schema(&other).is_none()));
                if name == read || is_stream || is_same {
                    continue;
                }
                let accept = accepted(name, &other).filter(|accept| success.accept.as_ref() != Some(accept));
                if found.iter().any(|known| Some(&known.accept) == accept.as_ref()) {
                    continue;
                }
                if let Some(accept) = accept.filter(|_| success.content != ResponseType::Several) {
                    let word = media_word(name);
                    found.push(Alternative {
                        ident: unique(format!("accept_{}", snake(&word)), &mut methods),
                        type_name: unique(format!("{type_name}As{}", pascal(&word)), types),
                        content: self.decoded(operation, name, &other),
                        accept,
                    });
                } else if success.content == ResponseType::Several || has_own_schema && schema(&other).is_some() {
                    let message = format!(
                        "the client requests the response as `{read}`, never as `{name}`, which has another value"
                    );
                    self.diagnostics.report(self.document, &RESPONSE_MEDIA_IGNORED, other.pointer(), message);
                }
            }
        }
        found
    }
}

/// Returns a media type as words: without `application`, which most have.
fn media_word(media_type: &str) -> String {
    let essence = essence(media_type);
    match essence.strip_prefix("application/").unwrap_or(&essence) {
        "*" | "*/*" => "any".to_owned(),
        name => name.replace("/*", "").replace(['*', '/', '+', '.', '-'], " "),
    }
}

fn nothing() -> Success {
    Success {
        accept: None,
        type_name: None,
        responses: Vec::new(),
        statuses: Vec::new(),
        content: ResponseType::Empty,
        description: None,
    }
}

/// Returns the entry of a response's content that is read: JSON before text before bytes, and a stream only if nothing else is
/// described.
fn read<'a>(content: &Node<'a>) -> Option<(&'a str, Node<'a>)> {
    let is_stream = |name: &str| is_event_stream(name) || is_json_lines(name);
    json_media(content).or_else(|| {
        content.entries().min_by_key(|(name, media)| (is_stream(name), kind(name), !is_typed_xml(name, media)))
    })
}

fn accept(response: &Node<'_>) -> Option<String> {
    let (name, media) = read(&response.get("content")?)?;
    accepted(name, &media)
}

/// Returns the `Accept` header for a media type.
fn accepted(name: &str, media: &Node<'_>) -> Option<String> {
    let name = match essence(name).as_str() {
        "application/json" => "application/json",
        _ if is_value(name, media) && is_range(name) => "application/json",
        "text/*" => "text/plain",
        _ => name,
    };
    let is_sound = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ');
    is_sound.then(|| name.to_owned())
}

/// Whether two responses are decoded into the same value.
fn carries_same(a: &Node<'_>, b: &Node<'_>) -> bool {
    let (a, b) = (a.get("content"), b.get("content"));
    let is_empty =
        |content: &Option<Node<'_>>| content.as_ref().is_none_or(|content| content.entries().next().is_none());
    match (is_empty(&a), is_empty(&b)) {
        (true, true) => return true,
        (false, false) => {}
        _ => return false,
    }
    let part = |content: Option<Node<'_>>| {
        let content = content?;
        let (name, media) = read(&content)?;
        let kind = if is_value(name, &media) { MediaKind::Json } else { kind(name) };
        let is_typed = kind == MediaKind::Json || is_typed_xml(name, &media);
        Some((kind, media.get("schema").map(|schema| schema.value().clone()).filter(|_| is_typed)))
    };
    part(a) == part(b)
}

/// Returns the variant name of a status, such as `Created` for `201`.
fn variant(status: Option<u16>) -> String {
    let name = match status {
        Some(200) => "Ok",
        Some(201) => "Created",
        Some(202) => "Accepted",
        Some(203) => "NonAuthoritative",
        Some(204) => "NoContent",
        Some(205) => "ResetContent",
        Some(206) => "PartialContent",
        Some(207) => "MultiStatus",
        Some(208) => "AlreadyReported",
        Some(226) => "ImUsed",
        Some(other) => return format!("Status{other}"),
        None => "Other",
    };
    name.to_owned()
}

/// Returns the name of the type that a successful response is decoded into, if it has one.
pub(super) fn type_name(operation: &Node<'_>) -> Option<String> {
    let responses = operation.get("responses")?;
    let (_, good) = responses.entries().find(|(status, _)| status.starts_with('2'))?;
    let (_, media) = json_media(&good.get("content")?)?;
    media.get("schema")?.text("$ref")?.rsplit('/').next().map(str::to_owned)
}
