//! Examples in the docs of operations, of job handles, and of the builder. Each is compiled as a doc test.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::emit::example::call;
use crate::emit::example::call::Example;
use crate::emit::example::snippet::Snippet;
use crate::emit::example::value::Values;
use crate::emit::operation::Call;
use crate::ir::Api;

/// A call through the namespace.
pub(in crate::emit) fn method(api: &Api, call: &Call<'_>) -> String {
    let Example { setup, call } = call::method_call(api, call, &quote!(client));
    shown(api, quote!(), quote!(#setup let response = #call.await?; println!("{response:?}");))
}

/// A loop over the items of all pages, or over the pages if the document does not describe the items.
pub(in crate::emit) fn pages(api: &Api, call: &Call<'_>) -> String {
    let Example { setup, call: made } = call::method_call(api, call, &quote!(client));
    let statements = call::pages(call, &made);
    shown(api, quote!(), quote!(#setup #statements))
}

/// A loop over the parts of a streamed response.
pub(in crate::emit) fn stream(api: &Api, call: &Call<'_>) -> String {
    let Example { setup, call: made } = call::method_call(api, call, &quote!(client));
    let statements = call::stream(&made);
    shown(api, quote!(), quote!(#setup #statements))
}

/// Returns an example that reads a response of bytes as it arrives.
pub(in crate::emit) fn download(api: &Api, call: &Call<'_>) -> String {
    let Example { setup, call: made } = call::method_call(api, call, &quote!(client));
    let statements = call::download(&made);
    shown(api, quote!(), quote!(#setup #statements))
}

/// One poll of a job.
pub(in crate::emit) fn poll(api: &Api, start: &Call<'_>, result: &Call<'_>) -> String {
    let handle = handle(api, start, result);
    let statements = quote! {
        #handle
        match job.poll(&client).await? {
            Progress::Done(done) => println!("done: {done:?}"),
            Progress::Failed(state) => println!("failed: {state:?}"),
            other => println!("still running: {other:?}"),
        }
    };
    shown(api, quote!(jobs::Progress,), statements)
}

/// Waiting for a job whose ids are known.
pub(in crate::emit) fn wait(api: &Api, start: &Call<'_>, result: &Call<'_>) -> String {
    let handle = handle(api, start, result);
    let statements = quote! {
        #handle
        match job.wait(&client).timeout(Duration::from_secs(600)).await {
            Ok(done) => println!("done: {done:?}"),
            Err(error) => println!("{error}"),
        }
    };
    shown(api, quote!(), statements)
}

/// A loop over the states of a job.
pub(in crate::emit) fn states(api: &Api, start: &Call<'_>, result: &Call<'_>) -> String {
    let handle = handle(api, start, result);
    let statements = quote! {
        #handle
        let mut states = job.states(&client, WaitOptions::new());
        while let Some(state) = states.next().await {
            println!("{state:?}");
        }
    };
    shown(api, quote!(jobs::WaitOptions,), statements)
}

/// A client with some settings.
pub(in crate::emit) fn builder(api: &Api) -> String {
    let (client, settings) = (format_ident!("{}", api.client.name), call::client_settings(api));
    let statements = quote! {
        let client = #client::builder()
            #settings
            .timeout(Duration::from_secs(30))
            .retry_config(RetryConfig::new().max_attempts(2))
            .build()?;
        println!("{client:?}");
    };
    Snippet::new(api, quote!(RetryConfig,), statements).rustdoc()
}

fn shown(api: &Api, imports: TokenStream, statements: TokenStream) -> String {
    Snippet::new(api, imports, statements).with_client().rustdoc()
}

/// Returns the handle of a job, created from its ids.
fn handle(api: &Api, start: &Call<'_>, result: &Call<'_>) -> TokenStream {
    let name = start.operation.long_running.as_ref().map_or("Handle", |pair| pair.handle.as_str());
    let name = format_ident!("{name}");
    let ids = result.params().filter(|(param, _)| param.required && param.global.is_none());
    let values = Values { api, types: result.types };
    let ids = ids.map(|(param, ty)| values.of_param(param, ty));
    quote!(let job = funcs::#name::new(#(#ids),*);)
}
