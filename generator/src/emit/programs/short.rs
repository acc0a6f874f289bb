//! Short programs, one for each topic.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{KIT, KIT_AND_BLOCKING, Program, awaiting, long_running, script};
use crate::emit::example::call;
use crate::emit::example::call::Example;
use crate::emit::example::scenario::Scenario;
use crate::ir::Api;

pub(super) fn programs(api: &Api, scenario: &Scenario<'_>) -> Vec<Program> {
    vec![
        poll_by_hand(api, scenario),
        call_options(api, scenario),
        errors(api, scenario),
        http_client(api, scenario),
        many_at_once(api, scenario),
        blocking(api, scenario),
    ]
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
                Ok(state) => println!("not over yet: {state:?}"),
                Err(error) if error.is_retryable() => { println!("asking failed, which may pass: {error}"); }
                Err(error) => return Err(error.into()),
            }
        }
    };
    let about = "Starts work and asks for its state by hand, one request at a time. The handle keeps the interval between two \
                 questions, so the loop needs no pause of its own.";
    plain("poll_by_hand", about, quote!(jobs::Progress,), awaiting(&run))
}

fn call_options(api: &Api, scenario: &Scenario<'_>) -> Program {
    let Example { setup, call } = call::method_call(api, &scenario.start, &quote!(client));
    let (start, started) = (scenario.start.function(), &scenario.started);
    let run = quote! {
        let client = shared::settings(|server| { server.#start().status(429).respond(#started); }).build()?;
        #setup
        let call = #call
            .timeout(Duration::from_secs(20))
            .attempt_timeout(Duration::from_secs(5))
            .retry_config(RetryConfig::new().max_attempts(2))
            .retry_codes(["429", "5XX"])
            .header("x-trace", "7")
            .max_response_bytes(1_000_000);
        let preview = call.preview()?;
        println!("about to be sent: {preview:?}");

        let reply = call.send_with_response().await?;
        println!("status {} after {} attempts: {reply:?}", reply.status(), reply.attempts());
    };
    let about = "Options of one call, a look at its request before it is sent, and status and headers of its reply.";
    plain("call_options", about, quote!(RetryConfig,), awaiting(&run))
}

fn errors(api: &Api, scenario: &Scenario<'_>) -> Program {
    let Example { setup, call } = call::method_call(api, &scenario.result, &quote!(client));
    let result = scenario.result.function();
    let run = quote! {
        let server = MockServer::new();
        server
            .#result()
            .status(429)
            .retry_after(Duration::from_secs(7))
            .status(503)
            .status(302)
            .refuse()
            .disconnect()
            .hang()
            .json(serde_json::json!(["not what the API describes"]));
        let client = server.client();
        #setup
        for _ in 0..7 {
            show(#call.attempt_timeout(Duration::from_secs(1)).retry_config(RetryConfig::none()).await);
        }

        let client = shared::settings(|server| {
            server.#result().error(404, &serde_json::json!({ "message": "there is no such thing" }));
        })
        .build()?;
        #setup
        show(#call.header("x-trace", "two\nlines").await);
        show(#call.retry_config(RetryConfig::none()).await);
    };
    let (frame, show, advice) = (awaiting(&run), show(), advice());
    let about = "Every kind of error, and what to do about it. No service fails when it is asked to, so a scripted server plays \
                 most of the failures; the last two are the caller's own fault, wherever the settings lead. Errors are not tried \
                 again here, so that each is seen.";
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
        /// Says how a call ended.
        fn show<T: std::fmt::Debug>(outcome: Result<T, Error>) {
            match outcome {
                Ok(reply) => println!("no error: {reply:?}"),
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
        /// What to do about an error.
        fn advice(error: &Error) -> String {
            match error.kind() {
                ErrorKind::Configuration | ErrorKind::InvalidArgument => "nothing was sent: mend the setting or argument".to_owned(),
                ErrorKind::Credential => "nothing was sent: the source of the credential failed".to_owned(),
                ErrorKind::Connection if error.maybe_sent() => "the service may have acted on it: look before trying again".to_owned(),
                ErrorKind::Connection => "it surely was not sent: try again".to_owned(),
                ErrorKind::Tls => "nothing was sent: check the server's address and its certificate".to_owned(),
                ErrorKind::Proxy => "nothing was sent: the proxy requires a credential".to_owned(),
                ErrorKind::Timeout(limit) => format!("too slow ({limit:?}); may it have been acted on? {}", error.maybe_sent()),
                ErrorKind::Status if error.is_retryable() => match error.retry_after() {
                    Some(wait) => format!("may pass: the service asks to wait {wait:?}"),
                    None => "may pass: try again later".to_owned(),
                },
                ErrorKind::Status => format!("refused with {:?}: {:?}", error.status(), error.server_message()),
                ErrorKind::Redirect => "redirects are not followed: is the server's address right?".to_owned(),
                ErrorKind::Body(_) => "the reply broke off, or is longer than allowed".to_owned(),
                ErrorKind::Decode => format!("not what the API describes, at {:?}", error.json_path()),
                ErrorKind::UnexpectedResponse => "a success that the API does not describe".to_owned(),
                ErrorKind::BudgetExhausted => "too many calls of this client fail: let the service recover".to_owned(),
                _ => "a kind that came later".to_owned(),
            }
        }
    }
}

fn http_client(api: &Api, scenario: &Scenario<'_>) -> Program {
    let Example { setup, call } = call::method_call(api, &scenario.start, &quote!(client));
    let (start, started) = (scenario.start.function(), &scenario.started);
    let run = quote! {
        let proxy = std::env::args().nth(1).map(reqwest::Proxy::all).transpose()?;
        let settings = shared::settings(|server| { server.#start().respond(#started); });
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
        let reply = #call.await?;
        println!("{reply:?}");
    };
    let about = "Custom settings of the HTTP client: a smaller pool, and a proxy if one is given. Without the environment's \
                 settings a scripted server answers in place of the network, and the proxy is not used.";
    let mut program = plain("http_client", about, quote!(reqwest,), awaiting(&run));
    "[PROXY]".clone_into(&mut program.arguments);
    program
}

fn many_at_once(api: &Api, scenario: &Scenario<'_>) -> Program {
    let own: Vec<_> = long_running::texts(scenario).pop().into_iter().collect();
    let ids = own.iter().map(|param| {
        let ident = format_ident!("{}", param.ident);
        let text = format!("{}-{{number}}", param.ident.replace('_', "-"));
        quote!(let #ident = format!(#text);)
    });
    let Example { setup, call } = call::method_call_with(api, &scenario.start, &quote!(client), &own);
    let (start, result) = (scenario.start.function(), scenario.result.function());
    let (started, done) = (&scenario.started, &scenario.done);
    let run = quote! {
        let client = shared::settings(|server| {
            server.#start().respond(#started).delay(Duration::from_millis(100)).repeat();
            server.#result().respond(#done).delay(Duration::from_millis(100)).repeat();
        })
        .build()?;
        let count: usize = std::env::args().nth(1).map_or(Ok(20), |count| count.parse())?;
        let slots = Arc::new(Semaphore::new(AT_ONCE));
        let mut tasks = JoinSet::new();
        for number in 1..=count {
            let (client, slots) = (client.clone(), slots.clone());
            tasks.spawn(async move {
                let _slot = slots.acquire_owned().await;
                #(#ids)*
                #setup
                #call.wait().await.map(drop).map_err(|error| format!("number {number}: {error}"))
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
    let about = "Starts many and waits for all, not more than a few at once, with a line of progress. Clones of a client share its \
                 connections and its budget of retries. The ids are made up.";
    let mut program = plain("many_at_once", about, TokenStream::new(), TokenStream::new());
    "[COUNT]".clone_into(&mut program.arguments);
    program.uses = vec![
        quote!(std::io::{IsTerminal, Write}),
        quote!(std::sync::Arc),
        quote!(tokio::sync::Semaphore),
        quote!(tokio::task::JoinSet),
    ];
    program.items = quote! {
        /// How many are under way at the same time.
        const AT_ONCE: usize = 4;

        #frame
        #bar
    };
    program
}

fn bar() -> TokenStream {
    quote! {
        /// One line that changes on a terminal; elsewhere one for every tenth part.
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

fn blocking(api: &Api, scenario: &Scenario<'_>) -> Program {
    let Example { setup, call } = call::method_call(api, &scenario.start, &quote!(client));
    let script = script(scenario);
    let items = quote! {
        fn main() -> ExitCode { shared::end(run()) }

        fn run() -> Result<(), Box<dyn std::error::Error>> {
            let client = shared::settings(|server| { #script }).build()?;
            #setup
            let done = #call.wait().on_state(|state| println!("{state:?}")).blocking()?;
            println!("done: {done:?}");
            Ok(())
        }
    };
    let mut program = plain("blocking", "Calls and waits in a program without an async runtime.", quote!(), items);
    program.features = KIT_AND_BLOCKING;
    program
}
