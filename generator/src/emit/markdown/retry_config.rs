//! The page about retry settings, with the policy of this API.

use quote::quote;

use super::table;
use crate::emit::example::call;
use crate::emit::example::snippet::Snippet;
use crate::ir::{Api, RetryStrategy};

pub(super) fn page(api: &Api) -> String {
    let retry = &api.client.retry;
    let row = |name: &str, ty: &str, default: String, about: &str| {
        vec![format!("`{name}`"), format!("`{ty}`"), default, about.to_owned()]
    };
    let ms =
        |value: u64| if value.is_multiple_of(1000) { format!("{} s", value / 1000) } else { format!("{value} ms") };
    let strategy = if retry.strategy == RetryStrategy::None { "none" } else { "backoff" };
    let rows = [
        row(
            "strategy",
            "RetryStrategy",
            strategy.to_owned(),
            "`RetryStrategy::Backoff` retries after growing waits; `RetryStrategy::None` never retries.",
        ),
        row("initial_interval", "Duration", ms(retry.initial_interval), "The upper bound of the first wait."),
        row("max_interval", "Duration", ms(retry.max_interval), "The largest upper bound of a wait."),
        row(
            "exponent",
            "f64",
            retry.exponent.to_string(),
            "The factor by which the upper bound grows after each wait, at least 1.",
        ),
        row(
            "max_elapsed_time",
            "Duration",
            ms(retry.max_elapsed_time),
            "No retry starts later than this after the start of the call.",
        ),
        row(
            "retry_connection_errors",
            "bool",
            retry.retry_connection_errors.to_string(),
            "Whether an attempt is retried if its connection fails or it times out.",
        ),
        row("max_attempts", "u32", "4".to_owned(), "The maximum number of attempts of a call, including the first."),
        row(
            "max_retry_after",
            "Duration",
            "60 s".to_owned(),
            "The longest `Retry-After` that is waited for. A longer one ends the call at once.",
        ),
        row(
            "retry_unavailable_with_retry_after",
            "bool",
            "false".to_owned(),
            "Whether a 503 with `Retry-After` is retried even if the operation is not idempotent.",
        ),
    ];
    let codes: Vec<_> = retry.status_codes.iter().map(|code| format!("`{code}`")).collect();
    format!(
        "# RetryConfig\n\nSets when and how often a failed call is retried. The builder sets it for all calls of a client, and \
         `.retry_config(…)` for one call. The settings `initial_interval`, `max_interval`, `exponent` and `max_elapsed_time` are \
         those of `BackoffConfig`. A setting of a call that is not set is as the client has it, and a setting of the client that \
         is not set has the default of this page.\n\nEach wait is random, up to its upper bound (full jitter). If the service \
         sends a longer `Retry-After`, the wait is that long.\n\n## Fields\n\n{}\n\
         Retried statuses: {}. `retry_codes` changes them; `5XX` matches all statuses from 500 to 599.\n\n\
         If an operation is not idempotent, its request is repeated only if the service has certainly not processed it: no \
         connection was made, or the service responded with 429.\n\n## Example\n\n{}",
        table(&["Field", "Type", "Default", "Description"], &rows),
        codes.join(", "),
        snippet(api).page()
    )
}

fn snippet(api: &Api) -> Snippet<'_> {
    let settings = call::client_settings(api);
    let name = quote::format_ident!("{}", api.client.name);
    let statements = quote! {
        let backoff = BackoffConfig::new()
            .initial_interval(Duration::from_millis(200))
            .max_interval(Duration::from_secs(5))
            .exponent(2.0);
        let client = #name::builder()
            #settings
            .retry_config(RetryConfig::backoff(backoff).max_attempts(3))
            .retry_codes(["429", "5XX"])
            .build()?;
        println!("{client:?}");
    };
    Snippet::new(api, quote!(BackoffConfig, RetryConfig,), statements)
}
