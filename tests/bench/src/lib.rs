//! Three clients of the same API, and a server that accepts only their requests: [`ours`] is the generated client, [`by_hand`]
//! is hand-written reqwest code, and [`untouched`] is progenitor's output for the same document.
//!
//! `cargo xtask bench call` runs the programs of this package in separate processes and compares their results.

pub mod arguments;
pub mod by_hand;
pub mod client;
pub mod exchange;
pub mod ours;
pub mod processor;
pub mod server;
pub mod untouched;
