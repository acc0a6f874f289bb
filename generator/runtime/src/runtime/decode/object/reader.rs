//! Reads the keys and the values of an object.

use std::collections::HashMap;
use std::fmt;
use std::hash::BuildHasher;
use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

/// An object that is being read.
#[derive(Debug)]
pub struct Reader<A>(pub(super) A);

impl<'de, A: MapAccess<'de>> Reader<A> {
    /// Returns the next key of the object that is `known`. `others` get the fields before it.
    ///
    /// # Errors
    /// If the input is not valid.
    #[inline]
    pub fn key<K, O: Others>(&mut self, known: fn(&str) -> Option<K>, others: &mut O) -> Result<Option<K>, A::Error> {
        while let Some(key) = self.0.next_key_seed(KeySeed { known, others: PhantomData::<O> })? {
            match key {
                Key::Known(key) => return Ok(Some(key)),
                Key::Other(key) => others.add(key, &mut self.0)?,
            }
        }
        Ok(None)
    }

    /// Reads the value of the current field.
    ///
    /// # Errors
    /// If it does not match the type.
    #[inline]
    pub fn value<T: Deserialize<'de>>(&mut self, field: &mut Option<T>) -> Result<(), A::Error> {
        *field = Some(self.0.next_value()?);
        Ok(())
    }

    /// Skips the value of the current field.
    ///
    /// # Errors
    /// If the input is not valid.
    pub fn ignore(&mut self) -> Result<(), A::Error> {
        self.0.next_value::<IgnoredAny>().map(drop)
    }

    /// Reads the value of the current field, whose `null` is the same as its absence.
    ///
    /// # Errors
    /// If it does not match the type.
    #[inline]
    pub fn optional<T: Deserialize<'de>>(&mut self, field: &mut Option<T>) -> Result<(), A::Error> {
        *field = self.0.next_value()?;
        Ok(())
    }
}

/// What becomes of the fields that a struct does not have.
pub trait Others {
    /// The key of such a field.
    type Key;

    /// Returns the key to keep.
    fn key(key: &str) -> Self::Key;

    /// Reads the value of such a field.
    ///
    /// # Errors
    /// If it does not match the type.
    fn add<'de, A: MapAccess<'de>>(&mut self, key: Self::Key, object: &mut A) -> Result<(), A::Error>;
}

/// The other fields are ignored.
#[derive(Debug, Default)]
pub struct Ignored;

impl Ignored {
    /// Keeps nothing.
    #[must_use]
    pub fn new() -> Self {
        Self
    }
}

impl Others for Ignored {
    type Key = ();

    fn key(_: &str) {}

    fn add<'de, A: MapAccess<'de>>(&mut self, (): (), object: &mut A) -> Result<(), A::Error> {
        object.next_value::<IgnoredAny>().map(drop)
    }
}

/// The other fields are kept in a map.
#[derive(Debug, Default)]
pub struct Keep<M>(pub M);

impl<M: Default> Keep<M> {
    /// Returns an empty map.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl Others for Keep<Map<String, Value>> {
    type Key = String;

    fn key(key: &str) -> String {
        key.to_owned()
    }

    fn add<'de, A: MapAccess<'de>>(&mut self, key: String, object: &mut A) -> Result<(), A::Error> {
        self.0.insert(key, object.next_value()?);
        Ok(())
    }
}

impl<T: for<'de> Deserialize<'de>, S: BuildHasher> Others for Keep<HashMap<String, T, S>> {
    type Key = String;

    fn key(key: &str) -> String {
        key.to_owned()
    }

    fn add<'de, A: MapAccess<'de>>(&mut self, key: String, object: &mut A) -> Result<(), A::Error> {
        self.0.insert(key, object.next_value()?);
        Ok(())
    }
}

enum Key<K, O> {
    Known(K),
    Other(O),
}

/// Reads a key, without a copy of a known one.
struct KeySeed<K, O> {
    known: fn(&str) -> Option<K>,
    others: PhantomData<O>,
}

impl<'de, K, O: Others> DeserializeSeed<'de> for KeySeed<K, O> {
    type Value = Key<K, O::Key>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<K, O: Others> Visitor<'_> for KeySeed<K, O> {
    type Value = Key<K, O::Key>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a field")
    }

    #[inline]
    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok((self.known)(text).map_or_else(|| Key::Other(O::key(text)), Key::Known))
    }
}
