//! Lowers streamed responses: server-sent events and lines of JSON.

use super::Lowering;
use crate::document::Node;
use crate::ir::{Body, Slot, SlotRole, StreamPart, Streaming};
use crate::openapi::media::{essence, is_event_stream};
use crate::openapi::{body_media, schema_at, stream_media, union_members};

/// The data of the event with which most services end a stream. It is not JSON.
const USUAL_END: &str = "[DONE]";

impl Lowering<'_> {
    /// Returns the stream that an operation can respond with.
    pub(super) fn streaming(&mut self, operation: &Node<'_>, body: Option<&Body>) -> Option<Streaming> {
        let (name, media) = stream_media(operation)?;
        let schema = media.get("schema");
        let mut slot = || self.slot(operation, SlotRole::Response, schema.as_ref());
        let part = if is_event_stream(name) { events(schema.as_ref(), &mut slot) } else { StreamPart::Line(slot()) };
        let switch = operation.at(&["requestBody", "content"]).filter(|_| body.is_some_and(Body::is_json));
        let switch = switch.and_then(|content| {
            let schema = body_media(&content)?.1.get("schema")?;
            let field = schema_at(&schema, "/stream")?;
            (field.text("type") == Some("boolean")).then(|| "stream".to_owned())
        });
        Some(Streaming {
            media_type: essence(name),
            part,
            sentinel: media
                .text("x-speakeasy-sse-sentinel")
                .or_else(|| is_event_stream(name).then_some(USUAL_END))
                .map(str::to_owned),
            switch,
        })
    }
}

/// Returns what events of a schema carry. The schema is that of the whole event if it has an event's fields, or else
/// that of the data.
fn events(schema: Option<&Node<'_>>, slot: &mut dyn FnMut() -> Slot) -> StreamPart {
    let Some(schema) = schema.and_then(Node::resolve_single) else { return StreamPart::Text };
    let members: Vec<_> = union_members(&schema).iter().flat_map(Node::items).collect();
    let whole: Vec<_> = if members.is_empty() { vec![schema.clone()] } else { members };
    let data: Option<Vec<_>> = whole.iter().map(event_data).collect();
    match data {
        Some(data) => StreamPart::Whole { slot: slot(), prefers_text: data.iter().any(is_text) },
        None if is_text(&schema) => StreamPart::Text,
        None => StreamPart::Json(slot()),
    }
}

/// Returns the schema of `data`, if the schema is that of a whole event: it has `data` and only fields of events.
fn event_data<'a>(schema: &Node<'a>) -> Option<Node<'a>> {
    let properties = schema.resolve_single()?.get("properties")?;
    let is_of_events = |name: &str| matches!(name, "id" | "event" | "data" | "retry");
    if !properties.entries().all(|(name, _)| is_of_events(name)) {
        return None;
    }
    properties.get("data")?.resolve_single()
}

fn is_text(schema: &Node<'_>) -> bool {
    schema.text("type") == Some("string")
}
