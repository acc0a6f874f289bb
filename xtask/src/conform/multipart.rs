//! Splits a multipart body into its parts.

/// A part of a multipart body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) name: String,
    pub(crate) file_name: Option<String>,
    pub(crate) media_type: Option<String>,
    pub(crate) content: Vec<u8>,
}

/// The parts of a body with this content type. `None` if it is not multipart.
pub(crate) fn parts(content_type: &str, body: &[u8]) -> Option<Vec<Part>> {
    let boundary = parameter(content_type, "boundary")?;
    let delimiter = format!("--{boundary}");
    let pieces = split(body, delimiter.as_bytes());
    // The first piece precedes the first part, and the last one follows the last part.
    let inner = pieces.get(1..pieces.len().saturating_sub(1))?;
    inner.iter().map(|piece| part(piece)).collect()
}

fn part(piece: &[u8]) -> Option<Part> {
    let piece = piece.strip_prefix(b"\r\n")?.strip_suffix(b"\r\n")?;
    let mut halves = split(piece, b"\r\n\r\n").into_iter();
    let head = String::from_utf8_lossy(halves.next()?).into_owned();
    let content = halves.collect::<Vec<_>>().join(b"\r\n\r\n".as_slice());
    let header = |name: &str| {
        let lines = head.split("\r\n").filter_map(|line| line.split_once(':'));
        lines.into_iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim().to_owned())
    };
    let disposition = header("content-disposition")?;
    Some(Part {
        name: parameter(&disposition, "name")?,
        file_name: parameter(&disposition, "filename"),
        media_type: header("content-type"),
        content,
    })
}

/// A parameter of a header's value, without quotes.
fn parameter(value: &str, name: &str) -> Option<String> {
    let parameters = value.split(';').filter_map(|parameter| parameter.trim().split_once('='));
    parameters.into_iter().find(|(key, _)| *key == name).map(|(_, value)| value.trim_matches('"').to_owned())
}

fn split<'a>(bytes: &'a [u8], separator: &[u8]) -> Vec<&'a [u8]> {
    let mut pieces = Vec::new();
    let mut rest = bytes;
    while let Some(start) = rest.windows(separator.len()).position(|window| window == separator) {
        let Some((piece, after)) = rest.split_at_checked(start) else { break };
        pieces.push(piece);
        rest = after.get(separator.len()..).unwrap_or_default();
    }
    pieces.push(rest);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_have_names_types_and_contents() {
        let body = b"--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n\r\n2\r\n--x\r\nContent-Disposition: form-data; \
                     name=\"b\"; filename=\"c.png\"\r\nContent-Type: image/png\r\n\r\n\xff\r\n--x--\r\n";
        let text = Part { name: "a".to_owned(), file_name: None, media_type: None, content: b"1\r\n\r\n2".to_vec() };
        let file = Part {
            name: "b".to_owned(),
            file_name: Some("c.png".to_owned()),
            media_type: Some("image/png".to_owned()),
            content: b"\xff".to_vec(),
        };
        assert_eq!(parts("multipart/form-data; boundary=x", body), Some(vec![text, file]));
        assert_eq!(parts("text/plain", body), None);
    }
}
