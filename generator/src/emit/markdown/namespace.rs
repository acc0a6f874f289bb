//! The page of a namespace: each operation with examples of both forms, its parameters, its response and its errors.

use std::fmt::Write as _;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{anchor, cell, multipart, pages_and_streams, response_headers, table, type_link};
use crate::emit::example::call;
use crate::emit::example::call::Example;
use crate::emit::example::snippet::Snippet;
use crate::emit::features::requirement;
use crate::emit::operation::Call;
use crate::emit::rust::docs::article;
use crate::emit::syntax;
use crate::ir::{Api, Namespace, Operation, Param};
use crate::markdown;
use crate::progenitor::Types;

/// The relative path from the page of a namespace to the folder `docs`.
const UP: &str = "../../";

pub(super) fn page(api: &Api, types: &Types, group: &Namespace) -> String {
    let title = title(api, group);
    let mut text = format!("# {title}\n");
    if !group.path.is_empty() {
        let _ = writeln!(text, "(*{}*)", markdown::line(&group.dotted()));
    }
    if let Some(sentence) = requirement(group.feature.as_deref()) {
        let _ = writeln!(text, "\n{sentence}");
    }
    let overview =
        group.description.as_deref().map_or_else(|| markdown::safe(&api.package.description), markdown::safe);
    if !overview.is_empty() {
        let _ = write!(text, "\n## Overview\n\n{overview}\n");
    }
    text.push_str("\n### Available Operations\n\n");
    for (index, anchor) in group.operations.iter().zip(anchors(api, group)) {
        let operation = api.operation(*index);
        let summary = operation.summary.as_deref().map(|summary| format!(" - {}", cell(summary))).unwrap_or_default();
        let _ = writeln!(text, "* [{}](#{anchor}){summary}", operation.method_ident);
    }
    for index in &group.operations {
        text.push_str(&section(api, &Call::of(api, types, *index)));
    }
    text
}

fn title(api: &Api, group: &Namespace) -> String {
    if group.path.is_empty() { api.client.name.clone() } else { group.type_name.clone() }
}

/// Returns the anchors of a group's operations in its page, in order.
pub(super) fn anchors(api: &Api, group: &Namespace) -> Vec<String> {
    anchor::of_operations(&anchor::headings(api, group, &title(api, group)))
}

fn section(api: &Api, call: &Call<'_>) -> String {
    let operation = call.operation;
    let mut text = format!("\n## {}\n\n", operation.method_ident);
    if operation.deprecated {
        text.push_str("**Deprecated.**\n\n");
    }
    if let Some(about) = operation.description.as_ref().or(operation.summary.as_ref()) {
        let _ = write!(text, "{}\n\n", markdown::safe(about));
    }
    let usage = usage_comment(operation);
    let _ = write!(text, "### Example Usage\n\n{usage}{}\n", method_example(api, call).page());
    let _ = write!(
        text,
        "### Standalone function\n\nThe same operation as a function. It takes {} `{}Core`, which can be shared by the whole program:\n\n{}\n",
        article(&api.client.name),
        api.client.name,
        function_example(api, call).page()
    );
    if operation.long_running.is_some() {
        let _ = write!(
            text,
            "### Waiting for the job\n\nThe call starts a job that continues after the response. `wait()` polls the job until it ends:\n\n{}\n",
            wait_example(api, call).page()
        );
    }
    for (title, section) in pages_and_streams::sections(api, call, UP) {
        let _ = write!(text, "### {title}\n\n{section}\n");
    }
    let _ = write!(
        text,
        "### Parameters\n\n{}\n",
        table(&["Parameter", "Type", "Required", "Description", "Example"], &parameters(api, call))
    );
    text.push_str(&multipart::section(api, call, UP));
    let _ = write!(text, "### Response\n\n{}\n\n", response(api, call));
    text.push_str(&response_headers::section(api, call, UP));
    let _ =
        write!(text, "### Errors\n\n{}", table(&["Error", "Kind", "Status Code", "Content Type"], &errors(operation)));
    text.push_str(&error_bodies(api, call));
    text
}

/// Lists the types of error bodies.
fn error_bodies(api: &Api, call: &Call<'_>) -> String {
    let Some(name) = &call.operation.error_type else { return String::new() };
    let rows: Vec<_> = call
        .typed_errors()
        .into_iter()
        .map(|(failure, ident, ty)| {
            let about = failure.description.as_deref().map(cell).unwrap_or_default();
            let variant = markdown::code(&format!("{name}::{ident}"));
            vec![failure.status.clone(), variant, type_link(api, ty, UP), about]
        })
        .collect();
    let table = table(&["Status Code", "Variant", "Body", "Description"], &rows);
    format!("\n`funcs::{name}::of(&error)` returns the body of such an error as its type:\n\n{table}")
}

fn usage_comment(operation: &Operation) -> String {
    let quoted =
        |text: &str| text.replace('&', "&amp;").replace('"', "&quot;").replace('-', "&#45;").replace('>', "&gt;");
    let quoted =
        |text: &str| if text.contains("--") || text.contains(['"', '>']) { quoted(text) } else { text.to_owned() };
    let (id, template) = (quoted(&operation.id), quoted(&operation.template));
    let method = operation.http_method.to_lowercase();
    format!("<!-- UsageSnippet language=\"rust\" operationID=\"{id}\" method=\"{method}\" path=\"{template}\" -->\n")
}

fn method_example<'a>(api: &'a Api, call: &Call<'_>) -> Snippet<'a> {
    let client = call::client(api);
    let Example { setup, call } = call::method_call(api, call, &quote!(client));
    let statements = quote! {
        let client = #client;

        #setup
        let response = #call.await?;
        println!("{response:?}");
    };
    Snippet::new(api, quote!(), statements)
}

fn function_example<'a>(api: &'a Api, call: &Call<'_>) -> Snippet<'a> {
    let (name, settings) = (format_ident!("{}", api.client.name), call::client_settings(api));
    let failed = format!("{} failed: {{error}}", call.operation.function_ident);
    let Example { setup, call } = call::function_call(api, call, &quote!(&core));
    let statements = quote! {
        let core = #name::builder() #settings .build_core()?;

        #setup
        match #call.await {
            Ok(response) => println!("{response:?}"),
            Err(error) => println!(#failed),
        }
    };
    Snippet::new(api, quote!(), statements)
}

fn wait_example<'a>(api: &'a Api, call: &Call<'_>) -> Snippet<'a> {
    let client = call::client(api);
    let Example { setup, call } = call::method_call(api, call, &quote!(client));
    let statements = quote! {
        let client = #client;

        #setup
        match #call.wait().on_state(|state| println!("{state:?}")).await {
            Ok(done) => println!("done: {done:?}"),
            Err(error) => println!("{error}"),
        }
    };
    Snippet::new(api, quote!(), statements)
}

fn parameters(api: &Api, call: &Call<'_>) -> Vec<Vec<String>> {
    let own = call.params().filter(|(param, _)| param.global.is_none());
    let (required, optional): (Vec<_>, Vec<_>) = own.partition(|(param, _)| param.required);
    let mut rows: Vec<_> = required.into_iter().map(|(param, ty)| parameter(api, param, ty)).collect();
    if let (Some(body), Some(ty)) = (&call.operation.body, call.body()) {
        let name = if body.required { "`body`" } else { "`.body(…)`" };
        let about = body.description.as_deref().map(cell).unwrap_or_default();
        rows.push(vec![
            name.to_owned(),
            match body.form() {
                Some(form) => markdown::code(&format!("funcs::{}", form.type_name)),
                None => type_link(api, &argument_type(&ty), UP),
            },
            required_mark(body.required),
            about,
            String::new(),
        ]);
        rows.extend(body.choice.as_ref().map(|choice| {
            let listed: Vec<_> = choice.listed.iter().map(|name| markdown::code(name)).collect();
            vec![
                markdown::code(&format!(".{}(…)", choice.ident)),
                "`impl Into<String>`".to_owned(),
                required_mark(false),
                format!("The content type of the body: {}.", listed.join(", ")),
                markdown::code(&body.media_type),
            ]
        }));
    }
    rows.extend(optional.into_iter().map(|(param, ty)| parameter(api, param, ty)));
    rows.extend(CALL_OPTIONS.map(|(name, ty, about)| {
        vec![markdown::code(name), ty.to_owned(), required_mark(false), about.to_owned(), String::new()]
    }));
    rows
}

fn parameter(api: &Api, param: &Param, ty: &syn::Type) -> Vec<String> {
    let name = if param.required { param.ident.clone() } else { format!(".{}(…)", param.ident) };
    let about = param.description.as_deref().map(cell).unwrap_or_default();
    let example = param.example.as_ref().map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned));
    let example = example.map(|text| markdown::code(&text).replace('|', "\\|")).unwrap_or_default();
    vec![markdown::code(&name), type_link(api, &argument_type(ty), UP), required_mark(param.required), about, example]
}

/// Returns the type of an argument, as the method declares it.
fn argument_type(ty: &syn::Type) -> syn::Type {
    syn::parse2(syntax::argument_type(ty)).unwrap_or_else(|_| ty.clone())
}

fn required_mark(required: bool) -> String {
    if required { ":heavy_check_mark:".to_owned() } else { ":heavy_minus_sign:".to_owned() }
}

/// The options of every call: the method, the type of its argument, and what it does.
const CALL_OPTIONS: [(&str, &str, &str); 11] = [
    (".timeout(…)", "`Duration`", "The time limit of the whole call: all attempts and the waits between them."),
    (".attempt_timeout(…)", "`Duration`", "The time limit of one attempt."),
    (".header(…, …)", "`impl AsRef<str>`, `impl TryInto<HeaderValue>`", "Sets a header of the request."),
    (".extra_query(…, …)", "`impl Into<String>`, `impl Into<String>`", "Adds a parameter to the query."),
    (".retry_config(…)", "[`RetryConfig`](../../lib/retryconfig.md)", "When and how often the call is retried."),
    (".retry_codes(…)", "`impl IntoIterator`", "Which statuses are retried, such as `429` or `5XX`."),
    (".server_url(…)", "`impl Into<String>`", "Sends this call to another server."),
    (".idempotent(…)", "`bool`", "Whether the request may be sent more than once. Overrides the API description."),
    (".max_response_bytes(…)", "`usize`", "The maximum size of the response body, in bytes."),
    (".max_response_values(…)", "`usize`", "The maximum number of JSON values in the response."),
    (".options(…)", "`CallOptions`", "Sets all options that are set in a `CallOptions`."),
];

fn response(api: &Api, call: &Call<'_>) -> String {
    let link = |ty: TokenStream| syn::parse2(ty).map(|ty| type_link(api, &ty, UP)).unwrap_or_default();
    let statuses: Vec<_> = call.operation.success.statuses.iter().map(|status| format!("`{status}`")).collect();
    let about =
        call.operation.success.description.as_deref().map(|about| format!(": {}", cell(about))).unwrap_or_default();
    let of = if statuses.is_empty() { String::new() } else { format!(", status {}", statuses.join(", ")) };
    let mut text = format!("**{}**{of}{about}", link(call.output()));
    for alternative in &call.operation.alternatives {
        let method = markdown::code(&format!(".{}()", alternative.ident));
        let accept = markdown::code(&alternative.accept);
        let _ = write!(text, "\n\n{method} requests {accept}: **{}**", link(call.decoded(alternative.content)));
    }
    text
}

fn errors(operation: &Operation) -> Vec<Vec<String>> {
    let row = |kind: &str, status: &str, media: String| {
        vec!["`Error`".to_owned(), markdown::code(kind), status.to_owned(), media]
    };
    let mut rows = Vec::new();
    for failure in &operation.errors {
        let media: Vec<_> = failure.media_types.iter().map(|media| cell(media).replace('*', "\\*")).collect();
        rows.push(row("ErrorKind::Status", &failure.status, media.join(", ")));
    }
    let is_described =
        |status: &&str| operation.errors.iter().any(|failure| [*status, "default"].contains(&&*failure.status));
    let others = ["4XX", "5XX"].into_iter().filter(|status| !is_described(status));
    rows.extend(others.map(|status| row("ErrorKind::Status", status, "\\*/\\*".to_owned())));
    rows.push(row("ErrorKind::Redirect", "3XX", "\\*/\\*".to_owned()));
    rows.push(row("ErrorKind::UnexpectedResponse, ErrorKind::Decode", "2XX", "\\*/\\*".to_owned()));
    rows.push(row("ErrorKind::Connection, ErrorKind::Timeout, ErrorKind::Body", "", String::new()));
    rows.push(row("ErrorKind::InvalidArgument", "none: nothing is sent", String::new()));
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_options_of_calls_have_the_types_of_the_runtime() {
        let (_, text) = clientsmith_runtime::SOURCES.iter().find(|(name, _)| *name == "call").expect("it is there");
        let file = syn::parse_file(text).expect("it is Rust");
        let items = file.items.iter().filter_map(|item| match item {
            syn::Item::Impl(block) if block.trait_.is_none() => Some(&block.items),
            _ => None,
        });
        let functions: Vec<_> = items
            .flatten()
            .filter_map(|item| match item {
                syn::ImplItem::Fn(function) => Some(&function.sig),
                _ => None,
            })
            .collect();
        for (option, stated, _) in CALL_OPTIONS {
            let name = option.trim_start_matches('.').split('(').next().expect("a name");
            let signature = functions.iter().find(|signature| signature.ident == name);
            let signature = signature.unwrap_or_else(|| panic!("there is no {name}"));
            let types = signature.inputs.iter().filter_map(|input| match input {
                syn::FnArg::Typed(argument) => Some(crate::print::ty(&argument.ty)),
                syn::FnArg::Receiver(_) => None,
            });
            // The parameter `I` has its bounds after the signature.
            let types: Vec<_> = types.map(|ty| if ty == "I" { "impl IntoIterator".to_owned() } else { ty }).collect();
            let codes: Vec<_> = stated.split('`').skip(1).step_by(2).collect();
            assert_eq!(codes, types, "{name}");
        }
    }
}
