//! Tests of the runtime through its public API. One binary, one file per concern.

#![expect(
    clippy::panic,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::unreachable,
    reason = "a test fails by panicking, also where a helper of it finds the fault"
)]

#[cfg(all(feature = "http2", feature = "rustls-tls"))]
mod alpn;
#[cfg(feature = "blocking")]
mod blocking;
mod bodies;
mod budget;
mod cancel;
mod codes;
mod concurrency;
mod configuration;
mod connections;
mod credentials;
mod deadline;
mod downloads;
mod downloads_ranges;
#[cfg(feature = "fs")]
mod downloads_saved;
mod errors;
mod failures;
mod finite;
mod hooks;
#[cfg(feature = "http2")]
mod http2;
mod idempotency;
mod json_paths;
mod leaks;
mod leaks_of_jobs;
#[cfg(feature = "tracing")]
mod logs;
mod long_running;
mod long_running_cancel;
mod long_running_ends;
mod long_running_failures;
mod long_running_handle;
mod long_running_model;
mod long_running_options;
mod long_running_pauses;
mod long_running_shared;
mod long_running_times;
mod masking;
mod masking_bodies;
mod masking_forms;
#[cfg(feature = "test-util")]
mod mock;
mod multipart;
mod named_failures;
mod operations;
mod options;
mod pages;
mod pages_ends;
mod paths;
mod precedence;
mod printed;
mod proxies;
mod redirects;
mod requests;
mod resending;
mod retry_after;
#[cfg(all(
    feature = "jiff",
    feature = "chrono",
    feature = "time",
    feature = "uuid",
    feature = "rust_decimal",
    feature = "url"
))]
mod scalars;
mod service;
mod shapes;
mod standin;
mod streams;
mod streams_parsing;
mod surface;
#[cfg(feature = "tracing")]
mod traces;
mod transfers;
mod unions;
mod unreadable;
mod uploads;
#[cfg(feature = "fs")]
mod uploads_files;
mod values;
#[cfg(feature = "xml")]
mod xml;
