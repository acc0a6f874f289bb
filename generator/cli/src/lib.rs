//! A program that generates Rust client crates from OpenAPI documents, as a library for its tests and for other programs that
//! maintain such a crate.
//!
//! [`cli`] parses the command line, [`config`] reads the configuration, and [`commands`] has a function for each command. The
//! `generator` crate does the work without I/O; [`drift`] compares its output with a folder, [`report`] formats the differences, and
//! [`replace`] writes the files.

pub mod changelog;
pub mod cli;
pub mod commands;
pub mod config;
pub mod console;
pub mod diff;
pub mod drift;
mod folder;
pub mod git;
pub mod mock;
pub mod owned;
pub mod paths;
pub mod progress;
pub mod replace;
pub mod report;
pub mod spec;
pub mod stopwatch;
pub mod surface;
pub mod surroundings;
pub mod xml;
