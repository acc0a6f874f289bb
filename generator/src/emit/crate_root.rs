//! The crate's face: its modules, what it re-exports, and a first page that shows a whole call.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::Source;
use super::operation::Call;
use super::snippet::Snippet;
use super::test_util::FEATURE;
use super::{example, pages};
use crate::backend::Answer;
use crate::ir::Api;
use crate::prose;

pub(super) fn emit(api: &Api, answer: &Answer) -> Source {
    let client = format_ident!("{}", api.client.name);
    let (builder, core) = (format_ident!("{client}Builder"), format_ident!("{client}Core"));
    let namespaces = (!api.root.children.is_empty()).then(|| {
        quote!(
            pub mod api;
        )
    });
    let pages = doc_tests(api);
    let items = quote! {
        #namespaces
        mod client;
        pub mod error;
        pub mod funcs;
        #[allow(dead_code, unused_imports, clippy::unnecessary_wraps, reason = "the runtime serves any API, and this one need not use all of it")]
        mod runtime;
        #[cfg(feature = #FEATURE)]
        pub mod test_util;
        pub mod types;

        pub use crate::client::{#client, #builder, #core};
        /// Needs the feature `blocking`.
        #[cfg(feature = "blocking")]
        pub use crate::runtime::blocking;
        #[doc(inline)]
        pub use crate::error::{Error, ErrorKind};
        pub use crate::runtime::{
            Attempt, BackoffConfig, Call, Credential, Events, HeaderMap, HeaderName, HeaderValue, Hooks, Items, Method,
            OperationError, OperationFailure, PageToken, Pages, Progress, RequestPreview, Response, ResponseHead,
            RetryBudget, RetryConfig, ServerEvent, StartAndWait, States, Strategy, Wait, WaitOptions,
        };
        pub use reqwest;

        #pages
    };
    Source::rust("src/lib.rs", docs(api, answer), items)
}

/// The pages of Markdown, compiled when the docs are tested.
fn doc_tests(api: &Api) -> TokenStream {
    let paths = std::iter::once(("README.md".to_owned(), None)).chain(pages::paths(api));
    let pages = paths.enumerate().map(|(index, (path, feature))| {
        let (path, name) = (format!("../{path}"), format_ident!("Page{index}"));
        let condition = feature.map_or(quote!(doctest), |feature| quote!(all(doctest, feature = #feature)));
        quote!(#[cfg(#condition)] #[doc = include_str!(#path)] struct #name;)
    });
    pages.collect()
}

/// The first call of the API, from making a client to showing the reply.
pub(super) fn quick_start<'a>(api: &'a Api, answer: &Answer) -> Snippet<'a> {
    let client = example::client(api);
    let example::Example { setup, call } = example::method_call(api, &Call::of(api, answer, 0), &quote!(client));
    let statements = quote! {
        let client = #client;
        #setup
        let reply = #call.await?;
        println!("{reply:?}");
    };
    Snippet::new(api, TokenStream::new(), statements)
}

fn docs(api: &Api, answer: &Answer) -> String {
    let mut docs = format!("{}: {}\n\n", prose::line(&api.package.title), prose::safe(&api.package.description));
    if !api.operations.is_empty() {
        let example = quick_start(api, answer).rustdoc();
        docs.push_str(&format!("# Quick start\n\n{example}\n"));
    }
    if let Some(start) = api.operations.iter().position(|operation| operation.long_running.is_some()) {
        let example = wait(api, &Call::of(api, answer, start)).rustdoc();
        docs.push_str(&format!("Work that goes on after the reply is waited for:\n\n{example}\n"));
    }
    docs.push_str(&places(&api.client.name));
    docs.push_str(CALLS);
    docs.push_str(FEATURES);
    docs
}

/// The end of long-running work, and how it may fail.
fn wait<'a>(api: &'a Api, start: &Call<'_>) -> Snippet<'a> {
    let client = example::client(api);
    let example::Example { setup, call } = example::method_call(api, start, &quote!(client));
    let statements = quote! {
        match #call.wait().await {
            Ok(done) => println!("{done:?}"),
            Err(error) if error.is_failed() => println!("it has failed: {error}"),
            Err(error) => println!("it may go on: {error}"),
        }
    };
    Snippet::new(api, TokenStream::new(), statements).after(quote!(let client = #client; #setup))
}

fn places(client: &str) -> String {
    format!(
        "# Where things are\n\n\
         - [`{client}`] and [`{client}Builder`]: settings, and the way to the namespaces.\n\
         - [`Call`]: what every operation returns. Set options on it, then `.await` it.\n\
         - [`types`]: what is sent and received.\n\
         - [`funcs`]: the operations as functions over [`{client}Core`].\n\
         - [`error`]: the one error type, and what it can tell. [`ErrorKind`] says what went wrong, \
         [`Error::maybe_sent`] whether the service may have acted on it.\n\n"
    )
}

const CALLS: &str = "# What a call does\n\n\
It ends within its timeout, whatever happens. It is tried again where that is safe: never when a request that must not be \
carried out twice may have reached the service. It follows no redirect, and shows no secret in any `Debug`, error or \
trace.\n\n";

const FEATURES: &str = "# Features\n\n\
- `rustls-tls` (default), `native-tls`: TLS.\n\
- `tracing` (default): spans and events of every call.\n\
- `http2`: HTTP/2 where the server offers it.\n\
- `blocking`: `.blocking()` on calls and waits, for programs without an async runtime.\n\
- `test-util`: the module `test_util`, a scripted server for tests.";
