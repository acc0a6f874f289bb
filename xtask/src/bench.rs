//! Measures: what a call costs beside other clients, what a program that uses the client costs to build, and what the
//! generator costs. What was found last stands in `docs/BENCHMARKS.md`.

pub(crate) mod build;
pub(crate) mod call;
mod callgrind;
pub(crate) mod generate;
mod machine;
pub(crate) mod page;
mod programs;
pub mod synthetic;
mod table;
