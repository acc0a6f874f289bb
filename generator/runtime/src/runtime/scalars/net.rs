//! IP addresses in strings.

use std::net::{AddrParseError, Ipv4Addr, Ipv6Addr};

use super::ParseScalarError;
use super::macros::string_scalar;

macro_rules! address {
    ($(#[$attribute:meta])* $name:ident, $address:ty, $expected:literal) => {
        string_scalar! {
            $(#[$attribute])*
            $name
        }

        impl $name {
            /// Parses the address.
            ///
            /// # Errors
            ///
            /// The string is not such an address.
            pub fn to_addr(&self) -> Result<$address, ParseScalarError> {
                self.as_str().parse().map_err(|error: AddrParseError| {
                    ParseScalarError::new(self.as_str(), $expected).with_source(error)
                })
            }
        }

        impl From<$address> for $name {
            fn from(address: $address) -> Self {
                Self::new(address.to_string())
            }
        }
    };
}

address! {
    /// An IPv4 address (format `ipv4`, RFC 2673, section 3.2).
    Ipv4, Ipv4Addr, "an IPv4 address"
}

address! {
    /// An IPv6 address (format `ipv6`, RFC 4291, section 2.2).
    Ipv6, Ipv6Addr, "an IPv6 address"
}
