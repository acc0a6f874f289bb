//! The module of the error type, which the runtime defines.

use quote::quote;

use crate::emit::Source;

pub(crate) fn emit() -> Source {
    let docs = "The one error type of the crate, and what it can tell.";
    let items = quote! {
        pub use crate::runtime::{ApiError, BodyFailure, BoxError, Error, ErrorKind, NextPageFailure, StopReason, TimeoutKind};
    };
    Source::rust("src/error.rs", docs, items)
}
