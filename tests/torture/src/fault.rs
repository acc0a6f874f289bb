//! What can go wrong with a reply: each fault as the steps of a server, and whether the service has acted by then.

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

/// What happens to one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Nothing goes wrong.
    None,
    /// A reply that is sound, in a shape that is seldom seen.
    Odd(Odd),
    /// Another status, with one form of `Retry-After`.
    Status(u16, RetryAfter),
    /// A reply that breaks off, or never comes.
    Broken(Broken),
    /// A whole reply that is not what the API describes.
    Wrong(Wrong),
    /// An error whose message repeats what the client has sent.
    Echo(Echo),
}

/// Sound replies that are seldom seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Odd {
    /// In parts of one byte.
    Bytewise,
    /// In chunks.
    Chunked,
    /// The length is told by the end of the connection.
    UntilClose,
    /// `connection: close`.
    Closing,
    /// The body comes slowly.
    SlowBody,
    /// Replies of 1xx come first.
    Interim,
    /// Headers of 16 KiB.
    LongHeaders,
    /// The body is compressed.
    Compressed,
    /// The length is said twice, and the same.
    LengthTwice,
}

/// Replies that break off, or never come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Broken {
    /// The connection is reset.
    Reset,
    /// It is closed without a word.
    Closed,
    /// It is reset in the middle of the body.
    ResetInBody,
    /// It is closed in the middle of the head.
    HeadCut,
    /// It is closed in the middle of the body.
    BodyCut,
    /// It is closed in the middle of a chunk.
    ChunkCut,
    /// Nothing comes, and the connection stays open.
    Stalled,
    /// Nothing comes after half of the head.
    StalledInHead,
    /// Nothing comes after half of the body.
    StalledInBody,
    /// 1xx without end.
    EndlessInterim,
    /// A body without end, slower than its limit is reached.
    EndlessBody,
    /// Bytes that are no reply.
    Garbage,
    /// The length is more than what comes.
    LengthTooLong,
    /// Two lengths.
    TwoLengths,
    /// The length is no number.
    NoLength,
    /// More headers than a client can be asked to keep.
    TooManyHeaders,
    /// The compressed body is none.
    NotCompressed,
    /// A chunk without a size.
    BadChunk,
}

/// Whole replies that are not what the API describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    /// A status of success that is not described.
    OtherSuccess,
    /// A redirect to this server.
    Redirect,
    /// 300, which is not a redirect without a `Location`.
    MultipleChoices,
    /// 304 for a request without a condition.
    NotModified,
    /// An upgrade that nobody asked for.
    Upgrade,
    /// JSON of another shape.
    OtherJson,
    /// `null`.
    Null,
    /// A body that is no JSON.
    NoJson,
    /// No body.
    Empty,
    /// The length is less than what comes: the rest is in nobody's reply.
    LengthTooShort,
    /// Another content type.
    Html,
    /// No content type.
    Untyped,
    /// A content encoding that the client does not support.
    OtherEncoding,
    /// More than the client reads.
    TooLarge,
    /// More than the client reads, once it is decompressed.
    Bomb,
}

impl Fault {
    /// Whether the service has carried the request out, or may have: with 4xx it says that it has not. 408 says nothing.
    #[must_use]
    pub fn acts(self) -> bool {
        let status = match self {
            Self::Status(status, _) => status,
            Self::Echo(echo) => echo.status(),
            Self::None | Self::Odd(_) | Self::Broken(_) | Self::Wrong(_) => return true,
        };
        status >= 500 || status == 408
    }

    /// Draws one: nothing goes wrong with `calm` of 100 requests.
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

    /// What the server does instead of a good reply.
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
    /// All of them.
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
    /// All of them.
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
    /// All of them.
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
            // It has no body, whatever its headers say.
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
                // What is left over is no reply, and the client is given the time to see that.
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
