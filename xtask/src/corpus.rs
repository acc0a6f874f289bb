//! Runs the generator on a folder of documents and records the results: generated, rejected or crashed, and whether the
//! client compiles.
//!
//! `documents` lists the folder, `child` generates from one document in a separate process, `record` is the result for one
//! document, `ledger` keeps the records between runs, `cargo` compiles, `progress` and `table` print.

pub(crate) mod cargo;
pub(crate) mod child;
pub(crate) mod documents;
pub(crate) mod ledger;
pub(crate) mod progress;
pub(crate) mod record;
pub(crate) mod table;
