//! The maintainers' commands. Those that owners of other APIs use too, such as `regen` and `mock`, call the library of the program
//! `clientsmith` with the settings of this repository.
//!
//! A test can check the client with the same comparison as `regen --check`:
//!
//! ```no_run
//! use generator::diagnostics::Palette;
//! use clientsmith::spec::Spec;
//! use clientsmith::{drift, report};
//! use xtask::workspace;
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
mod corpus;
mod memory;
mod processor;
pub mod workspace;
