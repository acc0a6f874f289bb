//! The crate's face: its modules, what it re-exports, and a first page that shows a whole call.

use quote::{format_ident, quote};

use super::Source;
use super::readme::quick_start;
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
    let items = quote! {
        #namespaces
        mod client;
        pub mod error;
        pub mod funcs;
        #[allow(dead_code, unused_imports, clippy::unnecessary_wraps, reason = "the runtime serves any API, and this one need not use all of it")]
        mod runtime;
        pub mod types;

        pub use crate::client::{#client, #builder, #core};
        #[doc(inline)]
        pub use crate::error::{Error, ErrorKind};
        pub use crate::runtime::{
            Attempt, BackoffConfig, Call, Credential, HeaderMap, HeaderName, HeaderValue, Hooks, Method, RequestPreview,
            Response, ResponseHead, RetryBudget, RetryConfig, Strategy,
        };

        #[cfg(doctest)]
        #[doc = include_str!("../README.md")]
        struct Readme;
    };
    Source::rust("src/lib.rs", docs(api, answer), items)
}

fn docs(api: &Api, answer: &Answer) -> String {
    let client = &api.client.name;
    let mut docs = format!("{}: {}\n\n", prose::safe(&api.package.title), prose::safe(&api.package.description));
    if let Some(example) = quick_start(api, answer, true) {
        docs.push_str(&format!("# Quick start\n\n{example}\n"));
    }
    docs.push_str(&format!(
        "# Where things are\n\n\
         - [`{client}`] and [`{client}Builder`]: settings, and the way to the namespaces.\n\
         - [`Call`]: what every operation returns. Set options on it, then `.await` it.\n\
         - [`types`]: what is sent and received.\n\
         - [`funcs`]: the operations as functions over [`{client}Core`].\n\
         - [`error`]: the one error type, and what it can tell.\n\n\
         # What a call does\n\n\
         It ends within its timeout, whatever happens. It is tried again where that is safe: never when a request that \
         must not be carried out twice may have reached the service. It follows no redirect, and shows no secret in any \
         `Debug`, error or trace."
    ));
    docs
}
