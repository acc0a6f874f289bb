//! What generated functions list: the setters of optional arguments, and the bodies of error responses.
//!
//! The macros use full paths, as an API can have a type with any name.

#![allow(unused_macros, unused_imports, reason = "not every API has optional arguments and error bodies")]

/// Writes the setters of a call.
///
/// ```text
/// functions::setters! {
///     GetPets<'a> {
///         /// The most pets that are returned.
///         limit: value i64,
///         after: into Uuid,
///     }
/// }
/// ```
macro_rules! setters {
    ($operation:ty { $($(#[$attribute:meta])* $argument:ident: $kind:ident $ty:ty),* $(,)? }) => {
        impl<'a> crate::runtime::Call<'a, $operation> {
            $(
                $(#[$attribute])*
                pub fn $argument(mut self, $argument: crate::runtime::object::argument!($kind $ty)) -> Self {
                    self.operation_mut().$argument =
                        std::option::Option::Some(crate::runtime::object::convert!($kind $argument $ty));
                    self
                }
            )*
        }
    };
}

/// Writes the function that decodes the body of an error response, whose status selects the variant. A body in XML has the function that
/// decodes it, and its element.
///
/// ```text
/// functions::errors! {
///     GetPetsError {
///         200..=299 | 409 => none,
///         404 => NotFound,
///         500..=599 => Failed(read_element, &FAILURE),
///         _ => Other,
///     }
/// }
/// ```
macro_rules! errors {
    ($name:ident { $($statuses:pat => $variant:ident $(($read:path, $element:expr))?),* $(,)? }) => {
        impl $name {
            /// Returns the body of an error response. `None` if the error has no response, or if the API does not describe its
            /// status or its body. [`Error::api`] returns the undecoded body.
            #[must_use]
            pub fn of(error: &crate::runtime::Error) -> std::option::Option<Self> {
                let response = error.api()?;
                #[allow(unreachable_patterns, reason = "an API can describe all other statuses")]
                match response.status().as_u16() {
                    $($statuses => functions::error!(response $variant $($read, $element)?),)*
                    _ => std::option::Option::None,
                }
            }
        }
    };
}

/// Decodes the body of an error response as one variant.
macro_rules! error {
    ($response:ident none) => {
        std::option::Option::None
    };
    ($response:ident $variant:ident) => {
        std::option::Option::map(std::result::Result::ok($response.json()), Self::$variant)
    };
    ($response:ident $variant:ident $read:path, $element:expr) => {
        std::option::Option::map($read($response, $element), Self::$variant)
    };
}

pub(crate) use {error, errors, setters};
