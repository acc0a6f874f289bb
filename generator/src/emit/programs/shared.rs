//! Code that all examples share: reading the settings, and ending the program.

use quote::{format_ident, quote};

use crate::emit::Source;
use crate::emit::example::snippet::crate_name;
use crate::ir::Api;

pub(super) fn emit(api: &Api) -> Source {
    let (krate, builder) = (format_ident!("{}", crate_name(api)), format_ident!("{}Builder", api.client.name));
    let variables = variables(api).into_iter().chain([server_variable(api)]);
    let plain_http = api.client.needs_plain_http.then(|| quote!(.allow_plain_http(true)));
    let items = quote! {
        use std::error::Error;
        use std::process::ExitCode;
        use #krate::test_util::MockServer;
        use #krate::#builder;

        /// If any of these variables is set, the examples call a real server.
        const SETTINGS: &[&str] = &[#(#variables),*];

        /// Configures the client from the environment, or for a mock server in this process if no variable is set.
        pub fn settings(script: impl FnOnce(&MockServer)) -> #builder {
            let is_set = |name: &&str| std::env::var(name).is_ok_and(|value| !value.is_empty());
            if SETTINGS.iter().any(is_set) {
                return #builder::from_env()#plain_http;
            }
            println!("{} are not set: calling a mock server in this process.", SETTINGS.join(", "));
            let server = MockServer::new();
            script(&server);
            server.builder()
        }

        /// Prints the error, if there is one, and returns the exit code.
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
    Source::formatted("examples/shared/mod.rs", "Code that all examples share.", items)
}

/// Documents the settings that make an example use a real server.
pub(super) fn settings_docs(api: &Api) -> String {
    let variables: Vec<String> = variables(api).iter().map(|name| format!("`{name}`")).collect();
    let server = server_variable(api);
    if variables.is_empty() {
        return format!("If `{server}` is set, it calls that server.");
    }
    format!(
        "If {} {} set, it calls the service, or the server in `{server}` if that is set too.",
        variables.join(" and "),
        if variables.len() == 1 { "is" } else { "are" }
    )
}

fn variables(api: &Api) -> Vec<String> {
    let globals = api.client.globals.iter().filter(|global| global.required).map(|global| global.env.clone());
    let schemes = api.client.schemes.iter().map(|scheme| scheme.env.clone());
    globals.chain(schemes).collect()
}

fn server_variable(api: &Api) -> String {
    format!("{}_SERVER_URL", api.client.env_prefix)
}
