//! The faults of a response: the steps that the server takes for each, and whether the service has processed the request.

mod echo;
mod retry_after;
mod shapes;
mod statuses;

pub use echo::Echo;
pub use retry_after::RetryAfter;
pub use statuses::STATUSES;

use std::time::Duration;

use crate::garbage;
use crate::id::Id;
use crate::wire::Step;
use crate::work::Good;

/// The fault of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// No fault.
    None,
    /// A valid response in an unusual form.
    Odd(Odd),
    /// An error status, with one form of `Retry-After`.
    Status(u16, RetryAfter),
    /// A response that is truncated or missing.
    Broken(Broken),
    /// A complete response that does not match the API.
    Wrong(Wrong),
    /// An error whose message echoes the request.
    Echo(Echo),
}

/// Valid but unusual responses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Odd {
    /// One byte at a time.
    Bytewise,
    /// With chunked encoding.
    Chunked,
    /// Without a length: the end of the connection ends the body.
    UntilClose,
    /// `connection: close`.
    Closing,
    /// The body arrives slowly.
    SlowBody,
    /// Informational responses (1xx) first.
    Interim,
    /// Headers of 16 KiB.
    LongHeaders,
    /// The body is compressed.
    Compressed,
    /// The same `content-length` twice.
    LengthTwice,
}

/// Truncated or missing responses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Broken {
    /// The connection is reset.
    Reset,
    /// The connection is closed without a response.
    Closed,
    /// The connection is reset in the middle of the body.
    ResetInBody,
    /// The connection is closed in the middle of the head.
    HeadCut,
    /// The connection is closed in the middle of the body.
    BodyCut,
    /// The connection is closed in the middle of a chunk.
    ChunkCut,
    /// No response, and the connection stays open.
    Stalled,
    /// The response stops after half of the head.
    StalledInHead,
    /// The response stops after half of the body.
    StalledInBody,
    /// Endless informational responses (1xx).
    EndlessInterim,
    /// An endless body that is too slow to reach the size limit.
    EndlessBody,
    /// Bytes that are not an HTTP response.
    Garbage,
    /// The `content-length` is longer than the body.
    LengthTooLong,
    /// Two different lengths.
    TwoLengths,
    /// The length is not a number.
    NoLength,
    /// More headers than a client accepts.
    TooManyHeaders,
    /// The body is not valid compressed data.
    NotCompressed,
    /// A chunk without a size.
    BadChunk,
}

/// Complete responses that do not match the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    /// An undocumented success status.
    OtherSuccess,
    /// A redirect to this server.
    Redirect,
    /// 300, which is not a redirect without a `Location`.
    MultipleChoices,
    /// 304 for a request without a condition.
    NotModified,
    /// An unexpected protocol upgrade.
    Upgrade,
    /// JSON that does not match the schema.
    OtherJson,
    /// `null`.
    Null,
    /// A body that is not JSON.
    NoJson,
    /// No body.
    Empty,
    /// The `content-length` is shorter than the body, so that excess bytes follow the response.
    LengthTooShort,
    /// An unexpected content type.
    Html,
    /// No content type.
    Untyped,
    /// A content encoding that the client does not support.
    OtherEncoding,
    /// A body larger than the limit.
    TooLarge,
    /// A body larger than the limit after decompression.
    Bomb,
}

impl Fault {
    /// Whether the service has or may have processed the request. A 4xx means that it has not, except for 408.
    #[must_use]
    pub fn acts(self) -> bool {
        let status = match self {
            Self::Status(status, _) => status,
            Self::Echo(echo) => echo.status(),
            Self::None | Self::Odd(_) | Self::Broken(_) | Self::Wrong(_) => return true,
        };
        status >= 500 || status == 408
    }

    /// Draws a fault. `calm` of 100 requests have none.
    #[must_use]
    pub fn draw(random: &mut fastrand::Rng, calm: u8) -> Self {
        if random.u8(0..100) < calm {
            return Self::None;
        }
        match random.u8(0..11) {
            0..3 => Self::Odd(pick(random, &Odd::ALL)),
            3..6 => Self::Status(pick(random, &STATUSES), pick(random, &RetryAfter::ALL)),
            6..8 => Self::Broken(pick(random, &Broken::ALL)),
            8..10 => Self::Wrong(pick(random, &Wrong::ALL)),
            _ => Self::Echo(pick(random, &Echo::ALL)),
        }
    }

    /// The steps of the server in place of a good response.
    #[must_use]
    pub fn steps(self, id: Id, good: &Good, random: &mut fastrand::Rng) -> Vec<Step> {
        match self {
            Self::None => vec![shapes::whole(good)],
            Self::Odd(odd) => odd.steps(good),
            Self::Status(status, retry_after) => vec![statuses::refusal(status, retry_after)],
            Self::Broken(broken) => broken.steps(good, random),
            Self::Wrong(wrong) => wrong.steps(good),
            Self::Echo(echo) => vec![echo.step(id)],
        }
    }
}

fn pick<T: Copy>(random: &mut fastrand::Rng, all: &[T]) -> T {
    all[random.usize(..all.len())]
}

fn millis(number: u64) -> Duration {
    Duration::from_millis(number)
}

impl Odd {
    /// All variants.
    pub const ALL: [Self; 9] = [
        Self::Bytewise,
        Self::Chunked,
        Self::UntilClose,
        Self::Closing,
        Self::SlowBody,
        Self::Interim,
        Self::LongHeaders,
        Self::Compressed,
        Self::LengthTwice,
    ];

    fn steps(self, good: &Good) -> Vec<Step> {
        let send = |bytes: &[u8]| Step::Send(bytes.to_vec());
        match self {
            Self::Bytewise => shapes::bytes(good).chunks(1).map(send).collect(),
            Self::Chunked => vec![Step::Send(shapes::chunked(good))],
            Self::UntilClose => vec![Step::Send(shapes::with_headers(good, "connection: close\r\n")), Step::Close],
            Self::Closing => vec![Step::Send(shapes::with_length(good, "connection: close\r\n")), Step::Close],
            Self::SlowBody => {
                let (head, body) = shapes::halves(good);
                let slow = body.chunks(8).flat_map(|part| [Step::Pause(millis(1)), Step::Send(part.to_vec())]);
                std::iter::once(Step::Send(head)).chain(slow).collect()
            }
            Self::Interim => {
                let hints = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </x>; rel=preload\r\n\r\n";
                vec![send(hints.repeat(3).as_bytes()), shapes::whole(good)]
            }
            Self::LongHeaders => {
                let headers = format!("x-long: {}\r\n", "y".repeat(1_600)).repeat(10);
                vec![Step::Send(shapes::with_length(good, &headers))]
            }
            Self::Compressed => {
                vec![Step::Send(shapes::with_body(
                    good,
                    "content-encoding: gzip\r\n",
                    &garbage::compressed(good.body.as_bytes()),
                ))]
            }
            Self::LengthTwice => {
                let again = format!("content-length: {}\r\n", good.body.len());
                vec![Step::Send(shapes::with_length(good, &again))]
            }
        }
    }
}

impl Broken {
    /// All variants.
    pub const ALL: [Self; 18] = [
        Self::Reset,
        Self::Closed,
        Self::ResetInBody,
        Self::HeadCut,
        Self::BodyCut,
        Self::ChunkCut,
        Self::Stalled,
        Self::StalledInHead,
        Self::StalledInBody,
        Self::EndlessInterim,
        Self::EndlessBody,
        Self::Garbage,
        Self::LengthTooLong,
        Self::TwoLengths,
        Self::NoLength,
        Self::TooManyHeaders,
        Self::NotCompressed,
        Self::BadChunk,
    ];

    fn steps(self, good: &Good, random: &mut fastrand::Rng) -> Vec<Step> {
        let whole = shapes::bytes(good);
        let (head, body) = shapes::halves(good);
        let half_of_head = head[..head.len() / 2].to_vec();
        let to_half_of_body = whole[..head.len() + body.len() / 2].to_vec();
        match self {
            Self::Reset => vec![Step::Reset],
            Self::Closed => vec![Step::Close],
            Self::ResetInBody => vec![Step::Send(to_half_of_body), Step::Pause(millis(2)), Step::Reset],
            Self::HeadCut => vec![Step::Send(half_of_head), Step::Close],
            Self::BodyCut => vec![Step::Send(to_half_of_body), Step::Close],
            Self::ChunkCut => {
                let chunked = shapes::chunked(good);
                vec![Step::Send(chunked[..chunked.len() - 8].to_vec()), Step::Close]
            }
            Self::Stalled => vec![Step::Hang],
            Self::StalledInHead => vec![Step::Send(half_of_head), Step::Hang],
            Self::StalledInBody => vec![Step::Send(to_half_of_body), Step::Hang],
            Self::EndlessInterim => {
                vec![Step::Repeat(b"HTTP/1.1 102 Processing\r\n\r\n".to_vec(), millis(5))]
            }
            Self::EndlessBody => {
                let head = shapes::with_headers(good, "");
                vec![Step::Send(head), Step::Repeat(vec![b' '; 64], millis(5))]
            }
            Self::Garbage => vec![Step::Send(garbage::bytes(random, 200)), Step::Close],
            Self::LengthTooLong => {
                let length = format!("content-length: {}\r\n", good.body.len() + 1);
                vec![Step::Send(shapes::with_headers(good, &length)), Step::Close]
            }
            Self::TwoLengths => vec![Step::Send(shapes::with_length(good, "content-length: 1\r\n")), Step::Close],
            Self::NoLength => vec![Step::Send(shapes::with_headers(good, "content-length: some\r\n")), Step::Close],
            Self::TooManyHeaders => {
                vec![Step::Send(shapes::with_length(good, &"x-y: z\r\n".repeat(1_000))), Step::Close]
            }
            Self::NotCompressed => {
                vec![Step::Send(shapes::with_length(good, "content-encoding: gzip\r\n"))]
            }
            Self::BadChunk => {
                let headers = "transfer-encoding: chunked\r\n";
                vec![Step::Send(shapes::with_headers(good, headers)), Step::Close]
            }
        }
    }
}

impl Wrong {
    /// All variants.
    pub const ALL: [Self; 15] = [
        Self::OtherSuccess,
        Self::Redirect,
        Self::MultipleChoices,
        Self::NotModified,
        Self::Upgrade,
        Self::OtherJson,
        Self::Null,
        Self::NoJson,
        Self::Empty,
        Self::LengthTooShort,
        Self::Html,
        Self::Untyped,
        Self::OtherEncoding,
        Self::TooLarge,
        Self::Bomb,
    ];

    fn steps(self, good: &Good) -> Vec<Step> {
        let other = |body: &str| vec![shapes::whole(&Good { body: body.to_owned(), ..good.clone() })];
        match self {
            Self::OtherSuccess => vec![shapes::whole(&Good { status: 202, ..good.clone() })],
            Self::Redirect => {
                let moved = Good { status: 307, ..good.clone() };
                vec![Step::Send(shapes::with_length(&moved, "location: /elsewhere\r\n"))]
            }
            Self::MultipleChoices => vec![shapes::whole(&Good { status: 300, ..good.clone() })],
            // A 304 has no body, whatever its headers declare.
            Self::NotModified => vec![Step::Send(b"HTTP/1.1 304 Not Modified\r\n\r\n".to_vec())],
            Self::Upgrade => {
                let upgrade = "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n";
                vec![Step::Send(upgrade.as_bytes().to_vec()), Step::Close]
            }
            Self::OtherJson => other(r#"{"status":7,"operationId":[]}"#),
            Self::Null => other("null"),
            Self::NoJson => other("<html>\u{0}"),
            Self::Empty => other(""),
            Self::LengthTooShort => {
                // Gives the client time to notice that the excess bytes are not a response.
                let length = format!("content-length: {}\r\n", good.body.len() / 2);
                vec![Step::Send(shapes::with_headers(good, &length)), Step::Close]
            }
            Self::Html => vec![Step::Send(shapes::html(good))],
            Self::Untyped => vec![Step::Send(shapes::untyped(good))],
            Self::OtherEncoding => vec![Step::Send(shapes::with_length(good, "content-encoding: br\r\n"))],
            Self::TooLarge => {
                let large = Good { body: format!("\"{}\"", " ".repeat(512 << 10)), ..good.clone() };
                vec![shapes::whole(&large)]
            }
            Self::Bomb => {
                vec![Step::Send(shapes::with_body(good, "content-encoding: gzip\r\n", garbage::bomb()))]
            }
        }
    }
}
