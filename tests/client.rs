//! The behaviour of generated clients, through their public API.

#[cfg(feature = "slow")]
pub(crate) mod checked_clients;
pub(crate) mod clients;
pub(crate) mod conformance;
pub(crate) mod docs;
pub(crate) mod long_running;
pub(crate) mod mock;
pub(crate) mod standalone;
pub(crate) mod surface;
pub(crate) mod test_kit;
pub(crate) mod wire;
pub(crate) mod workspace;
