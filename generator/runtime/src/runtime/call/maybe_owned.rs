//! A value that most calls borrow from their client, and some own.

use std::ops::Deref;

/// A value that is borrowed or owned. The owned one is boxed, so that the enum is small.
pub(crate) enum MaybeOwned<'a, T> {
    Borrowed(&'a T),
    Owned(Box<T>),
}

impl<T> MaybeOwned<'_, T> {
    pub(crate) fn owned(value: T) -> Self {
        Self::Owned(Box::new(value))
    }
}

impl<T> Deref for MaybeOwned<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        match self {
            Self::Borrowed(value) => value,
            Self::Owned(value) => value,
        }
    }
}
