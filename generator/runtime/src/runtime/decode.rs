//! Decodes JSON into the types of an API.

pub(crate) mod json_path;
pub(crate) mod lossy;
pub(crate) mod lossy_scan;
pub mod nullable;
pub mod object;
mod shape;
pub mod string_enum;
mod tag;
pub mod union;
