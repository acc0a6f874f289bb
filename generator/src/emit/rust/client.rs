//! The client type, the core that functions accept, and the builder of both.

mod builder;

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::Ident;

use super::docs::{article, doc};
use super::namespaces::{child_method, method};
use super::retry_policy::Policy;
use crate::emit::Source;
use crate::emit::operation::Call;
use crate::emit::package::runtime_components::Component;
use crate::emit::split::Methods;
use crate::emit::syntax::Scope;
use crate::ir::{Api, Global, Placement};
use crate::markdown;
use crate::progenitor::Types;

pub(crate) fn emit(api: &Api, types: &Types) -> Vec<Source> {
    let parts = Parts::of(api);
    let spec = spec(api);
    let mut taken = BTreeSet::new();
    let (children, mut modules, mut sources) = children(api, &parts, &mut taken);
    let (methods, more_modules, more_sources) = methods(api, types, &parts, &mut taken);
    modules.extend(more_modules);
    sources.extend(more_sources);
    let client = client(api, &parts, &children, &methods);
    let imports = imports(api, &client, !methods.is_empty());
    let core = core(&parts);
    let builder = builder::builder(api, &parts);
    let docs = "The client, its core and its builder.";
    sources.push(Source::rust("src/client.rs", docs, quote!(#modules #imports #spec #client #core #builder)));
    sources
}

/// Returns the methods that lead to namespaces: those in the client's file, the modules of the others, and their files.
fn children(api: &Api, parts: &Parts<'_>, taken: &mut BTreeSet<String>) -> (TokenStream, TokenStream, Vec<Source>) {
    let client = &parts.client;
    let method = |child| child_method(child, &quote!(&self), &quote!(&self.core), &quote!('_), &quote!(api::));
    let methods = Methods {
        place: "src/client".to_owned(),
        header: quote!(impl #client),
        imports: quote!(use super::#client; use crate::api;),
        docs: "Namespaces of the client. The list is split into several files.",
        all: api.root.children.iter().map(|child| (child.ident.clone(), method(child))).collect(),
    };
    methods.spread(taken)
}

/// Returns the operations of the client itself: the methods in its file, the modules of the others, and their files.
fn methods(
    api: &Api,
    types: &Types,
    parts: &Parts<'_>,
    taken: &mut BTreeSet<String>,
) -> (TokenStream, TokenStream, Vec<Source>) {
    let client = &parts.client;
    let calls = api.root.operations.iter().map(|index| Call::of(api, types, *index));
    let methods = calls
        .map(|call| (call.operation.method_ident.clone(), method(api, &call, &quote!(&'a self), &quote!(&self.core))));
    let methods = Methods {
        place: "src/client".to_owned(),
        header: quote!(impl<'a> #client),
        imports: quote!(use super::#client; use crate::funcs; use crate::runtime::Call;),
        docs: "Operations of the client itself. The list is split into several files.",
        all: methods.collect(),
    };
    methods.spread(taken)
}

/// Names that the templates share.
struct Parts<'a> {
    api: &'a Api,
    client: Ident,
    core: Ident,
    builder: Ident,
}

impl<'a> Parts<'a> {
    fn of(api: &'a Api) -> Self {
        let name = &api.client.name;
        Self {
            api,
            client: format_ident!("{name}"),
            core: format_ident!("{name}Core"),
            builder: format_ident!("{name}Builder"),
        }
    }

    fn globals(&self) -> impl Iterator<Item = (Ident, &'a Global)> {
        self.api.client.globals.iter().map(|global| (format_ident!("{}", global.ident), global))
    }
}

fn imports(api: &Api, client: &TokenStream, has_calls: bool) -> TokenStream {
    let call = has_calls.then(|| quote!(Call,));
    let mut modules = vec![];
    modules.extend(Scope::of(client).has("api").then_some("api"));
    modules.extend(has_calls.then_some("funcs"));
    modules.extend(Scope::of(client).has("types").then_some("types"));
    let modules = modules.into_iter().map(|name| format_ident!("{name}"));
    let schemes = (!api.client.schemes.is_empty()).then(|| quote!(Credential, Placement, SecurityScheme,));
    let arc = (!api.client.globals.is_empty()).then(|| {
        quote!(
            use std::sync::Arc;
        )
    });
    let wait_options = Component::Jobs.is_in(api).then(|| {
        quote!(
            use crate::runtime::jobs::WaitOptions;
        )
    });
    quote! {
        #arc
        use std::time::Duration;
        #(use crate::#modules;)*
        use crate::runtime::{
            #call ClientSpec, Config, Core, Error, HeaderValue, Hooks, Method, RawRequest, RetryBudget, RetryCode, RetryConfig, RetryDefaults, RetryStrategy, #schemes
        };
        #wait_options
    }
}

fn spec(api: &Api) -> TokenStream {
    let policy = Policy(&api.client.retry);
    let server = match &api.client.server {
        Some(url) => quote!(Some(#url)),
        None => quote!(None),
    };
    let schemes = api.client.schemes.iter().map(|scheme| {
        let name = &scheme.name;
        let placement = match &scheme.placement {
            Placement::Header(name) => quote!(Header(#name)),
            Placement::Query(name) => quote!(Query(#name)),
            Placement::Cookie(name) => quote!(Cookie(#name)),
            Placement::Bearer => quote!(Bearer),
            Placement::Basic => quote!(Basic),
        };
        let setting = &scheme.ident;
        quote!(SecurityScheme { name: #name, setting: #setting, placement: Placement::#placement })
    });
    let security = api.client.security.iter().map(|alternative| quote!(&[#(#alternative),*]));
    quote! {
        /// What the API description specifies for all clients.
        static SPEC: ClientSpec = ClientSpec {
            user_agent: concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")),
            server_url: #server,
            retry: #policy,
            security: &[#(#security),*],
            schemes: &[#(#schemes),*],
        };
    }
}

fn client(api: &Api, parts: &Parts<'_>, children: &TokenStream, methods: &TokenStream) -> TokenStream {
    let Parts { client, core, builder, .. } = parts;
    let docs = doc(&format!(
        "{}\n\nCheap to clone. Clones share their connections and their retry budget.",
        markdown::safe(&api.package.description)
    ));
    let env = doc(&environment_docs(api));
    let debug = debug(parts, client, &quote!(self.core));
    let methods = (!methods.is_empty()).then(|| quote!(impl<'a> #client { #methods }));
    quote! {
        #docs
        #[derive(Clone)]
        pub struct #client { core: #core }

        #debug

        impl #client {
            /// Creates a builder without any settings.
            pub fn builder() -> #builder { #builder::new() }

            #env
            pub fn from_env() -> Result<Self, Error> { #builder::from_env().build() }

            /// Returns the core, which the functions of [`funcs`](crate::funcs) take.
            #[must_use]
            pub fn core(&self) -> &#core { &self.core }

            /// Creates a request to an endpoint that is not in the API description. It is sent like any other call: with the
            /// credential, the time limits, the retries and the hooks of this client.
            ///
            /// `path` is relative to the URL of the server, starts with `/`, and is percent-encoded. See [`RawRequest`].
            pub fn raw_request(&self, method: Method, path: impl Into<String>) -> RawRequest<'_> {
                self.core.raw_request(method, path)
            }

            #children
        }

        #methods

        impl AsRef<#core> for #client {
            fn as_ref(&self) -> &#core { &self.core }
        }

        impl From<#core> for #client {
            fn from(core: #core) -> Self { Self { core } }
        }
    }
}

fn environment_docs(api: &Api) -> String {
    let mut docs =
        "Creates a client with the settings from these environment variables:\n\n| variable | setting |\n|---|---|\n"
            .to_owned();
    for (env, ident) in api
        .client
        .globals
        .iter()
        .map(|global| (&global.env, &global.ident))
        .chain(api.client.schemes.iter().map(|scheme| (&scheme.env, &scheme.ident)))
    {
        docs.push_str(&format!("| `{env}` | `{ident}` |\n"));
    }
    docs.push_str(&format!("| `{}_SERVER_URL` | `server_url`, optional |\n\n", api.client.env_prefix));
    docs.push_str("An empty variable counts as not set.\n\n# Errors\n\nFails if a required variable is missing, or if a value is not UTF-8 or not valid for its setting.");
    docs
}

fn core(parts: &Parts<'_>) -> TokenStream {
    let Parts { api, client, core, builder } = parts;
    let unused = api.operations.is_empty().then(|| quote!(#[allow(dead_code, reason = "the API has no operations")]));
    let fields =
        parts.globals().map(
            |(ident, global)| if global.required { quote!(#ident: Arc<str>) } else { quote!(#ident: Option<Arc<str>>) },
        );
    let getters = parts.globals().map(|(ident, global)| {
        let docs = doc(&builder::global_docs(global));
        let (ty, value) = if global.required {
            (quote!(&str), quote!(&self.#ident))
        } else {
            (quote!(Option<&str>), quote!(self.#ident.as_deref()))
        };
        quote! {
            #docs
            #[must_use]
            pub fn #ident(&self) -> #ty { #value }
        }
    });
    let debug = debug(parts, core, &quote!(self));
    let docs = doc(&format!(
        "{} [`{client}`] without its namespaces, which the functions of [`funcs`](crate::funcs) take.\n\nIt is created by \
         [`{builder}::build_core`], or borrowed from a client with [`{client}::core`]. Cheap to clone.",
        if article(&client.to_string()) == "an" { "An" } else { "A" }
    ));
    quote! {
        #docs
        #[derive(Clone)]
        pub struct #core { #unused runtime: Core, #(#fields),* }

        impl #core {
            #unused
            pub(crate) fn runtime(&self) -> &Core { &self.runtime }
            /// Creates a request to an endpoint that is not in the API description. See [`RawRequest`].
            pub fn raw_request(&self, method: Method, path: impl Into<String>) -> RawRequest<'_> {
                self.runtime.raw_request(method, path)
            }

            #(#getters)*
        }

        #debug

        impl AsRef<#core> for #core {
            fn as_ref(&self) -> &Self { self }
        }
    }
}

/// Returns the `Debug` implementation of the client or its core, which shows the settings without the types around them.
fn debug(parts: &Parts<'_>, ty: &Ident, core: &TokenStream) -> TokenStream {
    let text = ty.to_string();
    let globals = parts.globals().map(|(ident, _)| {
        let label = ident.to_string();
        quote!(.field(#label, &#core.#ident))
    });
    quote! {
        impl std::fmt::Debug for #ty {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(#text)#(#globals)*.field("settings", &#core.runtime).finish()
            }
        }
    }
}
