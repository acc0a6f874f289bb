//! Docs of operations and their arguments, from the descriptions in the document.

pub(crate) mod examples;
pub(crate) mod runtime_examples;

use proc_macro2::TokenStream;
use quote::quote;
use syn::visit::Visit;

use crate::emit::operation::Call;
use crate::ir::{Api, Body, MediaChoice, Operation, Param, Polling, ResponseType};
use crate::{markdown, print};

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
    let returned = match operation.success.content {
        ResponseType::Empty => "Awaiting the call returns nothing".to_owned(),
        _ => format!("Awaiting the call returns {}", linked(&call.output())),
    };
    format!(
        "{}\n\n{returned}, or an [`Error`](crate::Error). See \
         [`{owner}::{method}`](crate::{module}{owner}::{method}), which calls this function, for the rest and an example.",
        summary.unwrap_or_else(|| markdown::code(&route))
    )
}

/// Describes what an operation does, its arguments, what it returns, an example call, and its errors.
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
    docs.push_str(&format!("# Returns\n\n{}\n\n", return_docs(api, call)));
    if !operation.alternatives.is_empty() {
        docs.push_str("These methods of the call request the response in another media type:\n\n");
        for alternative in &operation.alternatives {
            let value = linked(&call.decoded(alternative.content));
            let accept = markdown::code(&alternative.accept);
            docs.push_str(&format!("- `{}` requests {accept}, and returns {value}.\n", alternative.ident));
        }
        docs.push('\n');
    }
    docs.push_str(&format!("# Example\n\n{example}\n"));
    docs.push_str(&super::multipart::docs(call));
    docs.push_str(&several_docs(api, call));
    docs.push_str(&super::response_headers::docs(api, call));
    docs.push_str(
        "# Errors\n\nAwaiting the call returns an [`Error`](crate::Error) if an argument is invalid, the connection fails, a \
         time limit passes, or the response is an error or cannot be decoded.",
    );
    if let Some(name) = &operation.error_type {
        docs.push_str(&format!(
            "\n\n[`{name}::of`](crate::funcs::{name}::of) returns the body of an error response that the API describes:\n\n"
        ));
        for (failure, ident, _) in call.typed_errors() {
            let status = if failure.status == "default" { "any other status" } else { &failure.status };
            docs.push_str(&format!("- {status}: [`{ident}`](crate::funcs::{name}::{ident})\n"));
        }
    }
    docs
}

/// Returns the indefinite article of a name.
pub(crate) fn article(name: &str) -> &'static str {
    if name.starts_with(|first: char| "AEIOUaeiou".contains(first)) { "an" } else { "a" }
}

/// Says how often and for how long a job is polled by default.
pub(crate) fn waiting(polling: &Polling) -> String {
    /// The longest wait between two polls, unless the interval is longer.
    const LONGEST_MS: u64 = 10_000;
    let Polling { delay_ms, interval_ms, limit_count, .. } = polling;
    let first = if *delay_ms == 0 { "at once".to_owned() } else { format!("after {}", duration(*delay_ms)) };
    let next = if *interval_ms < LONGEST_MS {
        format!("the second {} later; the waits then grow to {}", duration(*interval_ms), duration(LONGEST_MS))
    } else {
        format!("the others at intervals of {}", duration(*interval_ms))
    };
    let timeout = duration(interval_ms.saturating_mul(*limit_count));
    format!("By default the first poll is sent {first} and {next}. The wait ends after at most {timeout}.")
}

/// Writes a duration in its largest whole unit.
fn duration(ms: u64) -> String {
    let units = [(3_600_000, "h"), (60_000, "min"), (1_000, "s"), (1, "ms")];
    let (size, unit) = units.into_iter().find(|(size, _)| ms > 0 && ms.is_multiple_of(*size)).unwrap_or((1, "ms"));
    format!("{} {unit}", ms / size)
}

/// Says what awaiting the call returns, and what waiting for the job returns if it starts one.
fn return_docs(api: &Api, call: &Call<'_>) -> String {
    let output = linked(&call.output());
    let plain = match call.operation.success.content {
        ResponseType::Empty => "Awaiting the call returns nothing.".to_owned(),
        _ => format!("Awaiting the call returns {output}."),
    };
    let Some(link) = &call.operation.long_running else { return plain };
    let result = Call::of(api, call.types, link.result);
    let done = match &link.done {
        Some(member) => linked(&format!("types::{}", member.type_name).parse().unwrap_or_default()),
        None => linked(&result.output()),
    };
    let (handle, error) = (&link.handle, &link.error);
    let times = result.operation.polling.as_ref().map(|polling| format!(" {}", waiting(polling))).unwrap_or_default();
    format!(
        "{plain}\n\nThe call starts a job. [`wait`](crate::Call::wait) starts it, waits for its end and returns {done}, or {} \
         [`{error}`](crate::funcs::{error}).{times} [`job`](crate::Call::job) starts it and returns its handle, {} \
         [`{handle}`](crate::funcs::{handle}).",
        article(error),
        article(handle)
    )
}

/// Returns a type as code, with a link to the first type of the API in it.
pub(super) fn linked(ty: &TokenStream) -> String {
    let Ok(ty) = syn::parse2::<syn::Type>(ty.clone()) else { return String::new() };
    let code = markdown::code(&print::ty(&ty).replace("crate::", "").replace("types::", "").replace("funcs::", ""));
    match own_type(&ty) {
        Some(path) => format!("[{code}](crate::{path})"),
        None => code,
    }
}

/// Returns the path of the first type of the API in a type.
fn own_type(ty: &syn::Type) -> Option<String> {
    #[derive(Default)]
    struct First(Option<String>);

    impl<'ast> Visit<'ast> for First {
        fn visit_path(&mut self, path: &'ast syn::Path) {
            let segments: Vec<_> =
                path.segments.iter().map(|segment| segment.ident.to_string()).filter(|name| name != "crate").collect();
            if let [module, name] = segments.as_slice()
                && ["types", "funcs", "scalars"].contains(&module.as_str())
            {
                self.0.get_or_insert_with(|| format!("{module}::{name}"));
            }
            syn::visit::visit_path(self, path);
        }
    }

    let mut first = First::default();
    first.visit_type(ty);
    first.0
}

/// Describes how to read the result page by page, or part by part.
fn several_docs(api: &Api, call: &Call<'_>) -> String {
    let mut docs = String::new();
    if call.operation.pagination.is_some() {
        let what = match call.item() {
            Some(item) => format!(
                "[`items`](crate::Call::items) returns a stream of the items of all pages, each {}. \
                 [`pages`](crate::Call::pages) returns a stream of the pages.",
                linked(&quote!(#item))
            ),
            None => "[`pages`](crate::Call::pages) returns a stream of all pages.".to_owned(),
        };
        docs.push_str(&format!(
            "# Pages\n\nAwaiting the call returns one page. {what}\n\n{}\n",
            examples::pages(api, call)
        ));
    }
    if let Some(streaming) = &call.operation.streaming {
        let item = super::streaming::item(call, streaming.part);
        let end = streaming.sentinel.as_deref().map_or_else(String::new, |data| {
            format!(" An event with the data {} ends the stream.", markdown::code(data))
        });
        docs.push_str(&format!(
            "# Stream\n\n[`stream`](crate::Call::stream) requests a response in parts, and returns them as they arrive, each \
             {}.{end}\n\n{}\n",
            linked(&item),
            examples::stream(api, call)
        ));
    }
    if call.operation.success.content == ResponseType::Bytes {
        docs.push_str(&format!(
            "# Download\n\nAwaiting the call returns the whole body. [`download`](crate::Call::download) returns the bytes as \
             they arrive, however many they are.\n\n{}\n",
            examples::download(api, call)
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
        if let Some(choice) = &body.choice {
            let about = choice_docs(body, choice);
            docs.push_str(&format!(
                "- `{}` (optional, set on the call): the content type of the body. {about}\n",
                choice.ident
            ));
        }
    }
    if docs.is_empty() { docs } else { format!("# Arguments\n\n{docs}\n") }
}

/// Says which content types a body may have.
pub(crate) fn choice_docs(body: &Body, choice: &MediaChoice) -> String {
    let listed: Vec<_> = choice.listed.iter().map(|name| markdown::code(name)).collect();
    format!("The API describes {}. The default is {}.", listed.join(", "), markdown::code(&body.media_type))
}

/// Describes a parameter.
pub(crate) fn param_docs(param: &Param) -> String {
    let docs = param.description.as_deref().map_or_else(
        || format!("the {} parameter {}.", param.location.name(), markdown::code(&param.name)),
        markdown::line,
    );
    if param.deprecated { format!("{docs} **Deprecated.**") } else { docs }
}
