//! Sends random values of all components of a folder of documents through generated types.
//!
//! `codec` generates a client and makes it a program that decodes and encodes values of its types.
//! `batch` compiles some of these programs at a time, and runs each with the package `roundtrip`, which makes the values
//! and judges them. `suite` reads files of the JSON Schema Test Suite. `record` is the result for a document, which is kept in a file, and `section` describes all results.

pub(crate) mod batch;
pub mod codec;
pub(crate) mod record;
pub(crate) mod section;
pub(crate) mod suite;
