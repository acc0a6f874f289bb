//! Which statuses are retried: a set of statuses, and the parsing of `429` and `5XX`.

use std::fmt;

use http::StatusCode;

use crate::runtime::error::Error;

const FIRST: u16 = 400;
const LAST: u16 = 599;

/// A status that is retried, or a pattern of statuses: `429`, `5XX` or `50X`, in which `X` is any digit.
///
/// Strings and [`StatusCode`]s convert to it. It is checked when the client is built or the call is made: `X` cannot be the
/// first digit, and the status must be one from 400 to 599.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RetryCode(String);

impl From<&str> for RetryCode {
    fn from(code: &str) -> Self {
        Self(code.to_owned())
    }
}

impl From<String> for RetryCode {
    fn from(code: String) -> Self {
        Self(code)
    }
}

impl From<&String> for RetryCode {
    fn from(code: &String) -> Self {
        Self(code.clone())
    }
}

impl From<StatusCode> for RetryCode {
    fn from(status: StatusCode) -> Self {
        Self(status.as_str().to_owned())
    }
}

impl AsRef<str> for RetryCode {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

/// A set of HTTP error statuses (400 to 599). The default is empty.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct RetryCodes {
    bits: [u64; 4],
}

impl RetryCodes {
    /// Parses statuses such as `429`, and patterns such as `5XX` or `50x`, in which `X` is any digit except the first
    /// one.
    ///
    /// # Errors
    ///
    /// A code is neither a status from 400 to 599 nor a pattern that matches one.
    pub fn parse<I>(codes: I) -> Result<Self, Error>
    where
        I: IntoIterator,
        I::Item: AsRef<str>,
    {
        let mut set = Self::default();
        for code in codes {
            set.add(code.as_ref())?;
        }
        Ok(set)
    }

    /// Returns whether the status is in the set.
    #[must_use]
    pub fn contains(&self, status: u16) -> bool {
        (FIRST..=LAST).contains(&status) && self.bits.get(slot(status)).is_some_and(|bits| bits & bit(status) != 0)
    }

    fn add(&mut self, code: &str) -> Result<(), Error> {
        let mut matches_any = false;
        for status in (FIRST..=LAST).filter(|status| matches(code, *status)) {
            if let Some(bits) = self.bits.get_mut(slot(status)) {
                *bits |= bit(status);
                matches_any = true;
            }
        }
        if matches_any {
            return Ok(());
        }
        let reason = format!("{code:?} is neither a status from 400 to 599 nor a pattern such as 5XX");
        Err(Error::configuration("retry_codes", reason))
    }
}

fn slot(status: u16) -> usize {
    usize::from((status - FIRST) / 64)
}

fn bit(status: u16) -> u64 {
    1 << ((status - FIRST) % 64)
}

/// Compares digit by digit. `X` matches any digit, except as the first one.
fn matches(code: &str, status: u16) -> bool {
    let digits = [status / 100, status / 10 % 10, status % 10];
    let code = code.as_bytes();
    code.len() == 3
        && code.iter().zip(digits).enumerate().all(|(index, (character, digit))| {
            (index > 0 && character.eq_ignore_ascii_case(&b'x')) || u16::from(*character) == u16::from(b'0') + digit
        })
}

impl fmt::Debug for RetryCodes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries((FIRST..=LAST).filter(|status| self.contains(*status))).finish()
    }
}
