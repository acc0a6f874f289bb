//! How arguments look as text, before they are encoded for their place in a request.

use std::borrow::Cow;

/// A value that can be sent in a path, a query, a header or a cookie.
pub trait ParamValue {
    /// The value as a string, not yet encoded.
    fn to_param(&self) -> Cow<'_, str>;

    /// Why the value cannot be sent; `None` if it can. The call then fails and nothing is sent.
    fn refusal(&self) -> Option<&'static str> {
        None
    }
}

/// How a list stands in a query.
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
}

impl ListStyle {
    /// What stands between two values; none where each has its own name.
    pub(crate) fn separator(self) -> Option<&'static str> {
        match self {
            Self::Exploded => None,
            Self::Comma => Some(","),
            Self::Space => Some("%20"),
            Self::Pipe => Some("%7C"),
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
