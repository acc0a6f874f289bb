//! The commands through their public face: the built program, run on small documents in folders of their own.

#![expect(clippy::unwrap_used, reason = "a test that cannot prepare its folder has failed")]

mod check;
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
