//! Sends random values of all components of a folder of documents through generated types.
//!
//! `codec` generates the types of a document and a program that decodes and encodes them, without the rest of the client.
//! `batch` compiles some of these programs at a time, and runs each with the package `roundtrip`, which makes the values
//! and judges them. `suite` reads files of the JSON Schema Test Suite. `record` is the result for a document, which is kept in a file, and `section` describes all results.

pub(crate) mod batch;
pub mod codec;
pub(crate) mod record;
pub(crate) mod section;
pub(crate) mod suite;
