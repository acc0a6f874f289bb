//! A program that starts a job, waits for it, and shows its progress.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{KIT, Program, awaiting, script};
use crate::emit::example::call;
use crate::emit::example::call::Example;
use crate::emit::example::scenario::Scenario;
use crate::emit::example::value::string_of;
use crate::emit::operation::Call;
use crate::emit::syntax::{Form, form};
use crate::ir::{Api, Param};
use crate::naming;

/// Returns the words that the names of both operations start with, or else the name of the start.
pub(super) fn name(scenario: &Scenario<'_>) -> String {
    let [start, result] = [&scenario.start, &scenario.result].map(|call| naming::snake(&call.operation.id));
    let common = start.split('_').zip(result.split('_')).take_while(|(own, other)| own == other);
    let common = common.map(|(word, _)| word).collect::<Vec<_>>().join("_");
    if common.is_empty() { start } else { naming::snake(&common) }
}

pub(super) fn program(api: &Api, scenario: &Scenario<'_>, name: String) -> Program {
    let values: Vec<String> =
        texts(&scenario.start).iter().map(|param| format!("[{}]", param.ident.to_uppercase())).collect();
    let (frame, progress) = (awaiting(&run(api, scenario)), progress());
    Program {
        name,
        about: format!(
            "Starts a job with `{}`, waits for it, and shows its progress on the terminal.",
            scenario.start.operation.id
        ),
        arguments: values.join(" "),
        features: KIT,
        imports: quote!(),
        uses: vec![quote!(std::io::{IsTerminal, Write}), quote!(std::sync::Mutex)],
        items: quote! {
            #frame
            #progress
        },
    }
}

/// Returns the arguments that can be set on the command line, in order: those that are strings.
pub(super) fn texts<'a>(call: &Call<'a>) -> Vec<&'a Param> {
    let own = call.params().filter(|(param, _)| param.required && param.global.is_none());
    let texts = own.filter(|(_, ty)| form(ty) == Form::Str);
    texts.map(|(param, _)| param).collect()
}

fn run(api: &Api, scenario: &Scenario<'_>) -> TokenStream {
    let texts = texts(&scenario.start);
    let given = texts.iter().map(|param| {
        let (ident, usual) = (format_ident!("{}", param.ident), string_of(param));
        quote!(let #ident = arguments.next().unwrap_or_else(|| #usual.to_owned());)
    });
    let arguments = (!texts.is_empty()).then(|| quote!(let mut arguments = std::env::args().skip(1);));
    let Example { setup, call } = call::method_call_with(api, &scenario.start, &quote!(client), &texts);
    let script = script(scenario);
    quote! {
        let client = shared::settings(|server| { #script }).build()?;
        #arguments
        #(#given)*
        #setup
        let job = #call.job().await?;
        let ids = serde_json::to_string(&job)?;
        println!("Started: {ids}");

        let progress = Progress::start();
        let wait = job.wait(&client).on_state(|state| progress.reached(state.tag()));
        let done = progress.show_while(wait.into_future()).await?;
        println!("Done after {:.1} s: {done:?}", progress.seconds());
    }
}

fn progress() -> TokenStream {
    quote! {
        /// The state of the job and the time since its start. On a terminal one line is updated; elsewhere each new state
        /// is printed as a line.
        struct Progress {
            started: Instant,
            state: Mutex<String>,
            is_terminal: bool,
        }

        impl Progress {
            fn start() -> Self {
                let is_terminal = std::io::stdout().is_terminal();
                let progress = Self { started: Instant::now(), state: Mutex::new("started".to_owned()), is_terminal };
                progress.draw();
                progress
            }

            fn seconds(&self) -> f64 { self.started.elapsed().as_secs_f64() }

            fn reached(&self, new: &str) {
                let Ok(mut state) = self.state.lock() else {
                    return;
                };
                if *state == new {
                    return;
                }
                new.clone_into(&mut state);
                drop(state);
                self.keep_line();
                self.draw();
            }

            /// Awaits a future, and updates the time on a terminal until it is ready.
            async fn show_while<T>(&self, work: impl Future<Output = T>) -> T {
                let tick = Duration::from_millis(100);
                let mut work = std::pin::pin!(work);
                loop {
                    if let Ok(outcome) = tokio::time::timeout(tick, work.as_mut()).await {
                        self.keep_line();
                        return outcome;
                    }
                    if self.is_terminal {
                        self.draw();
                    }
                }
            }

            /// Starts a new line on a terminal, so that the current one is kept.
            fn keep_line(&self) {
                if self.is_terminal {
                    println!();
                }
            }

            fn draw(&self) {
                let Ok(state) = self.state.lock() else {
                    return;
                };
                let (start, end) = if self.is_terminal { ("\r\x1b[2K", "") } else { ("", "\n") };
                print!("{start}{:6.1} s  {state}{end}", self.seconds());
                let _ = std::io::stdout().flush();
            }
        }
    }
}
