//! Integers in strings, which programs that read all numbers as floats cannot round.

use super::ParseScalarError;
use super::macros::string_scalar;

macro_rules! integer_string {
    ($(#[$attribute:meta])* $name:ident, $integer:ty, $method:ident, $expected:literal) => {
        string_scalar! {
            $(#[$attribute])*
            $name
        }

        impl $name {
            /// Parses the integer.
            ///
            /// # Errors
            ///
            /// The string is not an integer, or the integer is out of range.
            pub fn $method(&self) -> Result<$integer, ParseScalarError> {
                self.as_str().parse().map_err(|error: std::num::ParseIntError| {
                    ParseScalarError::new(self.as_str(), $expected).with_source(error)
                })
            }
        }

        impl From<$integer> for $name {
            fn from(value: $integer) -> Self {
                Self::new(value.to_string())
            }
        }
    };
}

integer_string! {
    /// A signed integer of 64 bits in a string (type `string`, format `int64`).
    Int64String, i64, to_i64, "an integer of 64 bits"
}

integer_string! {
    /// An unsigned integer of 64 bits in a string (type `string`, format `uint64`).
    Uint64String, u64, to_u64, "an unsigned integer of 64 bits"
}
