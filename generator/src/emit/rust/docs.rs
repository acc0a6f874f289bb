//! Docs of operations and their arguments, from the descriptions in the document.

pub(crate) mod examples;

use proc_macro2::TokenStream;
use quote::quote;

use crate::emit::operation::Call;
use crate::ir::{Api, Operation, Param};
use crate::markdown;

/// Returns lines of documentation as attributes.
pub(crate) fn doc(text: &str) -> TokenStream {
    let lines = text.lines().map(|line| if line.is_empty() { String::new() } else { format!(" {line}") });
    quote!(#(#[doc = #lines])*)
}

/// Returns the docs of an operation's method in its namespace.
pub(crate) fn method_docs(api: &Api, call: &Call<'_>) -> String {
    operation_docs(api, call, &examples::method(api, call))
}

/// Returns the docs of an operation's function: one line, and a link to the method that has the rest.
pub(crate) fn function_docs(api: &Api, call: &Call<'_>) -> String {
    let operation = call.operation;
    let summary = operation.summary.as_deref().map(markdown::line).filter(|summary| !summary.is_empty());
    let route = format!("{} {}", operation.http_method, operation.template);
    let groups = api.root.walk().into_iter();
    let (owner, module) = match groups.skip(1).find(|group| group.path == operation.group) {
        Some(group) => {
            let modules: Vec<String> = group.path.iter().map(|part| crate::naming::snake(part)).collect();
            (&group.type_name, format!("api::{}::", modules.join("::")))
        }
        None => (&api.client.name, String::new()),
    };
    let method = &operation.method_ident;
    format!(
        "{}\n\nThe function that [`{owner}::{method}`](crate::{module}{owner}::{method}) calls; its docs have an example.",
        summary.unwrap_or_else(|| markdown::code(&route))
    )
}

/// Describes what an operation does, its arguments, an example call, and its errors.
fn operation_docs(api: &Api, call: &Call<'_>, example: &str) -> String {
    let operation = call.operation;
    let mut docs = String::new();
    for part in [&operation.summary, &operation.description].into_iter().flatten() {
        docs.push_str(&markdown::safe(part));
        docs.push_str("\n\n");
    }
    let route = format!("{} {}", operation.http_method, operation.template);
    docs.push_str(&format!("{}\n\n", markdown::code(&route)));
    docs.push_str(&argument_docs(operation));
    docs.push_str(&format!("# Example\n\n{example}\n"));
    docs.push_str(&several_docs(api, call));
    docs.push_str(
        "# Errors\n\nOn awaiting it: an argument that cannot be sent, a connection that fails, time that runs out, ",
    );
    docs.push_str("a reply that is no success or that cannot be read. See [`Error`](crate::Error).");
    if let Some(name) = &operation.error_type {
        docs.push_str(&format!(
            "\n\n[`{name}::of`](crate::funcs::{name}::of) gives the body of a failure that the API describes:\n\n"
        ));
        for (failure, ident, _) in call.typed_errors() {
            let status = if failure.status == "default" { "any other status" } else { &failure.status };
            docs.push_str(&format!("- {status}: [`{ident}`](crate::funcs::{name}::{ident})\n"));
        }
    }
    docs
}

/// Describes how to read the result page by page, or part by part.
fn several_docs(api: &Api, call: &Call<'_>) -> String {
    let mut docs = String::new();
    if call.operation.pagination.is_some() {
        let what = if call.item().is_some() {
            "`.items()` gives the items of all pages, `.pages()` the"
        } else {
            "`.pages()` gives all"
        };
        docs.push_str(&format!(
            "# Pages\n\nAwaiting the call gives one page; {what} pages themselves. See [`Pages`](crate::pages::Pages).\n\n{}\n",
            examples::pages(api, call)
        ));
    }
    if call.operation.streaming.is_some() {
        docs.push_str(&format!(
            "# Stream\n\n`.stream()` asks for a reply that comes in parts. See [`Events`](crate::streams::Events).\n\n{}\n",
            examples::stream(api, call)
        ));
    }
    docs
}

fn argument_docs(operation: &Operation) -> String {
    let own: Vec<&Param> = operation.params.iter().filter(|param| param.global.is_none()).collect();
    let mut docs = String::new();
    for param in &own {
        let need = if param.required { "" } else { " (optional, set on the call)" };
        docs.push_str(&format!("- `{}`{need}: {}\n", param.ident, param_docs(param)));
    }
    if let Some(body) = &operation.body {
        let description =
            body.description.as_deref().map_or_else(|| "the body of the request.".to_owned(), markdown::line);
        docs.push_str(&format!("- `body`: {description}\n"));
    }
    if !docs.is_empty() {
        docs.push('\n');
    }
    docs
}

/// Describes a parameter.
pub(crate) fn param_docs(param: &Param) -> String {
    let docs = param
        .description
        .as_deref()
        .map_or_else(|| format!("{} on the wire.", markdown::code(&param.name)), markdown::line);
    if param.deprecated { format!("{docs} **Deprecated.**") } else { docs }
}
