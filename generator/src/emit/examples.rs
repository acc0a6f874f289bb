//! The example program: long-running work from its start to its end, with its progress on the terminal.
//!
//! Written for the first pair of operations that can be rehearsed; a client without one has no example.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::Source;
use super::example::{self, Example};
use super::rehearsal::Rehearsal;
use super::snippet::crate_name;
use super::test_util::FEATURE;
use crate::backend::Answer;
use crate::ir::{Api, Param};
use crate::naming;

pub(super) fn emit(api: &Api, answer: &Answer) -> Option<Source> {
    let rehearsal = Rehearsal::of(api, answer)?;
    let program = program(api, &rehearsal);
    Some(Source::rust(format!("examples/{}.rs", rehearsal.name()), docs(api, &rehearsal), program))
}

impl Rehearsal<'_> {
    /// What the two operations' names have in common, from their first word on; else the name of the start.
    pub(super) fn name(&self) -> String {
        let [start, result] = [&self.start, &self.result].map(|call| naming::snake(&call.operation.id));
        let common = start.split('_').zip(result.split('_')).take_while(|(own, other)| own == other);
        let common = common.map(|(word, _)| word).collect::<Vec<_>>().join("_");
        if common.is_empty() { start } else { naming::snake(&common) }
    }
}

/// The environment variables that make it talk to a real service.
fn variables(api: &Api) -> Vec<String> {
    let globals = api.client.globals.iter().filter(|global| global.required).map(|global| global.env.clone());
    let schemes = api.client.schemes.iter().map(|scheme| scheme.env.clone());
    globals.chain(schemes).collect()
}

fn server_variable(api: &Api) -> String {
    format!("{}_SERVER_URL", api.client.env_prefix)
}

fn docs(api: &Api, rehearsal: &Rehearsal<'_>) -> String {
    let (package, name) = (&api.package.name, rehearsal.name());
    let variables = variables(api).iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" and ");
    let given =
        if variables.is_empty() { String::new() } else { format!("With {variables} set it calls the service, and w") };
    let begin = if given.is_empty() { "W" } else { &given };
    let values: Vec<String> =
        rehearsal.texts().iter().map(|param| format!(" [{}]", param.ident.to_uppercase())).collect();
    format!(
        "Starts `{}` and waits until the work is over, with its progress on the terminal.\n\n```sh\ncargo run -p {package} \
         --example {name} --features {FEATURE} --{}\n```\n\nWith no settings it scripts a server in its own process: no account \
         and no network is needed. {begin}ith `{}` set it calls that server.",
        rehearsal.start.operation.id,
        values.concat(),
        server_variable(api),
    )
}

impl Rehearsal<'_> {
    /// The arguments that can be given on the command line, in order: those that are text.
    fn texts(&self) -> Vec<&Param> {
        let own = self.start.params().filter(|(param, _)| param.required && param.global.is_none());
        let texts = own.filter(|(_, ty)| quote!(#ty).to_string().replace(' ', "") == "&'astr");
        texts.map(|(param, _)| param).collect()
    }
}

fn program(api: &Api, rehearsal: &Rehearsal<'_>) -> TokenStream {
    let (krate, client) = (format_ident!("{}", crate_name(api)), format_ident!("{}", api.client.name));
    let (main, scripted, progress) = (main(api, rehearsal, &client), scripted(rehearsal), progress());
    quote! {
        use std::io::{IsTerminal, Write};
        use std::process::ExitCode;
        use std::sync::Mutex;
        use std::time::{Duration, Instant};

        use #krate::test_util::MockServer;
        use #krate::{#client, WaitOptions, types};

        #main
        #scripted
        #progress
    }
}

fn main(api: &Api, rehearsal: &Rehearsal<'_>, client: &syn::Ident) -> TokenStream {
    let mut variables = variables(api);
    variables.push(server_variable(api));
    let texts = rehearsal.texts();
    let given = texts.iter().map(|param| {
        let (ident, usual) = (format_ident!("{}", param.ident), example::text_value(param));
        quote!(let #ident = arguments.next().unwrap_or_else(|| #usual.to_owned());)
    });
    let arguments = (!texts.is_empty()).then(|| quote!(let mut arguments = std::env::args().skip(1);));
    let Example { setup, call } = example::method_call_with(api, &rehearsal.start, &quote!(client), &texts);
    quote! {
        /// Any of these says that there is a server to talk to.
        const SETTINGS: &[&str] = &[#(#variables),*];

        #[tokio::main(flavor = "current_thread")]
        async fn main() -> ExitCode {
            match run().await {
                Ok(()) => ExitCode::SUCCESS,
                Err(error) => {
                    eprintln!("{error}");
                    ExitCode::FAILURE
                }
            }
        }

        async fn run() -> Result<(), Box<dyn std::error::Error>> {
            let is_set = |name: &&str| std::env::var(name).is_ok_and(|value| !value.is_empty());
            let (client, options) = if SETTINGS.iter().any(is_set) {
                (#client::from_env()?, WaitOptions::new())
            } else {
                let names = SETTINGS.join(", ");
                println!("No settings ({names}): a scripted server in this process answers.");
                (scripted().client(), WaitOptions::new().interval(Duration::from_millis(400)).factor(1.0))
            };
            #arguments
            #(#given)*
            #setup
            let operation = #call.operation().await?;
            let ids = serde_json::to_string(&operation)?;
            println!("Started: {ids}");

            let progress = Progress::begin();
            let wait = operation.wait(&client).options(options).on_state(|state| progress.reached(state.tag()));
            let done = progress.show_while(wait.into_future()).await?;
            println!("Done after {:.1} s: {done:?}", progress.seconds());
            Ok(())
        }
    }
}

fn scripted(rehearsal: &Rehearsal<'_>) -> TokenStream {
    let Rehearsal { start, result, started, running, done } = rehearsal;
    let (start, result) = (start.function(), result.function());
    quote! {
        /// A server that plays one run of the work.
        fn scripted() -> MockServer {
            let server = MockServer::new();
            let pause = Duration::from_millis(100);
            server.#start().reply(#started).delay(pause);
            server.#result() #(.reply(#running).delay(pause))* .reply(#done).delay(pause);
            server
        }
    }
}

fn progress() -> TokenStream {
    quote! {
        /// The state of the work and the time since its start: one line that changes on a terminal, a line for each new
        /// state elsewhere.
        struct Progress {
            begun: Instant,
            state: Mutex<String>,
            is_terminal: bool,
        }

        impl Progress {
            fn begin() -> Self {
                let is_terminal = std::io::stdout().is_terminal();
                let progress = Self { begun: Instant::now(), state: Mutex::new("started".to_owned()), is_terminal };
                progress.draw();
                progress
            }

            fn seconds(&self) -> f64 { self.begun.elapsed().as_secs_f64() }

            fn reached(&self, new: &str) {
                let Ok(mut state) = self.state.lock() else { return };
                if *state == new {
                    return;
                }
                new.clone_into(&mut state);
                drop(state);
                self.keep_line();
                self.draw();
            }

            /// Waits for the end of something, and shows on a terminal that time passes.
            async fn show_while<T>(&self, work: impl Future<Output = T>) -> T {
                let mut work = std::pin::pin!(work);
                loop {
                    if let Ok(outcome) = tokio::time::timeout(Duration::from_millis(100), work.as_mut()).await {
                        self.keep_line();
                        return outcome;
                    }
                    if self.is_terminal {
                        self.draw();
                    }
                }
            }

            /// Leaves a terminal's line as it is from now on.
            fn keep_line(&self) {
                if self.is_terminal {
                    println!();
                }
            }

            fn draw(&self) {
                let Ok(state) = self.state.lock() else { return };
                let (begin, end) = if self.is_terminal { ("\r\x1b[2K", "") } else { ("", "\n") };
                print!("{begin}{:6.1} s  {state}{end}", self.seconds());
                let _ = std::io::stdout().flush();
            }
        }
    }
}
