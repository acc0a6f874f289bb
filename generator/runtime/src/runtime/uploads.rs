//! Bodies of requests that are sent as they are read: files, readers and streams.

#[cfg(feature = "fs")]
mod file;
mod sent;
mod stream;

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use futures_core::Stream;
use reqwest::header::HeaderValue;

use self::sent::SentBody;
use self::stream::{ByteStream, Checked, Joined, Once, Source, Whole};
use crate::runtime::error::kind::ErrorKind;
use crate::runtime::error::mask::Mask;
use crate::runtime::error::{BoxError, Error};
use crate::runtime::request::{OpenBody, RequestWriter, StreamedBody};

/// The body of a request: bytes in memory, a file, or anything that produces bytes.
///
/// `Bytes`, `Vec<u8>`, `String`, and static byte slices and strings convert to a body. The other bodies are read while they are sent, so they can be of any
/// length; at most one piece is in memory.
///
/// The feature `fs` adds `from_file`, `from_tokio_file` and `from_reader`.
///
/// # Length
///
/// Bytes and the files of `from_file` have a known length, which is sent in `Content-Length`. A body of unknown length is sent in chunks, which
/// some services reject; state its length with [`with_length`](Self::with_length). A body that turns out to be longer or shorter
/// than its length fails with [`RequestBody`](crate::runtime::ErrorKind::RequestBody).
///
/// # Retries
///
/// Bytes, the files of `from_file` and the bodies of [`from_fn`](Self::from_fn) are sent again when a call is retried. A stream or a reader can be
/// read only once: after any of it was read, the call is not retried, and the error has the stop reason
/// [`BodyConsumed`](crate::runtime::StopReason::BodyConsumed). Clones share the stream. Whether a retry is safe is decided as
/// for any other call.
///
/// # Time limits
///
/// [`timeout`](crate::runtime::Call::timeout) limits the whole call, including the time that it takes to send the body: 60 s by
/// default. Set it for large bodies. The attempt timeout (15 s by default) does not limit how long a body is sent that is read
/// meanwhile: it starts again with each piece that the connection takes. For bytes in memory it is the limit of the whole attempt.
///
/// # Secrets
///
/// The message of the service that an error shows is masked: what it repeats of a body in memory is replaced. This is not possible for a
/// body that is read while it is sent, nor for more than 4 MiB of bytes. Mark a body whose content must not be shown as
/// [`sensitive`](Self::sensitive).
#[doc = include_str!("../doc_examples/body.md")]
#[derive(Clone)]
pub struct Body {
    content: Content,
    length: Option<u64>,
    is_sensitive: bool,
}

/// The content of a body that is being opened, and its length if it is known.
type Opening<'a> = Pin<Box<dyn Future<Output = Result<(ByteStream, Option<u64>), Error>> + Send + 'a>>;

#[derive(Clone)]
enum Content {
    Bytes(Bytes),
    /// A stream that is taken when the first piece is needed.
    Once(Arc<Mutex<Option<ByteStream>>>),
    Made(Arc<dyn Fn() -> Body + Send + Sync>),
    #[cfg(feature = "fs")]
    File(Arc<std::path::Path>),
    Joined(Arc<[Body]>),
}

impl Body {
    /// Creates a body from a stream, which can be sent only once.
    ///
    /// If the stream returns an error, the call fails with [`RequestBody`](crate::runtime::ErrorKind::RequestBody), and the error
    /// is its source.
    pub fn from_stream<S, T, E>(stream: S) -> Self
    where
        S: Stream<Item = Result<T, E>> + Send + 'static,
        T: Into<Bytes>,
        E: Into<BoxError>,
    {
        Self::once(Box::pin(Source::new(stream)))
    }

    /// Creates a body from a function that returns a new body for each attempt, so that the call can be retried.
    ///
    /// The bodies must have the same content. If it is secret, mark the body that this function returns as [`sensitive`](Self::sensitive):
    /// the marks of the new bodies have no effect.
    pub fn from_fn(make: impl Fn() -> Self + Send + Sync + 'static) -> Self {
        Self::of(Content::Made(Arc::new(make)))
    }

    /// Sets the length in bytes. The body must end after as many bytes.
    #[must_use]
    pub fn with_length(mut self, length: u64) -> Self {
        self.length = Some(length);
        self
    }

    /// Marks the content as secret. If the call fails, its error shows nothing that the service may have repeated of it: a placeholder
    /// replaces the message of the service, unless the content is in memory and is text, a form, JSON or XML, whose values of at least
    /// four bytes are masked in the message.
    /// [`Error::unmasked_server_message`](crate::runtime::Error::unmasked_server_message) returns it in any case.
    #[must_use]
    pub fn sensitive(mut self) -> Self {
        self.is_sensitive = true;
        self
    }

    fn of(content: Content) -> Self {
        Self { content, length: None, is_sensitive: false }
    }

    /// Creates a body that is the others one after another.
    pub(crate) fn joined(bodies: Vec<Self>) -> Self {
        Self::of(Content::Joined(bodies.into()))
    }

    fn once(stream: ByteStream) -> Self {
        Self::of(Content::Once(Arc::new(Mutex::new(Some(stream)))))
    }

    /// Returns the bytes, if they are in memory and of the right length.
    pub(crate) fn bytes(&self) -> Option<&Bytes> {
        match &self.content {
            Content::Bytes(bytes) if self.length.is_none_or(|length| u64::try_from(bytes.len()) == Ok(length)) => {
                Some(bytes)
            }
            _ => None,
        }
    }

    /// Whether opening the body returns all of it.
    fn is_whole(&self) -> bool {
        match &self.content {
            Content::Once(stream) => stream.lock().unwrap_or_else(PoisonError::into_inner).is_some(),
            Content::Joined(bodies) => bodies.iter().all(Self::is_whole),
            _ => true,
        }
    }

    /// Opens the body: returns its content, and its length if it is known.
    fn open(&self) -> Opening<'_> {
        Box::pin(async move {
            let opened: (ByteStream, _) = match &self.content {
                Content::Bytes(bytes) => (Box::pin(Whole::new(bytes.clone())), u64::try_from(bytes.len()).ok()),
                Content::Once(_) if !self.is_whole() => {
                    return Err(broken("the body of the request was sent before, and can be read only once"));
                }
                Content::Once(stream) => (Box::pin(Once::new(stream.clone())), None),
                Content::Made(make) => make().open().await?,
                #[cfg(feature = "fs")]
                Content::File(path) => file::open(path).await?,
                Content::Joined(bodies) => {
                    let (mut streams, mut all) = (Vec::new(), Some(0_u64));
                    for body in bodies.iter() {
                        let (stream, length) = body.open_part().await?;
                        streams.push(stream);
                        all = all.zip(length).and_then(|(all, length)| all.checked_add(length));
                    }
                    (Box::pin(Joined::new(streams)), all)
                }
            };
            Ok(self.checked(opened))
        })
    }

    /// Opens a body that is a part of another. A file is opened only while it is read, because a form can have more files than a
    /// process can open.
    fn open_part(&self) -> Opening<'_> {
        Box::pin(async move {
            let opened = match &self.content {
                Content::Made(make) => make().open_part().await?,
                #[cfg(feature = "fs")]
                Content::File(path) => file::open_later(path).await?,
                _ => return self.open().await,
            };
            Ok(self.checked(opened))
        })
    }

    /// Checks the length while the content is read, if it is known.
    fn checked(&self, (stream, length): (ByteStream, Option<u64>)) -> (ByteStream, Option<u64>) {
        match self.length.or(length) {
            Some(length) => (Box::pin(Checked::new(stream, length)), Some(length)),
            None => (stream, None),
        }
    }
}

impl StreamedBody for Body {
    fn open(&self) -> Pin<Box<dyn Future<Output = Result<OpenBody, Error>> + Send + '_>> {
        Box::pin(async move {
            let (mut stream, length) = Self::open(self).await?;
            if length == Some(0) {
                // The HTTP library does not read a body without content, so it would not notice that there is some.
                if let Some(piece) = std::future::poll_fn(|context| stream.as_mut().poll_next(context)).await {
                    piece?;
                }
            }
            Ok(SentBody::start(stream, length))
        })
    }

    fn is_whole(&self) -> bool {
        Self::is_whole(self)
    }

    fn add_to(&self, mask: &mut Mask, content_type: Option<&HeaderValue>) {
        match &self.content {
            Content::Bytes(bytes) if self.is_sensitive => mask.add_sensitive_body(bytes, content_type),
            Content::Bytes(bytes) => mask.add_body(bytes, content_type),
            _ if self.is_sensitive => mask.add_unknown_body(),
            Content::Joined(bodies) => bodies.iter().for_each(|body| body.add_to(mask, content_type)),
            _ => {}
        }
    }
}

impl RequestWriter {
    /// Sets the body, which may be read while it is sent.
    pub fn upload(&mut self, content_type: &'static str, body: &Body) {
        self.set_upload(HeaderValue::from_static(content_type), body);
    }

    /// Sets the body, which may be read while it is sent, with a content type that the caller chooses.
    ///
    /// # Errors
    ///
    /// The content type has characters that are not allowed in headers.
    pub fn upload_as(&mut self, content_type: &str, body: &Body) -> Result<(), Error> {
        // The check is that of bytes, which the body replaces.
        self.bytes_as(content_type, Bytes::new())?;
        match body.bytes() {
            Some(bytes) => {
                self.bytes_as(content_type, bytes.clone())?;
                self.note_sensitive(body);
                Ok(())
            }
            None => {
                self.stream_body(Arc::new(body.clone()));
                Ok(())
            }
        }
    }

    pub(crate) fn set_upload(&mut self, content_type: HeaderValue, body: &Body) {
        self.set_body(content_type, body.bytes().cloned().unwrap_or_default());
        if body.bytes().is_none() {
            self.stream_body(Arc::new(body.clone()));
        }
        self.note_sensitive(body);
    }

    fn note_sensitive(&mut self, body: &Body) {
        if body.is_sensitive {
            self.set_body_sensitive();
        }
    }
}

/// Returns the error of a body that cannot be sent.
fn broken(message: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error::new(ErrorKind::RequestBody, message)
}

impl From<Bytes> for Body {
    fn from(bytes: Bytes) -> Self {
        Self::of(Content::Bytes(bytes))
    }
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Self {
        Bytes::from(bytes).into()
    }
}

impl From<&'static [u8]> for Body {
    fn from(bytes: &'static [u8]) -> Self {
        Bytes::from_static(bytes).into()
    }
}

impl From<String> for Body {
    fn from(text: String) -> Self {
        Bytes::from(text).into()
    }
}

impl From<&'static str> for Body {
    fn from(text: &'static str) -> Self {
        text.as_bytes().into()
    }
}

/// Shows the kind of body and its length, but neither its content nor a path.
impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, own) = match &self.content {
            Content::Bytes(bytes) => ("bytes", u64::try_from(bytes.len()).ok()),
            Content::Once(_) => ("stream", None),
            Content::Made(_) => ("function", None),
            #[cfg(feature = "fs")]
            Content::File(_) => ("file", None),
            Content::Joined(_) => ("parts", None),
        };
        let mut out = f.debug_struct("Body");
        out.field("kind", &kind)
            .field("length", &self.length.or(own))
            .field("is_sensitive", &self.is_sensitive)
            .finish()
    }
}
