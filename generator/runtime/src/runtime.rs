//! The hand-written part of the client: how a call is sent, retried, limited and reported.
//!
//! Each folder has one responsibility, and depends only on folders above it in this list of modules. Nothing here depends on
//! the API of the client. Without the feature `client`, there is only what types need.

mod encoding;

mod decode;

mod error;

mod values;

#[cfg(feature = "client")]
mod retry;

#[cfg(feature = "client")]
mod request;

#[cfg(feature = "client")]
mod auth;
#[cfg(feature = "client")]
mod trace;
#[cfg(feature = "client")]
mod transport;

#[cfg(feature = "client")]
mod call;

#[cfg(feature = "blocking")]
pub mod blocking;
#[cfg(feature = "client")]
pub mod downloads;
#[cfg(feature = "client")]
pub mod headers;
#[cfg(feature = "client")]
pub mod jobs;
#[cfg(feature = "test-util")]
pub mod mock;
#[cfg(feature = "client")]
pub mod multipart;
#[cfg(feature = "client")]
pub mod pages;
pub mod scalars;
#[cfg(feature = "client")]
pub mod streams;
#[cfg(feature = "client")]
pub mod styles;
#[cfg(feature = "client")]
pub mod uploads;
#[cfg(feature = "client")]
pub mod xml;

pub use self::decode::string_enum::ParseEnumError;
pub use self::decode::{nullable, object, string_enum, union};
pub use self::error::api_error::ApiError;
pub use self::error::kind::{BodyFailure, ErrorKind, NextPageFailure, StopReason, TimeoutKind};
pub use self::error::{BoxError, Error};
pub use self::values::json_object::json_object;
pub use self::values::param::{ListStyle, ParamValue};
pub use self::values::redacted::Redacted;

#[cfg(feature = "client")]
pub use self::{
    auth::credential::Credential,
    auth::{Placement, SecurityScheme},
    call::Call,
    call::config::Config,
    call::core::Core,
    call::functions,
    call::hooks::{Attempt, Hooks, RequestHead, ResponseHead},
    call::operation::{ClientSpec, HttpMethod, Operation, OperationMeta},
    call::options::CallOptions,
    call::preview::RequestPreview,
    call::raw_request::{RawBytes, RawJson, RawRequest},
    call::response::Response,
    request::RequestWriter,
    request::edit::Input,
    request::path::parse_text,
    request::uuid::parse_uuid,
    retry::budget::RetryBudget,
    retry::codes::{RetryCode, RetryCodes},
    retry::config::{BackoffConfig, RetryConfig, RetryDefaults, RetryStrategy},
    transport::response::RawResponse,
};
#[cfg(feature = "client")]
pub use reqwest::{
    self, Method, StatusCode,
    header::{HeaderMap, HeaderName, HeaderValue},
};

#[cfg(feature = "client")]
#[doc(hidden)]
pub use self::{
    retry::backoff::Backoff,
    retry::retry_after::parse as parse_retry_after,
    transport::Exchange,
    transport::failure::{ExchangeFailure, FailureKind},
};
