//! Rules of this repository.

#[cfg(feature = "slow")]
pub(crate) mod metadata;
#[cfg(feature = "slow")]
pub(crate) mod oldest_rust;
pub(crate) mod package;
pub(crate) mod policy;
pub(crate) mod repository_rules;
pub(crate) mod secrets;
