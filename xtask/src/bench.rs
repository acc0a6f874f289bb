//! Measures: what the generator costs, on documents of a size that is asked for.

pub(crate) mod generate;
pub mod synthetic;
