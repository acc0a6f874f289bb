//! Scalars: the formats of strings and integers that have a type of their own.

use serde_json::Value;

/// A scalar type of the runtime, which keeps the exact value and is parsed on request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScalarType {
    /// RFC 3339, `date-time`.
    DateTime,
    /// RFC 3339, `full-date`.
    Date,
    /// RFC 3339, `full-time`.
    Time,
    /// ISO 8601.
    Duration,
    /// RFC 9110, `HTTP-date`.
    HttpDate,
    /// Seconds since 1970, as an integer.
    UnixSeconds,
    /// Milliseconds since 1970, as an integer.
    UnixMillis,
    /// RFC 9562.
    Uuid,
    /// A decimal number in a string.
    Decimal,
    /// RFC 4648, section 4.
    Base64,
    /// RFC 4648, section 5.
    Base64Url,
    /// RFC 3986.
    Uri,
    /// RFC 5321.
    Email,
    /// An IPv4 address.
    Ipv4,
    /// An IPv6 address.
    Ipv6,
    /// A signed integer of 64 bits in a string.
    Int64String,
    /// An unsigned integer of 64 bits in a string.
    Uint64String,
}

/// What distinguishes a scalar: its JSON type, and its formats. The first format is the one of the OpenAPI Format Registry, if
/// that has one.
struct Row {
    scalar: ScalarType,
    name: &'static str,
    json_type: &'static str,
    formats: &'static [&'static str],
    /// A value for examples.
    sample: &'static str,
}

macro_rules! rows {
    ($($scalar:ident $json_type:literal $formats:expr, $sample:literal;)*) => {
        &[$(Row {
            scalar: ScalarType::$scalar,
            name: stringify!($scalar),
            json_type: $json_type,
            formats: &$formats,
            sample: $sample,
        }),*]
    };
}

const ROWS: &[Row] = rows! {
    DateTime "string" ["date-time"], "2026-01-31T12:00:00Z";
    Date "string" ["date"], "2026-01-31";
    Time "string" ["time"], "12:00:00Z";
    Duration "string" ["duration"], "PT1H30M";
    HttpDate "string" ["http-date", "date-time-rfc7231", "date-time-rfc1123"], "Sat, 31 Jan 2026 12:00:00 GMT";
    UnixSeconds "integer" ["unixtime", "unix-time", "unix-timestamp", "unix-seconds"], "1769860800";
    UnixMillis "integer" ["unixtime-ms", "unix-time-ms", "unix-timestamp-ms", "unix-millis", "unix-milliseconds"],
        "1769860800000";
    Uuid "string" ["uuid"], "123e4567-e89b-12d3-a456-426614174000";
    Decimal "string" ["decimal", "decimal128"], "19.99";
    Base64 "string" ["byte"], "aGVsbG8=";
    Base64Url "string" ["base64url"], "aGVsbG8";
    Uri "string" ["uri", "url"], "https://example.com/";
    Email "string" ["email"], "user@example.com";
    Ipv4 "string" ["ipv4"], "192.0.2.1";
    Ipv6 "string" ["ipv6"], "2001:db8::1";
    Int64String "string" ["int64"], "1";
    Uint64String "string" ["uint64"], "1";
};

impl ScalarType {
    /// Returns all scalars.
    pub fn all() -> impl Iterator<Item = Self> {
        ROWS.iter().map(|row| row.scalar)
    }

    /// Returns the scalar that a schema describes, by its type and its format.
    ///
    /// An enum has a type of its own, and a sensitive value stays a plain string, whose value no error shows.
    #[must_use]
    pub fn of(schema: &Value) -> Option<Self> {
        let is_other = schema.get("enum").is_some() || schema.get("x-speakeasy-param-sensitive") == Some(&true.into());
        Self::of_format(schema).filter(|_| !is_other)
    }

    /// Returns the scalar of the type and the format of a schema, whatever else the schema says.
    #[must_use]
    pub fn of_format(schema: &Value) -> Option<Self> {
        let (json_type, format) = (schema.get("type")?.as_str()?, schema.get("format")?.as_str()?);
        let row = ROWS.iter().find(|row| row.json_type == json_type && row.formats.contains(&format));
        row.map(|row| row.scalar)
    }

    /// Whether any part of a schema describes a scalar.
    #[must_use]
    pub fn is_in(schema: &Value) -> bool {
        match schema {
            Value::Object(members) => Self::of(schema).is_some() || members.values().any(Self::is_in),
            Value::Array(items) => items.iter().any(Self::is_in),
            _ => false,
        }
    }

    /// Returns the scalar of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        ROWS.iter().find(|row| row.name == name).map(|row| row.scalar)
    }

    /// Returns the name of the type.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.row().map_or("", |row| row.name)
    }

    /// Returns the first format of the scalar.
    #[must_use]
    pub fn format(self) -> &'static str {
        self.row().and_then(|row| row.formats.first().copied()).unwrap_or_default()
    }

    /// Whether it is written as an integer.
    #[must_use]
    pub fn is_integer(self) -> bool {
        self.row().is_some_and(|row| row.json_type == "integer")
    }

    /// Returns a value for examples, as text.
    #[must_use]
    pub fn sample(self) -> &'static str {
        self.row().map_or("", |row| row.sample)
    }

    fn row(self) -> Option<&'static Row> {
        ROWS.iter().find(|row| row.scalar == self)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_format_is_a_scalar_only_of_its_json_type() {
        let of = |json_type: &str, format: &str| ScalarType::of(&json!({ "type": json_type, "format": format }));
        assert_eq!(of("string", "date-time"), Some(ScalarType::DateTime));
        assert_eq!(of("string", "int64"), Some(ScalarType::Int64String));
        assert_eq!(of("integer", "int64"), None);
        assert_eq!(of("integer", "unixtime"), Some(ScalarType::UnixSeconds));
        assert_eq!(of("number", "decimal"), None);
        assert_eq!(of("string", "binary"), None);
        assert_eq!(ScalarType::of(&json!({ "type": "string", "format": "date", "enum": ["2026-01-31"] })), None);
    }

    #[test]
    fn formats_are_unambiguous() {
        for row in ROWS {
            for format in row.formats {
                let same =
                    ROWS.iter().filter(|other| other.json_type == row.json_type && other.formats.contains(format));
                assert_eq!(same.count(), 1, "{format}");
            }
        }
    }
}
