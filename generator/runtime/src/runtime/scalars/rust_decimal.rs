//! Conversions from and to the crate `rust_decimal`.

use super::{Decimal, ParseScalarError};

impl Decimal {
    /// Parses the number. Requires the feature `rust_decimal`.
    ///
    /// # Errors
    ///
    /// The string is not a number, or has more digits than the type can hold exactly. The digits before an exponent are
    /// rounded instead.
    pub fn to_rust_decimal(&self) -> Result<::rust_decimal::Decimal, ParseScalarError> {
        let number = self.as_str();
        let parsed = ::rust_decimal::Decimal::from_str_exact(number);
        let parsed = parsed.or_else(|error| ::rust_decimal::Decimal::from_scientific(number).map_err(|_| error));
        parsed.map_err(|error| ParseScalarError::new(number, "a decimal number").with_source(error.to_string()))
    }
}

impl From<::rust_decimal::Decimal> for Decimal {
    fn from(number: ::rust_decimal::Decimal) -> Self {
        Self::new(number.to_string())
    }
}
