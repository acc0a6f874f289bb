//! Tests of the commands: they run the built program on small documents in temporary folders.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that cannot prepare its folder has failed"
)]

mod bench;
mod check;
mod compare;
mod corpus;
mod document;
mod dry_run;
mod explain;
mod foreign;
mod inspect;
mod mock;
mod mock_multipart;
mod overlay;
mod sandbox;
mod streams;
mod usage;
mod write;
