//! What the generator reports about documents.

pub(crate) mod broken_specs;
pub(crate) mod catalogue;
mod locations;
