//! How arguments are written as strings, before they are encoded for the path, query, header or cookie.

use std::borrow::Cow;

/// A value that can be sent in a path, a query, a header or a cookie.
pub trait ParamValue {
    /// Returns the value as a string that is not yet encoded.
    fn to_param(&self) -> Cow<'_, str>;

    /// Returns why the value cannot be sent, or `None` if it can. With a reason, the call fails and sends nothing.
    fn refusal(&self) -> Option<&'static str> {
        None
    }
}

/// How a list is written in a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListStyle {
    /// `name=a&name=b`.
    Exploded,
    /// `name=a,b`.
    Comma,
    /// `name=a%20b`.
    Space,
    /// `name=a%7Cb`.
    Pipe,
    /// `name=a%09b`.
    Tab,
}

impl ListStyle {
    /// Returns the separator of two values. `None` if each value has its own name.
    pub(crate) fn separator(self) -> Option<&'static str> {
        match self {
            Self::Exploded => None,
            Self::Comma => Some(","),
            Self::Space => Some("%20"),
            Self::Pipe => Some("%7C"),
            Self::Tab => Some("%09"),
        }
    }
}

impl ParamValue for str {
    fn to_param(&self) -> Cow<'_, str> {
        Cow::Borrowed(self)
    }
}

impl ParamValue for String {
    fn to_param(&self) -> Cow<'_, str> {
        Cow::Borrowed(self)
    }
}

impl<T: ParamValue + ?Sized> ParamValue for &T {
    fn to_param(&self) -> Cow<'_, str> {
        (**self).to_param()
    }

    fn refusal(&self) -> Option<&'static str> {
        (**self).refusal()
    }
}

impl ParamValue for bool {
    fn to_param(&self) -> Cow<'_, str> {
        Cow::Borrowed(if *self { "true" } else { "false" })
    }
}

macro_rules! displayed {
    ($($number:ty)*) => {$(
        impl ParamValue for $number {
            fn to_param(&self) -> Cow<'_, str> {
                Cow::Owned(self.to_string())
            }
        }
    )*};
}

displayed!(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize);

macro_rules! finite {
    ($($number:ty)*) => {$(
        impl ParamValue for $number {
            fn to_param(&self) -> Cow<'_, str> {
                Cow::Owned(self.to_string())
            }

            fn refusal(&self) -> Option<&'static str> {
                (!self.is_finite()).then_some("must not be NaN or infinite")
            }
        }
    )*};
}

finite!(f32 f64);
