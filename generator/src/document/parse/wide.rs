//! YAML with whole numbers beyond 64 bits, which `serde_yaml` reads but has no value for: they become the nearest number
//! of 64 bits with a point, as `serde_json` takes them.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_yaml::{Mapping, Value};

/// The value of a text. `None` when it is no YAML, or has tags.
pub(super) fn read(text: &str) -> Option<Value> {
    serde_yaml::from_str::<Wide>(text).ok().map(|Wide(value)| value)
}

struct Wide(Value);

impl<'de> Deserialize<'de> for Wide {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader).map(Self)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value without a tag")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, bool: bool) -> Result<Value, E> {
        Ok(Value::Bool(bool))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::from(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(Value::from(number))
    }

    #[expect(clippy::cast_precision_loss, reason = "the nearest number is what is wanted")]
    fn visit_i128<E>(self, number: i128) -> Result<Value, E> {
        Ok(Value::from(number as f64))
    }

    #[expect(clippy::cast_precision_loss, reason = "the nearest number is what is wanted")]
    fn visit_u128<E>(self, number: u128) -> Result<Value, E> {
        Ok(Value::from(number as f64))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(Value::from(number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::from(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut read = Vec::new();
        while let Some(Wide(item)) = items.next_element()? {
            read.push(item);
        }
        Ok(Value::Sequence(read))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut read = Mapping::new();
        while let Some((Wide(key), Wide(value))) = entries.next_entry()? {
            read.insert(key, value);
        }
        Ok(Value::Mapping(read))
    }
}
