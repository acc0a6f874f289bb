//! The hand-written part of the client: how a call is made, repeated, bounded and reported.
//!
//! One concern a file. Only `transport` knows how the HTTP library sends and fails; the other files use its plain types
//! (method, headers, URL) at most. Nothing here knows the API that the client is for.

mod api_error;
mod attempt;
mod auth;
mod backoff;
mod base64;
mod body;
mod budget;
mod call;
mod config;
mod core;
mod deadline;
mod error;
mod error_kind;
mod hooks;
mod mask;
mod open_enum;
mod operation;
mod options;
mod param;
mod path;
mod policy;
mod preview;
mod repeat;
mod reply;
mod response;
mod retry;
mod retry_after;
mod retry_codes;
mod retry_config;
mod secret;
mod server;
mod server_message;
mod trace;
mod transport;
mod uuid_text;
mod writer;

pub mod nullable;
pub mod union;

pub use self::api_error::ApiError;
pub use self::budget::RetryBudget;
pub use self::call::Call;
pub use self::config::Config;
pub use self::core::Core;
pub use self::error::{BoxError, Error};
pub use self::error_kind::{BodyFailure, ErrorKind, StopReason, TimeoutKind};
pub use self::hooks::{Attempt, Hooks, ResponseHead};
pub use self::open_enum::parse_known;
pub use self::operation::{
    ClientSpec, Operation, OperationMeta, Placement, RetryDefaults, SecurityScheme,
};
pub use self::param::{ListStyle, ParamValue};
pub use self::preview::RequestPreview;
pub use self::reply::Reply;
pub use self::response::Response;
pub use self::retry_codes::RetryCodes;
pub use self::retry_config::{BackoffConfig, RetryConfig, Strategy};
pub use self::secret::{Credential, Redacted};
pub use self::uuid_text::parse_uuid;
pub use self::writer::RequestWriter;
pub use reqwest::Method;
pub use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

#[doc(hidden)]
pub use self::backoff::Backoff;
#[doc(hidden)]
pub use self::retry_after::parse as parse_retry_after;
#[doc(hidden)]
pub use self::transport::{Exchange, ExchangeFailure, FailureKind};
