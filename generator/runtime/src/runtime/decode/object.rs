//! Reads and writes structs as JSON objects, and makes them. `methods!` writes the constructor and the setters of a struct.
//!
//! `fields!` implements `Deserialize` and `Serialize` of a struct from a list of its fields. Compilers take much longer for the
//! code that serde derives: that has a type and several functions for each struct, which all structs share here.
//!
//! ```text
//! object::fields! {
//!     Pet {
//!         name: "name" required,
//!         tag: "petTag" optional,
//!         ..extra
//!     }
//! }
//! ```
//!
//! A field of an object that occurs twice has its last value. The macros use full paths, as an API can have a type with any name.
//!
//! | kind | type of the field | if it is absent | if it is `null` | written |
//! |---|---|---|---|---|
//! | `required` | `T` | an error | what `T` makes of it | always |
//! | `nullable` | `Option<T>` | an error | `None` | always |
//! | `optional` | `Option<T>` | `None` | `None` | unless it is `None` |
//! | `optional_nullable` | `Option<Option<T>>` | `None` | `Some(None)` | unless it is `None` |
//! | `optional_any` | `Option<T>` | `None` | `Some` of what `T` makes of it | unless it is `None` |
//! | `default` | `T` | the default of `T` | what `T` makes of it | always |
//! | `default(path)` | `T` | `path()` | what `T` makes of it | always |

#![allow(unused_macros, unused_imports, reason = "not every API has structs")]

mod methods;
mod reader;

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Error, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer, forward_to_deserialize_any};

pub use self::reader::{Ignored, Keep, Others, Reader};

/// Implements `Deserialize` and `Serialize` of a struct. The docs of the module list the kinds of fields.
macro_rules! fields {
    ($name:ident { $($field:ident: $key:literal $kind:ident $(($default:path))?),* $(,)? }) => {
        object::implement! { $name Ignored { $($field: $key $kind $(($default))?,)* } }
    };
    ($name:ident { $($field:ident: $key:literal $kind:ident $(($default:path))?,)* ..$rest:ident }) => {
        object::implement! { $name Keep($rest) { $($field: $key $kind $(($default))?,)* } }
    };
}

/// Implements the traits. `$others` names what becomes of other fields, and `$rest` the field that keeps them.
macro_rules! implement {
    ($name:ident $others:ident $(($rest:ident))? { $($field:ident: $key:literal $kind:ident $(($default:path))?,)* }) => {
        impl object::Read for $name {
            #[allow(
                bindings_with_variant_name,
                non_camel_case_types,
                unreachable_patterns,
                reason = "the variants have the names of the fields"
            )]
            fn read<'de, A: serde::de::MapAccess<'de>>(mut object: object::Reader<A>) -> std::result::Result<Self, A::Error> {
                enum Key {
                    $($field,)*
                }
                fn key(text: &str) -> std::option::Option<Key> {
                    match text {
                        $($key => std::option::Option::Some(Key::$field),)*
                        _ => std::option::Option::None,
                    }
                }
                $(let mut $field = std::option::Option::None;)*
                let mut others = object::$others::new();
                while let std::option::Option::Some(key) = object.key(key, &mut others)? {
                    match key {
                        $(Key::$field => object::read!(object $kind $field),)*
                        _ => object.ignore(),
                    }?;
                }
                std::result::Result::Ok(Self {
                    $($field: object::finish!($kind $field $key $($default)?),)*
                    $($rest: others.0,)?
                })
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
                object::deserialize(deserializer)
            }
        }

        impl object::Write for $name {
            #[allow(unused_variables, reason = "there may be no field")]
            fn write<M: serde::ser::SerializeMap>(&self, object: &mut M) -> std::result::Result<(), M::Error> {
                $(object::write!($kind object $key self.$field);)*
                $(object::write_all(object, &self.$rest)?;)?
                std::result::Result::Ok(())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
                object::serialize(self, serializer)
            }
        }
    };
}

/// Reads the value of a field.
macro_rules! read {
    ($object:ident optional $field:ident) => {
        $object.optional(&mut $field)
    };
    ($object:ident $kind:ident $field:ident) => {
        $object.value(&mut $field)
    };
}

/// The value of a field at the end of the object.
macro_rules! finish {
    (required $field:ident $key:literal) => {
        object::required::<_, A::Error>($field, $key)?
    };
    (nullable $field:ident $key:literal) => {
        object::nullable::<_, A::Error>($field, $key)?
    };
    (default $field:ident $key:literal $default:path) => {
        $field.unwrap_or_else($default)
    };
    (default $field:ident $key:literal) => {
        $field.unwrap_or_default()
    };
    ($kind:ident $field:ident $key:literal) => {
        $field
    };
}

/// Writes a field.
macro_rules! write {
    (required $object:ident $key:literal $self:ident.$field:ident) => {
        $object.serialize_entry($key, &$self.$field)?
    };
    (nullable $object:ident $key:literal $self:ident.$field:ident) => {
        $object.serialize_entry($key, &$self.$field)?
    };
    (default $object:ident $key:literal $self:ident.$field:ident) => {
        $object.serialize_entry($key, &$self.$field)?
    };
    ($kind:ident $object:ident $key:literal $self:ident.$field:ident) => {
        object::write_present($object, $key, $self.$field.as_ref())?
    };
}

pub(crate) use self::methods::{argument, convert, initial, methods, setter};
pub(crate) use {fields, finish, implement, read, write};

/// A struct that is read from an object.
pub trait Read: Sized {
    /// Reads all fields.
    ///
    /// # Errors
    /// If a field does not match its type, or a required one is absent.
    fn read<'de, A: MapAccess<'de>>(object: Reader<A>) -> Result<Self, A::Error>;
}

/// A struct that is written as an object.
pub trait Write {
    /// Writes all fields.
    ///
    /// # Errors
    /// If a value cannot be written.
    fn write<M: SerializeMap>(&self, object: &mut M) -> Result<(), M::Error>;
}

/// Reads a struct.
///
/// # Errors
/// If the input is not an object, or [`Read::read`] fails.
pub fn deserialize<'de, T: Read, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_map(StructVisitor(PhantomData))
}

/// Returns the value of a required field.
///
/// # Errors
/// If it was absent, unless its type accepts that, as the alias of an `Option` does.
pub fn required<'de, T: Deserialize<'de>, E: Error>(field: Option<T>, key: &'static str) -> Result<T, E> {
    field.map_or_else(|| T::deserialize(Absent(key, PhantomData)), Ok)
}

/// Returns the value of a field that may be `null`, but not absent.
///
/// # Errors
/// If it was absent.
pub fn nullable<T, E: Error>(field: Option<T>, key: &'static str) -> Result<T, E> {
    field.ok_or_else(|| E::missing_field(key))
}

/// Writes a struct.
///
/// # Errors
/// If a value cannot be written.
pub fn serialize<T: Write, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    let mut object = serializer.serialize_map(None)?;
    value.write(&mut object)?;
    object.end()
}

/// Writes a field, unless it is `None`.
///
/// # Errors
/// If the value cannot be written.
pub fn write_present<T: Serialize, M: SerializeMap>(
    object: &mut M,
    key: &'static str,
    field: Option<&T>,
) -> Result<(), M::Error> {
    field.map_or(Ok(()), |value| object.serialize_entry(key, value))
}

/// Writes the fields of a map.
///
/// # Errors
/// If a value cannot be written.
pub fn write_all<'a, T: Serialize + 'a, M: SerializeMap>(
    object: &mut M,
    fields: impl IntoIterator<Item = (&'a String, &'a T)>,
) -> Result<(), M::Error> {
    fields.into_iter().try_for_each(|(key, value)| object.serialize_entry(key, value))
}

struct StructVisitor<T>(PhantomData<T>);

impl<'de, T: Read> Visitor<'de> for StructVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<T, A::Error> {
        T::read(Reader(object))
    }
}

/// The input for a field that an object does not have. An `Option` reads it as `None`.
struct Absent<E>(&'static str, PhantomData<E>);

impl<'de, E: Error> Deserializer<'de> for Absent<E> {
    type Error = E;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, E> {
        Err(E::missing_field(self.0))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        visitor.visit_none()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}
