//! The hand-written part of every generated client, as a crate of its own for its tests.
//!
//! A client contains `runtime.rs` and the folders below it unchanged, except for the folders that its API does not use.

#![cfg_attr(
    not(feature = "client"),
    allow(dead_code, unused_imports, reason = "without the client, only types use the runtime")
)]

pub mod runtime;

#[cfg(feature = "client")]
pub use self::runtime::{downloads::*, jobs::*, multipart::*, pages::*, streams::*, styles::*, uploads::*, xml};

pub use self::runtime::*;
