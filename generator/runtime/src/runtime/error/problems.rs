//! Collects the errors of invalid settings, so that one error can report all of them.

use super::Error;
use super::kind::ErrorKind;

/// The errors of the settings checked so far.
#[derive(Default)]
pub(crate) struct Problems(Vec<Error>);

impl Problems {
    /// Returns a valid value, or stores the error of an invalid one.
    pub(crate) fn accept<T>(&mut self, value: Result<T, Error>) -> Option<T> {
        value.map_err(|error| self.0.push(error)).ok()
    }

    /// Returns one error that reports all problems, if there are any.
    pub(crate) fn check(&self) -> Result<(), Error> {
        match self.0.as_slice() {
            [] => Ok(()),
            [only] => Err(only.repeated()),
            several => {
                let messages: Vec<_> = several.iter().map(|error| error.inner.message.as_ref()).collect();
                Err(Error::new(ErrorKind::Configuration, messages.join("; ")))
            }
        }
    }
}
