//! The names that generated code and users know. It defines nothing.

pub use super::amend::Input;
pub use super::any::AnyStyle;
pub use super::api_error::ApiError;
pub use super::budget::RetryBudget;
pub use super::call::Call;
pub use super::config::Config;
pub use super::core::Core;
pub use super::error::{BoxError, Error};
pub use super::error_kind::{BodyFailure, ErrorKind, NextPageFailure, StopReason, TimeoutKind};
pub use super::hooks::{Attempt, Hooks, ResponseHead};
pub use super::long_running::{Criterion, LongRunning, LongRunningMeta, Progress, Starts, poll, text_at, value_at};
pub use super::multipart::Multipart;
pub use super::operation::{ClientSpec, Operation, OperationMeta, Placement, RetryDefaults, SecurityScheme};
pub use super::operation_error::{OperationError, OperationFailure};
pub use super::pace::Pace;
pub use super::pages::{Items, Pages};
pub use super::paging::{FullPage, NextPage, PageToken, Paginated, PaginatedItems, Paging};
pub use super::param::{ListStyle, ParamValue};
pub use super::path::parse_text;
pub use super::preview::RequestPreview;
pub use super::reply::Reply;
pub use super::response::Response;
pub use super::retry_codes::RetryCodes;
pub use super::retry_config::{BackoffConfig, RetryConfig, Strategy};
pub use super::secret::{Credential, Redacted};
pub use super::states::States;
pub use super::stream::Events;
pub use super::streamed::{ServerEvent, StreamFormat, StreamMeta, StreamPart, Streamed};
pub use super::uuid_text::parse_uuid;
pub use super::wait::{StartAndWait, Wait};
pub use super::wait_options::WaitOptions;
pub use super::writer::RequestWriter;
pub use reqwest;
pub use reqwest::Method;
pub use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

#[doc(hidden)]
pub use super::backoff::Backoff;
#[doc(hidden)]
pub use super::failure::{ExchangeFailure, FailureKind};
#[doc(hidden)]
pub use super::retry_after::parse as parse_retry_after;
#[doc(hidden)]
pub use super::transport::Exchange;
