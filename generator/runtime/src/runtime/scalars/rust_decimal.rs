//! Conversions from and to the crate `rust_decimal`.

use ::rust_decimal::Decimal as Number;

use super::{Decimal, ParseScalarError};
use crate::runtime::error::BoxError;

impl Decimal {
    /// Parses the number. Requires the feature `rust_decimal`.
    ///
    /// # Errors
    ///
    /// The string is not a number, or has more digits than the type can hold exactly.
    pub fn to_rust_decimal(&self) -> Result<Number, ParseScalarError> {
        let number = self.as_str();
        let parsed = parse(number);
        parsed.map_err(|error| ParseScalarError::new(number, "a decimal number").with_source(error))
    }
}

/// Parses a number exactly. The parser of the library rounds numbers that have an exponent.
fn parse(number: &str) -> Result<Number, BoxError> {
    let Some((digits, exponent)) = number.split_once(['e', 'E']) else {
        return Number::from_str_exact(number).map_err(|error| error.to_string().into());
    };
    let digits = Number::from_str_exact(digits).map_err(|error| error.to_string())?.normalize();
    let scale = i64::from(digits.scale()).checked_sub(exponent.parse()?).ok_or("the exponent is too large")?;
    let (mut mantissa, mut scale, mut decimals) = (digits.mantissa(), scale, 0);
    if mantissa == 0 {
        scale = scale.clamp(0, i64::from(Number::MAX_SCALE));
    }
    // Zeros at the end need no decimals.
    while scale > i64::from(Number::MAX_SCALE) && mantissa % 10 == 0 {
        (mantissa, scale) = (mantissa / 10, scale - 1);
    }
    if scale < 0 {
        let factor = u32::try_from(scale.unsigned_abs()).ok().and_then(|zeros| 10_i128.checked_pow(zeros));
        let product = factor.and_then(|factor| mantissa.checked_mul(factor));
        mantissa = product.ok_or("the number is too large")?;
    } else {
        decimals = u32::try_from(scale)?;
    }
    Number::try_from_i128_with_scale(mantissa, decimals).map_err(|error| error.to_string().into())
}

impl From<Number> for Decimal {
    fn from(number: Number) -> Self {
        Self::new(number.to_string())
    }
}
