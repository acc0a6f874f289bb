//! The builder: settings from the document, settings of every client, and the checks of `build`.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::Ident;

use super::Parts;
use crate::emit::package::runtime_components::Component;
use crate::emit::rust::docs::{doc, examples};
use crate::emit::rust::test_util::FEATURE;
use crate::ir::{Api, Global, Placement, Scheme};
use crate::markdown;

pub(super) fn builder(api: &Api, parts: &Parts<'_>) -> TokenStream {
    let Parts { client, core, builder, .. } = parts;
    let fields = parts.globals().map(|(ident, _)| quote!(#ident: Option<String>));
    let none = parts.globals().map(|(ident, _)| quote!(#ident: None));
    let has_credential = api.needs_credential().then(|| quote!(has_credential: bool,));
    let no_credential = api.needs_credential().then(|| quote!(has_credential: false,));
    let from_env = from_env(api, parts);
    let globals = parts.globals().map(|(ident, global)| global_setter(&ident, global));
    let schemes = api.client.schemes.iter().map(|scheme| scheme_setters(api, scheme));
    let common = common_setters(api);
    let build = build(api, parts);
    let docs = doc(&format!(
        "Settings of a [`{client}`].\n\nNothing is checked before [`{builder}::build`], and nothing is sent by it.\n\n\
         # Example\n\n{}",
        examples::builder(api)
    ));
    quote! {
        #docs
        #[derive(Debug)]
        #[must_use = "a builder does nothing before `build`"]
        pub struct #builder { config: Config, #has_credential #(#fields),* }

        impl #builder {
            fn new() -> Self { Self { config: Config::new(&SPEC), #no_credential #(#none),* } }

            #from_env
            #(#globals)*
            #(#schemes)*
            #common

            /// Has requests carried by something else than the network.
            #[cfg(feature = #FEATURE)]
            pub(crate) fn carried_by(mut self, server: crate::runtime::mock::Server) -> Self {
                self.config.exchange(server);
                self.config.rng_seed(0);
                self
            }

            #build
        }

        impl From<#client> for #core {
            fn from(client: #client) -> Self { client.core }
        }
    }
}

fn from_env(api: &Api, parts: &Parts<'_>) -> TokenStream {
    let client = &parts.client;
    let server = format!("{}_SERVER_URL", api.client.env_prefix);
    let settings = api.client.globals.iter().map(|global| (&global.env, &global.ident));
    let credentials = api.client.schemes.iter().filter(|scheme| scheme.placement != Placement::Basic);
    let settings = settings.chain(credentials.map(|scheme| (&scheme.env, &scheme.ident))).map(|(env, ident)| {
        let ident = format_ident!("{ident}");
        quote!(if let Some(value) = builder.config.variable(#env) { builder = builder.#ident(value); })
    });
    let basic = api.client.schemes.iter().filter(|scheme| scheme.placement == Placement::Basic).map(|scheme| {
        let (env, ident) = (&scheme.env, format_ident!("{}", scheme.ident));
        quote! {
            if let Some(value) = builder.config.variable(#env) {
                let (user, password) = value.split_once(':').unwrap_or((&value, ""));
                builder = builder.#ident(user, password);
            }
        }
    });
    let docs = doc(&format!(
        "The settings that the environment has, to be completed; see [`{client}::from_env`].\n\nA variable that is not valid \
         UTF-8 makes [`build`](Self::build) fail."
    ));
    quote! {
        #docs
        pub fn from_env() -> Self {
            let mut builder = Self::new();
            #(#settings)*
            #(#basic)*
            if let Some(value) = builder.config.variable(#server) { builder = builder.server_url(value); }
            builder
        }
    }
}

/// Describes a global.
pub(super) fn global_docs(global: &Global) -> String {
    if global.description.is_empty() {
        format!("{} of every call.", markdown::code(&global.name))
    } else {
        markdown::safe(&global.description)
    }
}

fn global_setter(ident: &Ident, global: &Global) -> TokenStream {
    let description = global_docs(global);
    let uuid = if global.is_uuid { " A UUID." } else { "" };
    let docs = doc(&format!("{description}{uuid}\n\nEnvironment: `{}`.", global.env));
    quote! {
        #docs
        pub fn #ident(mut self, #ident: impl Into<String>) -> Self {
            self.#ident = Some(#ident.into());
            self
        }
    }
}

fn scheme_setters(api: &Api, scheme: &Scheme) -> TokenStream {
    let (ident, name) = (format_ident!("{}", scheme.ident), &scheme.name);
    let note = api.needs_credential().then(|| quote!(self.has_credential = true;));
    let description =
        if scheme.description.is_empty() { "The credential.".to_owned() } else { markdown::safe(&scheme.description) };
    if scheme.placement == Placement::Basic {
        let docs = doc(&format!("{description}\n\nEnvironment: `{}`, as `user:password`.", scheme.env));
        return quote! {
            #docs
            pub fn #ident(mut self, user: impl Into<String>, password: impl Into<String>) -> Self {
                self.config.credential(#name, Credential::basic(user, password));
                #note
                self
            }
        };
    }
    let docs = doc(&format!(
        "{description}\n\nA text, or [`Credential::provider`] with an async function that is asked for it at every attempt. \
         It is never shown.\n\nEnvironment: `{}`.",
        scheme.env
    ));
    quote! {
        #docs
        pub fn #ident(mut self, #ident: impl Into<Credential>) -> Self {
            self.config.credential(#name, #ident.into());
            #note
            self
        }
    }
}

fn common_setters(api: &Api) -> TokenStream {
    let wait_options = Component::Jobs.is_in(api).then(|| {
        quote! {
            /// Sets how jobs are waited for, unless a wait has options of its own.
            pub fn wait_options(mut self, options: WaitOptions) -> Self { self.config.wait_options(options); self }
        }
    });
    quote! {
        /// Adds a header to every request, or replaces the one that this client would send.
        ///
        /// A header that an operation or a call sets takes precedence. Errors do not show the value.
        pub fn default_header(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
            self.config.default_header(name.as_ref(), value.as_ref());
            self
        }
        /// Adds a parameter to the query of every request, unless an operation or a call sets one of the same name.
        ///
        /// Name and value are percent-encoded. Errors do not show the value.
        pub fn default_query(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
            self.config.default_query(name.into(), value.into());
            self
        }
        #wait_options
        /// The server, instead of the one the API names. Without a path of its own it is taken as it is.
        pub fn server_url(mut self, url: impl Into<String>) -> Self { self.config.server_url(url.into()); self }

        /// The user agent, instead of this crate's name and version.
        pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self { self.config.user_agent(user_agent.into()); self }

        /// The limit of a whole call: all attempts and the waits between them. 60 seconds by default.
        pub fn timeout(mut self, timeout: Duration) -> Self { self.config.timeout(timeout); self }

        /// The limit of one attempt. 15 seconds by default.
        pub fn attempt_timeout(mut self, timeout: Duration) -> Self { self.config.attempt_timeout(timeout); self }

        /// The limit of connecting: name resolution, TCP and TLS. 10 seconds by default.
        pub fn connect_timeout(mut self, timeout: Duration) -> Self { self.config.connect_timeout(timeout); self }

        /// How long a connection may have been idle when a request uses it that must not be repeated. 2 seconds by default.
        ///
        /// A server that closes an idle connection just when a request arrives leaves unknown whether it has acted on it: the
        /// call fails, and [`Error::maybe_sent`] is true. Set this below the server's own keep-alive time. Requests that may
        /// be repeated use connections that have been idle for up to 50 seconds.
        pub fn non_idempotent_idle_timeout(mut self, timeout: Duration) -> Self {
            self.config.non_idempotent_idle_timeout(timeout);
            self
        }

        /// Whether, when and how often a failed call is tried again.
        pub fn retry_config(mut self, retry: RetryConfig) -> Self { self.config.retry_config(retry); self }

        /// The statuses that are retried, such as `429` or `5XX`.
        pub fn retry_codes<I>(mut self, codes: I) -> Self
        where
            I: IntoIterator,
            I::Item: Into<String>,
        {
            self.config.retry_codes(codes);
            self
        }

        /// How many retries this client and its clones make together.
        pub fn retry_budget(mut self, budget: RetryBudget) -> Self { self.config.retry_budget(budget); self }

        /// The longest response that is read, in bytes after decompression. 32 MiB by default.
        pub fn max_response_bytes(mut self, bytes: usize) -> Self { self.config.max_response_bytes(bytes); self }

        /// The most JSON values that a response may have, at any depth. 1,000,000 by default.
        ///
        /// A value takes up to some hundred bytes once it is decoded, so that the bytes of a response alone do not bound memory.
        pub fn max_response_values(mut self, values: usize) -> Self { self.config.max_response_values(values); self }

        /// Changes the settings of the HTTP client, such as proxies, the pool or TLS.
        ///
        /// The function is called with the settings of this crate, once for each HTTP client that is built, such as those for
        /// this machine and for others. Redirects, resending and the connect timeout are set after it, so that it cannot change
        /// them. A proxy that it adds replaces those of the environment; requests to this machine never use one. Headers that it
        /// adds are not masked in errors.
        ///
        /// Leave time limits to [`timeout`](Self::timeout) and [`attempt_timeout`](Self::attempt_timeout): after a limit that is
        /// set here has passed, [`Error::maybe_sent`] is true even if no connection was made.
        pub fn http_client(
            mut self,
            customize: impl Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync + 'static,
        ) -> Self {
            self.config.http_client(customize);
            self
        }

        /// Whether `http://` is allowed to hosts that are not this machine. Anyone on the way can then read the credential.
        pub fn allow_plain_http(mut self, allow: bool) -> Self { self.config.allow_plain_http(allow); self }

        /// What is called around every attempt.
        pub fn hooks(mut self, hooks: impl Hooks + 'static) -> Self { self.config.hooks(hooks); self }
    }
}

fn build(api: &Api, parts: &Parts<'_>) -> TokenStream {
    let Parts { client, core, .. } = parts;
    let globals = parts.globals().map(|(ident, global)| build_global(&ident, global));
    let fields = parts.globals().map(|(ident, global)| {
        // `build` has failed if a required value is missing.
        if global.required { quote!(#ident: #ident.unwrap_or_default()) } else { quote!(#ident) }
    });
    let credential = api.needs_credential().then(|| {
        let ways: Vec<_> = api
            .client
            .schemes
            .iter()
            .map(|scheme| {
                format!("`{}` on the builder, or {} in the environment for `from_env`", scheme.ident, scheme.env)
            })
            .collect();
        let setting = api.client.schemes.first().map_or("credential", |scheme| scheme.ident.as_str());
        let help = format!("set {}", ways.join(", or "));
        quote!(if !self.has_credential { self.config.refuse_missing(#setting, #help); })
    });
    let is_changed = credential.is_some() || !api.client.globals.is_empty();
    let this = if is_changed { quote!(mut self) } else { quote!(self) };
    quote! {
        /// Builds the client.
        ///
        /// # Errors
        ///
        /// Settings are missing or invalid; the error names all of them.
        pub fn build(self) -> Result<#client, Error> { self.build_core().map(#client::from) }

        /// Builds the core alone, for programs that only call [`funcs`](crate::funcs).
        ///
        /// # Errors
        ///
        /// Settings are missing or invalid; the error names all of them.
        pub fn build_core(#this) -> Result<#core, Error> {
            #(#globals)*
            #credential
            Ok(#core { runtime: self.config.build()?, #(#fields),* })
        }
    }
}

fn build_global(ident: &Ident, global: &Global) -> TokenStream {
    let name = &global.ident;
    let help = if global.required {
        let text =
            format!("set `{}` on the builder, or {} in the environment for `from_env`", global.ident, global.env);
        quote!(Some(#text))
    } else {
        quote!(None)
    };
    let parse = if global.is_uuid { quote!(parse_uuid) } else { quote!(parse_text) };
    quote!(let #ident = self.config.parameter(#name, self.#ident, crate::runtime::#parse, #help);)
}
