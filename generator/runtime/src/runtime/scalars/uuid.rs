//! Conversions from and to the crate `uuid`.

use super::{ParseScalarError, Uuid};

impl Uuid {
    /// Parses the UUID. Requires the feature `uuid`.
    ///
    /// # Errors
    ///
    /// The string is not a UUID.
    pub fn to_uuid(&self) -> Result<::uuid::Uuid, ParseScalarError> {
        let error = |error| ParseScalarError::new(self.as_str(), "a UUID").with_source(error);
        ::uuid::Uuid::parse_str(self.as_str()).map_err(error)
    }
}

impl From<::uuid::Uuid> for Uuid {
    fn from(uuid: ::uuid::Uuid) -> Self {
        Self::new(uuid.to_string())
    }
}
