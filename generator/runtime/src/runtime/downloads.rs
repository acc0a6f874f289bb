//! Downloads: a response of bytes as a stream, which continues if the connection breaks off.

#[cfg(feature = "blocking")]
mod blocking;
#[cfg(feature = "fs")]
mod file;
mod range;
mod reading;
mod request;

#[cfg(feature = "blocking")]
pub use self::blocking::DownloadReader;
#[doc(hidden)]
pub use self::range::ContentRange;
pub use self::range::ResumePoint;

use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};

use self::reading::Reading;
use self::request::{Requested, Source};
use crate::runtime::call::Call;
use crate::runtime::call::operation::Operation;
use crate::runtime::call::options::checked_timeout;
use crate::runtime::call::unfold::Unfold;
use crate::runtime::error::Error;
use crate::runtime::error::kind::StopReason;
use crate::runtime::retry::Verdict;

/// What follows a failure if the rest cannot be requested.
const NOT_RESUMED: Verdict = Verdict::Stop { reason: StopReason::NotResumable, retryable: false };

impl<'a, O: Operation<Output = Bytes> + 'a> Call<'a, O> {
    /// Reads the body of the response as a stream, however long it is. Awaiting the result sends the request.
    ///
    /// The call itself, without `download`, returns the whole body in memory, and limits its length. See [`Download`] for
    /// the limits of a download.
    pub fn download(self) -> StartDownload<'a> {
        let operation_id = self.arguments().meta().id;
        let settings = Settings { idle: None, resumes: None, from: None };
        StartDownload { source: Box::new(Requested(self)), operation_id, settings }
    }
}

/// A download that is not started yet. Returned by [`Call::download`]. Set options on it, then `.await` it.
///
/// # Errors
///
/// Awaiting it fails like [`Call::send`], except that the body is not read. After [`resume_from`](Self::resume_from) it also
/// fails with [`BodyFailure::Changed`](crate::runtime::BodyFailure::Changed) if the resource has changed.
#[must_use = "nothing is sent until the download is awaited"]
pub struct StartDownload<'a> {
    source: Box<dyn Source + 'a>,
    operation_id: &'static str,
    settings: Settings,
}

struct Settings {
    idle: Option<Duration>,
    resumes: Option<u32>,
    from: Option<ResumePoint>,
}

impl<'a> StartDownload<'a> {
    /// Sets how long the service may send nothing while the body is read. The default is the attempt timeout of the call (15 s
    /// by default). Zero is an error of the download.
    ///
    /// The time during which the program does not read does not count.
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.settings.idle = Some(timeout);
        self
    }

    /// Sets how often the download continues after the connection has broken off or nothing was received for too long. The
    /// default is the number of retries of the call (3 by default).
    ///
    /// With zero it never continues. It also never continues if retries are disabled or exclude connection errors.
    pub fn max_resumes(mut self, resumes: u32) -> Self {
        self.settings.resumes = Some(resumes);
        self
    }

    /// Requests only the rest of a resource, of which an earlier download has received the start.
    ///
    /// The download fails if the resource has changed, or if the service does not support ranges. It fails with the status
    /// 416 if there is no rest. A resume point at the start of the resource requests the whole.
    pub fn resume_from(mut self, point: ResumePoint) -> Self {
        self.settings.from = Some(point);
        self
    }

    async fn send(self) -> Result<Download<'a>, Error> {
        let Self { source, operation_id, settings } = self;
        let of_operation = |error: Error| error.for_operation(operation_id);
        let mut limits = source.limits().map_err(of_operation)?;
        if let Some(idle) = settings.idle {
            limits.idle = checked_timeout("idle_timeout", idle).map_err(of_operation)?;
        }
        limits.resumes = settings.resumes.unwrap_or(limits.resumes);
        let from = settings.from.as_ref().filter(|point| point.offset() > 0 || !point.is_valid());
        let completed = source.send(from).await?;
        let reading = Reading::new(source, completed, limits, from);
        let (head, position) = (reading.head(), from.map_or(0, ResumePoint::offset));
        Ok(Download {
            operation_id,
            head,
            position,
            #[cfg(feature = "fs")]
            unwritten: Bytes::new(),
            unfold: Unfold::new(reading),
        })
    }
}

impl<'a> IntoFuture for StartDownload<'a> {
    type Output = Result<Download<'a>, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

impl fmt::Debug for StartDownload<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StartDownload").field("operation", &self.operation_id).finish_non_exhaustive()
    }
}

/// The head of the first response of a download.
pub(crate) struct Head {
    status: StatusCode,
    headers: HeaderMap,
    total: Option<u64>,
    point: Option<ResumePoint>,
}

/// A response of bytes: its head, and its body as a stream. Returned by awaiting [`Call::download`].
///
/// The time limits and the retries of the call apply until the response starts. After that, only the time during which
/// nothing is received is limited, see [`StartDownload::idle_timeout`]. At most one piece of the body is in memory, so
/// `max_response_bytes` of the client does not apply; if it is set on the call, it limits the whole body.
///
/// If the connection breaks off, the download continues with a request for the rest of the resource, after a wait as before
/// a retry. It does so only if the operation is an idempotent GET, and the response had a strong `ETag` or, without an `ETag`, a
/// `Last-Modified` at least one second older than its `Date`. It also needs `Content-Length` and `Accept-Ranges: bytes`. The rest must belong to the same state
/// of the resource. If it does not, the download ends with [`BodyFailure::Changed`](crate::runtime::BodyFailure::Changed).
///
/// The client requests the body without compression (`Accept-Encoding: identity`), so that its length and ranges are those
/// of the resource.
///
/// The feature `fs` adds `save` and `write_to`, which write the body to a file or a writer. The feature `blocking` adds
/// `StartDownload::blocking`, which reads it without an async runtime.
///
/// Dropping the download closes its connection. Dropping the future of [`next`](Self::next) loses nothing.
#[doc = include_str!("../doc_examples/download.md")]
#[must_use = "the body is not read until a piece is requested"]
pub struct Download<'a> {
    operation_id: &'static str,
    head: Head,
    position: u64,
    /// What a writer has not taken yet.
    #[cfg(feature = "fs")]
    unwritten: Bytes,
    unfold: Unfold<'a, Reading<'a>>,
}

impl Download<'_> {
    /// Returns the HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.head.status
    }

    /// Returns the headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.head.headers
    }

    /// Returns the `Content-Type` header, with its parameters. `None` if it is missing or contains non-ASCII characters.
    #[must_use]
    pub fn content_type(&self) -> Option<&str> {
        self.head.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok())
    }

    /// Returns the length of the body in bytes. `None` if the service does not state it.
    ///
    /// After [`resume_from`](StartDownload::resume_from) it is the length of the whole resource.
    #[must_use]
    pub fn content_length(&self) -> Option<u64> {
        self.head.total
    }

    /// Returns how many bytes have been returned so far. After [`resume_from`](StartDownload::resume_from), those before its
    /// offset count too.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.position
    }

    /// Returns where another download, also in another process, can continue this one after the bytes that were
    /// [returned](Self::position). `None` if the response does not allow that.
    #[must_use]
    pub fn resume_point(&self) -> Option<ResumePoint> {
        self.head.point.as_ref().map(|point| point.at(self.position))
    }

    /// Returns the next piece of the body, or `None` at its end.
    ///
    /// # Errors
    ///
    /// There are no more pieces after an error. Its message contains the number of bytes that have arrived.
    ///
    /// - [`Truncated`](crate::runtime::BodyFailure::Truncated): the connection broke, or the body is shorter than its
    ///   `Content-Length`.
    /// - [`Idle`](crate::runtime::TimeoutKind::Idle): nothing was received for longer than the idle timeout.
    /// - [`Changed`](crate::runtime::BodyFailure::Changed): the resource changed, so the download cannot continue.
    /// - [`TooLarge`](crate::runtime::BodyFailure::TooLarge): the body is longer than `max_response_bytes` of the call.
    /// - The errors of a call, if the request for the rest fails.
    pub async fn next(&mut self) -> Option<Result<Bytes, Error>> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }
}

impl Stream for Download<'_> {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        #[cfg(feature = "fs")]
        if !self.unwritten.is_empty() {
            let left = std::mem::take(&mut self.unwritten);
            self.position = self.position.saturating_add(u64::try_from(left.len()).unwrap_or(u64::MAX));
            return Poll::Ready(Some(Ok(left)));
        }
        let polled = self.unfold.poll_next(context);
        if let Poll::Ready(Some(Ok(piece))) = &polled {
            self.position = self.position.saturating_add(u64::try_from(piece.len()).unwrap_or(u64::MAX));
        }
        polled
    }
}

/// Shows the operation, the status and the position. Headers are not shown, because they may be secret.
impl fmt::Debug for Download<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("Download");
        out.field("operation", &self.operation_id).field("status", &self.head.status.as_u16());
        out.field("position", &self.position).field("content_length", &self.head.total).finish_non_exhaustive()
    }
}
