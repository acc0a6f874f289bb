//! Lowers `x-speakeasy-retries`: the retry policy of the document or of one operation.

use super::Lowering;
use crate::diagnostics::catalogue::BAD_RETRIES;
use crate::document::Node;
use crate::ir::{Retry, RetryStrategy};

impl Lowering<'_> {
    /// Returns the policy that a node states. `None` if it states none.
    pub(super) fn retry(&mut self, node: &Node<'_>) -> Option<Retry> {
        let stated = node.get("x-speakeasy-retries")?;
        let default = Retry::default();
        let backoff = stated.get("backoff");
        let mut interval = |key: &str, default: u64| self.number(&backoff.as_ref()?.get(key)?).or(Some(default));
        let retry = Retry {
            initial_interval: interval("initialInterval", default.initial_interval).unwrap_or(default.initial_interval),
            max_interval: interval("maxInterval", default.max_interval).unwrap_or(default.max_interval),
            max_elapsed_time: interval("maxElapsedTime", default.max_elapsed_time).unwrap_or(default.max_elapsed_time),
            exponent: self.exponent(backoff.as_ref()).unwrap_or(default.exponent),
            strategy: self.strategy(&stated),
            status_codes: self.status_codes(&stated).unwrap_or(default.status_codes),
            retry_connection_errors: stated.get("retryConnectionErrors").is_none_or(|node| node.value() != false),
        };
        if retry.strategy == RetryStrategy::Backoff && (retry.initial_interval == 0 || retry.max_elapsed_time == 0) {
            self.bad_retries(&stated, "`initialInterval` and `maxElapsedTime` must be greater than 0");
        }
        if let Some(node) = stated.get("retryConnectionErrors").filter(|node| !node.value().is_boolean()) {
            self.bad_retries(&node, format!("`retryConnectionErrors` is {}, not `true` or `false`", node.value()));
        }
        if retry.initial_interval > retry.max_interval {
            self.bad_retries(&stated, "`initialInterval` is longer than `maxInterval`");
        }
        Some(retry)
    }

    fn bad_retries(&mut self, node: &Node<'_>, message: impl Into<String>) {
        self.diagnostics.report(self.document, &BAD_RETRIES, node.pointer(), message);
    }

    fn number(&mut self, node: &Node<'_>) -> Option<u64> {
        let number = node.value().as_u64();
        if number.is_none() {
            self.bad_retries(node, format!("`{}` is not an integer number of milliseconds", node.value()));
        }
        number
    }

    fn exponent(&mut self, backoff: Option<&Node<'_>>) -> Option<f64> {
        let node = backoff?.get("exponent")?;
        let exponent = node.value().as_f64().filter(|exponent| *exponent >= 1.0 && exponent.is_finite());
        if exponent.is_none() {
            self.bad_retries(&node, format!("the exponent is {}, which is not a number of at least 1", node.value()));
        }
        exponent
    }

    fn strategy(&mut self, stated: &Node<'_>) -> RetryStrategy {
        let Some(node) = stated.get("strategy") else {
            self.bad_retries(stated, "`strategy` is missing; it must be `backoff` or `none`");
            return RetryStrategy::None;
        };
        match node.value().as_str() {
            Some("backoff") => RetryStrategy::Backoff,
            Some("none") => RetryStrategy::None,
            _ => {
                self.bad_retries(&node, format!("the strategy is `{}`, not `backoff` or `none`", node.value()));
                RetryStrategy::None
            }
        }
    }

    fn status_codes(&mut self, stated: &Node<'_>) -> Option<Vec<String>> {
        let list = stated.get("statusCodes")?;
        let mut codes = Vec::new();
        for node in list.items() {
            let code = node.value().as_str().map_or_else(|| node.value().to_string(), str::to_uppercase);
            if is_status_code(&code) {
                codes.push(code);
            } else {
                self.bad_retries(&node, format!("`{code}` is not a status code such as `429` or `5XX`"));
            }
        }
        Some(codes)
    }
}

fn is_status_code(code: &str) -> bool {
    matches!(code.as_bytes(), [b'1'..=b'5', b'X', b'X'] | [b'1'..=b'5', b'0'..=b'9', b'0'..=b'9'])
}
