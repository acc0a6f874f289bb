//! Example programs. Each calls a mock server in its own process, or the server that the environment sets.
//!
//! They show the first job that a scenario can be built for, or else a call that a response can be built for. A client
//! with neither has no example programs besides the examples in its docs.

mod long_running;
mod shared;
mod short;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::Source;
use super::example::sample::Sample;
use super::example::scenario::Scenario;
use super::example::snippet::crate_name;
use super::markdown::blocking::FEATURE as BLOCKING;
use super::rust::test_util::FEATURE;
use super::syntax::Scope;
use crate::ir::Api;
use crate::progenitor::Types;
use crate::{naming, print};

/// A program.
struct Program {
    name: String,
    /// What it shows, in one or more sentences.
    about: String,
    /// The command-line arguments.
    arguments: String,
    features: &'static [&'static str],
    /// The imports from the crate besides its modules.
    imports: TokenStream,
    /// The imports from other crates, besides those of most programs.
    uses: Vec<TokenStream>,
    items: TokenStream,
}

pub(super) fn emit(api: &Api, types: &Types) -> Vec<Source> {
    let programs = programs(api, types);
    let shared = (!programs.is_empty()).then(|| shared::emit(api));
    shared.into_iter().chain(programs.into_iter().map(|program| program.source(api))).collect()
}

/// Returns the names of all programs, each with the features it needs.
pub(super) fn names(api: &Api, types: &Types) -> Vec<(String, &'static [&'static str])> {
    programs(api, types).into_iter().map(|program| (program.name, program.features)).collect()
}

fn programs(api: &Api, types: &Types) -> Vec<Program> {
    let Some(scenario) = Scenario::of(api, types) else {
        return Sample::of(api, types).map(|sample| short::for_calls(api, &sample)).unwrap_or_default();
    };
    let short = short::for_jobs(api, &scenario);
    let mut taken = short.iter().map(|program| program.name.clone()).chain(["shared".to_owned()]).collect();
    let name = naming::unique(long_running::name(&scenario), &mut taken);
    std::iter::once(long_running::program(api, &scenario, name)).chain(short).collect()
}

/// The features of a program that needs only the test kit.
const KIT: &[&str] = &[FEATURE];
const KIT_AND_BLOCKING: &[&str] = &[FEATURE, BLOCKING];

impl Program {
    fn source(self, api: &Api) -> Source {
        let docs = self.docs(api);
        let krate = format_ident!("{}", crate_name(api));
        let Self { name, imports, mut uses, items, .. } = self;
        let scope = Scope::of(&items);
        let modules = ["funcs", "types", "uploads"].into_iter().filter(|name| scope.has(name));
        let modules = modules.map(|name| format_ident!("{name}"));
        let list = quote!(#imports #(#modules,)*);
        if !list.is_empty() {
            uses.push(quote!(#krate::{#list}));
        }
        let time = ["Duration", "Instant"].into_iter().filter(|name| scope.has(name));
        let time: Vec<_> = time.map(|name| format_ident!("{name}")).collect();
        if !time.is_empty() {
            uses.push(quote!(std::time::{#(#time),*}));
        }
        uses.push(quote!(std::process::ExitCode));
        uses.sort_by_key(ToString::to_string);
        let items = quote! {
            mod shared;

            #(use #uses;)*
            #items
        };
        Source::formatted(format!("examples/{name}.rs"), docs, items)
    }

    fn docs(&self, api: &Api) -> String {
        let Self { name, about, arguments, features, .. } = self;
        let settings = format!(
            "Without settings, it calls a mock server in its own process, and needs no account and no network. {}",
            shared::settings_docs(api)
        );
        format!(
            "{}\n\n```sh\ncargo run -p {} --example {name} --features {}{}{arguments}\n```\n\n{}",
            print::paragraph(about),
            api.package.name,
            features.join(","),
            if arguments.is_empty() { "" } else { " -- " },
            print::paragraph(&settings),
        )
    }
}

/// Returns the main function of a program that awaits.
fn awaiting(run: &TokenStream) -> TokenStream {
    quote! {
        #[tokio::main(flavor = "current_thread")]
        async fn main() -> ExitCode { shared::end(run().await) }

        async fn run() -> Result<(), Box<dyn std::error::Error>> {
            #run
            Ok(())
        }
    }
}

/// Returns the script of the mock server: one run of the job.
fn script(scenario: &Scenario<'_>) -> TokenStream {
    let Scenario { start, result, started, running, done } = scenario;
    let (start, result) = (start.function(), result.function());
    quote! {
        server.#start().respond(#started);
        server.#result() #(.respond(#running))* .respond(#done);
    }
}
