//! The crate root: its modules, its re-exports, and docs that show a complete call.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::exports;
use super::test_util::FEATURE;
use crate::emit::example::call;
use crate::emit::example::snippet::Snippet;
use crate::emit::operation::Call;
use crate::emit::package::runtime_components::Component;
use crate::emit::split::{Chunk, divide, fits};
use crate::emit::{Source, markdown as pages};
use crate::ir::Api;
use crate::markdown;
use crate::progenitor::Types;

pub(crate) fn emit(api: &Api, types: &Types) -> Vec<Source> {
    let client = format_ident!("{}", api.client.name);
    let (builder, core) = (format_ident!("{client}Builder"), format_ident!("{client}Core"));
    let namespaces = (!api.root.children.is_empty()).then_some("api");
    let components = Component::of(api);
    let modules = exports::declarations(&components).into_iter().chain(namespaces).chain(["funcs", "types"]);
    let modules = modules.map(|name| format_ident!("{name}"));
    let names = NAMES.map(|name| format_ident!("{name}"));
    // A method of streamed events returns a `Result` like those beside it.
    let wraps = components.contains(&Component::Streams).then(|| quote!(clippy::unnecessary_wraps,));
    let items = quote! {
        mod client;
        #(pub mod #modules;)*
        /// Compiles the Markdown pages when the docs are tested.
        #[cfg(doctest)]
        mod markdown;
        #[rustfmt::skip]
        #[allow(dead_code, unused_imports, #wraps reason = "the runtime serves any API, and this one need not use all of it")]
        mod runtime;
        #[cfg(feature = #FEATURE)]
        pub mod test_util;

        pub use crate::client::{#client, #builder, #core};
        /// Needs the feature `blocking`.
        #[cfg(feature = "blocking")]
        pub use crate::runtime::blocking;
        #[doc(inline)]
        pub use crate::error::{Error, ErrorKind};
        pub use crate::runtime::{#(#names),*};
        pub use reqwest;
    };
    let mut sources = doc_tests(api);
    sources.push(Source::formatted("src/lib.rs", docs(api, types), items));
    sources
}

/// The items of the runtime that every client exports in its root.
const NAMES: [&str; 22] = [
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
    "RetryConfig",
    "StatusCode",
    "Strategy",
];

/// Includes the Markdown pages as doc tests, in one module or in several.
fn doc_tests(api: &Api) -> Vec<Source> {
    let paths = std::iter::once(("README.md".to_owned(), None)).chain(pages::paths(api));
    let pieces: Vec<_> = paths.enumerate().map(|(index, (path, feature))| page(index, path, feature)).collect();
    let docs = "The pages of Markdown, whose examples are compiled when the docs are tested.";
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
        let reply = #call.await?;
        println!("{reply:?}");
    };
    Snippet::new(api, TokenStream::new(), statements)
}

fn docs(api: &Api, types: &Types) -> String {
    let mut docs = format!("{}: {}\n\n", markdown::line(&api.package.title), markdown::safe(&api.package.description));
    if !api.operations.is_empty() {
        let example = quick_start(api, types).rustdoc();
        docs.push_str(&format!("# Quick start\n\n{example}\n"));
    }
    if let Some(start) = api.operations.iter().position(|operation| operation.long_running.is_some()) {
        let example = wait(api, &Call::of(api, types, start)).rustdoc();
        docs.push_str(&format!("Work that goes on after the reply is waited for:\n\n{example}\n"));
    }
    docs.push_str(&places(&api.client.name));
    docs.push_str(CALLS);
    docs.push_str(&features(api));
    docs
}

/// Returns an example of the end of a job, and how the job may fail.
fn wait<'a>(api: &'a Api, start: &Call<'_>) -> Snippet<'a> {
    let client = call::client(api);
    let call::Example { setup, call } = call::method_call(api, start, &quote!(client));
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

fn features(api: &Api) -> String {
    let what = if Component::Jobs.is_in(api) { "calls and waits" } else { "calls" };
    format!(
        "# Features\n\n\
         - `rustls-tls` (default), `native-tls`: TLS.\n\
         - `tracing` (default): spans and events of every call.\n\
         - `http2`: HTTP/2 where the server offers it.\n\
         - `gzip`: replies compressed with gzip.\n\
         - `blocking`: `.blocking()` on {what}, for programs without an async runtime.\n\
         - `test-util`: the module `test_util`, a scripted server for tests."
    )
}
