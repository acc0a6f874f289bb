//! Responses, as bytes.

use std::fmt::Write as _;

use super::Act;

/// The response of the server.
#[derive(Clone, Debug)]
pub enum Response {
    /// A status with headers and a body.
    Answer {
        /// The status.
        status: u16,
        /// Headers other than the length.
        headers: Vec<(String, String)>,
        /// The body.
        body: Vec<u8>,
    },
    /// No answer: the connection is closed.
    HangUp,
    /// No answer, while the connection stays open.
    Silence,
}

impl Response {
    /// A status without a body.
    #[must_use]
    pub fn status(status: u16) -> Self {
        Self::Answer { status, headers: Vec::new(), body: Vec::new() }
    }

    /// A status with a JSON body.
    pub fn json(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self::status(status).header("content-type", "application/json").body(body)
    }

    /// A status with an HTML body.
    pub fn html(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self::status(status).header("content-type", "text/html; charset=utf-8").body(body)
    }

    /// Adds a header to an answer.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        if let Self::Answer { headers, .. } = &mut self {
            headers.push((name.to_owned(), value.to_owned()));
        }
        self
    }

    /// Replaces the body of an answer.
    #[must_use]
    pub fn body(mut self, text: impl Into<Vec<u8>>) -> Self {
        if let Self::Answer { body, .. } = &mut self {
            *body = text.into();
        }
        self
    }
}

impl From<Response> for Act {
    fn from(response: Response) -> Self {
        match response {
            Response::Answer { status, headers, body } => {
                let headers: Vec<_> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
                Self::Send(self::response(&format!("{status} Scripted"), &headers, &body))
            }
            Response::HangUp => Self::SendAndClose(Vec::new()),
            Response::Silence => Self::Hang(Vec::new()),
        }
    }
}

/// The content type of JSON.
pub const JSON: (&str, &str) = ("content-type", "application/json; charset=utf-8");

/// A JSON response. `status` includes the reason phrase.
#[must_use]
pub fn json(status: &str, body: &str) -> Vec<u8> {
    response(status, &[JSON], body.as_bytes())
}

/// A complete response.
#[must_use]
pub fn response(status: &str, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    response_with_length(status, headers, body, body.len())
}

/// A response with a wrong `content-length`.
#[must_use]
pub fn response_with_length(status: &str, headers: &[(&str, &str)], body: &[u8], length: usize) -> Vec<u8> {
    let mut text = format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\n");
    for (name, value) in headers {
        let _ = write!(text, "{name}: {value}\r\n");
    }
    text.push_str("\r\n");
    [text.as_bytes(), body].concat()
}
