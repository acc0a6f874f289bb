//! Compares what `clientsmith diff` says about two versions of a client with what cargo-semver-checks says.
//!
//! `cases` are pairs of documents. `judge` generates both clients, lets the other tool compare their rustdoc, and, where only our
//! verdict is that programs break, compiles the programs that `proof` writes against both.

pub(crate) mod cases;
pub(crate) mod judge;
mod proof;
