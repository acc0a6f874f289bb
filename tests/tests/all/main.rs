//! All tests, in one binary.

#![expect(
    clippy::panic,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::unreachable,
    reason = "a test fails by panicking, also where a helper of it finds the fault"
)]

mod back_end;
mod broken_specs;
mod catalogue;
#[cfg(feature = "slow")]
mod checked_clients;
mod clients;
mod constructs;
mod docs;
mod fixtures;
mod idempotency;
mod lenient;
mod limits;
mod long_running;
mod long_running_fixture;
#[cfg(feature = "slow")]
mod metadata;
mod mock;
#[cfg(feature = "slow")]
mod oldest_rust;
mod overlays;
mod package;
mod policy;
mod repository_rules;
mod secrets;
mod surface;
mod test_kit;
mod wire;
mod workspace;

/// The root folder of the repository.
fn repository() -> &'static std::path::Path {
    let tests = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().expect("the tests stand in the repository")
}
