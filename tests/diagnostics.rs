//! The diagnostics of the generator.

pub(crate) mod broken_specs;
pub(crate) mod catalogue;
mod locations;
