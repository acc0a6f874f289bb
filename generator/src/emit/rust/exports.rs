//! The public modules that re-export items of the runtime: errors, and the components that the API needs.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::docs::runtime_examples;
use crate::emit::Source;
use crate::emit::example::snippet::crate_name;
use crate::emit::package::runtime_components::Component;
use crate::ir::Api;
use crate::print;
use crate::progenitor::Types;

/// A public module and what it exports from the runtime.
struct Exports {
    name: &'static str,
    docs: &'static str,
    items: TokenStream,
}

pub(crate) fn emit(api: &Api, types: &Types, components: &BTreeSet<Component>) -> Vec<Source> {
    let others = components.iter().filter_map(|component| exports(*component, components));
    let modules = std::iter::once(errors(has_enums(types))).chain(others);
    let file = |module: Exports| {
        let example = match module.name {
            "scalars" => scalar_example(api),
            "downloads" => runtime_examples::resume(api, types),
            "uploads" => runtime_examples::body(api, types),
            _ => String::new(),
        };
        let docs = [module.docs.to_owned(), example].join("\n\n");
        Source::rust(format!("src/{}.rs", module.name), docs.trim_end(), module.items)
    };
    modules.map(file).collect()
}

/// Whether parsing a string as an enum of the API can fail.
pub(crate) fn has_enums(types: &Types) -> bool {
    let is_closed = |item: &syn::Item| match item {
        syn::Item::Macro(call) => call.mac.path.segments.last().is_some_and(|last| last.ident == "closed"),
        _ => false,
    };
    types.file.items.iter().any(is_closed)
}

/// Returns an example of conversions. Its parts are compiled with the features that they need.
fn scalar_example(api: &Api) -> String {
    let krate = format_ident!("{}", crate_name(api));
    let imports = print::items(quote!(
        use #krate::scalars::{DateTime, Decimal, UnixSeconds};
    ));
    format!("{SCALAR_OPENING}{}\n\n{SCALAR_EXAMPLE}", imports.trim_end())
}

const SCALAR_OPENING: &str = "# Example\n\nThe types of another crate need its feature here, and the crate itself, in the same version, as a \
dependency of your own.\n\n```\n";

const SCALAR_EXAMPLE: &str = r#"# fn main() -> Result<(), Box<dyn std::error::Error>> {
let start = DateTime::from("2026-01-31T12:00:00+01:00");
assert_eq!(start, "2026-01-31T12:00:00+01:00");
assert_eq!(UnixSeconds::from(std::time::UNIX_EPOCH).get(), 0);

# #[cfg(feature = "jiff")] {
// Feature `jiff`. With the default features of jiff, `TimeZone::system()` is the local time zone.
let time: jiff::Timestamp = start.to_jiff()?;
let local = time.to_zoned_datetime(jiff::tz::TimeZone::UTC);
assert_eq!(DateTime::from(local), "2026-01-31T11:00:00+00:00");
# }

# #[cfg(feature = "chrono")] {
// Feature `chrono`. With the feature `clock` of chrono, `Local` is the local time zone.
let time: chrono::DateTime<chrono::FixedOffset> = start.to_chrono()?;
let local = time.with_timezone(&chrono::Utc);
assert_eq!(DateTime::from(local), "2026-01-31T11:00:00Z");
# }

# #[cfg(feature = "rust_decimal")] {
// Feature `rust_decimal`.
let price: rust_decimal::Decimal = Decimal::from("19.99").to_rust_decimal()?;
assert_eq!(Decimal::from(price + price), "39.98");
# }

// A value that cannot be parsed is an error of the conversion, not of the call.
# #[cfg(feature = "jiff")]
assert!(DateTime::from("tomorrow").to_jiff().is_err());
# let _ = Decimal::from("0");
# Ok(())
# }
```"#;

/// Returns the declarations of the modules, in alphabetical order.
pub(crate) fn declarations(components: &BTreeSet<Component>) -> BTreeSet<&'static str> {
    let others = components.iter().filter_map(|component| exports(*component, components));
    std::iter::once(errors(false)).chain(others).map(|module| module.name).collect()
}

fn errors(has_enums: bool) -> Exports {
    let parsing = has_enums.then(|| format_ident!("ParseEnumError")).into_iter();
    Exports {
        name: "error",
        docs: if has_enums {
            "Why a call, or building a client, failed.\n\n[`Error`] is the error of every call. [`ErrorKind`] and its parts say what failed, and \
             [`ApiError`] is the response of the service, if there was one. [`ParseEnumError`] is for strings that are not a \
             value of an enum."
        } else {
            "Why a call, or building a client, failed.\n\n[`Error`] is the error of every call. [`ErrorKind`] and its parts say what failed, and \
             [`ApiError`] is the response of the service, if there was one."
        },
        items: quote! {
            pub use crate::runtime::{ApiError, BodyFailure, BoxError, Error, ErrorKind, NextPageFailure, #(#parsing,)* StopReason, TimeoutKind};
        },
    }
}

fn exports(component: Component, all: &BTreeSet<Component>) -> Option<Exports> {
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
        Component::Scalars => (
            "Scalars: values that JSON writes as strings or integers, and whose format the API describes.\n\nA scalar keeps the \
             value exactly as the service sent it, is compared by it, and is parsed only on request: a response with a date that \
             cannot be parsed is still a response. Strings convert to each scalar that is written as a string, and so do the \
             types of other crates behind features: `jiff`, `chrono` and `time` for dates and times, `uuid`, `rust_decimal`, \
             and `url`. Each feature adds that crate; all are disabled by default. Without the feature, methods such as `to_jiff` do not \
             exist.\n\nThe error of a conversion, [`ParseScalarError`], converts to [`Error`](crate::Error), so `?` works in a function \
             that returns it.",
            &[
                "Base64",
                "Base64Url",
                "Date",
                "DateTime",
                "Decimal",
                "Duration",
                "Email",
                "HttpDate",
                "Int64String",
                "Ipv4",
                "Ipv6",
                "ParseScalarError",
                "Time",
                "Uint64String",
                "UnixMillis",
                "UnixSeconds",
                "Uri",
                "Uuid",
            ],
        ),
        Component::Downloads => (
            "Downloads: responses of bytes as streams.\n\nA call that returns bytes has one more method, \
             [`download`](crate::Call::download), which returns the bytes as they arrive. The feature `fs` adds \
             `Download::save` and `Download::write_to`, which write them to a file or a writer, and the feature `blocking` adds \
             `StartDownload::blocking`, which returns a `std::io::Read`.\n\nA download can continue in another process: \
             [`Download::resume_point`] returns where, and can be stored with serde.",
            &["Download", "ResumePoint", "StartDownload"],
        ),
        Component::Uploads => (
            "Bodies of requests that are bytes.\n\nOperations that send bytes take anything that converts to a [`Body`]: \
             bytes and strings in memory, or a stream. The feature `fs` adds `Body::from_file`, `Body::from_tokio_file` and \
             `Body::from_reader`, for files and readers.",
            &["Body"],
        ),
        Component::Multipart | Component::Styles | Component::Xml | Component::Headers => return None,
    };
    let (name, exports) = (component.module(), names.iter().map(|name| format_ident!("{name}")));
    let module = format_ident!("{name}");
    let blocking = (component == Component::Downloads).then(|| {
        quote!(
            #[cfg(feature = "blocking")]
            pub use crate::runtime::downloads::DownloadReader;
        )
    });
    let files = (component == Component::Uploads && all.contains(&Component::Multipart)).then(|| {
        quote!(
            pub use crate::runtime::multipart::File;
        )
    });
    Some(Exports { name, docs, items: quote!(pub use crate::runtime::#module::{#(#exports),*}; #blocking #files) })
}
