//! The output of the generator.

mod compare;
pub(crate) mod constructs;
mod dialects;
mod dispatch;
pub(crate) mod fixtures;
pub(crate) mod idempotency;
pub(crate) mod lenient;
pub(crate) mod limits;
pub(crate) mod long_running_fixture;
pub(crate) mod media_types;
pub(crate) mod overlays;
pub(crate) mod pagination;
mod parts;
pub(crate) mod progenitor;
pub(crate) mod servers;
mod several_files;
pub(crate) mod streams;
mod suites;
pub(crate) mod xml;
