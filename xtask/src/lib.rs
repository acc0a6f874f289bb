//! The maintainers' commands: the only part of the workspace that touches the disk.
//!
//! [`cli`] reads the command line and hands over to one of `commands`. Below them stand the parts that others use too:
//! [`drift`] compares what was generated with a folder, [`report`] puts the differences into words, and [`replace`] makes
//! the folder hold what was generated. What is generated is the business of the `generator` crate alone.
//!
//! A test holds the client to its document with the same comparison as `regen --check`:
//!
//! ```no_run
//! use generator::diagnostics::Palette;
//! use xtask::spec::Spec;
//! use xtask::{drift, report, workspace};
//!
//! # fn main() -> anyhow::Result<()> {
//! let spec = Spec::read(&workspace::spec())?;
//! let output = spec.ask(generator::generate)?.expect("the document has no error");
//! let drift = drift::compare(&output.tree, &workspace::client())?;
//! assert!(drift.is_empty(), "run `cargo xtask regen`\n{}", report::differences(&drift, Palette::Plain));
//! # Ok(())
//! # }
//! ```

pub mod bench;
pub mod cli;
mod commands;
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
