//! Bytes in strings.

use base64::Engine as _;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use bytes::Bytes;

use super::ParseScalarError;
use super::macros::string_scalar;

/// Padding may be missing in what is read (RFC 4648, section 3.2).
const CONFIG: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);

macro_rules! bytes_in_string {
    ($(#[$attribute:meta])* $name:ident, $engine:expr, $expected:literal) => {
        string_scalar! {
            $(#[$attribute])*
            $name
        }

        impl $name {
            const ENGINE: GeneralPurpose = $engine;

            /// Encodes bytes.
            #[must_use]
            pub fn encode(bytes: impl AsRef<[u8]>) -> Self {
                Self::new(Self::ENGINE.encode(bytes))
            }

            /// Decodes the bytes. Padding may be missing.
            ///
            /// # Errors
            ///
            /// The string contains other characters, or ends too early.
            pub fn decode(&self) -> Result<Vec<u8>, ParseScalarError> {
                let error = |error| ParseScalarError::new(self.as_str(), $expected).hidden().with_source(error);
                Self::ENGINE.decode(self.as_str()).map_err(error)
            }
        }

        impl From<Vec<u8>> for $name {
            fn from(bytes: Vec<u8>) -> Self {
                Self::encode(bytes)
            }
        }

        impl From<&[u8]> for $name {
            fn from(bytes: &[u8]) -> Self {
                Self::encode(bytes)
            }
        }

        impl<const N: usize> From<&[u8; N]> for $name {
            fn from(bytes: &[u8; N]) -> Self {
                Self::encode(bytes)
            }
        }

        impl From<Bytes> for $name {
            fn from(bytes: Bytes) -> Self {
                Self::encode(bytes)
            }
        }
    };
}

bytes_in_string! {
    /// Bytes in Base64 (format `byte`, RFC 4648, section 4).
    ///
    /// A string that converts to it is taken as Base64; bytes are encoded.
    Base64, GeneralPurpose::new(&STANDARD, CONFIG), "Base64"
}

bytes_in_string! {
    /// Bytes in the form of Base64 for URLs and file names (format `base64url`, RFC 4648, section 5). Padding is not written.
    ///
    /// A string that converts to it is taken as Base64; bytes are encoded.
    Base64Url, GeneralPurpose::new(&URL_SAFE, CONFIG.with_encode_padding(false)), "Base64 for URLs"
}
