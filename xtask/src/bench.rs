//! Benchmarks: a call compared with other clients, the build of a program that uses the client, the generator,
//! the memory of long transfers, and clients of given documents. The latest results are in `docs/BENCHMARKS.md`.

pub(crate) mod build;
pub(crate) mod call;
mod callgrind;
pub(crate) mod check;
mod compile;
pub(crate) mod generate;
mod machine;
pub(crate) mod page;
mod peers;
mod programs;
pub mod synthetic;
mod table;
mod targets;
pub(crate) mod transfer;
mod watch;
