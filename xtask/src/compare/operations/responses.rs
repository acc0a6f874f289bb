//! Compares the content of bodies and responses.

use generator::document::Pointer;

use super::Site;
use crate::compare::client::{Decoded, Operation, ValueType};
use crate::compare::place::Place;
use crate::compare::rules;
use crate::compare::schema::Part;
use crate::compare::types::{Comparer, Context};

impl<'d> Comparer<'d, '_, '_> {
    pub(super) fn responses(&mut self, site: &Site<'d>, operation: &Operation) {
        let responses = site.place.get("responses");
        let all: Vec<_> = responses.iter().flat_map(Place::entries).filter(|(status, _)| is_status(status)).collect();
        let mut good: Vec<_> = all.iter().filter(|(status, _)| status.starts_with('2')).cloned().collect();
        let is_alone = !all.iter().any(|(status, _)| status.starts_with(['2', '3', '4', '5']));
        if good.is_empty() {
            good = all.iter().filter(|(status, _)| *status == "default").cloned().collect();
        }
        for decoded in &operation.decoded {
            self.statuses(site, &good, decoded);
            for (status, response) in &good {
                self.success(site, (status, response), operation, decoded);
            }
        }
        for (status, response) in &all {
            let is_failure = !(status.starts_with(['1', '2', '3']) || (*status == "default" && is_alone));
            if is_failure && site.method != "head" {
                self.failure(status, response, operation);
            }
        }
        self.stream(&good, operation);
    }

    /// Compares the statuses of successful responses.
    fn statuses(&mut self, site: &Site<'d>, good: &[(&'d str, Place<'d>)], decoded: &Decoded) {
        let mut stated: Vec<_> = good.iter().map(|(status, _)| (*status).to_owned()).collect();
        let is_exact = !stated.is_empty() && stated.iter().all(|status| status.parse::<u16>().is_ok());
        let mut expected = decoded.statuses.clone();
        stated.sort();
        expected.sort();
        if (is_exact && stated != expected) || (!is_exact && !expected.is_empty()) {
            let places = [&site.place].into_iter().chain(good.iter().map(|(_, place)| place));
            let places: Vec<_> = places.map(|place| place.pointer.clone()).collect();
            self.findings.add(
                &places,
                format!("success is {}", stated.join(", ")),
                format!("it is {}", expected.join(", ")),
            );
        }
    }

    fn success(
        &mut self,
        site: &Site<'d>,
        (status, response): (&str, &Place<'d>),
        operation: &Operation,
        decoded: &Decoded,
    ) {
        let Some(place) = response.resolved() else { return };
        let entries: Vec<_> = place.get("content").iter().flat_map(Place::entries).collect();
        let own = decoded.types.iter().find(|(own, _)| own == status);
        let other = || decoded.types.iter().find(|(own, _)| ["any", "default"].contains(&own.as_str()));
        let places = [response.pointer.clone(), place.pointer.clone(), site.place.pointer.clone()];
        let Some((_, ty)) = own.or_else(other) else {
            self.findings.add(&places, format!("{status} is a success"), "nothing");
            return;
        };
        if entries.is_empty() || site.method == "head" {
            if *ty != ValueType::Unit {
                self.findings.add(&places, "the response has no body", format!("it is {ty}"));
            }
            return;
        }
        let requested = decoded.accept.as_ref().and_then(|accept| entry(&entries, accept));
        let Some((name, media)) = requested.or_else(|| preferred(&entries)) else { return };
        // A response that is a stream can also be read as a whole.
        if operation.stream.is_some() && is_stream(name) {
            return;
        }
        let context = Context::default();
        self.content((name, &media), ty, &context, &places);
    }

    fn failure(&mut self, status: &str, response: &Place<'d>, operation: &Operation) {
        let Some(place) = response.resolved() else { return };
        let entries: Vec<_> = place.get("content").iter().flat_map(Place::entries).collect();
        let Some((name, media)) = preferred(&entries).filter(|(name, _)| is_json(name)) else { return };
        let Some(schema) = media.get("schema") else { return };
        if self.schemas.merged(&[Part::new(schema)]).is_binary {
            return;
        }
        let status = status.to_uppercase().replace("DEFAULT", "default");
        let places = [response.pointer.clone(), place.pointer.clone()];
        match operation.errors.iter().find(|(own, _)| *own == status) {
            Some((_, ty)) => self.content((name, &media), ty, &Context::default(), &places),
            None => self.findings.add(&places, format!("the error {status} has a body"), "nothing"),
        }
    }

    fn stream(&mut self, good: &[(&'d str, Place<'d>)], operation: &Operation) {
        let Some(stream) = &operation.stream else { return };
        let responses = good.iter().filter_map(|(_, response)| response.resolved());
        let contents = responses.filter_map(|response| response.get("content"));
        let found = contents
            .flat_map(|content| content.entries())
            .find(|(name, _)| essence(name) == essence(&stream.media_type));
        let Some(schema) = found.and_then(|(_, media)| media.get("schema")) else { return };
        let parts = [Part::new(schema)];
        let merged = self.schemas.merged(&parts);
        // The stream of an array has its items.
        let is_list = matches!(self.client.unwrapped(&stream.item).0, ValueType::List(_));
        let parts = if merged.types == ["array"] && !is_list { merged.items } else { parts.to_vec() };
        self.schema(&parts, stream.item.without_options().0, &Context::default());
    }

    /// Compares the schema of a media type with the type of a body or response.
    pub(super) fn content(
        &mut self,
        (name, media): (&str, &Place<'d>),
        ty: &ValueType,
        context: &Context,
        around: &[Pointer],
    ) {
        let Some(schema) = media.get("schema") else {
            if !matches!(ty, ValueType::Any | ValueType::Text | ValueType::Bytes | ValueType::Other(_)) {
                self.findings.add_at(&media.pointer, "the body has no schema", ty.to_string());
            }
            return;
        };
        let parts = [Part::new(schema)];
        let merged = self.schemas.merged(&parts);
        let places: Vec<_> = [&media.pointer].into_iter().chain(&merged.places).chain(around).cloned().collect();
        match ty.without_options().0 {
            ValueType::Bytes | ValueType::Text if !is_json(name) || *ty == ValueType::Bytes => {
                if !rules::is_raw(&merged) {
                    self.findings.add(&places, merged.words(), ty.to_string());
                }
            }
            ValueType::Other(builder) if builder == "Multipart" => {
                self.findings.add(&places, merged.words(), "parts that the caller builds");
            }
            ValueType::Unit => self.findings.add(&places, merged.words(), "nothing"),
            _ => self.value(&parts, ty, context),
        }
    }
}

fn is_status(key: &str) -> bool {
    key == "default" || key.starts_with(['1', '2', '3', '4', '5']) && key.len() == 3
}

/// Whether a media type is for a sequence of values.
fn is_stream(media_type: &str) -> bool {
    let essence = essence(media_type);
    essence == "text/event-stream"
        || ["jsonl", "ndjson", "stream", "json-seq"].iter().any(|word| essence.contains(word))
}

/// The media type without its parameters.
pub(super) fn essence(media_type: &str) -> String {
    media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

pub(super) fn is_json(media_type: &str) -> bool {
    let essence = essence(media_type);
    essence.ends_with("/json") || essence.ends_with("+json") || essence.contains('*')
}

/// The entry of a content for a media type: the same name, the same type, or a range with it.
pub(super) fn entry<'d>(entries: &[(&'d str, Place<'d>)], media_type: &str) -> Option<(&'d str, Place<'d>)> {
    let is_same = |name: &str| essence(name) == essence(media_type);
    // The same type can be listed with and without parameters. The one with a schema describes it.
    let same = entries.iter().filter(|(name, _)| is_same(name));
    let found = same.min_by_key(|(name, media)| (!media.has("schema"), *name != media_type));
    found.or_else(|| entries.iter().find(|(name, _)| is_in_range(media_type, name))).cloned()
}

/// Whether a body of the one media type can be sent as the other one: the same, or a range.
pub(super) fn is_choice(name: &str, media_type: &str) -> bool {
    essence(name) == essence(media_type) || is_in_range(media_type, name)
}

fn is_in_range(media_type: &str, range: &str) -> bool {
    let (media_type, range) = (essence(media_type), essence(range));
    match range.split_once('*') {
        Some((start, end)) => {
            let end = end.trim_start_matches("/*");
            media_type.starts_with(start) && (end.is_empty() || media_type.ends_with(end.trim_start_matches('+')))
        }
        None => false,
    }
}

/// The entry that is read if none is requested: JSON with a schema, JSON, or the first.
fn preferred<'d>(entries: &[(&'d str, Place<'d>)]) -> Option<(&'d str, Place<'d>)> {
    let rank = |(name, media): &&(&str, Place<'_>)| {
        (!is_json(name), essence(name) != "application/json", !media.has("schema"))
    };
    entries.iter().min_by_key(rank).cloned()
}
