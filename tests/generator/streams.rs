//! What the document states about streams.

use crate::generator::fixtures::run;

/// The data of the event that ends the stream of an operation with this response content.
fn end(content: &str) -> Option<String> {
    let operation = format!("{{operationId: act, responses: {{'200': {{description: done, content: {content}}}}}}}");
    let paths = format!("{{/x: {{get: {operation}}}}}");
    let output = run("stream", &format!("{{openapi: 3.0.3, info: {{title: Stream, version: '1'}}, paths: {paths}}}"));
    output.api.operations[0].streaming.as_ref().expect("it is a stream").sentinel.clone()
}

#[test]
fn events_end_with_the_usual_mark_unless_the_document_states_another() {
    let done = Some("[DONE]".to_owned());
    assert_eq!(end("{text/event-stream: {schema: {type: object, properties: {a: {type: string}}}}}"), done);
    assert_eq!(end("{text/event-stream: {}}"), done);
    assert_eq!(end("{text/event-stream: {x-speakeasy-sse-sentinel: 'bye'}}"), Some("bye".to_owned()));
    assert_eq!(end("{application/x-ndjson: {schema: {type: object}}}"), None);
}
