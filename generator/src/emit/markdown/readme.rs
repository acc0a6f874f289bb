//! The client's README: what users need to know, each section with an example that the crate's doc tests compile.

use std::fmt::Write as _;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{features, pages_and_streams};
use crate::emit::example::call;
use crate::emit::example::call::Example;
use crate::emit::example::snippet::{Snippet, crate_name};
use crate::emit::operation::Call;
use crate::emit::package::licences;
use crate::emit::package::manifest::RUST_VERSION;
use crate::emit::package::runtime_components::Component;
use crate::emit::rust::crate_root::quick_start;
use crate::emit::rust::docs::{article, waiting};
use crate::emit::rust::exports::has_enums;
use crate::emit::{Content, Source, programs};
use crate::ir::{Api, BodyContent, ResponseType};
use crate::markdown;
use crate::progenitor::Types;

pub(crate) fn emit(api: &Api, types: &Types) -> Source {
    let package = &api.package;
    let mut text = format!("# {}\n\n{}\n\n", package.name, markdown::safe(&package.description));
    if let Some(url) = &package.documentation {
        let _ = write!(text, "Documentation of the service: {}. ", markdown::line(url));
    }
    text.push_str("All operations and types of this crate are listed in [docs](docs/README.md).\n\n");
    text.push_str(&installation(api));
    let first = (!api.operations.is_empty()).then(|| Call::of(api, types, 0));
    if first.is_some() {
        let _ = write!(text, "## Quick start\n\n{}\n", quick_start(api, types).in_main().page());
    }
    text.push_str(&settings(api));
    if let Some(call) = &first {
        text.push_str(&calls(api, call));
        text.push_str(&functions(api, call));
        text.push_str(&errors(api, call));
    }
    if let Some(start) = api.operations.iter().position(|operation| operation.long_running.is_some()) {
        text.push_str(&jobs(api, &Call::of(api, types, start)));
    }
    text.push_str(&several(api, types));
    text.push_str(ELSEWHERE);
    text.push_str(&http_settings(api));
    text.push_str(RUNTIMES);
    text.push_str(&logging(api));
    text.push_str(&programs(api, types));
    text.push_str(&features::section(api));
    let _ = write!(
        text,
        "## How this crate is generated\n\nThis crate is generated from `{}` ({} {}). To change it, edit that file and generate the crate again.\n",
        package.spec,
        markdown::line(&package.title),
        markdown::line(&package.api_version)
    );
    text.push_str(&licence(api));
    Source { path: "README.md".to_owned(), content: Content::Markdown(text) }
}

fn installation(api: &Api) -> String {
    let package = &api.package;
    format!(
        "## Installation\n\n```toml\n[dependencies]\n{} = \"{}\"\nserde_json = \"1\"\ntokio = {{ version = \"1\", features = [\"macros\", \
         \"rt-multi-thread\"] }}\n```\n\nIf the crate is not in a registry, use a `path` or `git` dependency. The minimum \
         supported Rust version is {RUST_VERSION}.\n\n",
        package.name, package.version
    )
}

fn settings(api: &Api) -> String {
    let client = &api.client.name;
    let mut text = format!(
        "## Settings\n\nThe builder has a method for each setting. `{client}::from_env()` reads these from environment \
         variables:\n\n| setting | variable |\n|---|---|\n"
    );
    let globals = api.client.globals.iter().map(|global| (&global.ident, &global.env, global.required));
    let needs_credential = api.needs_credential();
    let is_needed = |name: &String| {
        let mut alternatives = api.operations.iter().flat_map(|operation| &operation.security);
        needs_credential && alternatives.all(|names| names.contains(name))
    };
    let schemes = api.client.schemes.iter();
    let schemes = schemes.map(|scheme| (&scheme.ident, &scheme.env, is_needed(&scheme.name)));
    for (ident, env, is_required) in globals.chain(schemes) {
        let optional = if is_required { "" } else { " (optional)" };
        let _ = writeln!(text, "| `{ident}` | `{env}`{optional} |");
    }
    let _ = write!(text, "| `server_url` | `{}_SERVER_URL` (optional) |\n\n", api.client.env_prefix);
    text.push_str(
        "`build()` fails if a required setting is missing or a value is invalid. Nothing is sent before that.\n\n",
    );
    if !needs_credential && !api.client.schemes.is_empty() {
        text.push_str(
            "Some operations need no credential. A call that needs one fails without it, and sends nothing.\n\n",
        );
    } else if api.client.schemes.len() > 1 {
        text.push_str("One combination of credentials that an operation accepts is enough.\n\n");
    }
    if let Some(scheme) = api.client.schemes.iter().find(|scheme| scheme.placement != crate::ir::Placement::Basic) {
        let _ = write!(
            text,
            "`{}` accepts a string, or `Credential::provider(…)` with an async function that returns the current credential. \
             The function is called before every attempt.\n\n",
            scheme.ident
        );
    }
    text.push_str(
        "`default_header` and `default_query` add a header or a query parameter to every request.\n\n\
         Cloning the client is cheap. Clones share their connections and the retry budget, so create one client and clone it. A \
         call borrows the client: for `tokio::spawn`, move a clone into the task.\n\n",
    );
    text
}

/// Describes methods such as `try_new`, by the first of them. Empty if no type has one.
fn objects(types: &Types) -> String {
    let mut blocks = types.file.items.iter().filter_map(|item| match item {
        syn::Item::Impl(block) => Some((&block.self_ty, &block.items)),
        _ => None,
    });
    let first = blocks.find_map(|(ty, items)| {
        let mut names = items.iter().filter_map(|item| match item {
            syn::ImplItem::Fn(method) => Some(&method.sig.ident),
            _ => None,
        });
        names.find(|name| name.to_string().starts_with("try_")).map(|name| quote!(types::#ty::#name))
    });
    let Some(path) = first else { return String::new() };
    format!(
        "`{}` and other methods that start with `try_` take a value of any type that serde writes as a JSON object, such as \
         your own struct, where the method without `try_` takes pairs of names and values. Their error is `Error`.\n\n",
        path.to_string().replace(' ', "")
    )
}

/// Describes scalars. Empty if the API has none.
fn scalars(api: &Api) -> &'static str {
    if !Component::Scalars.is_in(api) {
        return "";
    }
    "Dates, UUIDs, URLs and other strings and integers with a format have types in `scalars`, which keep the value as it was sent. \
     Pass a string or, with a feature, a value of another crate: `jiff`, `chrono` and `time` for dates and times, `uuid`, \
     `rust_decimal`, `url`. A value of a response is parsed on request, such as by `to_jiff()`, so a date that cannot be parsed fails \
     no call. [Scalars](docs/lib/scalars.md) lists them.\n\n"
}

/// Returns an example call for a function that has the client, and the body if that is a type of the API, as parameters.
fn given(api: &Api, call: &Call<'_>) -> (Example, TokenStream) {
    let (example, body) = call::method_call_given(api, call, &quote!(client));
    let client = format_ident!("{}", api.client.name);
    let body = body.map(|ty| quote!(, body: #ty));
    (example, quote!(client: &#client #body))
}

fn calls(api: &Api, call: &Call<'_>) -> String {
    let objects = objects(call.types) + scalars(api);
    let has_body = call::method_call_given(api, call, &quote!(client)).1.is_some();
    let (Example { setup, call }, params) = given(api, call);
    let given = if has_body { "The client and the body are parameters here" } else { "The client is a parameter here" };
    let options = quote! {
        #setup
        let call = #call
            .timeout(Duration::from_secs(20))
            .retry_config(RetryConfig::new().max_attempts(2))
            .header("x-trace", "7");
        let response = call.send_with_response().await?;
        println!("{} after {} attempts", response.status(), response.attempts());
    };
    format!(
        "## Calls\n\nRequired arguments are positional. Optional arguments and options are set on the call. Nothing is sent \
         or checked before the call is awaited. {given}; \
         the quick start shows how to create such values:\n\n{}\n\
         `CallOptions` holds options that several calls share. `preview()` returns the request without sending it: its `method()`, `url()`, `headers()` and `body()`.\n\n\
         The structs in `types` are created by `new`, which takes their required fields, and have a method for each optional field. \
         They cannot be written as struct literals: a later version may add fields.\n\n\
         {objects}`client.raw_request(Method::GET, \"/path\")` calls an endpoint that the API does not describe, with the credential, \
         the time limits and the retries of the client. `Method`, `StatusCode` and the types of headers are those of the crate \
         `http`.\n\n\
         ### Timeouts\n\n\
         A call takes at most 60 s, including all attempts, the waits between them, connecting and reading the response. An \
         attempt takes at most 15 s, and connecting at most 10 s. The builder has a setting for each limit.\n\n\
         ### Retries\n\n\
         A call makes up to four attempts, with random, growing waits between them. A `Retry-After` header of up to 60 s is \
         honored; a longer one ends the call. If an operation is not idempotent, its request is repeated only if the service \
         has certainly not processed it: no connection was made, or the service responded with 429. Such a request does not \
         use a connection that was idle for more than 2 s (`non_idempotent_idle_timeout`), because the server may be closing \
         it. A client and its clones share a retry budget, so that retries do not overload a service that is failing. \
         [RetryConfig](docs/lib/retryconfig.md) describes the settings and their defaults.\n\n",
        Snippet::new(api, quote!(RetryConfig,), options).given(params).page()
    )
}

fn functions(api: &Api, call: &Call<'_>) -> String {
    let (core, function) = (format!("{}Core", api.client.name), call.function());
    format!(
        "### Standalone functions\n\nEach operation is also available as a function that takes {} `{core}`, such as \
         `funcs::{function}`. `build_core()` creates a core, and `client.core()` returns that of a client.\n\n",
        article(&core),
    )
}

fn errors(api: &Api, of: &Call<'_>) -> String {
    let (Example { setup, call }, params) = given(api, of);
    let statements = quote! {
        #setup
        if let Err(error) = #call.await {
            match error.kind() {
                ErrorKind::Status => println!("rejected: {:?} {:?}", error.status(), error.server_message()),
                ErrorKind::Timeout(_) => println!("timed out, maybe sent: {}", error.maybe_sent()),
                _ => println!("{error}"),
            }
        }
    };
    let types = if Component::Jobs.is_in(api) {
        "Calls, jobs and `build()` have two error types. `Error` is returned by calls and by `build()`. `jobs::JobError` is \
         returned when waiting for a [job](#long-running-jobs); it converts to `Error`, so `?` works in a function that returns \
         `Error`, and `Error::job_error` returns it again."
    } else {
        "Calls and `build()` have one error type: `Error`."
    };
    format!(
        "## Errors\n\n{types}\n\n{}\n\
         | method | returns |\n|---|---|\n\
         | `kind()` | what failed |\n\
         | `status()`, `server_message()` | the status and the message of the service |\n\
         | `api()` | the error response: its headers and up to 64 KiB of its body |\n\
         | `is_retryable()` | whether a later call may succeed |\n\
         | `maybe_sent()` | whether the service may have processed the request |\n\
         | `attempts()`, `elapsed()` | the number of attempts, and the time since the start of the call |\n\
         | `retry_after()` | how long the service asks to wait |\n\
         | `json_path()` | the path of the response field that could not be decoded |\n\n\
         Values that are added to the API later are not errors: enums and unions have a variant `Unknown`, and structs keep \
         unknown fields in `extra`. Functions that neither send nor build a client may return other errors: {}`Script::bodies` of the \
         mock server returns the error of serde_json.\n\n",
        Snippet::new(api, quote!(ErrorKind,), statements).given(params).page(),
        parsing(api, of.types)
    )
}

/// Lists the errors of parsing strings that the client has.
fn parsing(api: &Api, types: &Types) -> String {
    let enums = "parsing a string as an enum returns `error::ParseEnumError`, ";
    let scalars = "parsing a scalar returns `scalars::ParseScalarError`, which converts to `Error`, ";
    let enums = has_enums(types).then_some(enums);
    let scalars = Component::Scalars.is_in(api).then_some(scalars);
    let all: String = enums.into_iter().chain(scalars).collect();
    if all.is_empty() { all } else { all + "and " }
}

fn jobs(api: &Api, start: &Call<'_>) -> String {
    let link = start.operation.long_running.as_ref();
    let name = format_ident!("{}", link.map_or("Handle", |link| link.handle.as_str()));
    let polling = link.and_then(|link| api.operation(link.result).polling.as_ref());
    let times = polling.map(|polling| format!("{} ", waiting(polling))).unwrap_or_default();
    let error = link.map_or("JobError", |link| link.error.as_str());
    let (Example { setup, call }, params) = given(api, start);
    let whole = quote! {
        #setup
        match #call.wait().timeout(Duration::from_secs(600)).on_state(|state| println!("{state:?}")).await {
            Ok(done) => println!("done: {done:?}"),
            Err(error) => match error.failure() {
                JobFailure::Failed(_) => println!("failed: {error}"),
                JobFailure::TimedOut { .. } => println!("still running: {:?}", error.job()),
                _ => println!("{error}"),
            },
        }
    };
    let handle = quote! {
        #setup
        let job = #call.job().await?;
        let json = serde_json::to_string(&job).expect("a handle can be serialized");

        let job: funcs::#name = serde_json::from_str(&json).expect("the JSON is that of a handle");
        let mut states = job.states(client, WaitOptions::new());
        while let Some(state) = states.next().await {
            println!("{state:?}");
        }
    };
    format!(
        "## Long-running jobs\n\nSome calls start a job that continues after their response. `wait()` starts the job and polls it at \
         growing intervals until it ends:\n\n{}\n\
         {times}`WaitOptions` changes this for a wait, and `wait_options` on the builder for all. The error type can be written \
         as `funcs::{error}`.\n\n\
         Headers, extra query parameters, the server URL, the time limit of an attempt and the retry settings of the call \
         apply to the start and to the polls of its `wait()`. `timeout` of the call limits the start only, and `timeout` after \
         `wait()` the wait. Polls by a handle have the settings of the client.\n\n\
         `job()` starts the job and returns a handle instead. The handle contains only ids and can be serialized with serde. \
         Any process that has a client can `poll` it, `wait` for it, or read its `states`:\n\n{}\n\
         Waiting continues after transient errors. They end it only after more than five failed polls in a row and two minutes \
         without a successful poll. A state that the API does not describe counts as still running. If the \
         timeout of the wait passes, the error contains the handle, so that you can wait again.\n\n\
         Errors mask what the request has sent, such as a password, in `Display` and `Debug`. The states of a job, also that \
         of a failed one, are values of the service and are not masked. For a handle that was deserialized it is unknown what \
         to mask, so its errors contain no message of the service; only `unmasked_server_message()` returns it.\n\n",
        Snippet::new(api, quote!(jobs::JobFailure,), whole).given(params.clone()).page(),
        Snippet::new(api, quote!(jobs::WaitOptions,), handle).given(params).page(),
    )
}

/// Describes pages, streams, downloads and uploads, with the first operation that returns them.
fn several(api: &Api, types: &Types) -> String {
    let mut described: Vec<&str> = Vec::new();
    let mut text = String::new();
    let gives_several = |index: &usize| {
        let operation = api.operation(*index);
        operation.pagination.is_some()
            || operation.streaming.is_some()
            || operation.success.content == ResponseType::Bytes
            || operation.body.as_ref().is_some_and(|body| body.content == BodyContent::Bytes)
    };
    for index in (0..api.operations.len()).filter(gives_several) {
        for (title, section) in pages_and_streams::sections(api, &Call::of(api, types, index), "docs/") {
            if !described.contains(&title) {
                described.push(title);
                let _ = write!(text, "## {title}\n\n{section}\n");
            }
        }
    }
    text
}

const ELSEWHERE: &str = "## Blocking calls\n\nThe feature `blocking` adds `.blocking()`, which is used in place of `.await` in programs \
without an async runtime. See [Blocking calls](docs/lib/blocking.md).\n\n\
## Testing\n\nThe feature `test-util` adds a mock server that runs within the process of the test, without a port or network. \
Tests with `#[tokio::test(start_paused = true)]`, in which waits take no time, need the feature `test-util` of tokio too. See \
[Testing](docs/lib/testing.md).\n\n";

fn http_settings(api: &Api) -> String {
    let settings = call::client_settings(api);
    let name = format_ident!("{}", api.client.name);
    let statements = quote! {
        let proxy = reqwest::Proxy::all("http://proxy.example.com:3128").expect("the URL is valid");
        let client = #name::builder() #settings .http_client(move |http| http.proxy(proxy.clone())).build()?;
        println!("{client:?}");
    };
    format!(
        "## TLS and HTTP settings\n\n`http_client` changes the settings of the underlying HTTP client, such as its proxies, its \
         connection pool or TLS. The crate re-exports `reqwest`, `bytes` and `serde_json` in the versions that it uses.\n\n{}\n\
         Redirects are never followed, because the credential would be sent to the new address. Requests to the local machine \
         never use a proxy. `http://` URLs of other machines are rejected unless `allow_plain_http` is set.\n\n",
        Snippet::new(api, quote!(reqwest,), statements).page()
    )
}

/// Explains that each runtime needs its own client, because connections belong to the runtime that opened them.
const RUNTIMES: &str = "### Several runtimes\n\nA connection belongs to the tokio runtime that opened it. If that runtime ends while another runtime \
         uses the connection, the call fails, and it is unknown whether the service has processed the request. Build a client \
         in each runtime. In particular, do not share a client in a `static` between tests, because each `#[tokio::test]` has \
         its own runtime.\n\n";

fn logging(api: &Api) -> String {
    let jobs = Component::Jobs.is_in(api);
    let spans = if jobs { " A span `job` (INFO) contains the start and the polls of a job." } else { "" };
    let streams = if Component::Uploads.is_in(api) {
        " What it echoes of a stream or a file cannot be masked: `Body::sensitive()` hides the message of such an error."
    } else {
        ""
    };
    let ends = if jobs { ", the start of each job and the end of each wait for one (INFO)" } else { "" };
    format!(
        "## Logging\n\nWith the feature `tracing`, every call is a span `call` (INFO) that contains a span `attempt` (DEBUG) for \
         each attempt.{spans} Events report the end of each call (DEBUG){ends}, and each failed attempt with the reason why it is \
         retried or not (INFO). The target is `{}`. The docs of the crate list all spans, events and fields; those about HTTP \
         have the names of OpenTelemetry's semantic conventions.\n\n\
         `hooks` on the builder sets functions that are called before each attempt, after each response and after each failed \
         attempt.\n\n\
         Credentials are never in `Debug` output, errors, spans or events, and neither are the values of sensitive fields and \
         of queries that a call sends. If an error response echoes them, `Display` and `Debug` of the error mask them.{streams} Values \
         that the service returns, such as a response or the state of a failed job, are shown as the service sent them.\n\n",
        crate_name(api)
    )
}

/// Lists the example programs of the crate.
fn programs(api: &Api, types: &Types) -> String {
    let names = programs::names(api, types);
    if names.is_empty() {
        return String::new();
    }
    let mut text = "## Examples\n\nWithout settings, the examples call a mock server in their own process. With the variables of the \
         [settings](#settings), they call the service.\n\n```sh\n"
        .to_owned();
    for (name, features) in names {
        let _ = writeln!(text, "cargo run -p {} --example {name} --features {}", api.package.name, features.join(","));
    }
    text.push_str("```\n\n");
    text
}

fn licence(api: &Api) -> String {
    let texts: Vec<_> = licences::own(api).map(|(name, path, _)| format!("[{name}]({path})")).collect();
    let texts = if texts.is_empty() { String::new() } else { format!(": {}", texts.join(", ")) };
    format!("\n## Licence\n\n{}{texts}.\n", markdown::code(&api.package.license))
}
