//! Examples in the docs of the runtime's types, with the names of the API. The runtime includes them by their paths.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::emit::example::call::{self, Example};
use crate::emit::example::snippet::{Snippet, crate_name};
use crate::emit::operation::Call;
use crate::emit::package::runtime_components::Component;
use crate::emit::{Content, Source};
use crate::ir::{Api, ResponseType};
use crate::progenitor::Types;
use crate::{markdown, print};

/// Where the examples are. The sources of the runtime name this folder.
const FOLDER: &str = "src/doc_examples";

/// Returns the files that the modules of the runtime include which this client has.
pub(crate) fn emit(api: &Api, types: &Types) -> Vec<Source> {
    let examples = Examples { api, types };
    let mut all = vec![
        ("call", examples.calls()),
        ("call_options", examples.call_options()),
        ("credential", examples.credential()),
        ("error", examples.error()),
        ("hooks", examples.hooks()),
        ("raw_request", examples.raw_request()),
        ("response", examples.response()),
        ("retry_budget", examples.retry_budget()),
        ("retry_config", examples.retry_config()),
        ("blocking", examples.blocking()),
        ("script", examples.script()),
    ];
    let components = Component::of(api);
    if components.contains(&Component::Jobs) {
        all.extend([
            ("job_error", examples.job_error()),
            ("states", examples.states()),
            ("wait", examples.wait()),
            ("wait_options", examples.wait_options()),
        ]);
    }
    if components.contains(&Component::Pages) {
        all.extend([("items", examples.items()), ("pages", examples.pages())]);
    }
    if components.contains(&Component::Streams) {
        all.push(("events", examples.events()));
    }
    if components.contains(&Component::Downloads) {
        all.extend([("download", examples.download()), ("resume_point", examples.resume()), ("save", examples.save())]);
    }
    if components.contains(&Component::Uploads) {
        all.push(("body", examples.body()));
    }
    if components.contains(&Component::Multipart) {
        all.push(("file", examples.file()));
    }
    all.into_iter()
        .map(|(name, example)| {
            let text = if example.is_empty() { String::new() } else { format!("# Example\n\n{example}") };
            Source { path: format!("{FOLDER}/{name}.md"), content: Content::Markdown(text) }
        })
        .collect()
}

/// Returns the example of a download that continues in another process, for the docs of the module.
pub(in crate::emit) fn resume(api: &Api, types: &Types) -> String {
    Examples { api, types }.resume()
}

/// Returns the example of a body, for the docs of the module.
pub(in crate::emit) fn body(api: &Api, types: &Types) -> String {
    Examples { api, types }.body()
}

struct Examples<'a> {
    api: &'a Api,
    types: &'a Types,
}

impl Examples<'_> {
    /// Returns statements with a client at hand.
    fn with_client(&self, imports: TokenStream, statements: TokenStream) -> String {
        Snippet::new(self.api, imports, statements).with_client().rustdoc()
    }

    /// Returns the first call that a condition holds for.
    fn first(&self, holds: impl Fn(&Call<'_>) -> bool) -> Option<Example> {
        let mut calls = (0..self.api.operations.len()).map(|index| Call::of(self.api, self.types, index));
        let first = calls.find(|call| holds(call))?;
        Some(call::method_call(self.api, &first, &quote!(client)))
    }

    /// Returns an example around a call that a condition holds for. Empty if there is none.
    fn around(
        &self,
        holds: impl Fn(&Call<'_>) -> bool,
        imports: TokenStream,
        statements: impl Fn(&Example) -> TokenStream,
    ) -> String {
        self.first(holds).map(|example| self.with_client(imports, statements(&example))).unwrap_or_default()
    }

    fn any(&self, imports: TokenStream, statements: impl Fn(&Example) -> TokenStream) -> String {
        self.around(|_| true, imports, statements)
    }

    fn job(&self, imports: TokenStream, statements: impl Fn(&Example) -> TokenStream) -> String {
        self.around(|call| call.operation.long_running.is_some(), imports, statements)
    }

    fn calls(&self) -> String {
        let (one, several) = (self.call(), self.spawned());
        if several.is_empty() {
            return one;
        }
        format!("{one}\nSeveral at once, each in a task that creates its arguments and its call:\n\n{several}")
    }

    fn call(&self) -> String {
        self.any(quote!(Call, Operation,), |Example { setup, call }| {
            quote! {
                /// Sets a header that all calls of this program have.
                fn with_tenant<O: Operation>(call: Call<'_, O>) -> Call<'_, O> { call.header("x-tenant", "7") }

                #setup
                let value = with_tenant(#call).timeout(Duration::from_secs(20)).await?;
                println!("{value:?}");
            }
        })
    }

    /// Calls in tasks of their own, with at most four at a time.
    fn spawned(&self) -> String {
        self.any(quote!(), |Example { setup, call }| {
            quote! {
                let limit = std::sync::Arc::new(tokio::sync::Semaphore::new(4));
                let mut calls = tokio::task::JoinSet::new();
                for number in 0..20 {
                    let (client, limit) = (client.clone(), limit.clone());
                    calls.spawn(async move {
                        let _permit = limit.acquire().await;
                        #setup
                        #call.header("x-number", number.to_string()).await
                    });
                }
                while let Some(ended) = calls.join_next().await {
                    println!("{:?}", ended.expect("the task does not panic"));
                }
            }
        })
    }

    fn call_options(&self) -> String {
        self.any(quote!(CallOptions,), |Example { setup, call }| {
            quote! {
                let options = CallOptions::new().timeout(Duration::from_secs(20)).header("x-tenant", "7");
                #setup
                let value = #call.options(options.clone()).await?;
                println!("{value:?}");
            }
        })
    }

    fn response(&self) -> String {
        self.any(quote!(), |Example { setup, call }| {
            quote! {
                #setup
                let response = #call.send_with_response().await?;
                println!("{} after {} attempts", response.status(), response.attempts());
                println!("{:?}", response.headers().get("x-request-id"));
                println!("{:?}", response.value());
            }
        })
    }

    fn error(&self) -> String {
        self.any(quote!(ErrorKind,), |Example { setup, call }| {
            quote! {
                #setup
                match #call.await {
                    Ok(value) => println!("{value:?}"),
                    Err(error) if error.kind() == ErrorKind::Status => {
                        println!("rejected with {:?}: {:?}", error.status(), error.server_message());
                    }
                    Err(error) if error.is_retryable() => println!("it may succeed later: {error}"),
                    Err(error) if error.maybe_sent() => println!("the service may have processed it: {error}"),
                    Err(error) => return Err(error),
                }
            }
        })
    }

    fn raw_request(&self) -> String {
        let statements = quote! {
            let status: serde_json::Value =
                client.raw_request(Method::GET, "/status").json().extra_query("verbose", "true").await?;
            println!("{status}");

            let export = client.raw_request(Method::GET, "/export").bytes().timeout(Duration::from_secs(120)).await?;
            println!("{} bytes", export.len());
        };
        self.with_client(quote!(Method,), statements)
    }

    /// Returns statements that build a client with one more setting.
    fn builder(&self, imports: TokenStream, before: &TokenStream, setting: &TokenStream) -> String {
        let (client, settings) = (format_ident!("{}", self.api.client.name), call::client_settings(self.api));
        let statements = quote! {
            #before
            let client = #client::builder() #settings #setting .build()?;
            println!("{client:?}");
        };
        Snippet::new(self.api, imports, statements).rustdoc()
    }

    fn retry_config(&self) -> String {
        let retry = quote! {
            let backoff = BackoffConfig::new().initial_interval(Duration::from_millis(200)).exponent(2.0);
            let retry = RetryConfig::backoff(backoff).max_attempts(3);
        };
        self.builder(quote!(BackoffConfig, RetryConfig,), &retry, &quote!(.retry_config(retry)))
    }

    fn retry_budget(&self) -> String {
        self.builder(quote!(RetryBudget,), &quote!(), &quote!(.retry_budget(RetryBudget::new(10, 20))))
    }

    fn hooks(&self) -> String {
        let hooks = quote! {
            struct Tenant;

            impl Hooks for Tenant {
                fn before_request(&self, _: &Attempt<'_>, request: &mut RequestHead<'_>) {
                    request.headers_mut().insert("x-tenant", HeaderValue::from_static("7"));
                    request.set_query("source", "nightly");
                }

                fn on_error(&self, attempt: &Attempt<'_>, error: &Error, retry_in: Option<std::time::Duration>) {
                    println!("attempt {} of {}: {error}, retry in {retry_in:?}", attempt.number, attempt.operation_id);
                }
            }
        };
        self.builder(quote!(Attempt, Error, HeaderValue, Hooks, RequestHead,), &hooks, &quote!(.hooks(Tenant)))
    }

    fn credential(&self) -> String {
        let plain = |scheme: &&crate::ir::Scheme| scheme.placement != crate::ir::Placement::Basic;
        let Some(scheme) = self.api.client.schemes.iter().find(plain) else { return String::new() };
        let ident = format_ident!("{}", scheme.ident);
        let provider = quote! {
            /// Reads a token that another program renews.
            async fn token() -> std::io::Result<String> { std::fs::read_to_string("/run/secrets/token") }
        };
        let (client, settings) = (format_ident!("{}", self.api.client.name), call::global_settings(self.api));
        let statements = quote! {
            #provider
            let client = #client::builder() #settings .#ident(Credential::provider(token)).build()?;
            println!("{client:?}");
        };
        Snippet::new(self.api, quote!(Credential,), statements).rustdoc()
    }

    fn wait(&self) -> String {
        self.job(quote!(), |Example { setup, call }| {
            quote! {
                #setup
                let done = #call.wait().timeout(Duration::from_secs(600)).on_state(|state| println!("{state:?}")).await?;
                println!("{done:?}");
            }
        })
    }

    fn wait_options(&self) -> String {
        self.job(quote!(jobs::WaitOptions,), |Example { setup, call }| {
            quote! {
                let options = WaitOptions::new().interval(Duration::from_secs(2)).tolerated_errors(10);
                #setup
                let done = #call.wait().options(options).await?;
                println!("{done:?}");
            }
        })
    }

    fn states(&self) -> String {
        self.job(quote!(jobs::WaitOptions,), |Example { setup, call }| {
            quote! {
                #setup
                let job = #call.job().await?;
                let mut states = job.states(&client, WaitOptions::new());
                while let Some(state) = states.next().await {
                    println!("{:?}", state?);
                }
            }
        })
    }

    fn job_error(&self) -> String {
        self.job(quote!(jobs::JobFailure,), |Example { setup, call }| {
            quote! {
                #setup
                match #call.wait().await {
                    Ok(done) => println!("{done:?}"),
                    Err(error) => match error.failure() {
                        JobFailure::Failed(_) => println!("{error}"),
                        JobFailure::TimedOut { .. } => println!("still running: {:?}", error.job()),
                        _ => return Err(error.into()),
                    },
                }
            }
        })
    }

    fn pages(&self) -> String {
        self.around(
            |call| call.operation.pagination.is_some(),
            quote!(),
            |Example { setup, call }| {
                quote! {
                    #setup
                    let mut pages = #call.pages();
                    while let Some(page) = pages.next().await {
                        println!("{:?}", page?);
                    }
                }
            },
        )
    }

    fn items(&self) -> String {
        let has_items = |call: &Call<'_>| call.operation.pagination.is_some() && call.item().is_some();
        self.around(has_items, quote!(), |Example { setup, call }| {
            quote! {
                #setup
                let mut items = #call.items();
                while let Some(item) = items.next().await {
                    println!("{:?}", item?);
                }
            }
        })
    }

    fn events(&self) -> String {
        self.around(
            |call| call.operation.streaming.is_some(),
            quote!(),
            |Example { setup, call }| {
                quote! {
                    #setup
                    let mut events = #call.stream().await?;
                    while let Some(event) = events.next().await {
                        println!("{:?}", event?);
                    }
                }
            },
        )
    }

    fn download(&self) -> String {
        self.downloaded(|download| {
            quote! {
                let mut download = #download.await?;
                println!("{:?} of {:?} bytes", download.content_type(), download.content_length());
                while let Some(piece) = download.next().await {
                    println!("{} bytes, {} so far", piece?.len(), download.position());
                }
            }
        })
    }

    /// A download to a file that continues where the one of an earlier run has failed.
    fn resume(&self) -> String {
        self.around(
            is_download,
            quote!(ErrorKind, downloads::ResumePoint, error::BodyFailure,),
            |Example { setup, call }| {
                let statements = call::resume(&quote!(#call.download()));
                quote!(#setup #statements)
            },
        )
    }

    fn body(&self) -> String {
        let statements = quote! {
            let body = Body::from("bytes in memory");
            println!("{body:?}");

            // Each attempt reads a new body.
            let body = Body::from_fn(|| Body::from("made for each attempt")).with_length(21);
            println!("{body:?}");
        };
        Snippet::new(self.api, quote!(uploads::Body,), statements).rustdoc()
    }

    fn file(&self) -> String {
        let statements = quote! {
            let file = File::new("report.csv", "name,value\n").content_type("text/csv");
            println!("{file:?}");

            // A file with the name of its part.
            let file = File::from("content");
            println!("{file:?}");
        };
        Snippet::new(self.api, quote!(uploads::File,), statements).rustdoc()
    }

    fn save(&self) -> String {
        self.downloaded(|download| {
            quote! {
                let bytes = #download.await?.save("report.pdf").await?;
                println!("{bytes} bytes");
            }
        })
    }

    fn downloaded(&self, statements: impl Fn(&TokenStream) -> TokenStream) -> String {
        self.around(is_download, quote!(), |Example { setup, call }| {
            let statements = statements(&quote!(#call.download()));
            quote!(#setup #statements)
        })
    }

    fn blocking(&self) -> String {
        let Some(Example { setup, call }) = self.first(|_| true) else { return String::new() };
        let statements = quote!(#setup let value = #call.blocking()?; println!("{value:?}"););
        Snippet::blocking(self.api, quote!(), statements).with_client().rustdoc()
    }

    /// A script of the test kit. Its server has a method for each operation, named like the function.
    fn script(&self) -> String {
        let Some(operation) = self.api.operations.first() else { return String::new() };
        let (krate, function) =
            (format_ident!("{}", crate_name(self.api)), format_ident!("{}", operation.function_ident));
        let code = print::statements(&quote! {
            use #krate::test_util::MockServer;

            let server = MockServer::new();
            server.#function().status(503).status(404).repeat();
            println!("{:?}", server.client());
            server.#function().assert_received(0);
        });
        markdown::block("", &code)
    }
}

fn is_download(call: &Call<'_>) -> bool {
    call.operation.success.content == ResponseType::Bytes
}
