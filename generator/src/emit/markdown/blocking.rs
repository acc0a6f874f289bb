//! The page about blocking calls. Its examples are compiled if the feature is enabled.

use quote::quote;

use crate::emit::example::call;
use crate::emit::example::call::Example;
use crate::emit::example::snippet::{Snippet, crate_name};
use crate::emit::operation::Call;
use crate::emit::package::runtime_components::Component;
use crate::ir::Api;
use crate::progenitor::Types;

/// The feature that enables blocking calls.
pub(in crate::emit) const FEATURE: &str = "blocking";

pub(super) fn page(api: &Api, types: &Types) -> String {
    let mut text = format!(
        "# Blocking calls\n\nThe feature `{FEATURE}` adds blocking calls, for programs without an async runtime:\n\n\
         ```toml\n[dependencies]\n{} = {{ version = \"{}\", features = [\"{FEATURE}\"] }}\n```\n\nUse `.blocking()` in place of \
         `.await`. It blocks the calling thread until the call ends. All blocking calls of a program share one runtime with one \
         thread, which the crate starts.\n\nBlocking calls can also be used on a thread of another runtime that may block, such as \
         in tokio's `spawn_blocking`. In an async task use `.await`.\n\n",
        api.package.name, api.package.version
    );
    if !api.operations.is_empty() {
        text.push_str(&call(api, &Call::of(api, types, 0)).page());
        text.push_str("\n`.blocking_with_response()` returns the status and the headers together with the value.\n\n");
    }
    if let Some(start) = api.operations.iter().position(|operation| operation.long_running.is_some()) {
        text.push_str("## Jobs\n\n`.wait().blocking()` waits until the job ends. `.blocking_job()` returns its handle instead.\n\n");
        text.push_str(&wait(api, &Call::of(api, types, start)).page());
        text.push('\n');
    }
    text.push_str(&streams(api, types));
    let other = if Component::Jobs.is_in(api) {
        "future of this crate, such as `poll` of a job"
    } else {
        "future of this crate"
    };
    text.push_str(&format!("`{}::blocking::run` blocks on any other {other}.\n", crate_name(api)));
    text
}

/// Describes how to iterate over pages, items and streams, if the API has any.
fn streams(api: &Api, types: &Types) -> String {
    let gives_items = |call: Call<'_>| call.operation.pagination.is_some() && call.item().is_some();
    let has_items = (0..api.operations.len()).any(|index| gives_items(Call::of(api, types, index)));
    let iter = format!("`{}::blocking::iter", crate_name(api));
    let pages = Component::Pages.is_in(api).then(|| {
        let (what, method) = if has_items { ("the items of all pages", "items") } else { ("the pages", "pages") };
        format!("## Pages\n\n{iter}(call.{method}())` returns an iterator over {what}.\n\n")
    });
    let streams = Component::Streams.is_in(api).then(|| {
        let run = format!("{}::blocking::run(call.stream())??", crate_name(api));
        format!("## Streams\n\n`{run}` starts a stream. {iter}` turns it into an iterator.\n\n")
    });
    let downloads = Component::Downloads.is_in(api).then(|| {
        "## Downloads\n\n`call.download().blocking()?` starts a download, and returns a `std::io::Read` of its bytes.\n\n".to_owned()
    });
    [pages, streams, downloads].into_iter().flatten().collect()
}

fn call<'a>(api: &'a Api, call: &Call<'_>) -> Snippet<'a> {
    let client = call::client(api);
    let Example { setup, call } = call::method_call(api, call, &quote!(client));
    let statements = quote! {
        #setup
        let response = #call.blocking()?;
        println!("{response:?}");
    };
    Snippet::blocking(api, quote!(), statements).after(quote!(let client = #client;))
}

fn wait<'a>(api: &'a Api, start: &Call<'_>) -> Snippet<'a> {
    let client = call::client(api);
    let Example { setup, call } = call::method_call(api, start, &quote!(client));
    let statements = quote! {
        #setup
        match #call.wait().on_state(|state| println!("{state:?}")).blocking() {
            Ok(done) => println!("done: {done:?}"),
            Err(error) => println!("{error}"),
        }
    };
    Snippet::blocking(api, quote!(), statements).after(quote!(let client = #client;))
}
