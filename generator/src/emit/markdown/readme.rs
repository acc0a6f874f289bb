//! The client's README: what users need to know, each section with an example that the crate's doc tests compile.

use std::fmt::Write as _;

use quote::{format_ident, quote};

use super::pages_and_streams;
use crate::emit::example::call;
use crate::emit::example::call::Example;
use crate::emit::example::snippet::{Snippet, crate_name};
use crate::emit::operation::Call;
use crate::emit::package::licences;
use crate::emit::package::manifest::RUST_VERSION;
use crate::emit::package::runtime_components::Component;
use crate::emit::rust::crate_root::quick_start;
use crate::emit::{Content, Source, programs};
use crate::ir::Api;
use crate::markdown;
use crate::progenitor::Types;

pub(crate) fn emit(api: &Api, types: &Types) -> Source {
    let package = &api.package;
    let mut text = format!("# {}\n\n{}\n\n", package.name, markdown::safe(&package.description));
    if let Some(url) = &package.documentation {
        let _ = write!(text, "The service documents itself at {}. ", markdown::line(url));
    }
    text.push_str("All operations and types are listed in [docs](docs/README.md).\n\n");
    text.push_str(&installation(api));
    if !api.operations.is_empty() {
        let _ = write!(text, "## Quick start\n\n{}\n", quick_start(api, types).in_main().page());
    }
    text.push_str(&settings(api));
    if !api.operations.is_empty() {
        text.push_str(&calls(api, types));
        text.push_str(&errors(api, types));
    }
    if let Some(start) = api.operations.iter().position(|operation| operation.long_running.is_some()) {
        text.push_str(&long_running(api, &Call::of(api, types, start)));
    }
    text.push_str(&several(api, types));
    text.push_str(ELSEWHERE);
    if !api.operations.is_empty() {
        text.push_str(&runtimes(api, types));
    }
    text.push_str(&programs(api, types));
    text.push_str(&http_client(api));
    text.push_str(&safety(api));
    text.push_str(&features(api));
    let _ = write!(
        text,
        "## How this crate is made\n\nIt is generated from `{}` ({} {}); edit that, not the crate.\n",
        package.spec,
        markdown::line(&package.title),
        markdown::line(&package.api_version)
    );
    text.push_str(&licence(api));
    Source { path: "README.md".to_owned(), content: Content::Markdown(text) }
}

/// Describes pages and streams, with the first operation that returns them.
fn several(api: &Api, types: &Types) -> String {
    let mut told: Vec<&str> = Vec::new();
    let mut text = String::new();
    let gives_several = |index: &usize| {
        let operation = api.operation(*index);
        operation.pagination.is_some() || operation.streaming.is_some()
    };
    for index in (0..api.operations.len()).filter(gives_several) {
        for (title, section) in pages_and_streams::sections(api, &Call::of(api, types, index)) {
            if !told.contains(&title) {
                told.push(title);
                let _ = write!(text, "## {title}\n\n{section}\n");
            }
        }
    }
    text
}

fn licence(api: &Api) -> String {
    let texts: Vec<_> = licences::own(api).map(|(name, path, _)| format!("[{name}]({path})")).collect();
    let texts = if texts.is_empty() { String::new() } else { format!(": {}", texts.join(", ")) };
    format!("\n## Licence\n\n{}{texts}.\n", markdown::code(&api.package.license))
}

/// Lists the example programs of the crate.
fn programs(api: &Api, types: &Types) -> String {
    let names = programs::names(api, types);
    if names.is_empty() {
        return String::new();
    }
    let mut text =
        "## Examples\n\nEach runs without settings, against a scripted server in its own process, and with the variables of the \
         [settings](#settings) set, against the service:\n\n```sh\n"
            .to_owned();
    for (name, features) in names {
        let _ = writeln!(text, "cargo run -p {} --example {name} --features {}", api.package.name, features.join(","));
    }
    text.push_str("```\n\n");
    text
}

fn installation(api: &Api) -> String {
    let package = &api.package;
    format!(
        "## Installation\n\n```toml\n[dependencies]\n{} = \"{}\"\nserde_json = \"1\"\ntokio = {{ version = \"1\", features = [\"macros\", \
         \"rt-multi-thread\"] }}\n```\n\nA crate that is not in a registry is named by `path` or `git` instead. It needs Rust \
         {RUST_VERSION} or later.\n\n",
        package.name, package.version
    )
}

fn settings(api: &Api) -> String {
    let mut text = format!(
        "## Settings\n\n`{}::from_env()` reads them from the environment; the builder has a method for each, and more:\n\n\
         | setting | variable |\n|---|---|\n",
        api.client.name
    );
    let globals = api.client.globals.iter().map(|global| (&global.ident, &global.env));
    for (ident, env) in globals.chain(api.client.schemes.iter().map(|scheme| (&scheme.ident, &scheme.env))) {
        let _ = writeln!(text, "| `{ident}` | `{env}` |");
    }
    let _ = write!(text, "| `server_url` | `{}_SERVER_URL` (optional) |\n\n", api.client.env_prefix);
    text.push_str("What is missing or malformed is an error of `build()`, before anything is sent.\n\n");
    if let Some(scheme) = api.client.schemes.iter().find(|scheme| scheme.placement != crate::ir::Placement::Basic) {
        let _ = write!(
            text,
            "`{}` takes a text, or a `Credential::provider(…)` with an async function that is asked at every attempt.\n\n",
            scheme.ident
        );
    }
    text
}

fn calls(api: &Api, types: &Types) -> String {
    let call = Call::of(api, types, 0);
    let Example { setup, call: method } = call::method_call(api, &call, &quote!(client));
    let client = call::client(api);
    let options = quote! {
        let client = #client;
        #setup
        let call = #method
            .timeout(Duration::from_secs(20))
            .retry_config(RetryConfig::new().max_attempts(2))
            .header("x-trace", "7");
        let reply = call.send_with_response().await?;
        println!("{} after {} attempts", reply.status(), reply.attempts());
    };
    let Example { setup, call: function } = call::function_call(api, &call, &quote!(&core));
    let core = call::client_settings(api);
    let name = format_ident!("{}", api.client.name);
    let functions = quote! {
        let core = #name::builder() #core .build_core()?;
        #setup
        let reply = #function.await?;
        println!("{reply:?}");
    };
    format!(
        "## Calls, timeouts and retries\n\nRequired arguments are positional. Everything optional is chained, and nothing is sent \
         before the call is awaited:\n\n{}\n\
         A call ends within its timeout (60 s unless set), with all its attempts, waits, connecting and reading. An attempt \
         has 15 s, connecting 10 s. Failed calls are tried again after random, growing waits, four attempts at most, where that \
         is safe: an operation that is not idempotent only if no connection was made or the service answered 429. \
         `Retry-After` is honoured up to a minute. A call that is not idempotent uses no connection that has been idle for more \
         than 2 s (`non_idempotent_idle_timeout`), as its server may be closing it. A client and its clones share a budget of retries, so that they do not keep a \
         service down. [RetryConfig](docs/lib/retryconfig.md) has the settings and their defaults.\n\n\
         ## Standalone functions\n\nEvery operation is also a function over `{}Core`:\n\n{}\n",
        Snippet::new(api, quote!(RetryConfig,), options).page(),
        api.client.name,
        Snippet::new(api, quote!(), functions).page(),
    )
}

fn errors(api: &Api, types: &Types) -> String {
    let Example { setup, call } = call::method_call(api, &Call::of(api, types, 0), &quote!(client));
    let client = call::client(api);
    let statements = quote! {
        let client = #client;
        #setup
        if let Err(error) = #call.await {
            match error.kind() {
                ErrorKind::Status => println!("refused: {:?} {:?}", error.status(), error.server_message()),
                ErrorKind::Timeout(_) => println!("too slow; sent all the same? {}", error.maybe_sent()),
                _ => println!("{error}"),
            }
        }
    };
    format!(
        "## Errors\n\nThere is one error type. It answers what one asks at three in the morning:\n\n{}\n\
         `is_retryable()` says whether trying again may help, `maybe_sent()` whether the service may have acted on it, \
         `attempts()` and `elapsed()` what was tried, `retry_after()` what the service asked for, `api()` holds the reply with \
         its headers and body (up to 64 KiB), `json_path()` names the field of a reply that could not be read. What a service \
         adds later is no error: enums and unions have `Unknown`, structs keep unknown fields in `extra`.\n\n",
        Snippet::new(api, quote!(ErrorKind,), statements).page()
    )
}

fn long_running(api: &Api, start: &Call<'_>) -> String {
    let name = start.operation.long_running.as_ref().map_or("Handle", |pair| pair.handle.as_str());
    let name = format_ident!("{name}");
    let client = call::client(api);
    let Example { setup, call } = call::method_call(api, start, &quote!(client));
    let whole = quote! {
        let client = #client;
        #setup
        match #call.wait().timeout(Duration::from_secs(600)).on_state(|state| println!("{state:?}")).await {
            Ok(done) => println!("done: {done:?}"),
            Err(error) => match error.failure() {
                JobFailure::Failed(state) => println!("failed: {state:?}"),
                JobFailure::TimedOut { .. } => println!("still going on: {:?}", error.job()),
                _ => println!("{error}"),
            },
        }
    };
    let handle = quote! {
        let client = #client;
        #setup
        let job = #call.job().await?;
        let text = serde_json::to_string(&job).expect("ids are JSON");

        let job: funcs::#name = serde_json::from_str(&text).expect("it was written above");
        let mut states = job.states(&client, WaitOptions::new());
        while let Some(state) = states.next().await {
            println!("{state:?}");
        }
    };
    format!(
        "## Long-running operations\n\nSome calls start work that goes on after their reply. `wait()` starts it and waits for its \
         end, asking at growing intervals:\n\n{}\n\
         `job()` returns a handle instead. It holds ids only, can be written down with serde, and can be asked \
         (`poll`), waited for (`wait`) or watched (`states`) in any process that has a client:\n\n{}\n\
         Transient errors on the way are tolerated for two minutes, and five in a row however long they take; a state that \
         nobody knew is neither success nor failure. When the time to wait is over the error has the handle, so that waiting can \
         go on.\n\n\
         Errors do not show what the service repeats of the start, such as a password. A handle that was restored from its ids \
         cannot know what that is: its errors show no message of the service, and only `unmasked_server_message()` returns \
         it.\n\n",
        Snippet::new(api, quote!(jobs::JobFailure,), whole).page(),
        Snippet::new(api, quote!(jobs::WaitOptions,), handle).page(),
    )
}

fn http_client(api: &Api) -> String {
    let settings = call::client_settings(api);
    let name = format_ident!("{}", api.client.name);
    let statements = quote! {
        let proxy = reqwest::Proxy::all("http://proxy.example.com:3128").expect("the address is valid");
        let client = #name::builder() #settings .http_client(move |http| http.proxy(proxy.clone())).build()?;
        println!("{client:?}");
    };
    format!(
        "## Custom HTTP settings\n\n`http_client` changes the settings of the HTTP client, such as proxies, the pool or TLS. \
         Redirects are never followed, as they could carry the credential elsewhere, and requests to this machine never use a \
         proxy. `{}::reqwest` is the HTTP library in the matching version.\n\n{}\n",
        crate_name(api),
        Snippet::new(api, quote!(reqwest,), statements).page()
    )
}

const ELSEWHERE: &str = "## Without an async runtime\n\nWith the feature `blocking` a call is made with `.blocking()` in place of \
`.await`: [an example](docs/lib/blocking.md).\n\n\
## Tests\n\nWith the feature `test-util` a scripted server in the test's own process stands in for the service: [an example](docs/lib/testing.md).\n\n";

/// Explains that each runtime needs its own client, because connections belong to the runtime that opened them.
fn runtimes(api: &Api, types: &Types) -> String {
    let Example { setup, call } = call::method_call(api, &Call::of(api, types, 0), &quote!(client));
    let client = call::client(api);
    let statements = quote! {
        let worker = std::thread::spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async {
                let client = #client;
                #setup
                #call.await
            })
        });
        let reply = worker.join().expect("the thread does not panic")?;
        println!("{reply:?}");
    };
    format!(
        "## Several runtimes\n\nA connection lives in the tokio runtime that opened it. If that runtime ends while another one \
         uses the connection, the call fails, and whether the service has acted on it is unknown. So build a client in each \
         runtime, and do not share one in a `static` between tests that have a runtime each:\n\n{}\n",
        Snippet::new(api, quote!(), statements).page()
    )
}

fn safety(api: &Api) -> String {
    let spans = if Component::Jobs.is_in(api) { "call, attempt and wait" } else { "call and attempt" };
    format!(
        "## Debugging without leaking\n\nWith the feature `tracing` every {spans} is a span, with the names that OpenTelemetry \
         gives such things, and an event says why a failed attempt is or is not repeated. `hooks` on the builder are called \
         before each attempt, after each reply and at each failure. Credentials, sensitive fields, queries and addresses are in \
         no `Debug`, error, span or event; what a service echoes of them is masked. Redirects are not followed, and `http://` \
         to another machine has to be allowed first. `preview()` on a call shows the request without sending it.\n\n"
    )
}

fn features(api: &Api) -> String {
    let what = if Component::Jobs.is_in(api) { "calls and waits" } else { "calls" };
    format!(
        "## Features\n\n| feature | default | what it does |\n|---|---|---|\n\
         | `rustls-tls` | yes | TLS by rustls, with the system's certificates |\n\
         | `native-tls` | no | TLS by the system's library |\n\
         | `http2` | no | HTTP/2 where the server offers it |\n\
         | `gzip` | no | replies compressed with gzip; eleven more crates |\n\
         | `tracing` | yes | spans and events |\n\
         | `blocking` | no | [`.blocking()`](docs/lib/blocking.md) on {what}, for programs without an async runtime |\n\
         | `test-util` | no | [a scripted server](docs/lib/testing.md) for tests |\n\n\
         Without a TLS feature `build()` fails for an `https://` server, unless `http_client` adds TLS to `{name}`.\n\n",
        name = api.package.name
    )
}
