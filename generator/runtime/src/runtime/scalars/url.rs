//! Conversions from and to the crate `url`.

use super::{ParseScalarError, Uri};

impl Uri {
    /// Parses the URL. Requires the feature `url`.
    ///
    /// # Errors
    ///
    /// The string is not an absolute URL.
    pub fn to_url(&self) -> Result<::url::Url, ParseScalarError> {
        let error = |error| ParseScalarError::new(self.as_str(), "an absolute URL").with_source(error);
        ::url::Url::parse(self.as_str()).map_err(error)
    }
}

impl From<::url::Url> for Uri {
    fn from(url: ::url::Url) -> Self {
        Self::new(String::from(url))
    }
}

impl From<&::url::Url> for Uri {
    fn from(url: &::url::Url) -> Self {
        Self::new(url.as_str())
    }
}
