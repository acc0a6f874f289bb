//! Writes arguments into a request: one buffer for the URL, one for the body. It sends nothing and adds no credential.

pub(crate) mod edit;
pub(crate) mod path;
pub(crate) mod server;
pub(crate) mod uuid;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use reqwest::header::{CONTENT_LENGTH, CONTENT_TYPE, COOKIE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, Request, Url};
use serde::Serialize;
use tokio::time::Instant;

use self::path::push_segment;
use self::server::ServerUrl;
use crate::runtime::encoding::percent::push_value;
use crate::runtime::error::Error;
use crate::runtime::error::kind::ErrorKind;
use crate::runtime::error::mask::Mask;
use crate::runtime::values::finite::Finite;
use crate::runtime::values::not_json;
use crate::runtime::values::param::{ListStyle, ParamValue};

/// Headers of the connection. With custom values, one request could look like two to a server.
const CONNECTION: [&str; 8] =
    ["host", "content-length", "transfer-encoding", "connection", "upgrade", "te", "trailer", "keep-alive"];

/// The longest URL that the HTTP library accepts, in bytes.
const LONGEST_URL: usize = 65_534;

/// The initial capacity for headers: user agent, types of response and body, credential, and two more.
const USUAL_HEADERS: usize = 6;

/// A request that is being written. The path must be written before the query.
pub struct RequestWriter {
    pub(crate) url: String,
    pub(crate) authority: usize,
    pub(crate) base: usize,
    pub(crate) in_query: bool,
    misplaced: bool,
    /// The first error of a method that does not return errors.
    refused: Option<Error>,
    headers: HeaderMap,
    cookies: String,
    body: Option<Bytes>,
    /// The body instead of `body`, if it is read while it is sent.
    streamed: Option<Arc<dyn StreamedBody>>,
    /// Whether the body in memory is sensitive as a whole.
    is_body_sensitive: bool,
}

/// A body that is read while it is sent.
pub(crate) trait StreamedBody: Send + Sync {
    /// Opens the body for one attempt.
    fn open(&self) -> Pin<Box<dyn Future<Output = Result<OpenBody, Error>> + Send + '_>>;

    /// Whether opening it returns all of it.
    fn is_whole(&self) -> bool;

    /// Adds to a mask what is known of the body.
    fn add_to(&self, mask: &mut Mask, content_type: Option<&HeaderValue>);
}

/// A body that was opened for one attempt.
pub(crate) struct OpenBody {
    pub(crate) body: reqwest::Body,
    pub(crate) length: Option<u64>,
    pub(crate) sent: Arc<dyn Sent>,
}

/// How far a streamed body is sent, and why it cannot be read.
pub(crate) trait Sent: Send + Sync {
    /// Returns when the connection last took a part of the body.
    fn last(&self) -> Option<Instant>;

    /// Returns why the body cannot be read, if that is so.
    fn take_failure(&self) -> Option<Error>;
}

impl RequestWriter {
    pub(crate) fn new(server: &ServerUrl) -> Self {
        let mut url = String::with_capacity(256);
        url.push_str(server.as_str());
        Self {
            url,
            authority: server.authority_len(),
            base: server.as_str().len(),
            in_query: false,
            misplaced: false,
            refused: None,
            headers: HeaderMap::with_capacity(USUAL_HEADERS),
            cookies: String::new(),
            body: None,
            streamed: None,
            is_body_sensitive: false,
        }
    }

    /// Appends a part of the path as it is in the API description.
    pub fn path(&mut self, literal: &'static str) {
        self.path_mut().push_str(literal);
    }

    /// Appends a value to the path as one segment, percent-encoded.
    ///
    /// # Errors
    ///
    /// The value is empty, `.` or `..`, has control characters, or is a number that is NaN or infinite.
    pub fn path_value(&mut self, name: &'static str, value: &(impl ParamValue + ?Sized)) -> Result<(), Error> {
        check(name, value)?;
        push_segment(self.path_mut(), name, &value.to_param())
    }

    /// Adds a parameter to the query. A number that is NaN or infinite is reported when the request is complete.
    pub fn query(&mut self, name: &'static str, value: &(impl ParamValue + ?Sized)) {
        self.check_later(name, value);
        self.query_name(name);
        push_value(&mut self.url, &value.to_param());
    }

    /// Adds a list to the query, or nothing if it is empty. A number that is NaN or infinite is reported when the
    /// request is complete.
    pub fn query_list<T: ParamValue>(&mut self, name: &'static str, values: &[T], style: ListStyle) {
        for (index, value) in values.iter().enumerate() {
            self.check_later(name, value);
            match style.separator() {
                Some(separator) if index > 0 => self.url.push_str(separator),
                _ => self.query_name(name),
            }
            push_value(&mut self.url, &value.to_param());
        }
    }

    /// Sets a header.
    ///
    /// # Errors
    ///
    /// The value has control characters or is a number that is NaN or infinite, or the header belongs to the
    /// connection.
    pub fn header(&mut self, name: &'static str, value: &(impl ParamValue + ?Sized)) -> Result<(), Error> {
        check(name, value)?;
        let (name, value) = user_header(name, &*value.to_param())?;
        self.headers.insert(name, value);
        Ok(())
    }

    /// Sets a header to a list separated by commas, or nothing if it is empty.
    ///
    /// # Errors
    ///
    /// As [`header`](Self::header).
    pub fn header_list<T: ParamValue>(&mut self, name: &'static str, values: &[T]) -> Result<(), Error> {
        if values.is_empty() {
            return Ok(());
        }
        values.iter().try_for_each(|value| check(name, value))?;
        let strings: Vec<_> = values.iter().map(ParamValue::to_param).collect();
        self.header(name, &strings.join(","))
    }

    /// Adds a cookie. The value is percent-encoded.
    ///
    /// # Errors
    ///
    /// The name has characters that are not allowed in cookie names, or the value is a number that is NaN or infinite.
    pub fn cookie(&mut self, name: &'static str, value: &(impl ParamValue + ?Sized)) -> Result<(), Error> {
        check_cookie_name(name)?;
        check(name, value)?;
        self.push_cookie(name, &value.to_param());
        Ok(())
    }

    /// Sets the body to JSON of a custom media type.
    ///
    /// # Errors
    ///
    /// As [`json`](Self::json).
    pub fn json_as(&mut self, content_type: &'static str, body: &impl Serialize) -> Result<(), Error> {
        self.json(body)?;
        self.headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        Ok(())
    }

    /// Sets the body.
    pub fn bytes(&mut self, content_type: &'static str, body: Bytes) {
        self.set_body(HeaderValue::from_static(content_type), body);
    }

    /// Sets the body, with a content type that the caller chooses.
    ///
    /// # Errors
    ///
    /// The content type has characters that are not allowed in headers.
    pub fn bytes_as(&mut self, content_type: &str, body: Bytes) -> Result<(), Error> {
        let content_type = HeaderValue::from_str(content_type)
            .map_err(|_| Error::invalid_argument("content_type", "has characters that are not allowed in headers"))?;
        self.set_body(content_type, body);
        Ok(())
    }

    /// Sets the body to JSON.
    ///
    /// # Errors
    ///
    /// The body cannot be JSON: it has a map whose keys are not strings, or a number that is NaN or infinite.
    pub fn json(&mut self, body: &impl Serialize) -> Result<(), Error> {
        let mut buffer = Vec::with_capacity(256);
        serde_json::to_writer(&mut buffer, &Finite(body)).map_err(|error| not_json("body", error))?;
        self.set_body(HeaderValue::from_static("application/json"), buffer.into());
        Ok(())
    }
}

/// Methods with which the rest of the runtime completes a request.
impl RequestWriter {
    /// Returns a copy of a request whose arguments were checked.
    pub(crate) fn copied(&self) -> Self {
        Self {
            url: self.url.clone(),
            headers: self.headers.clone(),
            cookies: self.cookies.clone(),
            body: self.body.clone(),
            streamed: self.streamed.clone(),
            refused: None,
            ..*self
        }
    }

    /// Returns the first error of the methods that do not return errors.
    pub(crate) fn check_arguments(&mut self) -> Result<(), Error> {
        self.refused.take().map_or(Ok(()), Err)
    }

    fn check_later(&mut self, name: &'static str, value: &(impl ParamValue + ?Sized)) {
        if let Err(error) = check(name, value) {
            self.refused.get_or_insert(error);
        }
    }

    pub(crate) fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    pub(crate) fn headers_mut(&mut self) -> &mut HeaderMap {
        &mut self.headers
    }

    pub(crate) fn set_body(&mut self, content_type: HeaderValue, body: Bytes) {
        self.headers.insert(CONTENT_TYPE, content_type);
        self.body = Some(body);
        self.streamed = None;
        self.is_body_sensitive = false;
    }

    /// Notes that the body in memory is sensitive as a whole.
    pub(crate) fn set_body_sensitive(&mut self) {
        self.is_body_sensitive = true;
    }

    /// Replaces the body by one that is read while it is sent.
    pub(crate) fn stream_body(&mut self, body: Arc<dyn StreamedBody>) {
        self.body = None;
        self.streamed = Some(body);
    }

    pub(crate) fn streamed(&self) -> Option<Arc<dyn StreamedBody>> {
        self.streamed.clone()
    }

    /// Sets the length of an empty body. The HTTP library sends the others.
    pub(crate) fn set_streamed_length(&mut self, length: Option<u64>) {
        if length == Some(0) {
            self.headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
    }

    pub(crate) fn body(&self) -> Option<&Bytes> {
        self.body.as_ref()
    }

    /// Returns the query as it is sent.
    pub(crate) fn query_text(&self) -> Option<&str> {
        self.url.split_once('?').map(|(_, query)| query)
    }

    /// Returns the buffer that the path is appended to.
    pub(crate) fn path_mut(&mut self) -> &mut String {
        self.misplaced |= self.in_query;
        &mut self.url
    }

    pub(crate) fn push_query(&mut self, name: &str, value: &str) {
        self.query_name(name);
        push_value(&mut self.url, value);
    }

    pub(crate) fn push_cookie(&mut self, name: &str, value: &str) {
        self.push_cookie_text(name);
        self.cookies.push('=');
        push_value(&mut self.cookies, value);
    }

    /// Adds a cookie that is encoded already, or only its start.
    pub(crate) fn push_cookie_text(&mut self, text: &str) {
        if !self.cookies.is_empty() {
            self.cookies.push_str("; ");
        }
        self.cookies.push_str(text);
    }

    /// Adds to a mask what arguments and options have written into the request. Values of the path are not secret: they
    /// identify resources.
    pub(crate) fn add_to(&self, mask: &mut Mask) {
        for (name, value) in self.headers.iter().filter(|(_, value)| value.is_sensitive()) {
            mask.add_header(name, value);
        }
        mask.add_pairs(self.query_text().unwrap_or_default());
        mask.add_pairs(&self.cookies);
        if let Some(body) = &self.body {
            let content_type = self.headers.get(CONTENT_TYPE);
            if self.is_body_sensitive {
                mask.add_sensitive_body(body, content_type);
            } else {
                mask.add_body(body, content_type);
            }
        }
        if let Some(body) = &self.streamed {
            body.add_to(mask, self.headers.get(CONTENT_TYPE));
        }
    }

    /// Appends a path that is already encoded. It must be one that URL parsers do not change.
    pub(crate) fn raw_path(&mut self, path: &str) -> Result<(), Error> {
        let refused = |reason| Err(Error::invalid_argument("path", reason));
        if !path.starts_with('/') {
            return refused("must start with `/`");
        }
        if path.contains(['?', '#', '\\']) {
            return refused("must not contain `?`, `#` or `\\`; add parameters with `extra_query`");
        }
        if path.split('/').any(|segment| matches!(segment, "." | "..")) {
            return refused("must not have the segments `.` or `..`, which would lead to another path");
        }
        let is_literal = |byte: u8| {
            byte.is_ascii_graphic() && !matches!(byte, b'"' | b'<' | b'>' | b'^' | b'`' | b'{' | b'|' | b'}')
        };
        if !path.bytes().all(is_literal) {
            return refused("must be percent-encoded");
        }
        self.path_mut().push_str(path);
        Ok(())
    }

    /// Adds a parameter to the query, unless there is one of this name.
    pub(crate) fn push_default_query(&mut self, defaults: &[(String, String)]) {
        let missing: Vec<_> = defaults.iter().filter(|(name, _)| !self.has_query(name)).collect();
        for (name, value) in missing {
            self.push_query(name, value);
        }
    }

    /// Removes headers that a hook must not set.
    pub(crate) fn drop_connection_headers(&mut self) {
        for name in CONNECTION {
            self.headers.remove(name);
        }
    }

    /// Writes the cookies as a header, and completes a URL without a path.
    fn settle(&mut self) -> Result<(), Error> {
        if !self.cookies.is_empty() {
            let mut value = HeaderValue::from_str(&self.cookies).map_err(|_| {
                Error::invalid_argument("cookie", "the name of a cookie has characters that are not allowed in headers")
            })?;
            value.set_sensitive(true);
            self.headers.insert(COOKIE, value);
        }
        if self.url.len() == self.authority {
            self.url.push('/');
        }
        Ok(())
    }

    /// Returns the URL, if parsing does not change what was written. `server` must be the one that the request was
    /// created with.
    pub(crate) fn settled_url(&mut self, server: &ServerUrl) -> Result<Url, Error> {
        self.settle()?;
        if self.url.len() > LONGEST_URL {
            let message = format!("the URL is {} bytes long; the limit is {LONGEST_URL}", self.url.len());
            return Err(Error::new(ErrorKind::InvalidArgument, message));
        }
        // Without a slash or question mark first, the path would extend the host or the port of the server.
        let rest = self.url.get(self.base..);
        let is_separate = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']));
        server.join(&self.url).filter(|_| is_separate && !self.misplaced).ok_or_else(|| {
            let message = "the path of the operation is invalid: a URL parser would change it";
            Error::new(ErrorKind::InvalidArgument, message)
        })
    }

    /// Returns the complete request.
    pub(crate) fn finish(mut self, method: Method, server: &ServerUrl) -> Result<Request, Error> {
        let mut request = Request::new(method, self.settled_url(server)?);
        if self.body.as_ref().is_none_or(Bytes::is_empty)
            && self.streamed.is_none()
            && matches!(*request.method(), Method::POST | Method::PUT | Method::PATCH)
        {
            // Some servers respond with 411 without it (RFC 9110, section 8.6).
            self.headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
        *request.headers_mut() = self.headers;
        *request.body_mut() = self.body.map(Into::into);
        Ok(request)
    }

    fn query_name(&mut self, name: &str) {
        if self.url.len() == self.authority {
            self.url.push('/');
        }
        self.url.push(if self.in_query { '&' } else { '?' });
        self.in_query = true;
        push_value(&mut self.url, name);
        self.url.push('=');
    }
}

/// Rejects a value that cannot be written as a string.
fn check(name: &str, value: &(impl ParamValue + ?Sized)) -> Result<(), Error> {
    value.refusal().map_or(Ok(()), |reason| Err(Error::invalid_argument(name, reason)))
}

pub(crate) fn check_cookie_name(name: &str) -> Result<(), Error> {
    let is_valid = name.bytes().all(|byte| byte.is_ascii_graphic() && !b"()<>@,;:\\\"/[]?={}".contains(&byte));
    if is_valid { Ok(()) } else { Err(Error::invalid_argument(name, "not a valid cookie name")) }
}

/// Parses a header of the user. Its value is marked as sensitive, as it may be secret.
pub(crate) fn user_header<V>(name: &str, value: V) -> Result<(HeaderName, HeaderValue), Error>
where
    V: TryInto<HeaderValue>,
{
    parse_header(name, value).map_err(|reason| Error::invalid_argument("header", reason))
}

/// Parses a header like [`user_header`], with the reason as the error.
pub(crate) fn parse_header<V>(name: &str, value: V) -> Result<(HeaderName, HeaderValue), String>
where
    V: TryInto<HeaderValue>,
{
    let header = HeaderName::from_bytes(name.as_bytes()).map_err(|_| format!("{name:?} is not a valid header name"))?;
    if is_of_connection(&header) {
        return Err(format!("{name:?} is a header of the connection, which only the client may set"));
    }
    let mut value = value
        .try_into()
        .map_err(|_| format!("the value of {name:?} contains characters that are not allowed in headers"))?;
    value.set_sensitive(true);
    Ok((header, value))
}

/// Returns whether a header belongs to the connection.
pub(crate) fn is_of_connection(name: &HeaderName) -> bool {
    CONNECTION.contains(&name.as_str())
}

impl std::fmt::Debug for RequestWriter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let path = self.url.split('?').next().unwrap_or_default();
        let mut out = f.debug_struct("RequestWriter");
        out.field("url", &path).field("headers", &self.headers.len());
        out.field("body_bytes", &self.body.as_ref().map(Bytes::len)).finish_non_exhaustive()
    }
}
