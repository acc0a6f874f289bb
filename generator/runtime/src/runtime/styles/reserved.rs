//! Parameters of the query whose reserved characters are not encoded (OpenAPI 3.1.1, `allowReserved`).

use crate::runtime::error::Error;
use crate::runtime::request::RequestWriter;

/// The reserved characters that can be written into the value of a parameter of a query. A query cannot have `#`, `[` and
/// `]` (RFC 3986, section 3.4), and URL parsers encode `'` (WHATWG URL, "query state"). `&` would end the value, and `+`
/// would be read as a space.
const ALLOWED: &[u8] = b"!$()*,/:;=?@";

impl RequestWriter {
    /// Writes parameters of the query without encoding reserved characters in their values, except for `#`, `&`, `'`, `+`,
    /// `[` and `]`, and for commas if they separate values. A `%` followed by two hexadecimal digits is not encoded either
    /// (RFC 6570, section 3.2.3).
    ///
    /// # Errors
    ///
    /// As `write`.
    pub fn reserved(
        &mut self,
        has_separators: bool,
        write: impl FnOnce(&mut Self) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let start = self.url.len();
        write(self)?;
        let written = self.url.split_off(start);
        let is_allowed = |byte| ALLOWED.contains(&byte) && !(has_separators && byte == b',');
        let pairs: Vec<_> = written.split('&').map(|pair| with_reserved(pair, is_allowed)).collect();
        self.url.push_str(&pairs.join("&"));
        Ok(())
    }
}

/// Returns a pair of an encoded name and an encoded value, with the allowed reserved characters of the value decoded.
fn with_reserved(pair: &str, is_allowed: impl Fn(u8) -> bool) -> String {
    let Some((name, value)) = pair.split_once('=') else { return pair.to_owned() };
    let mut pair = format!("{name}=");
    let mut rest = value;
    while let Some((plain, encoded)) = rest.split_once('%') {
        pair.push_str(plain);
        let (digits, after) = encoded.split_at_checked(2).unwrap_or((encoded, ""));
        rest = after;
        match u8::from_str_radix(digits, 16) {
            Ok(byte) if is_allowed(byte) => pair.push(char::from(byte)),
            Ok(b'%') if starts_with_hex_digits(after) => pair.push('%'),
            _ => {
                pair.push('%');
                pair.push_str(digits);
            }
        }
    }
    pair.push_str(rest);
    pair
}

fn starts_with_hex_digits(text: &str) -> bool {
    text.get(..2).is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}
