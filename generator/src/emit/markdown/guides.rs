//! The pages about scalars, uploads and downloads, for clients that have them. Their examples are compiled if the feature that they
//! show is enabled.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{DOWNLOADS, SCALARS, UPLOADS};
use crate::emit::example::call;
use crate::emit::example::call::Example;
use crate::emit::example::snippet::Snippet;
use crate::emit::operation::Call;
use crate::emit::package::manifest;
use crate::emit::package::runtime_components::Component;
use crate::ir::{Api, ResponseType};
use crate::markdown;
use crate::progenitor::Types;

/// A page of a component.
pub(super) struct Guide {
    component: Component,
    pub(super) path: &'static str,
    /// The feature that its examples need.
    pub(super) feature: &'static str,
    /// Its line in the index.
    pub(super) summary: &'static str,
    text: fn(&Api, &Types) -> String,
}

const GUIDES: [Guide; 3] = [
    Guide {
        component: Component::Scalars,
        path: SCALARS,
        feature: "jiff",
        summary: "[Scalars](lib/scalars.md) - dates, UUIDs and other strings and integers with a format",
        text: scalars,
    },
    Guide {
        component: Component::Uploads,
        path: UPLOADS,
        feature: "fs",
        summary: "[Uploads](lib/uploads.md) - bodies and files that are read while they are sent",
        text: uploads,
    },
    Guide {
        component: Component::Downloads,
        path: DOWNLOADS,
        feature: "fs",
        summary: "[Downloads](lib/downloads.md) - responses of bytes as streams, and how to resume them",
        text: downloads,
    },
];

impl Guide {
    pub(super) fn page(&self, api: &Api, types: &Types) -> String {
        (self.text)(api, types)
    }
}

/// Returns the guides of a client.
pub(super) fn of(api: &Api) -> impl Iterator<Item = &'static Guide> {
    GUIDES.iter().filter(|guide| guide.component.is_in(api))
}

const SCALAR_TYPES: &str = "\
| type | format | conversions |\n|---|---|---|\n\
| `DateTime` | a date and time with an offset, RFC 3339 | `to_jiff`, `to_chrono`, `to_time` |\n\
| `Date`, `Time` | a date, a time of day, RFC 3339 | `to_jiff`, `to_chrono`, `to_time` |\n\
| `Duration` | a duration, ISO 8601 | from `std::time::Duration`, `to_jiff` |\n\
| `HttpDate` | a date and time as in HTTP headers | `to_system_time`, `to_jiff`, `to_chrono`, `to_time` |\n\
| `UnixSeconds`, `UnixMillis` | the time since 1970, as an integer | `get`, `to_system_time`, `to_jiff`, `to_chrono`, `to_time` |\n\
| `Uuid` | a UUID | `to_uuid` |\n\
| `Decimal` | a decimal number | `to_rust_decimal` |\n\
| `Uri` | a URI or URL | `to_url` |\n\
| `Base64`, `Base64Url` | bytes | `decode` |\n\
| `Int64String`, `Uint64String` | an integer of 64 bits in a string | `to_i64`, `to_u64` |\n\
| `Ipv4`, `Ipv6` | an address | `to_addr` |\n\
| `Email` | an email address | |\n\n";

fn scalars(api: &Api, _: &Types) -> String {
    let statements = quote! {
        let start = DateTime::from("2026-01-31T12:00:00+01:00");
        let time: jiff::Timestamp = start.to_jiff()?;
        println!("{time}, sent as {start}");

        // The time zone of the machine. This needs the default features of jiff.
        let local = time.to_zoned_datetime(jiff::tz::TimeZone::system());
        println!("{} local time", local.time());

        let later = DateTime::from(time);
        println!("{}", later.as_str());
    };
    let package = &api.package;
    let dependencies =
        format!("{} = {{ version = \"{}\", features = [\"jiff\"] }}\njiff = \"1\"\n", package.name, package.version);
    let dependencies = markdown::block("toml", &format!("[dependencies]\n{dependencies}"));
    format!(
        "# Scalars\n\nThe types in `scalars` are strings and integers whose format the API describes. A value keeps exactly what was \
         sent, is compared by it, and is parsed only on request: a response with a date that cannot be parsed is still a response. \
         Arguments and fields that have such a type accept strings, and nothing checks them: the service does.\n\n{SCALAR_TYPES}\
         `to_jiff`, `to_chrono`, `to_time`, `to_uuid`, `to_rust_decimal` and `to_url` need the feature with the name of that crate. Each \
         feature also adds conversions from the types of the crate. All are disabled by default. Without the feature, the method does not \
         exist. The versions are {}. To name their types, depend on a compatible version:\n\n{dependencies}\nThe error of a conversion is `scalars::ParseScalarError`. It converts to `Error`, so `?` works in a function that \
         returns `Error`. This example needs the feature `jiff`:\n\n{}",
        manifest::scalar_versions().join(", "),
        Snippet::new(api, quote!(scalars::DateTime,), statements).page()
    )
}

fn uploads(api: &Api, _: &Types) -> String {
    let statements = quote! {
        // It can be sent again, so the call is retried.
        let file = Body::from_file("report.pdf");
        println!("{file:?}");

        let made = Body::from_fn(|| Body::from("made for each attempt")).with_length(21);
        println!("{made:?}");
    };
    let body = Snippet::new(api, quote!(uploads::Body,), statements).page();
    let mut text = format!(
        "# Uploads\n\nA body of bytes is anything that converts to `uploads::Body`: bytes and strings in memory, a stream, or, with the \
         feature `fs`, a file or a reader. At most one piece of what is not in memory is held in memory.\n\n\
         | body | feature | can be sent again |\n|---|---|---|\n\
         | `Vec<u8>`, `String`, `Bytes`, `&'static [u8]`, `&'static str` | | yes |\n\
         | `Body::from_fn(…)` | | yes |\n\
         | `Body::from_stream(…)` | | no |\n\
         | `Body::from_file(path)` | `fs` | yes |\n\
         | `Body::from_tokio_file(…)`, `Body::from_reader(…)` | `fs` | no |\n\n\
         If a body can be sent only once, the call is not retried after any of it was read. `.with_length(…)` states the \
         length of a body, which some services require. `.timeout(…)` limits the whole call, 60 s by default: set it for large \
         bodies.\n\nThe error of a call contains the message of the service. If the message repeats a part of a body in memory, that part is masked. \
         This is not possible for a stream or a file: if its content is secret, call `.sensitive()` on the body, and errors of the call do not contain the message.\n\nThis example needs the feature `fs`:\n\n{body}"
    );
    if Component::Multipart.is_in(api) {
        let statements = quote! {
            let file = File::open("report.csv").content_type("text/csv");
            println!("{file:?}");

            let file = File::new("report.csv", "name,value\n");
            println!("{file:?}");
        };
        text.push_str(
            "\n## Files in multipart bodies\n\nA file is anything that converts to `uploads::File`: each body, `File::new(name, content)`, \
             or, with the feature `fs`, `File::open(path)`:\n\n",
        );
        text.push_str(&Snippet::new(api, quote!(uploads::File,), statements).page());
    }
    text
}

fn downloads(api: &Api, types: &Types) -> String {
    let mut text = "# Downloads\n\nA call that returns bytes has the method `download()`, which returns the bytes as they arrive. At most one \
         piece is in memory.\n\n| method | feature | |\n|---|---|---|\n\
         | `next()` | | returns the next piece |\n\
         | `save(path)` | `fs` | writes a file that appears only when it is complete |\n\
         | `write_to(writer)` | `fs` | writes to any `tokio::io::AsyncWrite` |\n\
         | `download().blocking()` | `blocking` | returns a `std::io::Read` |\n\n\
         Without the feature, the method does not exist. If the connection breaks, the download resumes where it stopped, provided that \
         the service identifies the state of the resource (`ETag`), states its length, and accepts ranges.\n\n"
        .to_owned();
    let mut calls = (0..api.operations.len()).map(|index| Call::of(api, types, index));
    let Some(call) = calls.find(|call| call.operation.success.content == ResponseType::Bytes) else { return text };
    let Example { setup, call: made } = call::method_call(api, &call, &quote!(client));
    let client = format_ident!("{}", api.client.name);
    let shown = |imports: TokenStream, statements: TokenStream| {
        Snippet::new(api, imports, quote!(#setup #statements)).given(quote!(client: &#client)).page()
    };
    let save = shown(
        quote!(),
        quote! {
            let bytes = #made.download().await?.save("report.pdf").await?;
            println!("{bytes} bytes");
        },
    );
    let resumed =
        shown(quote!(ErrorKind, downloads::ResumePoint, error::BodyFailure,), call::resume(&quote!(#made.download())));
    text.push_str(&format!(
        "{save}\n## Resuming in another process\n\n`resume_point()` of a download, which is also available after an error, returns where \
         another download can continue: the number of bytes and what identifies the state of the resource. It is serialized with serde. It \
         is `None` if the service does not allow that. A download from the point fails with `BodyFailure::Changed` if the resource \
         has changed: delete the point then, and begin again.\n\nThis example appends what arrives to a file. If the download fails, it keeps \
         the resume point for the next run:\n\n{resumed}\nOnly `next()` and `write_to(writer)` can continue what an earlier run has written: `save(path)` after `resume_from` \
         would write a file with only the rest.\n"
    ));
    text
}
