//! All tests, in one binary.

#![expect(
    clippy::panic,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::unreachable,
    reason = "a test fails by panicking, also where a helper of it finds the fault"
)]

mod client;
mod diagnostics;
mod generator;
mod repository;

/// The root folder of the repository.
fn root() -> &'static std::path::Path {
    let tests = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().expect("the tests are in the repository")
}
