//! Reading and writing of unions whose member is named by a property of the object.

use serde::de::{self, DeserializeOwned};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;

/// What names the member.
///
/// # Errors
/// If the property is missing or is not a text.
pub fn tag_of<'a, E: de::Error>(value: &'a Value, property: &str) -> Result<&'a str, E> {
    match value.get(property) {
        Some(Value::String(tag)) => Ok(tag),
        Some(_) => Err(E::custom(format_args!("`{property}` is not a string"))),
        None => Err(E::custom(format_args!("missing `{property}`, which tells the variants apart"))),
    }
}

/// One member, decoded from the whole object.
///
/// # Errors
/// If the object is not that member. The message begins with the path of the field that failed, which the reading of a
/// reply puts behind the path of the union itself.
pub fn variant<T: DeserializeOwned, E: de::Error>(value: Value) -> Result<T, E> {
    serde_path_to_error::deserialize(value).map_err(|error| match error.path().to_string() {
        path if path == "." => E::custom(error.inner()),
        path => E::custom(format_args!("{PATH_OPEN}{path}{PATH_CLOSE}{}", error.inner())),
    })
}

/// Like [`variant`], for a member that does not carry the property that names it.
///
/// # Errors
/// If the rest of the object is not that member.
pub fn variant_without_tag<T: DeserializeOwned, E: de::Error>(mut value: Value, property: &str) -> Result<T, E> {
    if let Some(object) = value.as_object_mut() {
        object.remove(property);
    }
    variant(value)
}

/// The error for a tag that a closed union does not know.
#[must_use]
pub fn unknown_tag<E: de::Error>(property: &str) -> E {
    E::custom(format_args!("`{property}` names none of the variants"))
}

/// The tag of a value that was kept as it is; empty if it has none.
#[must_use]
pub fn tag_text<'a>(value: &'a Value, property: &str) -> &'a str {
    value.get(property).and_then(Value::as_str).unwrap_or_default()
}

const PATH_OPEN: &str = "at `";
const PATH_CLOSE: &str = "`: ";

/// Takes the paths that [`variant`] put before a message off it, and joins them with the path that led there.
pub(super) fn join_path(outer: String, message: &str) -> (String, &str) {
    let (mut path, mut rest) = (outer, message);
    while let Some((inner, message)) = rest.strip_prefix(PATH_OPEN).and_then(|rest| rest.split_once(PATH_CLOSE)) {
        path = match (path.as_str(), inner) {
            (".", _) => inner.to_owned(),
            _ if inner.starts_with('[') => format!("{path}{inner}"),
            _ => format!("{path}.{inner}"),
        };
        rest = message;
    }
    (path, rest)
}

/// Writes the property that names the member, then the member's own fields.
///
/// # Errors
/// If the member is not an object.
pub fn serialize_tagged<S: Serializer, M: Serialize + ?Sized>(
    serializer: S,
    property: &'static str,
    tag: &'static str,
    member: &M,
) -> Result<S::Ok, S::Error> {
    Tagged { tag: Tag { property, tag }, member }.serialize(serializer)
}

#[derive(serde::Serialize)]
struct Tagged<'a, M: Serialize + ?Sized> {
    #[serde(flatten)]
    tag: Tag,
    #[serde(flatten)]
    member: &'a M,
}

struct Tag {
    property: &'static str,
    tag: &'static str,
}

impl Serialize for Tag {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry(self.property, self.tag)?;
        map.end()
    }
}
