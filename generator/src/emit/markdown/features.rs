//! The section of the README about the features of the crate.

use crate::emit::package::runtime_components::Component;
use crate::emit::package::{manifest, parts};
use crate::ir::Api;

pub(super) fn section(api: &Api) -> String {
    let what = if Component::Jobs.is_in(api) { "calls and waits" } else { "calls" };
    let blocking = format!("[`.blocking()`](docs/lib/blocking.md) on {what}, for programs without an async runtime");
    let rows = manifest::feature_rows(
        api,
        &[
            ("rustls-tls", "TLS by rustls, with the certificates of the system"),
            ("native-tls", "TLS by the library of the system"),
            ("http2", "HTTP/2, if the server supports it"),
            ("gzip", "responses compressed with gzip; adds eleven dependencies"),
            ("tracing", "spans and events"),
            ("blocking", &blocking),
            ("test-util", "a [mock server](docs/lib/testing.md) for tests"),
        ],
    );
    format!(
        "## Features\n\n| feature | default | description |\n|---|---|---|\n{rows}\n\n\
         Without a TLS feature, `build()` fails for an `https://` server, unless `http_client` is set.\n\n{}\n",
        parts::docs(api)
    )
}
