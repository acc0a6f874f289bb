//! Responses to a request for the rest of a resource, with any headers: the exact rest, or an error.

use bytes::Bytes;
use http::StatusCode;
use http::header::{
    ACCEPT_RANGES, CONTENT_LENGTH, CONTENT_RANGE, DATE, ETAG, HeaderMap, HeaderName, HeaderValue, LAST_MODIFIED,
};
use proptest::prelude::*;
use proptest::strategy::BoxedStrategy;
use sdk_runtime::{Call, ContentRange, Error, Operation, OperationMeta, RawResponse, RequestWriter, ResumePoint};

use crate::stub::{Canned, KEY, META, client, runtime};
use crate::target::Target;

/// The validator of the resume point.
const TAG: &str = "\"one\"";

/// The validator of other resume points: the date of the last change.
const MODIFIED: &str = "Mon, 30 Nov 2026 04:00:00 GMT";

/// See [`Target::ABOUT`].
#[derive(Debug)]
pub struct Download;

/// The response and the resume point.
#[derive(Debug, Clone)]
pub struct Rest {
    status: u16,
    /// The values of [`HEADERS`].
    headers: Vec<Option<Vec<u8>>>,
    pieces: Vec<usize>,
    breaks: bool,
    /// The offset, the validator and the length of the resource. `None` for a request for the whole.
    from: Option<(u64, &'static str, Option<u64>)>,
}

const HEADERS: [HeaderName; 6] = [CONTENT_RANGE, CONTENT_LENGTH, ETAG, LAST_MODIFIED, ACCEPT_RANGES, DATE];

struct Fetch;

impl Operation for Fetch {
    type Output = Bytes;

    const META: OperationMeta = META;

    fn encode(&self, request: &mut RequestWriter) -> Result<(), Error> {
        request.path("/file");
        Ok(())
    }

    fn decode(response: &RawResponse) -> Result<Bytes, Error> {
        response.expect_status(&[200])?;
        Ok(response.body().clone())
    }
}

impl Target for Download {
    type Input = Rest;
    const NAME: &'static str = "download";
    const ABOUT: &'static str = "a response with any headers is the exact rest of a download, or an error";
    const SHORT: u64 = 2_500;

    fn inputs() -> BoxedStrategy<Rest> {
        let status = prop_oneof![Just(200), Just(206), Just(416)];
        let headers =
            vec![header(range()), header(number()), header(tag()), header(modified()), header(unit()), header(date())];
        let from =
            proptest::option::of((0..12_u64, prop_oneof![Just(TAG), Just(MODIFIED)], proptest::option::of(0..12_u64)));
        (status, headers, proptest::collection::vec(0..6_usize, 0..4), any::<bool>(), from)
            .prop_map(|(status, headers, pieces, breaks, from)| Rest { status, headers, pieces, breaks, from })
            .boxed()
    }

    fn run(input: &Rest) -> Result<(), String> {
        let mut headers = HeaderMap::new();
        for (name, value) in HEADERS.iter().zip(&input.headers) {
            let value = value.as_ref().and_then(|value| HeaderValue::from_bytes(value).ok());
            headers.extend(value.map(|value| (name.clone(), value)));
        }
        let response = Canned {
            status: StatusCode::from_u16(input.status).map_err(|error| error.to_string())?,
            headers: headers.clone(),
            pieces: input.pieces.iter().map(|length| Bytes::from(vec![b'x'; *length])).collect(),
            breaks: input.breaks,
        };
        runtime().block_on(check(input, &headers, response))
    }
}

async fn check(input: &Rest, headers: &HeaderMap, response: Canned) -> Result<(), String> {
    let core = client(response).map_err(|error| error.to_string())?;
    let point = input.from.map(|(offset, validator, total)| {
        let point = ResumePoint::new(offset, validator);
        total.map_or(point.clone(), |total| point.with_total(total))
    });
    let start = Call::new(&core, Fetch).download().max_resumes(0);
    let start = match &point {
        Some(point) => start.resume_from(point.clone()),
        None => start,
    };
    let mut download = match start.await {
        Ok(download) => download,
        Err(error) => return masked(&error),
    };
    let offset = point.as_ref().map_or(0, ResumePoint::offset);
    // A resume point at the start requests the whole.
    if let Some(point) = point.as_ref().filter(|point| point.offset() > 0) {
        is_rest(point, input.status, headers)?;
    }
    if let Some(next) = download.resume_point() {
        is_identified(&next, headers)?;
    }
    let mut received = offset;
    while let Some(piece) = download.next().await {
        match piece {
            Ok(piece) => received += piece.len() as u64,
            Err(error) => return masked(&error),
        }
    }
    if received != download.position() {
        return Err(format!("the position is {} after {received} bytes", download.position()));
    }
    match download.content_length() {
        Some(total) if total != received => Err(format!("{received} of {total} bytes are the whole")),
        _ => Ok(()),
    }
}

/// Checks that an accepted response is the rest.
fn is_rest(point: &ResumePoint, status: u16, headers: &HeaderMap) -> Result<(), String> {
    let range = headers.get(CONTENT_RANGE).and_then(|value| ContentRange::parse(value.to_str().ok()?));
    let range = range.ok_or("a response without a range was accepted")?;
    let length = range.last + 1;
    let is_whole = range.total.or(point.total()).is_some_and(|total| total == length);
    let is_known = point.total().is_none_or(|total| total == length);
    if status != 206 || range.first != point.offset() || !is_whole || !is_known {
        return Err(format!("{status} with {range:?} is not the rest"));
    }
    let header = if point.validator() == TAG { ETAG } else { LAST_MODIFIED };
    match headers.get(&header).map(HeaderValue::to_str) {
        Some(Ok(value)) if value.trim() != point.validator() => Err(format!("the rest has `{header}: {value}`")),
        _ => Ok(()),
    }
}

/// Checks that a resume point has the validator of the response: the date of the last change only if there is no tag, and if it is
/// not the date of the response.
fn is_identified(point: &ResumePoint, headers: &HeaderMap) -> Result<(), String> {
    let has = |name: &HeaderName| {
        headers.get(name).and_then(|value| value.to_str().ok()).is_some_and(|value| value.trim() == point.validator())
    };
    let is_valid = if headers.contains_key(ETAG) {
        has(&ETAG) && !point.validator().starts_with('W')
    } else {
        has(&LAST_MODIFIED) && !has(&DATE)
    };
    if is_valid { Ok(()) } else { Err(format!("{point:?} does not identify the resource")) }
}

fn masked(error: &Error) -> Result<(), String> {
    let text = format!("{error} {error:?}");
    if text.contains(KEY) { Err(format!("an error shows the key: {text}")) } else { Ok(()) }
}

fn header(valid: BoxedStrategy<String>) -> BoxedStrategy<Option<Vec<u8>>> {
    let any = proptest::collection::vec(any::<u8>(), 0..12);
    proptest::option::weighted(0.8, prop_oneof![9 => valid.prop_map(String::into_bytes), 1 => any]).boxed()
}

fn range() -> BoxedStrategy<String> {
    let total = prop_oneof![(0..14_u64).prop_map(|total| total.to_string()), Just("*".to_owned())];
    let valid = (0..12_u64, 0..12_u64, total).prop_map(|(first, last, total)| format!("bytes {first}-{last}/{total}"));
    prop_oneof![8 => valid, 1 => "[bytes */0-9-]{0,16}", 1 => "bytes [0-9]{19,21}-[0-9]{19,21}/[0-9*]{1,21}"].boxed()
}

fn number() -> BoxedStrategy<String> {
    prop_oneof![8 => (0..14_u64).prop_map(|number| number.to_string()), 1 => "[0-9+-]{0,22}"].boxed()
}

fn tag() -> BoxedStrategy<String> {
    prop_oneof![4 => Just(TAG.to_owned()), 1 => "(W/)?\"[a-z]{0,3}\"?"].boxed()
}

fn date() -> BoxedStrategy<String> {
    let valid = (10..30_u32, 10..60_u32).prop_map(|(day, second)| format!("Mon, {day} Nov 2026 04:00:{second} GMT"));
    prop_oneof![4 => valid, 1 => "[A-Z a-z0-9,:]{0,30}"].boxed()
}

fn modified() -> BoxedStrategy<String> {
    prop_oneof![2 => Just(MODIFIED.to_owned()), 1 => date()].boxed()
}

fn unit() -> BoxedStrategy<String> {
    prop_oneof![Just("bytes".to_owned()), Just("none".to_owned()), "[a-z, ]{0,12}"].boxed()
}
