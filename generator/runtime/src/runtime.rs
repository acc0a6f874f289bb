//! The hand-written part of the client: how a call is sent, retried, limited and reported.
//!
//! Each folder has one responsibility, and depends only on folders above it in this list of modules. Nothing here depends on
//! the API of the client.

mod encoding;

mod decode;

mod error;

mod retry;

mod request;

mod auth;
mod trace;
mod transport;

mod call;

#[cfg(feature = "blocking")]
pub mod blocking;
pub mod downloads;
pub mod headers;
pub mod jobs;
#[cfg(feature = "test-util")]
pub mod mock;
pub mod multipart;
pub mod pages;
pub mod scalars;
pub mod streams;
pub mod styles;
pub mod uploads;
pub mod xml;

pub use self::auth::credential::{Credential, Redacted};
pub use self::auth::{Placement, SecurityScheme};
pub use self::call::Call;
pub use self::call::config::Config;
pub use self::call::core::Core;
pub use self::call::hooks::{Attempt, Hooks, RequestHead, ResponseHead};
pub use self::call::operation::{ClientSpec, HttpMethod, Operation, OperationMeta};
pub use self::call::options::CallOptions;
pub use self::call::preview::RequestPreview;
pub use self::call::raw_request::{RawBytes, RawJson, RawRequest};
pub use self::call::response::Response;
pub use self::decode::string_enum::ParseEnumError;
pub use self::decode::{nullable, object, string_enum, union};
pub use self::error::api_error::ApiError;
pub use self::error::kind::{BodyFailure, ErrorKind, NextPageFailure, StopReason, TimeoutKind};
pub use self::error::{BoxError, Error};
pub use self::request::RequestWriter;
pub use self::request::edit::Input;
pub use self::request::json_object::json_object;
pub use self::request::param::{ListStyle, ParamValue};
pub use self::request::path::parse_text;
pub use self::request::uuid::parse_uuid;
pub use self::retry::budget::RetryBudget;
pub use self::retry::codes::{RetryCode, RetryCodes};
pub use self::retry::config::{BackoffConfig, RetryConfig, RetryDefaults, RetryStrategy};
pub use self::transport::response::RawResponse;
pub use reqwest;
pub use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
pub use reqwest::{Method, StatusCode};

#[doc(hidden)]
pub use self::retry::backoff::Backoff;
#[doc(hidden)]
pub use self::retry::retry_after::parse as parse_retry_after;
#[doc(hidden)]
pub use self::transport::Exchange;
#[doc(hidden)]
pub use self::transport::failure::{ExchangeFailure, FailureKind};
