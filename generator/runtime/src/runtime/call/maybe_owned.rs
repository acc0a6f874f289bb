//! A value that most calls borrow from their client and some have for themselves. It changes nothing of it.

use std::ops::Deref;

/// What is borrowed, or owned apart: it takes the place of a pointer either way.
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
