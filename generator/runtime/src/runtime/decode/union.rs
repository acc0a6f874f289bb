//! Reading and writing of unions whose member is named by a property of the object.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{self, DeserializeOwned, DeserializeSeed, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Map, Value};

use super::json_path;

/// A union whose member is named by a property of the object.
pub trait Union: Sized {
    /// The property.
    const PROPERTY: &'static str;

    /// Reads the member that the property names.
    ///
    /// # Errors
    ///
    /// The object is not a valid value of that member, or no member has that name.
    fn read<'de, A: MapAccess<'de>>(tag: &str, object: Object<'_, A>) -> Result<Self, A::Error>;
}

/// Reads a union. If the property that names the member comes first, the member is read without a copy of the object.
///
/// # Errors
///
/// The value is not an object, the property is missing or not a string, or the object is not a valid value of the member.
pub fn deserialize<'de, T: Union, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_map(Reader(PhantomData))
}

/// An object that has been read as far as the property that names the member.
pub struct Object<'a, A> {
    property: &'static str,
    tag: &'a str,
    before: Map<String, Value>,
    rest: A,
}

impl<'de, A: MapAccess<'de>> Object<'_, A> {
    /// Reads the object as a member that has the property as a field.
    ///
    /// # Errors
    ///
    /// The object is not a valid value of that member. The message starts with the path of the invalid field, which
    /// `join_path` appends to the path of the union.
    pub fn member<T: DeserializeOwned>(self) -> Result<T, A::Error> {
        variant(self.value()?)
    }

    /// Reads the object as a member that does not have the property as a field.
    ///
    /// # Errors
    ///
    /// As [`member`](Self::member). If the property comes first, the message has no path, because the deserializer of the
    /// whole response tracks it.
    pub fn member_without_tag<T: DeserializeOwned>(self) -> Result<T, A::Error> {
        if self.before.is_empty() {
            return T::deserialize(MapAccessDeserializer::new(self.rest));
        }
        variant(complete(self.before, self.rest)?)
    }

    /// Returns the whole object as JSON.
    ///
    /// # Errors
    ///
    /// The rest of the object cannot be read.
    pub fn value(mut self) -> Result<Value, A::Error> {
        self.before.insert(self.property.to_owned(), self.tag.into());
        complete(self.before, self.rest)
    }
}

/// Decodes a member from a buffered object. It is written as text first, so that an error has a position, and so that no
/// second decoder is compiled for each type.
fn variant<T: DeserializeOwned, E: de::Error>(value: Value) -> Result<T, E> {
    let text = serde_json::to_vec(&value).map_err(E::custom)?;
    drop(value);
    serde_json::from_slice(&text).map_err(|error| E::custom(message(&error, json_path::find::<T>(&text, &error))))
}

fn message(error: &serde_json::Error, path: Option<String>) -> String {
    let reason = json_path::reason(error);
    match path {
        None => reason,
        Some(path) => format!("{PATH_OPEN}{path}{PATH_CLOSE}{reason}"),
    }
}

fn complete<'de, A: MapAccess<'de>>(mut object: Map<String, Value>, mut rest: A) -> Result<Value, A::Error> {
    while let Some((name, value)) = rest.next_entry()? {
        object.insert(name, value);
    }
    Ok(Value::Object(object))
}

struct Reader<T>(PhantomData<T>);

impl<'de, T: Union> Visitor<'de> for Reader<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object with `{}`", T::PROPERTY)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<T, A::Error> {
        let property = T::PROPERTY;
        let mut before = Map::new();
        while let Some(name) = object.next_key_seed(Name(property))? {
            let value = object.next_value()?;
            match (name, value) {
                (Some(name), value) => drop(before.insert(name, value)),
                (None, Value::String(tag)) => {
                    return T::read(&tag, Object { property, tag: &tag, before, rest: object });
                }
                (None, _) => return Err(de::Error::custom(format_args!("`{property}` is not a string"))),
            }
        }
        Err(de::Error::custom(format_args!("missing `{property}`, which tells the variants apart")))
    }
}

/// Reads the name of a property. Returns `None` if it is this one.
struct Name(&'static str);

impl<'de> DeserializeSeed<'de> for Name {
    type Value = Option<String>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Name {
    type Value = Option<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<Self::Value, E> {
        Ok((name != self.0).then(|| name.to_owned()))
    }
}

/// Returns the error for a tag that names no member of a closed union.
#[must_use]
pub fn unknown_tag<E: de::Error>(property: &str) -> E {
    E::custom(format_args!("`{property}` names none of the variants"))
}

/// Returns the tag of a value of an unknown member. Empty if it has none.
#[must_use]
pub fn tag_text<'a>(value: &'a Value, property: &str) -> &'a str {
    value.get(property).and_then(Value::as_str).unwrap_or_default()
}

const PATH_OPEN: &str = "at `";
const PATH_CLOSE: &str = "`: ";

/// Removes the paths that `variant` put in front of a message, and appends them to the path of the union. `.` is the path of
/// the whole value.
pub(crate) fn join_path(outer: Option<String>, message: &str) -> (String, String) {
    let (mut path, mut rest) = (outer, message);
    while let Some((inner, message)) = rest.strip_prefix(PATH_OPEN).and_then(|rest| rest.split_once(PATH_CLOSE)) {
        path = Some(path.map_or_else(|| inner.to_owned(), |path| format!("{path}.{inner}")));
        rest = message;
    }
    (path.unwrap_or_else(|| ".".to_owned()), rest.to_owned())
}

/// Writes a member of a union.
pub struct Writer<S> {
    serializer: S,
    property: &'static str,
}

impl<S: Serializer> Writer<S> {
    /// Returns a writer for a union whose member is named by this property.
    pub fn new(serializer: S, property: &'static str) -> Self {
        Self { serializer, property }
    }

    /// Writes the property that names the member, then the member's own fields.
    ///
    /// # Errors
    ///
    /// The member is not an object.
    pub fn tagged<M: Serialize + ?Sized>(self, tag: &'static str, member: &M) -> Result<S::Ok, S::Error> {
        let Self { serializer, property } = self;
        Tagged { tag: Tag { property, tag }, member }.serialize(serializer)
    }

    /// Writes a value that has the property that names the member among its own fields.
    ///
    /// # Errors
    ///
    /// The value cannot be serialized.
    pub fn whole<M: Serialize + ?Sized>(self, value: &M) -> Result<S::Ok, S::Error> {
        value.serialize(self.serializer)
    }
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
