//! A folder of documents and what came of each: generated, refused, crashed; and whether what was generated compiles.
//!
//! `documents` lists the folder, `child` generates from one document in a process of its own, `record` is what is remembered
//! of it, `ledger` keeps the records between runs, `cargo` compiles, `progress` and `table` show.

pub(crate) mod cargo;
pub(crate) mod child;
pub(crate) mod documents;
pub(crate) mod ledger;
pub(crate) mod progress;
pub(crate) mod record;
pub(crate) mod table;
