//! The page about retry settings, with the policy of this API.

use quote::quote;

use super::table;
use crate::emit::example::call;
use crate::emit::example::snippet::Snippet;
use crate::ir::{Api, Strategy};

pub(super) fn page(api: &Api) -> String {
    let retry = &api.client.retry;
    let row = |name: &str, ty: &str, default: String, about: &str| {
        vec![format!("`{name}`"), format!("`{ty}`"), default, about.to_owned()]
    };
    let ms =
        |value: u64| if value.is_multiple_of(1000) { format!("{} s", value / 1000) } else { format!("{value} ms") };
    let strategy = if retry.strategy == Strategy::None { "none" } else { "backoff" };
    let rows = [
        row(
            "strategy",
            "Strategy",
            strategy.to_owned(),
            "`Strategy::None` never tries again, `Strategy::Backoff` after growing waits.",
        ),
        row("initial_interval", "Duration", ms(retry.initial_interval), "The bound of the first wait."),
        row("max_interval", "Duration", ms(retry.max_interval), "The bound of every wait."),
        row("exponent", "f64", retry.exponent.to_string(), "What the bound grows by from wait to wait, at least 1."),
        row(
            "max_elapsed_time",
            "Duration",
            ms(retry.max_elapsed_time),
            "No retry begins later than this after the begin of the call.",
        ),
        row(
            "retry_connection_errors",
            "bool",
            retry.retry_connection_errors.to_string(),
            "Whether broken connections and attempts that take too long are retried.",
        ),
        row("max_attempts", "u32", "4".to_owned(), "The most attempts of a call, the first one included."),
        row(
            "max_retry_after",
            "Duration",
            "60 s".to_owned(),
            "The longest `Retry-After` of the service that is waited for; a longer one ends the call at once.",
        ),
        row(
            "retry_unavailable_with_retry_after",
            "bool",
            "false".to_owned(),
            "Whether a 503 with `Retry-After` is retried also where the operation is not idempotent.",
        ),
    ];
    let codes: Vec<_> = retry.status_codes.iter().map(|code| format!("`{code}`")).collect();
    format!(
        "# RetryConfig\n\nWhether, when and how often a failed call is tried again. The first four intervals stand in \
         `BackoffConfig`. What is left out is as the client has it, else as the API's document states it. A wait is a random \
         part of its bound (full jitter), or the service's `Retry-After` if that is longer.\n\n## Fields\n\n{}\n\
         Retried statuses: {}. They are set with `retry_codes`, where `5XX` stands for all statuses from 500 to 599.\n\n\
         An operation that is not idempotent is only sent again where it surely was not carried out: when no connection was \
         made, or after a 429.\n\n## Example\n\n{}",
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
