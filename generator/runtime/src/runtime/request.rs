//! Where arguments become a request: one buffer for the URL, one for the body. It sends nothing and adds no credential.

pub(crate) mod edit;
pub(crate) mod finite;
pub(crate) mod json_object;
pub(crate) mod param;
pub(crate) mod path;
pub(crate) mod server;
pub(crate) mod uuid;

use bytes::Bytes;
use reqwest::header::{CONTENT_LENGTH, CONTENT_TYPE, COOKIE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, Request, Url};
use serde::Serialize;

use self::finite::{Finite, NOT_FINITE};
use self::param::{ListStyle, ParamValue};
use self::path::push_segment;
use self::server::ServerUrl;
use crate::runtime::encoding::percent::push_value;
use crate::runtime::error::Error;
use crate::runtime::error::kind::ErrorKind;
use crate::runtime::error::mask::Mask;

/// Headers that belong to the connection. Set by hand they could make one request look like two.
const CONNECTION: [&str; 8] =
    ["host", "content-length", "transfer-encoding", "connection", "upgrade", "te", "trailer", "keep-alive"];

/// The longest URL that the HTTP library takes, in bytes.
const LONGEST_URL: usize = 65_534;

/// How many headers a request has room for from the start: user agent, types of reply and body, credential, and two more.
const USUAL_HEADERS: usize = 6;

/// A request in the making. The path is written before the query.
pub struct RequestWriter {
    pub(crate) url: String,
    pub(crate) authority: usize,
    pub(crate) base: usize,
    pub(crate) in_query: bool,
    misplaced: bool,
    /// The first argument that was refused where no error could be returned.
    refused: Option<Error>,
    headers: HeaderMap,
    cookies: String,
    body: Option<Bytes>,
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
        }
    }

    /// A part of the path that stands in the API's description, as it is.
    pub fn path(&mut self, literal: &'static str) {
        self.path_mut().push_str(literal);
    }

    /// Writes a value as one segment of the path.
    ///
    /// # Errors
    /// If the value is empty, `.` or `..`, has control characters, or is a number that is NaN or infinite.
    pub fn path_value(&mut self, name: &'static str, value: &(impl ParamValue + ?Sized)) -> Result<(), Error> {
        check(name, value)?;
        push_segment(self.path_mut(), name, &value.to_param())
    }

    /// Writes a value of the query. A number that is NaN or infinite is an error of the call.
    pub fn query(&mut self, name: &'static str, value: &(impl ParamValue + ?Sized)) {
        self.check_later(name, value);
        self.query_name(name);
        push_value(&mut self.url, &value.to_param());
    }

    /// Writes a list in the query; nothing at all if it is empty. A number that is NaN or infinite is an error of the call.
    pub fn query_list<T: ParamValue>(&mut self, name: &'static str, values: &[T], style: ListStyle) {
        for (place, value) in values.iter().enumerate() {
            self.check_later(name, value);
            match style.separator() {
                Some(separator) if place > 0 => self.url.push_str(separator),
                _ => self.query_name(name),
            }
            push_value(&mut self.url, &value.to_param());
        }
    }

    /// Writes a header.
    ///
    /// # Errors
    /// If the value has control characters or is a number that is NaN or infinite, or the header belongs to the connection.
    pub fn header(&mut self, name: &'static str, value: &(impl ParamValue + ?Sized)) -> Result<(), Error> {
        check(name, value)?;
        let (name, value) = user_header(name, &value.to_param())?;
        self.headers.insert(name, value);
        Ok(())
    }

    /// A list in a header, separated by commas; nothing at all if it is empty.
    ///
    /// # Errors
    /// As [`header`](Self::header).
    pub fn header_list<T: ParamValue>(&mut self, name: &'static str, values: &[T]) -> Result<(), Error> {
        if values.is_empty() {
            return Ok(());
        }
        values.iter().try_for_each(|value| check(name, value))?;
        let texts: Vec<_> = values.iter().map(ParamValue::to_param).collect();
        self.header(name, &texts.join(","))
    }

    /// Writes a cookie; the value is percent-encoded.
    ///
    /// # Errors
    /// If the name has characters that no cookie's name takes, or the value is a number that is NaN or infinite.
    pub fn cookie(&mut self, name: &'static str, value: &(impl ParamValue + ?Sized)) -> Result<(), Error> {
        check_cookie_name(name)?;
        check(name, value)?;
        self.push_cookie(name, &value.to_param());
        Ok(())
    }

    /// The body, as JSON of a media type of its own.
    ///
    /// # Errors
    /// As [`json`](Self::json).
    pub fn json_as(&mut self, content_type: &'static str, body: &impl Serialize) -> Result<(), Error> {
        self.json(body)?;
        self.headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        Ok(())
    }

    /// The body, as it is.
    pub fn bytes(&mut self, content_type: &'static str, body: Bytes) {
        self.set_body(HeaderValue::from_static(content_type), body);
    }

    /// Writes the body as JSON.
    ///
    /// # Errors
    /// If the body cannot be JSON: a map whose keys are not strings, or a number that is NaN or infinite.
    pub fn json(&mut self, body: &impl Serialize) -> Result<(), Error> {
        let mut buffer = Vec::with_capacity(256);
        serde_json::to_writer(&mut buffer, &Finite(body)).map_err(|error| not_json("body", error))?;
        self.set_body(HeaderValue::from_static("application/json"), buffer.into());
        Ok(())
    }
}

/// How the rest of the runtime completes a request.
impl RequestWriter {
    /// Returns a copy of a request whose arguments were checked.
    pub(crate) fn copied(&self) -> Self {
        Self {
            url: self.url.clone(),
            headers: self.headers.clone(),
            cookies: self.cookies.clone(),
            body: self.body.clone(),
            refused: None,
            ..*self
        }
    }

    /// Returns the error of an argument that was refused while it was written.
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
    }

    pub(crate) fn body(&self) -> Option<&Bytes> {
        self.body.as_ref()
    }

    /// The query as it will be sent.
    pub(crate) fn query_text(&self) -> Option<&str> {
        self.url.split_once('?').map(|(_, query)| query)
    }
    /// The path, for more of it.
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

    /// A cookie that is encoded already, or the begin of one.
    pub(crate) fn push_cookie_text(&mut self, text: &str) {
        if !self.cookies.is_empty() {
            self.cookies.push_str("; ");
        }
        self.cookies.push_str(text);
    }

    /// Adds to a mask what arguments and options have put into the request. Values of the path are not secret: they name
    /// resources.
    pub(crate) fn add_to(&self, mask: &mut Mask) {
        for (name, value) in self.headers.iter().filter(|(_, value)| value.is_sensitive()) {
            mask.add_header(name, value);
        }
        mask.add_pairs(self.query_text().unwrap_or_default());
        mask.add_pairs(&self.cookies);
        if let Some(body) = &self.body {
            mask.add_body(body, self.headers.get(CONTENT_TYPE));
        }
    }

    /// Appends a path that is written already. It must be one that URL parsers do not change.
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
    pub(crate) fn push_default_query(&mut self, name: &str, value: &str) {
        if !self.has_query(name) {
            self.push_query(name, value);
        }
    }

    /// Removes what a hook must not set.
    pub(crate) fn drop_connection_headers(&mut self) {
        for name in CONNECTION {
            self.headers.remove(name);
        }
    }

    /// Cookies become a header.
    fn settle(&mut self) -> Result<(), Error> {
        if !self.cookies.is_empty() {
            let mut value = HeaderValue::from_str(&self.cookies).map_err(|_| {
                Error::invalid_argument("cookie", "a cookie's name has characters that no header takes")
            })?;
            value.set_sensitive(true);
            self.headers.insert(COOKIE, value);
        }
        if self.url.len() == self.authority {
            self.url.push('/');
        }
        Ok(())
    }

    /// The URL, if it is still what was written once it is parsed. The server is the one the request was begun for.
    pub(crate) fn settled_url(&mut self, server: &ServerUrl) -> Result<Url, Error> {
        self.settle()?;
        if self.url.len() > LONGEST_URL {
            let message = format!("the URL is {} bytes long; the limit is {LONGEST_URL}", self.url.len());
            return Err(Error::new(ErrorKind::InvalidArgument, message));
        }
        // What does not begin a segment of its own would prolong the server's name or port.
        let rest = self.url.get(self.base..);
        let apart = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']));
        server.join(&self.url).filter(|_| apart && !self.misplaced).ok_or_else(|| {
            let message = "the operation's path would lead elsewhere once it is parsed";
            Error::new(ErrorKind::InvalidArgument, message)
        })
    }

    /// The request.
    pub(crate) fn finish(mut self, method: Method, server: &ServerUrl) -> Result<Request, Error> {
        let mut request = Request::new(method, self.settled_url(server)?);
        if self.body.is_none() && matches!(*request.method(), Method::POST | Method::PUT | Method::PATCH) {
            // Some servers answer 411 without it (RFC 9110, section 8.6).
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

/// Refuses a value that no text stands for.
fn check(name: &str, value: &(impl ParamValue + ?Sized)) -> Result<(), Error> {
    value.refusal().map_or(Ok(()), |reason| Err(Error::invalid_argument(name, reason)))
}

/// The error for an argument that cannot be written as JSON.
pub(crate) fn not_json(name: &str, error: serde_json::Error) -> Error {
    // Any other message may repeat the argument, so it stays in the source.
    let is_known = error.to_string() == NOT_FINITE;
    let reason = if is_known { NOT_FINITE } else { "it cannot be written as JSON" };
    Error::invalid_argument(name, reason).with_source(error)
}

pub(crate) fn check_cookie_name(name: &str) -> Result<(), Error> {
    let is_sound = name.bytes().all(|byte| byte.is_ascii_graphic() && !b"()<>@,;:\\\"/[]?={}".contains(&byte));
    if is_sound { Ok(()) } else { Err(Error::invalid_argument(name, "not a cookie's name")) }
}

/// A header from outside. Its value is marked sensitive: nobody knows what a user puts into it.
pub(crate) fn user_header(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), Error> {
    parse_header(name, value).map_err(|reason| Error::invalid_argument("header", reason))
}

/// As [`user_header`], with the reason as the error.
pub(crate) fn parse_header(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), String> {
    let header = HeaderName::from_bytes(name.as_bytes()).map_err(|_| format!("{name:?} is not a header name"))?;
    if is_of_connection(&header) {
        return Err(format!("{name:?} is a header of the connection, which the client sets itself"));
    }
    let mut value = HeaderValue::from_str(value)
        .map_err(|_| format!("the value of {name:?} has characters that are not allowed in headers"))?;
    value.set_sensitive(true);
    Ok((header, value))
}

/// Whether a header belongs to the connection.
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
