//! Event streams and JSON lines with any bytes: the items are the same however the body is split, and each is bounded.

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{HeaderMap, StatusCode};
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::strategy::BoxedStrategy;
use sdk_runtime::{
    BodyFailure, Call, Error, ErrorKind, Operation, OperationMeta, RawResponse, RequestWriter, ServerEvent,
    StreamFormat, StreamMeta, StreamPart, Streamed,
};
use serde_json::Value;

use crate::stub::{Canned, KEY, Look, META, client, runtime};
use crate::target::Target;

/// See [`Target::ABOUT`].
#[derive(Debug)]
pub struct Stream;

/// The body of a response, and where it is split.
#[derive(Debug, Clone)]
pub struct Body {
    text: Vec<u8>,
    cuts: Vec<Index>,
    breaks: bool,
    limit: usize,
}

impl Target for Stream {
    type Input = Body;
    const NAME: &'static str = "stream";
    const ABOUT: &'static str =
        "event streams and JSON lines give the same items however the body is split, within the size limit";
    const SHORT: u64 = 2_000;

    fn inputs() -> BoxedStrategy<Body> {
        let word = prop_oneof![
            4 => proptest::sample::select(WORDS.to_vec()).prop_map(<[u8]>::to_vec),
            1 => proptest::collection::vec(any::<u8>(), 0..6),
        ];
        let text = proptest::collection::vec(word, 0..40).prop_map(|words| words.concat());
        let cuts = proptest::collection::vec(any::<Index>(), 0..12);
        (text, cuts, any::<bool>(), prop_oneof![1..60_usize, Just(1 << 20)])
            .prop_map(|(text, cuts, breaks, limit)| Body { text, cuts, breaks, limit })
            .boxed()
    }

    fn run(input: &Body) -> Result<(), String> {
        check(&Texts, input, |event: &ServerEvent<String>| event.data.len())?;
        check(&Lines, input, |line: &Value| line.as_str().map_or(0, str::len))
    }
}

const WORDS: [&[u8]; 24] = [
    b"data",
    b"event",
    b"id",
    b"retry",
    b":",
    b": ",
    b"\n",
    b"\r",
    b"\r\n",
    b"\n\n",
    b"data: x\n\n",
    b"id: 1\n",
    b"\xEF\xBB\xBF",
    b"\0",
    b"17",
    b"\"text\"",
    b"{\"a\":",
    b"1}",
    b"[DONE]",
    b" ",
    b"retry: 99999999999999999999\n",
    b"\xC3",
    b"\xF0\x9F",
    b"null\n",
];

fn check<O: Streamed + Copy>(operation: &O, input: &Body, size: impl Fn(&O::Item) -> usize) -> Result<(), String>
where
    O::Item: std::fmt::Debug,
{
    let whole = parts(*operation, input, vec![Bytes::copy_from_slice(&input.text)], &size)?;
    let cut = parts(*operation, input, pieces(input), &size)?;
    if whole != cut {
        return Err(format!("{whole:?} in one piece, but {cut:?} when split"));
    }
    Ok(())
}

fn pieces(input: &Body) -> Vec<Bytes> {
    let mut cuts: Vec<usize> = input.cuts.iter().map(|cut| cut.index(input.text.len() + 1)).collect();
    cuts.sort_unstable();
    cuts.insert(0, 0);
    cuts.push(input.text.len());
    cuts.windows(2).map(|ends| Bytes::copy_from_slice(&input.text[ends[0]..ends[1]])).collect()
}

/// The items of a stream, as a caller sees them.
fn parts<O: Streamed>(
    operation: O,
    input: &Body,
    pieces: Vec<Bytes>,
    size: &impl Fn(&O::Item) -> usize,
) -> Result<Vec<String>, String>
where
    O::Item: std::fmt::Debug,
{
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(O::STREAM.media_type));
    let response = Canned { status: StatusCode::OK, headers, pieces, breaks: input.breaks };
    let core = client(response).map_err(|error| error.to_string())?;
    runtime().block_on(async {
        let call = Call::new(&core, operation).max_response_bytes(input.limit);
        let mut stream = call.stream().await.map_err(|error| error.to_string())?;
        let mut parts = Vec::new();
        while let Some(part) = stream.next().await {
            // The stream continues after an item that does not decode, but there are no more items than bytes.
            if parts.len() > input.text.len() + 1 {
                return Err("the stream does not end".to_owned());
            }
            let (is_last, line) = match part {
                // An invalid byte is replaced by a character of three bytes.
                Ok(part) if size(&part) > input.limit * 3 => return Err(format!("{part:?} is longer than the limit")),
                Ok(part) => (false, format!("{part:?}")),
                Err(error) => (error.kind() != ErrorKind::Decode, checked(&error, input.breaks)?),
            };
            parts.push(line);
            if is_last && stream.next().await.is_some() {
                return Err("an item follows the end of the stream".to_owned());
            }
        }
        Ok(parts)
    })
}

fn checked(error: &Error, breaks: bool) -> Result<String, String> {
    let line = error.to_string();
    let is_known = match error.kind() {
        ErrorKind::Decode | ErrorKind::Body(BodyFailure::TooLarge) => true,
        ErrorKind::Body(BodyFailure::Truncated) => breaks,
        _ => false,
    };
    if !is_known || line.chars().any(char::is_control) || line.contains(KEY) || line.len() > 2_000 {
        return Err(format!("{error:?}: {line:?}"));
    }
    // Leave out the elapsed time.
    Ok(format!("{:?} at {:?}", error.kind(), error.json_path()))
}

macro_rules! streamed {
    ($name:ident, $item:ty, $meta:expr, |$part:ident| $read:expr) => {
        #[derive(Clone, Copy)]
        struct $name;

        impl Operation for $name {
            type Output = Value;

            const META: OperationMeta = META;

            fn encode(&self, request: &mut RequestWriter) -> Result<(), Error> {
                Look.encode(request)
            }

            fn decode(response: &RawResponse) -> Result<Value, Error> {
                Look::decode(response)
            }
        }

        impl Streamed for $name {
            type Item = $item;

            const STREAM: StreamMeta = $meta;

            fn item($part: &StreamPart<'_>) -> Result<$item, Error> {
                $read
            }
        }
    };
}

streamed!(
    Texts,
    ServerEvent<String>,
    StreamMeta {
        media_type: "text/event-stream",
        format: StreamFormat::Events,
        sentinel: Some("[DONE]"),
        switch: None
    },
    |part| part.text_event()
);
streamed!(
    Lines,
    Value,
    StreamMeta { media_type: "application/x-ndjson", format: StreamFormat::Lines, sentinel: None, switch: None },
    |part| part.json()
);
