//! Parses multipart bodies (RFC 7578). The test kit of clients and the mock server for documents use the same parser.

/// A part of a multipart body.
#[derive(Debug)]
pub struct ParsedPart<'a> {
    /// The name of the part.
    pub name: String,
    /// The name of the file, if the part is one.
    pub file_name: Option<String>,
    /// The names and values of all headers.
    pub headers: Vec<(&'a str, &'a str)>,
    /// The content.
    pub content: &'a [u8],
}

impl<'a> ParsedPart<'a> {
    /// Returns the parts of a body with this content type, in the order in which they were sent. `None` if it is not a
    /// well-formed multipart body.
    #[must_use]
    pub fn all(content_type: &str, body: &'a [u8]) -> Option<Vec<Self>> {
        let boundary = parameter(content_type, "boundary")?;
        let delimiter = format!("--{boundary}");
        let mut rest = body.strip_prefix(delimiter.as_bytes())?;
        let delimiter = format!("\r\n{delimiter}");
        let mut parts = Vec::new();
        // What follows the last delimiter is ignored (RFC 2046, section 5.1.1).
        while !rest.starts_with(b"--") {
            let (part, after) = split(rest.strip_prefix(b"\r\n")?, delimiter.as_bytes())?;
            parts.push(Self::parse(part)?);
            rest = after;
        }
        Some(parts)
    }

    fn parse(part: &'a [u8]) -> Option<Self> {
        let (head, content) = split(part, b"\r\n\r\n")?;
        let lines = std::str::from_utf8(head).ok()?.split("\r\n").map(|line| line.split_once(':'));
        let headers: Vec<_> =
            lines.map(|line| line.map(|(name, value)| (name, value.trim()))).collect::<Option<_>>()?;
        let part = Self { name: String::new(), file_name: None, headers, content };
        let disposition = part.header("content-disposition")?;
        let (name, file_name) = (parameter(disposition, "name")?, parameter(disposition, "filename"));
        Some(Self { name, file_name, ..part })
    }

    /// Returns the value of a header.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&'a str> {
        self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| *value)
    }
}

/// Returns a parameter of the value of a header, without quotes. Names in forms contain no quotes: they are percent-encoded.
fn parameter(value: &str, name: &str) -> Option<String> {
    let (_, mut rest) = value.split_once(';')?;
    loop {
        let (key, after) = rest.split_once('=')?;
        let (found, left) = match after.strip_prefix('"') {
            Some(quoted) => {
                let (found, left) = quoted.split_once('"')?;
                (found, left.split_once(';').map_or("", |(_, left)| left))
            }
            None => after.split_once(';').unwrap_or((after, "")),
        };
        if key.trim().eq_ignore_ascii_case(name) {
            return Some(found.replace("%22", "\"").replace("%0D", "\r").replace("%0A", "\n"));
        }
        rest = left;
    }
}

/// Returns what precedes and what follows the first separator.
fn split<'a>(bytes: &'a [u8], separator: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let start = bytes.windows(separator.len()).position(|window| window == separator)?;
    Some((bytes.get(..start)?, bytes.get(start + separator.len()..)?))
}
