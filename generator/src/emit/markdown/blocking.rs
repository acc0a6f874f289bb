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
        "# Without an async runtime\n\nNeeds the feature `{FEATURE}`:\n\n```toml\n[dependencies]\n{} = {{ version = \"{}\", \
         features = [\"{FEATURE}\"] }}\n```\n\nA call is made with `.blocking()` in place of `.await`. The client then brings a \
         runtime of one thread, which all blocking calls of a program share. It blocks the calling thread until it ends, also \
         on a thread that belongs to another runtime, such as in tokio's `spawn_blocking`. In an async task use `.await`.\n\n",
        api.package.name, api.package.version
    );
    if !api.operations.is_empty() {
        text.push_str(&call(api, &Call::of(api, types, 0)).page());
        text.push_str("\n`.blocking_with_response()` gives status and headers beside the value.\n\n");
    }
    if let Some(start) = api.operations.iter().position(|operation| operation.long_running.is_some()) {
        text.push_str("## Long-running operations\n\nWaiting blocks in the same way; `.blocking_job()` gives the handle instead:\n\n");
        text.push_str(&wait(api, &Call::of(api, types, start)).page());
        text.push('\n');
    }
    text.push_str(&streams(api, types));
    let other = if Component::Jobs.is_in(api) {
        "future of this crate, such as `poll` of a handle"
    } else {
        "future of this crate"
    };
    text.push_str(&format!("`{}::blocking::run` does the same for any other {other}.\n", crate_name(api)));
    text
}

/// Describes how to iterate over pages, items and streams, if the API has any.
fn streams(api: &Api, types: &Types) -> String {
    let gives_items = |call: Call<'_>| call.operation.pagination.is_some() && call.item().is_some();
    let has_items = (0..api.operations.len()).any(|index| gives_items(Call::of(api, types, index)));
    let iter = format!("`{}::blocking::iter", crate_name(api));
    let pages = Component::Pages.is_in(api).then(|| {
        let (what, method) = if has_items { ("pages or of items", "items") } else { ("pages", "pages") };
        format!("## Pages\n\n{iter}` makes an iterator of {what}, as {iter}(call.{method}())`.\n\n")
    });
    let streams = Component::Streams.is_in(api).then(|| {
        let run = format!("{}::blocking::run(call.stream())??", crate_name(api));
        format!("## Streams\n\nA stream is begun with `{run}`; {iter}` makes an iterator of it.\n\n")
    });
    [pages, streams].into_iter().flatten().collect()
}

fn call<'a>(api: &'a Api, call: &Call<'_>) -> Snippet<'a> {
    let client = call::client(api);
    let Example { setup, call } = call::method_call(api, call, &quote!(client));
    let statements = quote! {
        #setup
        let reply = #call.blocking()?;
        println!("{reply:?}");
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
