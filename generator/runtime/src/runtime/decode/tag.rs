//! Writes a member of a union with the property that names it.

use std::io;

use serde::ser::{Error, Serialize, SerializeMap, SerializeStruct, Serializer};

/// Writes values as another serializer does, but puts a property first in an object, and leaves out the object's own value
/// of that property.
pub(super) struct Tagging<S, T> {
    pub(super) serializer: S,
    pub(super) property: &'static str,
    pub(super) tag: T,
}

impl<S: Serializer, T: Serialize> Tagging<S, T> {
    fn open(self) -> Result<TaggedObject<S::SerializeMap>, S::Error> {
        let mut map = self.serializer.serialize_map(None)?;
        map.serialize_entry(self.property, &self.tag)?;
        let quoted = serde_json::to_vec(self.property).map_err(Error::custom)?;
        Ok(TaggedObject { map, property: self.property, quoted, is_left_out: false })
    }
}

macro_rules! pass_on {
    ($($method:ident($($name:ident: $ty:ty),*) -> $result:ty;)*) => {
        $(fn $method(self, $($name: $ty),*) -> Result<$result, S::Error> {
            self.serializer.$method($($name),*)
        })*
    };
}

impl<S: Serializer, T: Serialize> Serializer for Tagging<S, T> {
    type Ok = S::Ok;
    type Error = S::Error;
    type SerializeSeq = S::SerializeSeq;
    type SerializeTuple = S::SerializeTuple;
    type SerializeTupleStruct = S::SerializeTupleStruct;
    type SerializeTupleVariant = S::SerializeTupleVariant;
    type SerializeMap = TaggedObject<S::SerializeMap>;
    type SerializeStruct = TaggedObject<S::SerializeMap>;
    type SerializeStructVariant = S::SerializeStructVariant;

    pass_on! {
        serialize_bool(value: bool) -> S::Ok;
        serialize_i8(value: i8) -> S::Ok;
        serialize_i16(value: i16) -> S::Ok;
        serialize_i32(value: i32) -> S::Ok;
        serialize_i64(value: i64) -> S::Ok;
        serialize_u8(value: u8) -> S::Ok;
        serialize_u16(value: u16) -> S::Ok;
        serialize_u32(value: u32) -> S::Ok;
        serialize_u64(value: u64) -> S::Ok;
        serialize_f32(value: f32) -> S::Ok;
        serialize_f64(value: f64) -> S::Ok;
        serialize_char(value: char) -> S::Ok;
        serialize_str(value: &str) -> S::Ok;
        serialize_bytes(value: &[u8]) -> S::Ok;
        serialize_none() -> S::Ok;
        serialize_unit() -> S::Ok;
        serialize_unit_struct(name: &'static str) -> S::Ok;
        serialize_unit_variant(name: &'static str, index: u32, variant: &'static str) -> S::Ok;
        serialize_seq(len: Option<usize>) -> S::SerializeSeq;
        serialize_tuple(len: usize) -> S::SerializeTuple;
        serialize_tuple_struct(name: &'static str, len: usize) -> S::SerializeTupleStruct;
        serialize_tuple_variant(name: &'static str, index: u32, variant: &'static str, len: usize)
            -> S::SerializeTupleVariant;
        serialize_struct_variant(name: &'static str, index: u32, variant: &'static str, len: usize)
            -> S::SerializeStructVariant;
    }

    fn serialize_some<V: Serialize + ?Sized>(self, value: &V) -> Result<S::Ok, S::Error> {
        value.serialize(self)
    }

    fn serialize_newtype_struct<V: Serialize + ?Sized>(self, _: &'static str, value: &V) -> Result<S::Ok, S::Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<V: Serialize + ?Sized>(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        value: &V,
    ) -> Result<S::Ok, S::Error> {
        self.serializer.serialize_newtype_variant(name, index, variant, value)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, S::Error> {
        self.open()
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeStruct, S::Error> {
        self.open()
    }

    fn is_human_readable(&self) -> bool {
        self.serializer.is_human_readable()
    }
}

/// An object that has its tag already.
pub(super) struct TaggedObject<M> {
    map: M,
    property: &'static str,
    /// The property as JSON.
    quoted: Vec<u8>,
    /// Whether the entry that is being written is left out.
    is_left_out: bool,
}

impl<M: SerializeMap> SerializeMap for TaggedObject<M> {
    type Ok = M::Ok;
    type Error = M::Error;

    fn serialize_key<K: Serialize + ?Sized>(&mut self, key: &K) -> Result<(), M::Error> {
        let mut comparison = Comparison { rest: &self.quoted };
        self.is_left_out = serde_json::to_writer(&mut comparison, key).is_ok() && comparison.rest.is_empty();
        if self.is_left_out { Ok(()) } else { self.map.serialize_key(key) }
    }

    fn serialize_value<V: Serialize + ?Sized>(&mut self, value: &V) -> Result<(), M::Error> {
        if self.is_left_out { Ok(()) } else { self.map.serialize_value(value) }
    }

    fn end(self) -> Result<M::Ok, M::Error> {
        self.map.end()
    }
}

impl<M: SerializeMap> SerializeStruct for TaggedObject<M> {
    type Ok = M::Ok;
    type Error = M::Error;

    fn serialize_field<V: Serialize + ?Sized>(&mut self, name: &'static str, value: &V) -> Result<(), M::Error> {
        if name == self.property { Ok(()) } else { self.map.serialize_entry(name, value) }
    }

    fn end(self) -> Result<M::Ok, M::Error> {
        self.map.end()
    }
}

/// Compares a text with what is written, and fails at the first difference.
struct Comparison<'a> {
    rest: &'a [u8],
}

impl io::Write for Comparison<'_> {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        self.rest = self.rest.strip_prefix(text).ok_or(io::ErrorKind::InvalidData)?;
        Ok(text.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
