//! Code that all examples share: reading the settings, and ending the program.

use quote::{format_ident, quote};

use crate::emit::Source;
use crate::emit::example::snippet::crate_name;
use crate::ir::Api;

pub(super) fn emit(api: &Api) -> Source {
    let (krate, builder) = (format_ident!("{}", crate_name(api)), format_ident!("{}Builder", api.client.name));
    let variables = variables(api).into_iter().chain([server_variable(api)]);
    let items = quote! {
        use std::error::Error;
        use std::process::ExitCode;
        use #krate::test_util::MockServer;
        use #krate::#builder;

        /// Any of these says that there is a server to talk to.
        const SETTINGS: &[&str] = &[#(#variables),*];

        /// The environment's settings; if there are none, those of a client of a scripted server in this process.
        pub fn settings(script: impl FnOnce(&MockServer)) -> #builder {
            let is_set = |name: &&str| std::env::var(name).is_ok_and(|value| !value.is_empty());
            if SETTINGS.iter().any(is_set) {
                return #builder::from_env();
            }
            println!("No settings ({}): a scripted server in this process answers.", SETTINGS.join(", "));
            let server = MockServer::new();
            script(&server);
            server.builder()
        }

        /// Says in words what went wrong, if anything did.
        pub fn end(outcome: Result<(), Box<dyn Error>>) -> ExitCode {
            match outcome {
                Ok(()) => ExitCode::SUCCESS,
                Err(error) => {
                    eprintln!("{error}");
                    ExitCode::FAILURE
                }
            }
        }
    };
    Source::formatted("examples/shared/mod.rs", "What the examples share.", items)
}

/// Documents the settings that make an example use a real server.
pub(super) fn settings_docs(api: &Api) -> String {
    let variables: Vec<String> = variables(api).iter().map(|name| format!("`{name}`")).collect();
    let server = server_variable(api);
    if variables.is_empty() {
        return format!("With `{server}` set it calls that server.");
    }
    format!("With {} set it calls the service, and with `{server}` set besides, that server.", variables.join(" and "))
}

fn variables(api: &Api) -> Vec<String> {
    let globals = api.client.globals.iter().filter(|global| global.required).map(|global| global.env.clone());
    let schemes = api.client.schemes.iter().map(|scheme| scheme.env.clone());
    globals.chain(schemes).collect()
}

fn server_variable(api: &Api) -> String {
    format!("{}_SERVER_URL", api.client.env_prefix)
}
