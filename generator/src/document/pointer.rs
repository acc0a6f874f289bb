//! JSON pointers (RFC 6901), as locations in a document.

use std::borrow::Cow;
use std::fmt::{self, Write};

/// The usual length of a key, including the slash before it.
const USUAL_KEY: usize = 24;

/// A location in a document, such as `/paths/~1users/get`.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pointer(String);

impl Pointer {
    /// Returns the pointer to the whole document.
    #[must_use]
    pub fn root() -> Self {
        Self::default()
    }

    /// Creates a pointer from its string form.
    #[must_use]
    pub(crate) fn at(pointer: &str) -> Self {
        Self(pointer.to_owned())
    }

    /// Parses the target of a local reference, such as `#/components/schemas/User`. `None` if it is not local.
    #[must_use]
    pub fn from_reference(reference: &str) -> Option<Self> {
        let text = reference.strip_prefix('#')?;
        (text.is_empty() || text.starts_with('/')).then(|| Self(percent_decoded(text)))
    }

    /// Returns the pointer to a key or an index below this one.
    #[must_use]
    pub fn join(&self, key: impl fmt::Display) -> Self {
        let mut text = String::with_capacity(self.0.len() + USUAL_KEY);
        text.push_str(&self.0);
        text.push('/');
        // Writing to a string cannot fail.
        let _ = write!(Escaping(&mut text), "{key}");
        Self(text)
    }

    /// As [`Self::join`], for a key that is a string. Formatting takes longer than everything else.
    pub(super) fn join_key(&self, key: &str) -> Self {
        let mut text = String::with_capacity(self.0.len() + USUAL_KEY.max(1 + key.len()));
        text.push_str(&self.0);
        text.push('/');
        push_escaped(&mut text, key);
        Self(text)
    }

    /// Returns the pointer to a key below this one that is already escaped.
    pub(super) fn below(&self, key: &str) -> Self {
        Self(format!("{}/{key}", self.0))
    }

    /// Returns the pointer to the parent value. `None` at the root.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        self.0.rsplit_once('/').map(|(parent, _)| Self(parent.to_owned()))
    }

    /// Returns the last key, unescaped. `None` at the root.
    #[must_use]
    pub fn last(&self) -> Option<String> {
        let (_, key) = self.0.rsplit_once('/')?;
        Some(unescaped(key).into_owned())
    }

    /// Returns the keys and indices from the root, unescaped.
    pub(super) fn keys(&self) -> impl Iterator<Item = Cow<'_, str>> {
        self.0.split('/').skip(1).map(unescaped)
    }

    /// Whether the keys here are names or status codes, which may equal keywords, such as `default`.
    #[must_use]
    pub fn holds_names(&self) -> bool {
        // A name may itself be such a key, so every second one in a row is a name.
        self.0.rsplit('/').take_while(|key| super::holds_names(key)).count() % 2 == 1
    }

    /// Whether the keys here are property names.
    #[must_use]
    pub fn holds_properties(&self) -> bool {
        // A property may itself be named `properties`, so every second one in a row is a schema.
        self.0.rsplit('/').take_while(|key| *key == "properties").count() % 2 == 1
    }

    /// Whether this is `other` or a location below it.
    pub(super) fn starts_with(&self, other: &Self) -> bool {
        self.0.strip_prefix(&other.0).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// Returns the same location below another parent.
    pub(super) fn rebased(&self, from: &Self, to: &Self) -> Self {
        Self(format!("{}{}", to.0, self.0.get(from.0.len()..).unwrap_or_default()))
    }

    /// Returns the string form of the pointer.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Escapes keys as it writes them into a pointer.
struct Escaping<'a>(&'a mut String);

impl Write for Escaping<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        push_escaped(self.0, text);
        Ok(())
    }
}

fn unescaped(key: &str) -> Cow<'_, str> {
    if key.contains('~') { Cow::Owned(key.replace("~1", "/").replace("~0", "~")) } else { Cow::Borrowed(key) }
}

fn push_escaped(pointer: &mut String, key: &str) {
    let is_special = |byte: u8| matches!(byte, b'~' | b'/');
    let mut rest = key;
    while let Some((plain, after)) = rest.bytes().position(is_special).and_then(|place| rest.split_at_checked(place)) {
        pointer.push_str(plain);
        pointer.push_str(if after.starts_with('~') { "~0" } else { "~1" });
        rest = after.get(1..).unwrap_or_default();
    }
    pointer.push_str(rest);
}

/// Decodes a fragment. References are URI fragments, so their pointers may be percent-encoded (RFC 6901, section 6).
fn percent_decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn special_characters_of_keys_are_escaped() {
        for (key, expected) in [
            ("users", "/a/users"),
            ("", "/a/"),
            ("/users/{id}", "/a/~1users~1{id}"),
            ("m~n", "/a/m~0n"),
            ("~1/~", "/a/~01~1~0"),
            ("größe/", "/a/größe~1"),
        ] {
            let place = Pointer::at("/a").join(key);
            assert_eq!(place.as_str(), expected);
            assert_eq!((place.last().as_deref(), place.parent()), (Some(key), Some(Pointer::at("/a"))));
            assert_eq!(Pointer::at("/a").join_key(key), place);
        }
        assert_eq!(Pointer::root().join(7).as_str(), "/7");
    }
}
