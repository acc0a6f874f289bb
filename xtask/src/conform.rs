//! Checks how exactly generated clients follow their documents.
//!
//! Scenarios: `suite` is the whole of it. `scenarios` reads a suite, `documents` generates a client from each document, and `matching` finds the operation
//! of each exchange in the generator's model of the API. `program` writes a program for each client that makes calls with
//! arguments read as JSON, and `workspace` compiles all of them. For each scenario, `arguments` reads the arguments of
//! the calls from the expected requests, `server` serves the responses and records the requests, `run` makes the calls,
//! and `compare` compares requests and results with the scenario. `report` describes the results, and `reasons` states
//! which failures are properties of a document.
//!
//! `versions` compares the verdicts of `clientsmith diff` with those of another tool.
//!
//! `components` sends random values through the types of documents. `page` writes the page.

pub(crate) mod arguments;
pub(crate) mod compare;
pub mod components;
pub(crate) mod documents;
pub(crate) mod job;
pub(crate) mod matching;
pub(crate) mod multipart;
pub(crate) mod page;
pub(crate) mod program;
pub(crate) mod reasons;
pub(crate) mod report;
pub(crate) mod run;
pub(crate) mod scenarios;
pub(crate) mod server;
pub mod suite;
pub(crate) mod versions;
pub(crate) mod workspace;
