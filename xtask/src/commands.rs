//! One module per command: what it calls in the library, and the messages it prints.

pub(crate) mod bench;
pub(crate) mod compare;
pub(crate) mod conform;
pub(crate) mod corpus;
pub(crate) mod regen;
pub(crate) mod torture;

use clientsmith::commands::plural;
