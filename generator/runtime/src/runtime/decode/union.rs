//! Reading and writing of unions: by the property that names the member, or by the shape of the value.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{
    self, Deserialize, DeserializeOwned, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Unexpected,
    Visitor,
};
use serde::ser::{Serialize, Serializer};
use serde_json::{Map, Value};

use super::json_path;
pub use super::shape::{Constant, Dispatch, Field, Others, Shape};
use super::tag::Tagging;

/// A union whose member is named by a property of the object.
pub trait Union: Sized {
    /// The property.
    const PROPERTY: &'static str;

    /// The JSON type of the property.
    const TAG_TYPE: TagType = TagType::String;

    /// Reads the member that the property names.
    ///
    /// # Errors
    ///
    /// The object is not a valid value of that member, or no member has that name.
    fn read<'de, A: MapAccess<'de>>(tag: &str, object: Object<'_, A>) -> Result<Self, A::Error>;

    /// Whether a value without the property is an error.
    const NEEDS_TAG: bool = false;

    /// Reads a value that does not have the property, or has it with another JSON type. By default, this is an error.
    ///
    /// # Errors
    ///
    /// The value matches no member.
    fn read_untagged<E: de::Error>(value: Value) -> Result<Self, E> {
        let property = Self::PROPERTY;
        Err(if value.is_object() {
            E::custom(format_args!("missing `{property}`, which tells the variants apart"))
        } else {
            E::custom(format_args!("invalid type: expected an object with `{property}`"))
        })
    }
}

/// The JSON type of the property that names the member of a union.
#[derive(Debug, Clone, Copy)]
pub enum TagType {
    /// A string.
    String,
    /// An integer.
    Integer,
    /// A boolean.
    Boolean,
}

impl TagType {
    fn named(self) -> &'static str {
        match self {
            Self::String => "a string",
            Self::Integer => "an integer",
            Self::Boolean => "a boolean",
        }
    }
}

/// Reads a union. If the property that names the member comes first and is a string, the member is read without a copy of
/// the object.
///
/// # Errors
///
/// The value is not a valid value of the member that the property names, or it matches no member of a closed union.
pub fn deserialize<'de, T: Union, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_any(Reader(PhantomData))
}

/// Reads a member from a JSON text.
pub type ReadMember<T> = fn(&[u8]) -> Result<T, Failure>;

/// Why a value is not a valid value of a member.
#[derive(Debug)]
pub struct Failure(String);

/// Reads a member from a JSON text.
///
/// # Errors
///
/// The text is not a valid value of the type.
pub fn member<T: DeserializeOwned>(text: &[u8]) -> Result<T, Failure> {
    serde_json::from_slice(text).map_err(|error| Failure(message(&error, json_path::find::<T>(text, &error))))
}

/// Reads a union by the shape of the value. `members` read the members in the order of `dispatch`, and `unknown` keeps a
/// value that matches no member.
///
/// # Errors
///
/// The value matches no member, and the union is closed.
pub fn choose<'de, T, D: Deserializer<'de>>(
    deserializer: D,
    dispatch: &Dispatch,
    members: &[ReadMember<T>],
    unknown: Option<fn(Value) -> T>,
) -> Result<T, D::Error> {
    choose_value(Value::deserialize(deserializer)?, dispatch, members, unknown)
}

/// As [`choose`], for a value that has been read.
///
/// # Errors
///
/// As [`choose`].
pub fn choose_value<T, E: de::Error>(
    value: Value,
    dispatch: &Dispatch,
    members: &[ReadMember<T>],
    unknown: Option<fn(Value) -> T>,
) -> Result<T, E> {
    let text = serde_json::to_vec(&value).map_err(E::custom)?;
    let mut failure = None;
    for read in dispatch.candidates(&value).into_iter().filter_map(|index| members.get(index)) {
        match read(&text) {
            Ok(member) => return Ok(member),
            Err(Failure(message)) => failure = failure.or(Some(message)),
        }
    }
    match unknown {
        Some(unknown) => Ok(unknown(value)),
        None => Err(E::custom(failure.as_deref().unwrap_or("the value matches no variant of the union"))),
    }
}

/// A member that has constants besides the property that names it.
#[derive(Debug)]
pub struct ConstantMember {
    /// The constants of all members.
    pub constants: &'static Dispatch,
    /// The index of this member among them.
    pub index: usize,
    /// Whether the member has the property as a field.
    pub keeps_tag: bool,
}

/// An object that has been read as far as the property that names the member.
pub struct Object<'a, A> {
    property: &'static str,
    tag: &'a Value,
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

    /// Reads the object as a member with constants besides the property. `unknown` keeps an object that contradicts these.
    ///
    /// # Errors
    ///
    /// As [`member`](Self::member), or the object contradicts the constants, and the union is closed.
    pub fn member_with_constants<T: DeserializeOwned, U>(
        self,
        member: &ConstantMember,
        known: fn(T) -> U,
        unknown: Option<fn(Value) -> U>,
    ) -> Result<U, A::Error> {
        let (property, mut value) = (self.property, self.value()?);
        if member.constants.members.get(member.index).is_some_and(|shape| !shape.fits(&value)) {
            return match unknown {
                Some(unknown) => Ok(unknown(value)),
                None => Err(de::Error::custom("the value contradicts the constants of the variant")),
            };
        }
        if let Value::Object(object) = &mut value
            && !member.keeps_tag
        {
            object.remove(property);
        }
        variant(value).map(known)
    }

    /// Returns the whole object as JSON.
    ///
    /// # Errors
    ///
    /// The rest of the object cannot be read.
    pub fn value(mut self) -> Result<Value, A::Error> {
        self.before.insert(self.property.to_owned(), self.tag.clone());
        complete(self.before, self.rest)
    }
}

/// Decodes a member from a buffered object. It is written as text first, so that an error has a position, and so that no
/// second decoder is compiled for each type.
fn variant<T: DeserializeOwned, E: de::Error>(value: Value) -> Result<T, E> {
    let text = serde_json::to_vec(&value).map_err(E::custom)?;
    drop(value);
    member(&text).map_err(|Failure(message)| E::custom(message))
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

impl<T: Union> Reader<T> {
    /// Reads a value that is not an object.
    fn other<E: de::Error>(self, value: Value, unexpected: Unexpected<'_>) -> Result<T, E> {
        if T::NEEDS_TAG { Err(E::invalid_type(unexpected, &self)) } else { T::read_untagged(value) }
    }
}

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
            let Some(name) = name else {
                return match (T::TAG_TYPE, &value) {
                    (TagType::String, Value::String(tag)) => {
                        T::read(tag, Object { property, tag: &value, before, rest: object })
                    }
                    (TagType::Integer, Value::Number(_)) | (TagType::Boolean, Value::Bool(_)) => {
                        T::read(&value.to_string(), Object { property, tag: &value, before, rest: object })
                    }
                    (ty, _) if T::NEEDS_TAG => {
                        Err(de::Error::custom(format_args!("`{property}` is not {}", ty.named())))
                    }
                    _ => {
                        before.insert(property.to_owned(), value);
                        T::read_untagged(complete(before, object)?)
                    }
                };
            };
            before.insert(name, value);
        }
        T::read_untagged(Value::Object(before))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<T, A::Error> {
        if T::NEEDS_TAG {
            // The path of the error is that of the array, not of its first item.
            while items.next_element::<IgnoredAny>()?.is_some() {}
            return Err(de::Error::invalid_type(Unexpected::Seq, &self));
        }
        T::read_untagged(Value::deserialize(SeqAccessDeserializer::new(items))?)
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<T, E> {
        self.other(value.into(), Unexpected::Bool(value))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<T, E> {
        self.other(value.into(), Unexpected::Signed(value))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<T, E> {
        self.other(value.into(), Unexpected::Unsigned(value))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<T, E> {
        self.other(value.into(), Unexpected::Float(value))
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<T, E> {
        self.other(value.into(), Unexpected::Str(value))
    }

    fn visit_unit<E: de::Error>(self) -> Result<T, E> {
        self.other(Value::Null, Unexpected::Unit)
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

    /// Writes the property that names the member, then the member's other fields.
    ///
    /// # Errors
    ///
    /// The member cannot be serialized.
    pub fn tagged<T: Serialize, M: Serialize + ?Sized>(self, tag: T, member: &M) -> Result<S::Ok, S::Error> {
        let Self { serializer, property } = self;
        member.serialize(Tagging { serializer, property, tag })
    }

    /// Writes a value that has the property that names the member among its own fields, or needs none.
    ///
    /// # Errors
    ///
    /// The value cannot be serialized.
    pub fn whole<M: Serialize + ?Sized>(self, value: &M) -> Result<S::Ok, S::Error> {
        value.serialize(self.serializer)
    }
}
