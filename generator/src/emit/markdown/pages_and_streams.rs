//! Documentation of operations that return pages or a stream, shared by all places that show it.

use proc_macro2::TokenStream;
use quote::quote;

use super::DOWNLOADS;
use crate::emit::example::call;
use crate::emit::example::call::Example;
use crate::emit::example::snippet::Snippet;
use crate::emit::operation::Call;
use crate::ir::{Api, ResponseType};

const PAGES: &str = "Awaiting the call returns one page. This example iterates over all pages, and requests each one when it is \
needed. Each page is a separate call with the same timeout, retries and size limit. `.max_pages(…)` limits the number of pages. \
`.pages()` has `.position()` and `.start_at(…)` to continue later or in another process. A next page that was returned before, or \
that is on another server, is an error of the kind `ErrorKind::NextPage`.\n\n";

const STREAM: &str = "This example reads the parts of the response as they arrive. The timeout and the retries of the call apply until \
the response starts. After that nothing is retried: `.attempt_timeout(…)` limits the time between two pieces of \
the response, and `.max_response_bytes(…)` limits the size of one part. Dropping the stream closes its connection.\n\n";

const DOWNLOAD: &str = "Awaiting the call returns the whole body, up to `max_response_bytes`. This example reads it as it arrives, \
however long it is. With the feature `fs`, `.save(path)` writes it to a file that appears only when it is complete, and `.write_to(…)` to \
any `tokio::io::AsyncWrite`; with the feature `blocking`, `.download().blocking()` returns a `std::io::Read`. The timeout and the retries \
of the call apply until the response starts. After that, `.idle_timeout(…)` limits the time during which nothing is received. If the \
connection breaks, and the service identifies the state of the resource (`ETag`) and its length and accepts ranges, the download resumes where it \
stopped; `.max_resumes(…)` limits how often. To continue later or in another process, store `download.resume_point()`, which can be \
serialized and is available after an error too, and pass it to `.download().resume_from(…)`.";

const UPLOAD: &str = "The body is anything that converts to `uploads::Body`: bytes and strings, `Body::from_stream(…)` for a stream, and with the \
feature `fs` `Body::from_file(path)`, `Body::from_tokio_file(…)` and `Body::from_reader(…)`. At most one piece of a file, a reader or a \
stream is in memory. `.with_length(…)` states its length, which some services require. A stream or a reader can be sent only once, so the \
call is not retried after it was read; `Body::from_file(path)` opens the file again, and `Body::from_fn(…)` makes a new body for each attempt. `.timeout(…)` \
limits the whole call, 60 s by default: set it for large bodies.\n\n";

/// Returns titles and texts, each with an example. `docs` leads from the page to the folder `docs`.
pub(crate) fn sections(api: &Api, call: &Call<'_>, docs: &str) -> Vec<(&'static str, String)> {
    let Example { setup, call: made } = call::method_call(api, call, &quote!(client));
    let shown = |text: &str, statements: TokenStream| {
        let client = call::client(api);
        let statements = quote!(let client = #client; #setup #statements);
        format!("{text}{}", Snippet::new(api, quote!(), statements).page())
    };
    let pages = call.operation.pagination.as_ref().map(|_| ("Pages", shown(PAGES, call::pages(call, &made))));
    let stream = call.operation.streaming.as_ref().map(|_| ("Stream", shown(STREAM, call::stream(&made))));
    let downloads = call.operation.success.content == ResponseType::Bytes;
    let download = downloads.then(|| {
        let guide = DOWNLOADS.trim_start_matches("docs/");
        let text = format!("{DOWNLOAD} See [Downloads]({docs}{guide}).\n\n");
        ("Download", shown(&text, call::download(&made)))
    });
    let upload = call.takes_bytes().then(|| ("Upload", upload(api, call)));
    pages.into_iter().chain(stream).chain(download).chain(upload).collect()
}

fn upload(api: &Api, call: &Call<'_>) -> String {
    let Example { setup, call: made } = call::upload(api, call, &quote!(client));
    let client = call::client(api);
    let statements = quote! {
        let client = #client;
        #setup
        let body = Body::from_fn(|| Body::from("made for each attempt")).with_length(21);
        let value = #made.timeout(Duration::from_secs(600)).await?;
        println!("{value:?}");
    };
    format!("{UPLOAD}{}", Snippet::new(api, quote!(uploads::Body,), statements).page())
}
