//! The builder: settings from the document, settings of every client, and the checks of `build`.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::Ident;

use super::Parts;
use crate::emit::package::runtime_components::Component;
use crate::emit::rust::docs::{article, doc, examples};
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
    let article = article(&client.to_string());
    let docs = doc(&format!(
        "The settings of {article} [`{client}`].\n\n[`{builder}::build`] checks them. It sends nothing.\n\n\
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

            /// Sends requests to a mock server instead of the network.
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
        "Creates a builder with the settings from the environment, as [`{client}::from_env`] reads them. Other settings can be \
         added.\n\n[`build`](Self::build) fails if a variable is not valid UTF-8."
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
        format!("Sets {} for every call.", markdown::code(&global.name))
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
    let description = if scheme.description.is_empty() {
        "Sets the credential.".to_owned()
    } else {
        markdown::safe(&scheme.description)
    };
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
        "{description}\n\nAccepts a string, or [`Credential::provider`] with an async function that is called before every \
         attempt. `Debug` does not show it.\n\nEnvironment: `{}`.",
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
            /// Sets the options of waiting for jobs. Options of a single wait take precedence. See [`WaitOptions`] for the
            /// defaults.
            pub fn wait_options(mut self, options: WaitOptions) -> Self { self.config.wait_options(options); self }
        }
    });
    quote! {
        /// Adds a header to every request, or replaces the one that this client would send.
        ///
        /// A header that an operation or a call sets takes precedence, and a later default replaces one of the same
        /// name. Errors mask the value if the service repeats it, within the limits that [`Error::server_message`] describes.
        pub fn default_header(mut self, name: impl AsRef<str>, value: impl TryInto<HeaderValue>) -> Self {
            self.config.default_header(name.as_ref(), value);
            self
        }
        /// Adds a parameter to the query of every request.
        ///
        /// Values that are added under one name are all sent, unless the operation or the call sets that name. Name and value are
        /// percent-encoded. Errors mask the value if the service repeats it, within the limits that
        /// [`Error::server_message`] describes.
        pub fn default_query(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
            self.config.default_query(name.into(), value.into());
            self
        }
        #wait_options
        /// Sets the URL of the server, instead of the one in the API description. The path of the URL, if any, is the prefix
        /// of all request paths.
        pub fn server_url(mut self, url: impl Into<String>) -> Self { self.config.server_url(url.into()); self }

        /// Sets the user agent. The default is the name and version of this crate, with the operating system and the
        /// architecture, such as `my-client/0.1.0 (linux; x86_64)`. An invalid header value is an error of
        /// [`build`](Self::build).
        pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self { self.config.user_agent(user_agent.into()); self }

        /// Limits each call: all attempts and the waits between them, connecting and reading. 60 s by default.
        ///
        /// Zero is invalid.
        pub fn timeout(mut self, timeout: Duration) -> Self { self.config.timeout(timeout); self }

        /// Limits each attempt: credential, connecting, sending and reading. 15 s by default.
        ///
        /// Zero is invalid.
        pub fn attempt_timeout(mut self, timeout: Duration) -> Self { self.config.attempt_timeout(timeout); self }

        /// Sets the time limit of connecting: name resolution, TCP and TLS. 10 s by default. Zero is invalid.
        pub fn connect_timeout(mut self, timeout: Duration) -> Self { self.config.connect_timeout(timeout); self }

        /// Sets the longest idle time of a connection that a non-idempotent request uses. 2 s by default.
        ///
        /// If the server closes an idle connection while a request is sent, it is unknown whether the service has processed the
        /// request: the call fails, and [`Error::maybe_sent`] is true. Use a time below the keep-alive time of the server.
        /// Idempotent requests use connections that were idle for up to 50 s.
        pub fn non_idempotent_idle_timeout(mut self, timeout: Duration) -> Self {
            self.config.non_idempotent_idle_timeout(timeout);
            self
        }

        /// Sets when and how often a failed call is retried. See [`RetryConfig`] for the defaults.
        pub fn retry_config(mut self, retry: RetryConfig) -> Self { self.config.retry_config(retry); self }

        /// Sets which statuses are retried, such as `429` or `5XX`. The default is that of the API's description, or else 408,
        /// 429, 500, 502, 503 and 504. With an empty list no status is retried.
        ///
        /// A value is an error if it is neither a status from 400 to 599 nor a pattern such as `5XX` or `50X`.
        pub fn retry_codes<I>(mut self, codes: I) -> Self
        where
            I: IntoIterator,
            I::Item: Into<RetryCode>,
        {
            self.config.retry_codes(codes);
            self
        }

        /// Limits how many retries this client and its clones make together. By default 20 % of the calls, and 100 at once.
        pub fn retry_budget(mut self, budget: RetryBudget) -> Self { self.config.retry_budget(budget); self }

        /// Sets the maximum size of a successful response, in bytes after decompression. 32 MiB by default. Zero is invalid.
        pub fn max_response_bytes(mut self, bytes: usize) -> Self { self.config.max_response_bytes(bytes); self }

        /// Sets the maximum number of JSON values in a successful response, at any depth. 1,000,000 by default. Zero is invalid.
        ///
        /// A decoded value takes up to a few hundred bytes of memory, so the size of a response alone does not limit memory.
        pub fn max_response_values(mut self, values: usize) -> Self { self.config.max_response_values(values); self }

        /// Changes the settings of the HTTP client, such as proxies, the pool or TLS.
        ///
        /// The function receives the settings of this crate. It is called once for each HTTP client that is built, for example
        /// one for the local machine and one for other servers. Redirects, retries of the HTTP library, the connect timeout and
        /// the idle time of connections of non-idempotent requests are set afterwards, so the function cannot change them. A proxy that it adds replaces the proxies of the
        /// environment. Requests to the local machine never use a proxy. Headers that it adds are not masked in errors.
        ///
        /// Set time limits with [`timeout`](Self::timeout) and [`attempt_timeout`](Self::attempt_timeout) instead. After a time
        /// limit of the HTTP client has passed, [`Error::maybe_sent`] is true even if no connection was made.
        pub fn http_client(
            mut self,
            customize: impl Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync + 'static,
        ) -> Self {
            self.config.http_client(customize);
            self
        }

        /// Allows `http://` URLs of other machines. The credential is then sent unencrypted.
        pub fn allow_plain_http(mut self, allow: bool) -> Self { self.config.allow_plain_http(allow); self }

        /// Sets functions that are called around every attempt. They replace hooks that were set before.
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
        /// Fails if settings are missing or invalid. The error lists all of them.
        pub fn build(self) -> Result<#client, Error> { self.build_core().map(#client::from) }

        /// Builds only the core, for programs that only use [`funcs`](crate::funcs).
        ///
        /// # Errors
        ///
        /// Fails if settings are missing or invalid. The error lists all of them.
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
