//! Short programs, one for each thing to know.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{KIT, KIT_AND_BLOCKING, Program, awaiting, script, wait};
use crate::emit::example::{self, Example};
use crate::emit::rehearsal::Rehearsal;
use crate::ir::Api;

pub(super) fn programs(api: &Api, rehearsal: &Rehearsal<'_>) -> Vec<Program> {
    vec![
        poll_by_hand(api, rehearsal),
        call_options(api, rehearsal),
        errors(api, rehearsal),
        http_client(api, rehearsal),
        many_at_once(api, rehearsal),
        blocking(api, rehearsal),
    ]
}

fn plain(name: &str, about: &str, imports: TokenStream, items: TokenStream) -> Program {
    let (name, about) = (name.to_owned(), about.to_owned());
    Program { name, about, arguments: String::new(), features: KIT, imports, items }
}

fn poll_by_hand(api: &Api, rehearsal: &Rehearsal<'_>) -> Program {
    let Example { setup, call } = example::method_call(api, &rehearsal.start, &quote!(client));
    let script = script(rehearsal);
    let run = quote! {
        let client = shared::settings(|server| { #script }).build()?;
        #setup
        let operation = #call.operation().await?;
        println!("started: {operation:?}");
        loop {
            match operation.poll(&client).await {
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
    plain("poll_by_hand", about, quote!(Progress,), awaiting(&run))
}

fn call_options(api: &Api, rehearsal: &Rehearsal<'_>) -> Program {
    let Example { setup, call } = example::method_call(api, &rehearsal.start, &quote!(client));
    let (start, started) = (rehearsal.start.function(), &rehearsal.started);
    let run = quote! {
        let client = shared::settings(|server| { server.#start().status(429).reply(#started); }).build()?;
        #setup
        let call = #call
            .timeout(Duration::from_secs(20))
            .attempt_timeout(Duration::from_secs(5))
            .retry_config(RetryConfig::new().max_attempts(2))
            .retry_codes(["429", "5XX"])
            .header("x-trace", "7")
            .max_response_bytes(1_000_000);
        println!("about to be sent: {:?}", call.preview()?);

        let reply = call.send_with_response().await?;
        println!("status {} after {} attempts: {reply:?}", reply.status(), reply.attempts());
    };
    let about = "Options of one call, a look at its request before it is sent, and status and headers of its reply.";
    plain("call_options", about, quote!(RetryConfig,), awaiting(&run))
}

fn errors(api: &Api, rehearsal: &Rehearsal<'_>) -> Program {
    let Example { setup, call } = example::method_call(api, &rehearsal.result, &quote!(client));
    let (result, done) = (rehearsal.result.function(), &rehearsal.done);
    let run = quote! {
        let script = |server: &MockServer| {
            server
                .#result()
                .error(404, &serde_json::json!({ "message": "there is no such thing" }))
                .status(429)
                .retry_after(Duration::from_secs(7))
                .status(503)
                .status(302)
                .refuse()
                .disconnect()
                .hang()
                .json(serde_json::json!(["not what the API describes"]))
                .reply(#done);
        };
        let client = shared::settings(script).build()?;
        for _ in 0..9 {
            #setup
            let call = #call.attempt_timeout(Duration::from_secs(1)).retry_config(RetryConfig::none());
            match call.await {
                Ok(reply) => {
                    println!("no error: {reply:?}");
                    break;
                }
                Err(error) => {
                    println!("{error}\n    {}", advice(&error));
                }
            }
        }
    };
    let frame = awaiting(&run);
    let advice = advice();
    let mut program = plain(
        "errors",
        "Every kind of error, and what to do about it. Errors are not tried again here, so that each is seen.",
        quote!(Error, ErrorKind, RetryConfig,),
        TokenStream::new(),
    );
    let krate = format_ident!("{}", crate::emit::snippet::crate_name(api));
    program.items = quote! {
        use #krate::test_util::MockServer;
        #frame
        #advice
    };
    program
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
                ErrorKind::Timeout(limit) => format!("too slow ({limit:?}); may it have been acted on? {}", error.maybe_sent()),
                ErrorKind::Status if error.is_retryable() => format!("may pass; the service asks to wait {:?}", error.retry_after()),
                ErrorKind::Status => format!("refused with {:?}: {:?}", error.status(), error.server_message()),
                ErrorKind::Redirect => "redirects are not followed: is the server's address right?".to_owned(),
                ErrorKind::Body(_) => "the reply broke off, or is longer than allowed".to_owned(),
                ErrorKind::Decode => format!("not what the API describes, at {:?}", error.json_path()),
                ErrorKind::UnexpectedReply => "a success that the API does not describe".to_owned(),
                ErrorKind::BudgetExhausted => "too many calls of this client fail: let the service recover".to_owned(),
                _ => "a kind that came later".to_owned(),
            }
        }
    }
}

fn http_client(api: &Api, rehearsal: &Rehearsal<'_>) -> Program {
    let Example { setup, call } = example::method_call(api, &rehearsal.result, &quote!(client));
    let (result, done) = (rehearsal.result.function(), &rehearsal.done);
    let run = quote! {
        let mut http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .pool_max_idle_per_host(4);
        if let Some(proxy) = std::env::args().nth(1) {
            println!("by way of {proxy}");
            http = http.proxy(reqwest::Proxy::all(proxy)?);
        }
        let settings = shared::settings(|server| { server.#result().reply(#done); });
        let client = settings.http_client(http.build()?).build()?;
        #setup
        let reply = #call.await?;
        println!("{reply:?}");
    };
    let about = "An HTTP client of one's own, with a proxy. It must neither follow redirects nor send anything again by itself. A \
                 scripted server stands where the HTTP client would, so that the proxy is only used with one that has an address.";
    let mut program = plain("http_client", about, quote!(reqwest,), awaiting(&run));
    "[PROXY]".clone_into(&mut program.arguments);
    program
}

fn many_at_once(api: &Api, rehearsal: &Rehearsal<'_>) -> Program {
    let own: Vec<_> = wait::texts(rehearsal).pop().into_iter().collect();
    let ids = own.iter().map(|param| {
        let ident = format_ident!("{}", param.ident);
        let text = format!("{}-{{number}}", param.ident.replace('_', "-"));
        quote!(let #ident = format!(#text);)
    });
    let Example { setup, call } = example::method_call_with(api, &rehearsal.start, &quote!(client), &own);
    let (start, result) = (rehearsal.start.function(), rehearsal.result.function());
    let (started, done) = (&rehearsal.started, &rehearsal.done);
    let run = quote! {
        let client = shared::settings(|server| {
            server.#start().reply(#started).delay(Duration::from_millis(100)).repeat();
            server.#result().reply(#done).delay(Duration::from_millis(100)).repeat();
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
        println!();
        if !failures.is_empty() {
            return Err(failures.join("\n").into());
        }
    };
    let (frame, bar) = (awaiting(&run), bar());
    let about = "Starts many and waits for all, not more than a few at once, with a line of progress. Clones of a client share its \
                 connections and its budget of retries. The ids are made up.";
    let mut program = plain("many_at_once", about, TokenStream::new(), TokenStream::new());
    "[COUNT]".clone_into(&mut program.arguments);
    program.items = quote! {
        use std::io::{IsTerminal, Write};
        use std::sync::Arc;
        use tokio::sync::Semaphore;
        use tokio::task::JoinSet;

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
                print!("\r{bar} {over} of {count}, {failed} failed");
            } else if over.is_multiple_of(count.div_ceil(10)) || over == count {
                println!("{bar} {over} of {count}, {failed} failed");
            }
            let _ = std::io::stdout().flush();
        }
    }
}

fn blocking(api: &Api, rehearsal: &Rehearsal<'_>) -> Program {
    let Example { setup, call } = example::method_call(api, &rehearsal.start, &quote!(client));
    let script = script(rehearsal);
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
