//! Retry policies as constants of the runtime's type.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use crate::ir::{Retry, RetryStrategy};

/// A policy, written as a constant expression.
pub(crate) struct Policy<'a>(pub(crate) &'a Retry);

impl ToTokens for Policy<'_> {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Retry { initial_interval, max_interval, exponent, max_elapsed_time, retry_connection_errors, .. } = self.0;
        let codes = &self.0.status_codes;
        let strategy = match self.0.strategy {
            RetryStrategy::None => quote!(None),
            RetryStrategy::Backoff => quote!(Backoff),
        };
        let [initial, max, elapsed] = [initial_interval, max_interval, max_elapsed_time].map(|value| grouped(*value));
        let exponent = proc_macro2::Literal::f64_unsuffixed(*exponent);
        tokens.extend(quote! {
            RetryDefaults {
                strategy: RetryStrategy::#strategy,
                initial_interval_ms: #initial,
                max_interval_ms: #max,
                exponent: #exponent,
                max_elapsed_time_ms: #elapsed,
                codes: &[#(#codes),*],
                retry_connection_errors: #retry_connection_errors,
            }
        });
    }
}

/// Returns a number with its digits grouped: `60_000`.
pub(crate) fn grouped(value: u64) -> TokenStream {
    crate::print::number(&value.to_string()).parse().unwrap_or_default()
}
