//! Fields that tell absent from `null`: `Option<Option<T>>`. With `#[serde(default)]` an absent field is `None`.

use serde::{Deserialize, Deserializer};

/// A field that may hold any JSON and may be absent: `null` is a value, `Some(Value::Null)`.
///
/// # Errors
/// If the value is not a `T`.
pub fn present<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    T::deserialize(deserializer).map(Some)
}

/// A present field: `null` is `Some(None)`, a value is `Some(Some(value))`.
///
/// # Errors
/// If the value is not a `T`.
#[allow(clippy::option_option, reason = "absent and null differ")]
pub fn deserialize<'de, D, T>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::<T>::deserialize(deserializer).map(Some)
}
