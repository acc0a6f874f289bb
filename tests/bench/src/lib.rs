//! Three clients of one API that do the same work, and a server that takes nothing else: [`ours`] is the generated client,
//! [`by_hand`] is what somebody would write over reqwest, [`untouched`] is what progenitor makes of the same document.
//!
//! `cargo xtask bench call` runs the programs of this package, each in a process of its own, and compares what they say.

pub mod asked;
pub mod by_hand;
pub mod client;
pub mod exchange;
pub mod ours;
pub mod processor;
pub mod server;
pub mod untouched;
