//! The public modules that re-export items of the runtime: errors, and the components that the API needs.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::emit::Source;
use crate::emit::package::runtime_components::Component;

/// A public module and what it exports from the runtime.
struct Exports {
    name: &'static str,
    docs: &'static str,
    items: TokenStream,
}

pub(crate) fn emit(components: &BTreeSet<Component>) -> Vec<Source> {
    let modules = std::iter::once(errors()).chain(components.iter().filter_map(|component| exports(*component)));
    modules.map(|module| Source::rust(format!("src/{}.rs", module.name), module.docs, module.items)).collect()
}

/// Returns the declarations of the modules, in alphabetical order.
pub(crate) fn declarations(components: &BTreeSet<Component>) -> BTreeSet<&'static str> {
    let modules = std::iter::once(errors()).chain(components.iter().filter_map(|component| exports(*component)));
    modules.map(|module| module.name).collect()
}

fn errors() -> Exports {
    Exports {
        name: "error",
        docs: "Why a call, or building a client, failed.\n\n[`Error`] is the error of every call. [`ErrorKind`] and its parts say what failed, and \
               [`ApiError`] is the response of the service, if there was one. [`ParseEnumError`] is for strings that are not a \
               value of an enum.",
        items: quote! {
            pub use crate::runtime::{ApiError, BodyFailure, BoxError, Error, ErrorKind, NextPageFailure, ParseEnumError, StopReason, TimeoutKind};
        },
    }
}

fn exports(component: Component) -> Option<Exports> {
    let (docs, names): (_, &[&str]) = match component {
        Component::Jobs => (
            "Jobs: work of the service that continues after the response that starts it.\n\nA call that starts a job has \
             two more methods: [`wait`](crate::Call::wait) starts the job and waits for its end, \
             [`job`](crate::Call::job) starts it and returns a handle. The handle polls the job, waits for it, or is stored \
             with serde and used in another process.",
            &[
                "Job",
                "JobError",
                "JobFailure",
                "Progress",
                "StartAndWait",
                "StartsJob",
                "States",
                "Wait",
                "WaitOptions",
            ],
        ),
        Component::Pages => (
            "Paginated results.\n\nA call of an operation with pages has two more methods: \
             [`pages`](crate::Call::pages) returns a stream of pages. If the API describes the items of a page, \
             [`items`](crate::Call::items) returns a stream of the items of all pages.",
            &["Items", "PageToken", "Pages", "Paginated", "PaginatedItems"],
        ),
        Component::Streams => (
            "Streamed responses.\n\nA call of an operation that can stream has one more method, \
             [`stream`](crate::Call::stream), which returns the parts of the response as they arrive.",
            &["Events", "ServerEvent", "Streamed"],
        ),
        Component::Multipart | Component::Styles | Component::Xml | Component::Headers => return None,
    };
    let (name, exports) = (component.module(), names.iter().map(|name| format_ident!("{name}")));
    let module = format_ident!("{name}");
    Some(Exports { name, docs, items: quote!(pub use crate::runtime::#module::{#(#exports),*};) })
}
