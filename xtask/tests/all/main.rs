//! The commands through their public face: the built program, run on small documents in folders of their own.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that cannot prepare its folder has failed"
)]

mod bench;
mod check;
mod corpus;
mod document;
mod dry_run;
mod explain;
mod failure;
mod foreign;
mod inspect;
mod mock;
mod overlay;
mod sandbox;
mod streams;
mod usage;
mod write;
