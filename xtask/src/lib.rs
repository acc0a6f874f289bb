//! The maintainers' commands: the only part of the workspace that touches the disk.
//!
//! `cli` reads the command line and hands over to one of `commands`. Below them stand the parts that others use too:
//! [`drift`] compares what was generated with a folder and [`replace`] makes the folder hold it. What is generated
//! is the business of the `generator` crate alone.

pub mod cli;
mod commands;
mod console;
pub mod diff;
pub mod drift;
mod folder;
pub mod replace;
pub mod report;
pub mod spec;
mod stopwatch;
pub mod workspace;
