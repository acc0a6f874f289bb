//! The crate root: its modules, its re-exports, and docs that show a complete call.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::test_util::{self, FEATURE};
use super::{exports, shapes};
use crate::emit::example::call;
use crate::emit::example::snippet::{Snippet, crate_name};
use crate::emit::features::{allowed_in_parts, of_client};
use crate::emit::operation::Call;
use crate::emit::package::runtime_components::Component;
use crate::emit::package::{manifest, parts};
use crate::emit::split::{Chunk, divide, fits};
use crate::emit::{Source, markdown as pages};
use crate::ir::{Api, FULL};
use crate::markdown;
use crate::progenitor::Types;

pub(crate) fn emit(api: &Api, types: &Types) -> Vec<Source> {
    let client = format_ident!("{}", api.client.name);
    let (builder, core) = (format_ident!("{client}Builder"), format_ident!("{client}Core"));
    let namespaces = (!api.root.children.is_empty()).then_some("api");
    let components = Component::of(api);
    let of_client = of_client();
    let modules = exports::declarations(&components).into_iter().chain(namespaces).chain(["funcs", "types"]);
    let modules = modules.map(|name| {
        let ident = format_ident!("{name}");
        let condition = (!["error", "scalars", "types"].contains(&name)).then_some(&of_client);
        quote!(#condition pub mod #ident;)
    });
    let names = NAMES.map(|name| format_ident!("{name}"));
    // A method of streamed events returns a `Result`, as the other methods do.
    let wraps = components.contains(&Component::Streams).then(|| quote!(clippy::unnecessary_wraps,));
    let xml = components.contains(&Component::Xml).then(|| {
        quote!(
            #of_client
            mod xml;
        )
    });
    let shapes = shapes::is_needed(api).then(|| {
        quote!(
            mod shapes;
        )
    });
    let custom = api.package.has_custom_module.then(|| {
        quote!(
            pub mod custom;
        )
    });
    let allowed = allowed_in_parts();
    let items = quote! {
        #allowed
        #of_client
        mod client;
        #custom
        #(#modules)*
        /// Compiles the examples of the Markdown pages as doc tests.
        #[cfg(all(doctest, feature = #FULL))]
        mod markdown;
        #[rustfmt::skip]
        #[allow(dead_code, unused_imports, #wraps reason = "this API does not use all parts of the runtime")]
        mod runtime;
        #shapes
        #[cfg(feature = #FEATURE)]
        pub mod test_util;
        #xml

        #of_client
        pub use crate::client::{#client, #builder, #core};
        /// Requires the feature `blocking`.
        #[cfg(feature = "blocking")]
        pub use crate::runtime::blocking;
        #[doc(inline)]
        pub use crate::error::{Error, ErrorKind};
        #of_client
        pub use crate::runtime::{#(#names),*};
        pub use bytes;
        #of_client
        pub use reqwest;
        pub use serde_json;
    };
    let mut sources = doc_tests(api);
    sources.push(Source::formatted("src/lib.rs", docs(api, types), items));
    sources
}

/// The items of the runtime that every client exports in its root.
const NAMES: [&str; 23] = [
    "Attempt",
    "BackoffConfig",
    "Call",
    "CallOptions",
    "Credential",
    "HeaderMap",
    "HeaderName",
    "HeaderValue",
    "Hooks",
    "Method",
    "Operation",
    "RawBytes",
    "RawJson",
    "RawRequest",
    "RequestHead",
    "RequestPreview",
    "Response",
    "ResponseHead",
    "RetryBudget",
    "RetryCode",
    "RetryConfig",
    "RetryStrategy",
    "StatusCode",
];

/// Includes the Markdown pages as doc tests, in one module or in several.
fn doc_tests(api: &Api) -> Vec<Source> {
    let paths = std::iter::once(("README.md".to_owned(), None)).chain(pages::paths(api));
    let pieces: Vec<_> = paths.enumerate().map(|(index, (path, feature))| page(index, path, feature)).collect();
    let docs = "The Markdown pages. Their examples are compiled as doc tests.";
    if fits(&pieces) {
        return vec![Source::rust("src/markdown.rs", docs, doc_tests_of(pieces, ".."))];
    }
    let parts = divide(pieces, &mut BTreeSet::new());
    let modules = parts.iter().map(|part| format_ident!("{}", part.name));
    let mut sources = vec![Source::rust("src/markdown.rs", docs, quote!(#(mod #modules;)*))];
    sources.extend(
        parts.into_iter().map(|part| {
            Source::rust(format!("src/markdown/{}.rs", part.name), docs, doc_tests_of(part.pieces, "../.."))
        }),
    );
    sources
}

/// A page: the number of its test, its path relative to the crate, and the feature that its examples need.
type Page = (usize, String, Option<&'static str>);

fn page(index: usize, path: String, feature: Option<&'static str>) -> Chunk<Page> {
    const LINES: usize = 4;
    let file = path.trim_end_matches(".md").rsplit('/').next().unwrap_or_default();
    Chunk { name: crate::naming::snake(file), lines: LINES, content: (index, path, feature) }
}

/// Returns the doc tests of some pages. `up` leads from the file to the crate.
fn doc_tests_of(pages: Vec<Chunk<Page>>, up: &str) -> TokenStream {
    let tests = pages.into_iter().map(|Chunk { content: (index, path, feature), .. }| {
        let (path, name) = (format!("{up}/{path}"), format_ident!("Page{index}"));
        let condition = feature.map(|feature| quote!(#[cfg(feature = #feature)]));
        quote!(#condition #[doc = include_str!(#path)] struct #name;)
    });
    tests.collect()
}

/// Returns an example of a first call, from creating a client to printing the response.
pub(crate) fn quick_start<'a>(api: &'a Api, types: &Types) -> Snippet<'a> {
    let client = call::client(api);
    let call::Example { setup, call } = call::method_call(api, &Call::of(api, types, 0), &quote!(client));
    let statements = quote! {
        let client = #client;
        #setup
        let response = #call.await?;
        println!("{response:?}");
    };
    Snippet::new(api, TokenStream::new(), statements)
}

fn docs(api: &Api, types: &Types) -> String {
    let mut docs = format!("{}: {}\n\n", markdown::line(&api.package.title), markdown::safe(&api.package.description));
    if !api.operations.is_empty() {
        let example = quick_start(api, types).rustdoc();
        docs.push_str(&format!("# Quick start\n\n{example}\n"));
    }
    docs.push_str(CALLS);
    match api.operations.iter().position(|operation| operation.long_running.is_some()) {
        Some(start) => {
            let example = wait(api, &Call::of(api, types, start)).rustdoc();
            docs.push_str(&format!("{JOBS}{example}\n{JOB_ERRORS}"));
        }
        None if api.operations.is_empty() => {}
        None => {
            let example = error(api, &Call::of(api, types, 0)).rustdoc();
            docs.push_str(&format!("# Errors\n\n{example}\n{ERRORS}"));
        }
    }
    if let Some(example) = test_util::short_example(api, types) {
        docs.push_str(&format!("{TESTING}{example}\n"));
    }
    docs.push_str(&places(api));
    docs.push_str(&logs(api));
    docs.push_str(&features(api));
    docs
}

const CALLS: &str = "A call ends within its timeout. A failed request is retried if that is safe: a request that is not idempotent is not \
repeated if the service may have processed it. Redirects are not followed. Errors \
and traces contain no credential, and mask what a call has sent where the service echoes it. Values that the service returns are \
shown as it sent them.\n\n";

const JOBS: &str = "# Jobs and errors\n\nSome calls start a job that continues after their response. \
[`wait`](Call::wait) polls the job until it ends:\n\n";

const JOB_ERRORS: &str = "Calls return an [`Error`]: [`kind`](Error::kind) tells what failed, and [`maybe_sent`](Error::maybe_sent) whether \
the service may have processed the request. Waiting for a job returns a [`JobError`](jobs::JobError), which converts to \
[`Error`].\n\n";

/// The spans and events, with the name of the target.
fn logs(api: &Api) -> String {
    let jobs = Component::Jobs.is_in(api);
    let by_default = if manifest::is_default(api, "tracing") { ", which is enabled by default" } else { "" };
    let mut text = format!(
        "# Spans and events\n\nWith the feature `tracing`{by_default}. The target is `{}`. Fields about HTTP have the \
         names of OpenTelemetry's semantic conventions; `url.full` is left out, because it contains arguments. No field \
         contains values of arguments, headers or bodies, except the id of a job.\n\n| name or message | level | fields |\n|---|---|---|\n",
        crate_name(api)
    );
    if jobs {
        text.push_str(JOB_SPANS);
    }
    text.push_str(CALL_SPANS);
    text.push_str(EVENTS);
    if jobs {
        text.push_str(JOB_EVENTS);
    }
    text.push('\n');
    text
}

const JOB_SPANS: &str = "\
| span `job`: a start, its polls and waits | INFO | `job.operation` (the operation that starts the job), `job.id` once it is known |\n\
| span `poll wait` | DEBUG | `polls` so far |\n";

const CALL_SPANS: &str = "\
| span `call` | INFO | `otel.name` (the operation), `otel.kind`, `http.request.method`, `url.template`, `server.address`, \
`server.port`; at its end `http.response.status_code`, `http.request.resend_count` (of the last attempt), `error.type` |\n\
| span `attempt` | DEBUG | `http.request.resend_count`; at its end `http.response.status_code`, `error.type` |\n";

const EVENTS: &str = "\
| the call succeeded, the call failed | DEBUG | `kind` of the error, `status`, `attempts`, `elapsed_ms` |\n\
| the attempt failed and is retried | INFO | `kind`, `status`, `attempt`, `wait_ms` |\n\
| the attempt failed and is not retried | INFO | `kind`, `status`, `attempt`, `reason` |\n\
| fields of the response could not be decoded and were left out | WARN | `operation_id`, `status`, `fields` (their number) |\n";

const JOB_EVENTS: &str = "\
| the job was started | INFO | none; the id is in the span `job` |\n\
| the poll failed; waiting continues, or ends | INFO | `kind`, `status` |\n\
| the wait for the job ended | INFO | `outcome` (`succeeded`, `failed`, `poll failed`, `timed out` or `not started`), `status` (the last state, if the \
API's description names it), `polls`, `elapsed_ms` |\n";

const ERRORS: &str = "[`kind`](Error::kind) tells what failed, [`maybe_sent`](Error::maybe_sent) whether the service may have processed \
the request, and [`is_retryable`](Error::is_retryable) whether a later call may succeed.\n\n";

const TESTING: &str =
    "# Testing\n\nThe feature `test-util` adds a mock server that runs within the process of the test:\n\n";

/// Returns an example that waits for the end of a job, and handles its errors.
fn wait<'a>(api: &'a Api, start: &Call<'_>) -> Snippet<'a> {
    let client = call::client(api);
    let call::Example { setup, call } = call::method_call(api, start, &quote!(client));
    let statements = quote! {
        match #call.wait().await {
            Ok(done) => println!("{done:?}"),
            Err(error) if error.is_failed() => println!("the job failed: {error}"),
            Err(error) if error.is_timeout() => println!("still running: {:?}", error.job()),
            Err(error) => return Err(error.into()),
        }
    };
    Snippet::new(api, TokenStream::new(), statements).after(quote!(let client = #client; #setup))
}

/// Returns an example that handles the errors of a call.
fn error<'a>(api: &'a Api, call: &Call<'_>) -> Snippet<'a> {
    let client = call::client(api);
    let call::Example { setup, call } = call::method_call(api, call, &quote!(client));
    let statements = quote! {
        match #call.await {
            Ok(response) => println!("{response:?}"),
            Err(error) if error.kind() == ErrorKind::Status => println!("rejected: {:?}", error.server_message()),
            Err(error) => return Err(error),
        }
    };
    Snippet::new(api, quote!(ErrorKind,), statements).after(quote!(let client = #client; #setup))
}

fn places(api: &Api) -> String {
    let client = &api.client.name;
    let mut text = format!(
        "# Where to find things\n\n\
         - [`{client}`] and [`{client}Builder`]: the client and its settings.\n\
         - [`Call`]: what every operation returns. Set options on it, then `.await` it.\n\
         - [`types`]: the types of requests and responses.\n\
         - [`error`]: [`Error`], [`ErrorKind`] and their parts.\n"
    );
    for component in Component::of(api) {
        text.push_str(match component {
            Component::Jobs => "- [`jobs`]: handles of jobs, and options of waiting for them.\n",
            Component::Pages => "- [`pages`]: paginated results.\n",
            Component::Streams => "- [`streams`]: streamed responses.\n",
            Component::Downloads => "- [`downloads`]: responses of bytes as streams, and how to resume them.\n",
            Component::Uploads => "- [`uploads`]: bodies of bytes, and files.\n",
            Component::Scalars => {
                "- [`scalars`]: strings and integers with a format, such as dates, and their conversions.\n"
            }
            _ => "",
        });
    }
    text.push_str(&format!(
        "- `test_util`: the mock server. These pages exist only if the feature `test-util` is enabled.\n\
         - [`CallOptions`], [`RetryConfig`], [`Credential`], [`Hooks`]: settings of calls and clients.\n\
         - [`funcs`]: the operations as functions, which take the [`{client}Core`].\n\n"
    ));
    text
}

fn features(api: &Api) -> String {
    let what = if Component::Jobs.is_in(api) { "calls and waits" } else { "calls" };
    let blocking = format!("`.blocking()` on {what}");
    let rows = manifest::feature_rows(
        api,
        &[
            ("rustls-tls", "TLS by rustls"),
            ("native-tls", "TLS by the library of the system"),
            ("http2", "HTTP/2, if the server supports it"),
            ("gzip", "responses compressed with gzip"),
            ("tracing", "spans and events"),
            ("blocking", &blocking),
            ("test-util", "the module `test_util`"),
        ],
    );
    format!("# Features\n\n| feature | default | description |\n|---|---|---|\n{rows}\n\n{}", parts::docs(api))
}
