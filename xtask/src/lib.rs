//! The maintainers' commands: the only part of the workspace that reads and writes files.
//!
//! [`cli`] parses the command line and calls one of `commands`. The commands use shared modules: [`drift`] compares the
//! generated files with a folder, [`report`] formats the differences, and [`replace`] writes the files. The `generator` crate
//! produces them.
//!
//! A test can check the client with the same comparison as `regen --check`:
//!
//! ```no_run
//! use generator::diagnostics::Palette;
//! use xtask::spec::Spec;
//! use xtask::{drift, report, workspace};
//!
//! # fn main() -> anyhow::Result<()> {
//! let spec = Spec::read(&workspace::spec())?;
//! let output = spec.run(generator::generate)?.expect("the document has no error");
//! let drift = drift::compare(&output.tree, &workspace::client())?;
//! assert!(drift.is_empty(), "run `cargo xtask regen`\n{}", report::differences(&drift, Palette::Plain));
//! # Ok(())
//! # }
//! ```

pub mod bench;
pub mod cli;
mod commands;
pub mod compare;
pub mod conform;
mod console;
mod corpus;
pub mod diff;
pub mod drift;
mod folder;
mod memory;
pub mod mock;
mod processor;
pub mod replace;
pub mod report;
pub mod spec;
mod stopwatch;
pub mod workspace;
mod xml;
