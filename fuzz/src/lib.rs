//! Inputs made at random for everything that reads what others wrote, and what must hold of each.
//!
//! A target says how its inputs are made and what must hold of one ([`Target`]); [`campaign`] tries inputs from a seed, one
//! after the other, and makes a failing one as small as it can; [`session`] does so for as long as it is told, in processes
//! of their own, so that an input that fills the stack or never ends is found too. Nothing here knows what is right but
//! the targets.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unreachable,
    reason = "a tool of tests, over inputs of its own: a mistake of its own is to end it"
)]

pub mod campaign;
mod clock;
pub mod session;
mod standin;
mod target;
pub mod targets;

pub use target::{Entry, Target};
