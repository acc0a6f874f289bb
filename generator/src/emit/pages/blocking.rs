//! The page of calls without an async runtime. Its examples are compiled when the feature is on.

use quote::quote;

use crate::backend::Answer;
use crate::emit::example::{self, Example};
use crate::emit::operation::Call;
use crate::emit::snippet::{Snippet, crate_name};
use crate::ir::Api;

/// The feature that switches such calls on.
pub(in crate::emit) const FEATURE: &str = "blocking";

pub(super) fn page(api: &Api, answer: &Answer) -> String {
    let mut text = format!(
        "# Without an async runtime\n\nNeeds the feature `{FEATURE}`:\n\n```toml\n[dependencies]\n{} = {{ version = \"{}\", \
         features = [\"{FEATURE}\"] }}\n```\n\nA call is made with `.blocking()` in place of `.await`. The client then brings a \
         runtime of one thread, which all blocking calls of a program share. On a thread that belongs to another runtime \
         `.blocking()` is an error, not a panic: use `.await` there.\n\n",
        api.package.name, api.package.version
    );
    if !api.operations.is_empty() {
        text.push_str(&call(api, &Call::of(api, answer, 0)).page());
        text.push_str("\n`.blocking_with_response()` gives status and headers beside the value.\n\n");
    }
    if let Some(start) = api.operations.iter().position(|operation| operation.long_running.is_some()) {
        text.push_str("## Long-running operations\n\nWaiting blocks in the same way; `.blocking_operation()` gives the handle instead:\n\n");
        text.push_str(&wait(api, &Call::of(api, answer, start)).page());
        text.push('\n');
    }
    if api.operations.iter().any(|operation| operation.pagination.is_some() || operation.streaming.is_some()) {
        text.push_str(&format!(
            "## Pages and streams\n\n`{0}::blocking::iter` makes an iterator of pages, items and streams, as \
             `{0}::blocking::iter(call.items())`. A stream is begun with `{0}::blocking::run(call.stream())??`.\n\n",
            crate_name(api)
        ));
    }
    text.push_str(&format!(
        "`{}::blocking::run` does the same for any other future of this crate, such as `poll` of a handle.\n",
        crate_name(api)
    ));
    text
}

fn call<'a>(api: &'a Api, call: &Call<'_>) -> Snippet<'a> {
    let client = example::client(api);
    let Example { setup, call } = example::method_call(api, call, &quote!(client));
    let statements = quote! {
        #setup
        let reply = #call.blocking()?;
        println!("{reply:?}");
    };
    Snippet::blocking(api, quote!(), statements).after(quote!(let client = #client;))
}

fn wait<'a>(api: &'a Api, start: &Call<'_>) -> Snippet<'a> {
    let client = example::client(api);
    let Example { setup, call } = example::method_call(api, start, &quote!(client));
    let statements = quote! {
        #setup
        match #call.wait().on_state(|state| println!("{state:?}")).blocking() {
            Ok(done) => println!("done: {done:?}"),
            Err(error) => println!("{error}"),
        }
    };
    Snippet::blocking(api, quote!(), statements).after(quote!(let client = #client;))
}
