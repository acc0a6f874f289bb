//! Documentation of operations that return pages or a stream, shared by all places that show it.

use proc_macro2::TokenStream;
use quote::quote;

use crate::emit::example::call;
use crate::emit::example::call::Example;
use crate::emit::example::snippet::Snippet;
use crate::emit::operation::Call;
use crate::ir::Api;

const PAGES: &str = "Awaiting the call gives one page. This goes through all of them, and asks for each when it is wanted. \
Each page is a call of its own, with the timeout, the retries and the longest reply of this one. `.max_pages(…)` ends it \
earlier, and `.pages()` with `.position()` and `.start_at(…)` go on later or in another process. A page that was there \
before, or that is on another server, is an error of the kind `ErrorKind::NextPage`.\n\n";

const STREAM: &str = "This asks for a reply that comes in parts, and takes each as it comes in. The timeouts and retries of the \
call are for the way to the first part; from then on nothing is sent again, `.attempt_timeout(…)` limits the time between \
two pieces of the reply, and `.max_response_bytes(…)` the length of one part. Dropping the stream closes its \
connection.\n\n";

/// Returns titles and texts, each with an example.
pub(crate) fn sections(api: &Api, call: &Call<'_>) -> Vec<(&'static str, String)> {
    let Example { setup, call: made } = call::method_call(api, call, &quote!(client));
    let shown = |text: &str, statements: TokenStream| {
        let client = call::client(api);
        let statements = quote!(let client = #client; #setup #statements);
        format!("{text}{}", Snippet::new(api, quote!(), statements).page())
    };
    let pages = call.operation.pagination.as_ref().map(|_| ("Pages", shown(PAGES, call::pages(call, &made))));
    let stream = call.operation.streaming.as_ref().map(|_| ("Stream", shown(STREAM, call::stream(&made))));
    pages.into_iter().chain(stream).collect()
}
