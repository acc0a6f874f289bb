//! The hand-written part of the client: how a call is made, repeated, bounded and reported.
//!
//! One concern a file. Only `transport` knows how the HTTP library sends and fails; the other files use its plain types
//! (method, headers, URL) at most. Nothing here knows the API that the client is for.

mod amend;
mod any;
mod any_writer;
mod api_error;
mod attempt;
mod auth;
mod backoff;
mod base64;
mod blocking_iter;
mod blocking_wait;
mod body;
mod budget;
mod call;
mod clients;
mod config;
mod connecting;
mod core;
mod deadline;
mod error;
mod error_kind;
mod events;
#[allow(unused_imports, reason = "which of these names a client uses depends on its API")]
mod face;
mod failure;
mod finite;
mod hooks;
mod json_path;
mod json_text;
mod lent;
mod lines;
mod long_running;
mod mask;
mod multipart;
mod occurrences;
mod operation;
mod operation_error;
mod options;
mod pace;
mod page_walk;
mod pages;
mod paging;
mod param;
mod path;
mod pointer;
mod policy;
mod preview;
mod proxy_env;
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
mod states;
mod stream;
mod streamed;
mod trace;
mod transport;
mod unfold;
mod unreadable;
mod unreadable_scan;
mod uuid_text;
mod wait;
mod wait_options;
mod watch;
mod writer;

#[cfg(feature = "blocking")]
pub mod blocking;
#[cfg(feature = "test-util")]
pub mod mock;
pub mod nullable;
pub mod string_enum;
pub mod union;

pub use self::face::*;
