//! Fuzzing with random inputs for all code that parses untrusted data.
//!
//! A target ([`Target`]) defines how its inputs are generated and which property must hold. [`campaign`] runs inputs from a seed
//! and shrinks a failing one. [`session`] runs campaigns for a given time in separate processes, so that it also finds inputs
//! that overflow the stack or never finish.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unreachable,
    reason = "a test tool: a bug in it should panic"
)]

pub mod campaign;
mod clock;
pub mod session;
mod stub;
mod target;
pub mod targets;

pub use target::{Entry, Target};
