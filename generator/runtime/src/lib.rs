//! The hand-written part of every generated client, as a crate of its own for its tests.
//!
//! A client contains `runtime.rs` and the folders below it unchanged, except for the folders that its API does not use.

pub mod runtime;

pub use self::runtime::downloads::*;
pub use self::runtime::jobs::*;
pub use self::runtime::multipart::*;
pub use self::runtime::pages::*;
pub use self::runtime::streams::*;
pub use self::runtime::styles::*;
pub use self::runtime::uploads::*;
pub use self::runtime::xml;
pub use self::runtime::*;
