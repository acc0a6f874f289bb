//! Short programs, one for each topic.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{KIT, KIT_AND_BLOCKING, Program, awaiting, long_running, script};
use crate::emit::example::call;
use crate::emit::example::call::Example;
use crate::emit::example::sample::{Sample, is_structured};
use crate::emit::example::scenario::Scenario;
use crate::emit::example::value::OWN;
use crate::emit::operation::Call;
use crate::ir::Api;

/// Returns the programs of an API with jobs.
pub(super) fn for_jobs(api: &Api, scenario: &Scenario<'_>) -> Vec<Program> {
    let start = Sample::of_start(scenario);
    let (first, result) = (scenario.start.function(), scenario.result.function());
    let (started, done) = (&scenario.started, &scenario.done);
    let many = Topic {
        call: &scenario.start,
        script: quote! {
            server.#first().respond(#started).delay(Duration::from_millis(100)).repeat();
            server.#result().respond(#done).delay(Duration::from_millis(100)).repeat();
        },
        then: quote!(.wait().await),
        about: "Starts many jobs and waits for all of them, with a limit on how many run at the same time, and shows the progress. \
                Clones of a client share its connections and its retry budget. The ids are made up.",
    };
    let one = Topic {
        call: &scenario.start,
        script: script(scenario),
        then: quote!(.wait().on_state(|state| println!("{state:?}")).blocking()?),
        about: "Starts a job and waits for it without an async runtime.",
    };
    vec![
        poll_by_hand(api, scenario),
        call_options(api, &start),
        errors(api, &scenario.result),
        http_client(api, &start),
        many_at_once(api, &many),
        blocking(api, &one),
    ]
}

/// Returns the programs of an API without jobs.
pub(super) fn for_calls(api: &Api, sample: &Sample<'_>) -> Vec<Program> {
    let Sample { call, response } = sample;
    let function = call.function();
    let many = Topic {
        call,
        script: quote!(server.#function().#response.delay(Duration::from_millis(100)).repeat();),
        then: quote!(.await),
        about: "Makes many calls, with a limit on how many run at the same time, and shows the progress. Clones of a client share \
                its connections and its retry budget.",
    };
    let one = Topic {
        call,
        script: quote!(server.#function().#response;),
        then: quote!(.blocking_with_response()?),
        about: "Makes a call without an async runtime.",
    };
    vec![
        call_options(api, sample),
        errors(api, call),
        http_client(api, sample),
        many_at_once(api, &many),
        blocking(api, &one),
    ]
}

/// What a program does that exists for calls and for jobs.
struct Topic<'a> {
    call: &'a Call<'a>,
    /// The statements that fill the scripts of the mock server.
    script: TokenStream,
    /// What follows the call, up to its value.
    then: TokenStream,
    about: &'static str,
}

fn plain(name: &str, about: &str, imports: TokenStream, items: TokenStream) -> Program {
    let (name, about) = (name.to_owned(), about.to_owned());
    Program { name, about, arguments: String::new(), features: KIT, imports, uses: Vec::new(), items }
}

fn poll_by_hand(api: &Api, scenario: &Scenario<'_>) -> Program {
    let Example { setup, call } = call::method_call(api, &scenario.start, &quote!(client));
    let script = script(scenario);
    let run = quote! {
        let client = shared::settings(|server| { #script }).build()?;
        #setup
        let job = #call.job().await?;
        println!("started: {job:?}");
        loop {
            match job.poll(&client).await {
                Ok(Progress::Done(done)) => {
                    println!("done: {done:?}");
                    break;
                }
                Ok(Progress::Failed(state)) => return Err(format!("failed: {state:?}").into()),
                Ok(state) => println!("still running: {state:?}"),
                Err(error) if error.is_retryable() => { println!("the poll failed, polling again: {error}"); }
                Err(error) => return Err(error.into()),
            }
        }
    };
    let about = "Starts a job and polls it in a loop. `poll` waits until the polling interval has passed, so the loop needs no \
                 sleep.";
    plain("poll_by_hand", about, quote!(jobs::Progress,), awaiting(&run))
}

fn call_options(api: &Api, sample: &Sample<'_>) -> Program {
    let Example { setup, call } = call::method_call(api, &sample.call, &quote!(client));
    let (function, response) = (sample.call.function(), &sample.response);
    let run = quote! {
        let client = shared::settings(|server| { server.#function().status(429).#response; }).build()?;
        #setup
        let call = #call
            .timeout(Duration::from_secs(20))
            .attempt_timeout(Duration::from_secs(5))
            .retry_config(RetryConfig::new().max_attempts(2))
            .retry_codes(["429", "5XX"])
            .header("x-trace", "7")
            .max_response_bytes(1_000_000);
        let preview = call.preview()?;
        println!("request: {preview:?}");

        let response = call.send_with_response().await?;
        println!("status {} after {} attempts: {response:?}", response.status(), response.attempts());
    };
    let about = "Sets options of a call, previews its request, and prints the status and the headers of the response.";
    plain("call_options", about, quote!(RetryConfig,), awaiting(&run))
}

fn errors(api: &Api, of: &Call<'_>) -> Program {
    let Example { setup, call } = call::method_call(api, of, &quote!(client));
    let function = of.function();
    let (unexpected, failures) = if is_structured(api, of) {
        (quote!(.json(serde_json::json!(["not what the API describes"]))), quote!(7))
    } else {
        (quote!(), quote!(6))
    };
    let run = quote! {
        let server = MockServer::new();
        server
            .#function()
            .status(429)
            .retry_after(Duration::from_secs(7))
            .status(503)
            .status(302)
            .refuse()
            .disconnect()
            .hang()
            #unexpected;
        let client = server.client();
        for _ in 0..#failures {
            #setup
            show(#call.attempt_timeout(Duration::from_secs(1)).retry_config(RetryConfig::none()).await);
        }

        let client = shared::settings(|server| {
            server.#function().error(404, &serde_json::json!({ "message": "not found" }));
        })
        .build()?;
        #setup
        show(#call.header("x-trace", "two\nlines").await);
        #setup
        show(#call.retry_config(RetryConfig::none()).await);
    };
    let (frame, show, advice) = (awaiting(&run), show(), advice());
    let about = "Shows the kinds of errors and how to handle them. A mock server causes all errors but the last two, which are \
                 mistakes of the caller. Retries are disabled, so that each error is visible.";
    plain(
        "errors",
        about,
        quote!(Error, ErrorKind, RetryConfig, test_util::MockServer,),
        quote! {
            #frame
            #show
            #advice
        },
    )
}

fn show() -> TokenStream {
    quote! {
        /// Prints the outcome of a call.
        fn show<T: std::fmt::Debug>(outcome: Result<T, Error>) {
            match outcome {
                Ok(response) => println!("success: {response:?}"),
                Err(error) => {
                    let advice = advice(&error);
                    println!("{error}\n    {advice}");
                }
            }
        }
    }
}

fn advice() -> TokenStream {
    quote! {
        /// Returns what to do about an error.
        fn advice(error: &Error) -> String {
            match error.kind() {
                ErrorKind::Configuration | ErrorKind::InvalidArgument => "nothing was sent: correct the setting or the argument".to_owned(),
                ErrorKind::Credential => "nothing was sent: the credential could not be obtained".to_owned(),
                ErrorKind::Connection if error.maybe_sent() => "the service may have processed the request: check before you retry".to_owned(),
                ErrorKind::Connection => "nothing was sent: try again".to_owned(),
                ErrorKind::Tls => "nothing was sent: check the URL of the server and its certificate".to_owned(),
                ErrorKind::Proxy => "nothing was sent: the proxy requires a credential".to_owned(),
                ErrorKind::Timeout(limit) => format!("timed out ({limit:?}), maybe sent: {}", error.maybe_sent()),
                ErrorKind::Status if error.is_retryable() => match error.retry_after() {
                    Some(wait) => format!("try again after {wait:?}, as the service asks"),
                    None => "try again later".to_owned(),
                },
                ErrorKind::Status => format!("rejected with {:?}: {:?}", error.status(), error.server_message()),
                ErrorKind::Redirect => "redirects are not followed: check the URL of the server".to_owned(),
                ErrorKind::Body(_) => "the response is incomplete or too large".to_owned(),
                ErrorKind::Decode => format!("the response does not match the API description at {:?}", error.json_path()),
                ErrorKind::UnexpectedResponse => "the API does not describe this successful response".to_owned(),
                ErrorKind::BudgetExhausted => "too many calls fail: wait until the service has recovered".to_owned(),
                _ => "a kind of error that this program does not know".to_owned(),
            }
        }
    }
}

fn http_client(api: &Api, sample: &Sample<'_>) -> Program {
    let Example { setup, call } = call::method_call(api, &sample.call, &quote!(client));
    let (function, response) = (sample.call.function(), &sample.response);
    let run = quote! {
        let proxy = std::env::args().nth(1).map(reqwest::Proxy::all).transpose()?;
        let settings = shared::settings(|server| { server.#function().#response; });
        let client = settings
            .http_client(move |http| {
                let http = http.pool_max_idle_per_host(4);
                match &proxy {
                    Some(proxy) => http.proxy(proxy.clone()),
                    None => http,
                }
            })
            .build()?;
        #setup
        let response = #call.send_with_response().await?;
        println!("{response:?}");
    };
    let about = "Changes settings of the HTTP client: a smaller connection pool, and a proxy if one is given. The mock server does \
                 not use the proxy.";
    let mut program = plain("http_client", about, quote!(reqwest,), awaiting(&run));
    "[PROXY]".clone_into(&mut program.arguments);
    program
}

fn many_at_once(api: &Api, topic: &Topic<'_>) -> Program {
    let mut texts = long_running::texts(topic.call);
    texts.retain(|param| !OWN.contains(&param.ident.as_str()) && !["number", "slots"].contains(&param.ident.as_str()));
    let own: Vec<_> = texts.pop().into_iter().collect();
    let ids = own.iter().map(|param| {
        let ident = format_ident!("{}", param.ident);
        let text = format!("{}-{{number}}", param.ident.replace('_', "-"));
        quote!(let #ident = format!(#text);)
    });
    let Example { setup, call } = call::method_call_with(api, topic.call, &quote!(client), &own);
    let Topic { script, then, .. } = topic;
    let run = quote! {
        let client = shared::settings(|server| { #script }).build()?;
        let count: usize = std::env::args().nth(1).map_or(Ok(20), |count| count.parse())?;
        let slots = Arc::new(Semaphore::new(MAX_CONCURRENT));
        let mut tasks = JoinSet::new();
        for number in 1..=count {
            let (client, slots) = (client.clone(), slots.clone());
            tasks.spawn(async move {
                let _slot = slots.acquire_owned().await;
                #(#ids)*
                #setup
                #call #then.map(drop).map_err(|error| format!("number {number}: {error}"))
            });
        }
        let (mut done, mut failures) = (0, Vec::new());
        while let Some(outcome) = tasks.join_next().await {
            match outcome? {
                Ok(()) => done += 1,
                Err(failure) => failures.push(failure),
            }
            show(done, failures.len(), count);
        }
        if !failures.is_empty() {
            return Err(failures.join("\n").into());
        }
    };
    let (frame, bar) = (awaiting(&run), bar());
    let mut program = plain("many_at_once", topic.about, TokenStream::new(), TokenStream::new());
    "[COUNT]".clone_into(&mut program.arguments);
    program.uses = vec![
        quote!(std::io::{IsTerminal, Write}),
        quote!(std::sync::Arc),
        quote!(tokio::sync::Semaphore),
        quote!(tokio::task::JoinSet),
    ];
    program.items = quote! {
        /// The maximum number of calls at the same time.
        const MAX_CONCURRENT: usize = 4;

        #frame
        #bar
    };
    program
}

fn bar() -> TokenStream {
    quote! {
        /// Shows the progress: as one line that is updated on a terminal, and elsewhere as a line for each tenth.
        fn show(done: usize, failed: usize, count: usize) {
            const WIDTH: usize = 30;
            let over = done + failed;
            let full = over * WIDTH / count.max(1);
            let bar = format!("[{}{}]", "#".repeat(full), ".".repeat(WIDTH - full));
            let is_terminal = std::io::stdout().is_terminal();
            if is_terminal {
                let end = if over == count { "\n" } else { "" };
                print!("\r{bar} {over} of {count}, {failed} failed{end}");
            } else if over.is_multiple_of(count.div_ceil(10)) || over == count {
                println!("{bar} {over} of {count}, {failed} failed");
            }
            let _ = std::io::stdout().flush();
        }
    }
}

fn blocking(api: &Api, topic: &Topic<'_>) -> Program {
    let Example { setup, call } = call::method_call(api, topic.call, &quote!(client));
    let Topic { script, then, .. } = topic;
    let items = quote! {
        fn main() -> ExitCode { shared::end(run()) }

        fn run() -> Result<(), Box<dyn std::error::Error>> {
            let client = shared::settings(|server| { #script }).build()?;
            #setup
            let result = #call #then;
            println!("{result:?}");
            Ok(())
        }
    };
    let mut program = plain("blocking", topic.about, quote!(), items);
    program.features = KIT_AND_BLOCKING;
    program
}
