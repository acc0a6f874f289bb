//! The test kit: a mock server with the operations and the types of the API.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::docs::doc;
use super::xml;
use crate::emit::Source;
use crate::emit::example::call;
use crate::emit::example::call::Example;
use crate::emit::example::sample::Sample;
use crate::emit::example::scenario::Scenario;
use crate::emit::example::snippet::crate_name;
use crate::emit::features::{condition, requirement_docs};
use crate::emit::operation::Call;
use crate::emit::package::runtime_components::Component;
use crate::emit::split::Methods;
use crate::emit::syntax::Scope;
use crate::ir::{Api, Body, BodyContent, Placement, ResponseType};
use crate::naming::reserved::SERVER_METHODS;
use crate::naming::unique;
use crate::progenitor::Types;
use crate::{markdown, print};

/// The feature that enables the test kit.
pub(crate) const FEATURE: &str = "test-util";

pub(crate) fn emit(api: &Api, types: &Types) -> Vec<Source> {
    let (client, builder) = (format_ident!("{}", api.client.name), format_ident!("{}Builder", api.client.name));
    let calls: Vec<Call<'_>> = (0..api.operations.len()).map(|index| Call::of(api, types, index)).collect();
    let metas = calls.iter().map(|call| {
        let ty = arguments(call);
        let condition = condition(call.operation.feature.as_deref());
        quote!(#condition <funcs::#ty as Operation>::META)
    });
    let spread = Methods {
        place: "src/test_util".to_owned(),
        header: quote!(impl MockServer),
        imports: quote!(
            use super::{MockServer, Script};
        ),
        docs: "Scripts of operations. The list is split into several files.",
        all: scripts(&calls),
    };
    let (scripts, modules, mut sources) = spread.spread(&mut BTreeSet::new());
    let settings = settings(api);
    let imports = (!calls.is_empty()).then(|| {
        quote!(
            use crate::funcs;
            use crate::runtime::{Operation, OperationMeta};
        )
    });
    // A static, because the operations of a large API would not fit on the stack.
    let operations = (!calls.is_empty()).then(|| {
        quote!(
            /// All operations.
            static OPERATIONS: &[OperationMeta] = &[#(#metas),*];
        )
    });
    let known = if calls.is_empty() { quote!([]) } else { quote!(OPERATIONS.iter().cloned()) };
    let types_import = Scope::of(&scripts).has("types").then(|| {
        quote!(
            use crate::types;
        )
    });
    let client_docs = doc(
        "Returns a client of this server. Its settings are placeholders, and jitter is the same in every run. Use \
         [`builder`](Self::builder) for other settings.",
    );
    let parts = Component::Multipart.is_in(api).then(|| {
        quote! {
            pub use crate::runtime::multipart::ReceivedPart;

            /// Returns the parts of a multipart request, in the order in which they were sent. `None` if the request is not multipart.
            #[must_use]
            pub fn parts(request: &ReceivedRequest) -> Option<Vec<ReceivedPart>> {
                ReceivedPart::all(request.header("content-type")?, request.body())
            }
        }
    });
    let items = quote! {
        #modules
        use crate::client::{#client, #builder};
        #imports
        use crate::runtime::mock::{SERVER_URL, Server};
        #types_import

        pub use crate::runtime::mock::{NoBody, ReceivedRequest, Script, Step};
        #parts

        #operations

        /// A server in the process of the test that sends scripted responses. Clones are handles of the same server.
        ///
        /// All calls of an operation use one script, whatever their arguments. Raw requests cannot be scripted, unless they
        /// have the method and path of an operation: they receive status 400.
        #[derive(Debug, Clone)]
        pub struct MockServer { server: Server }

        impl MockServer {
            /// Creates a server without any responses.
            #[must_use]
            pub fn new() -> Self { Self { server: Server::new(#known) } }

            #client_docs
            #[must_use]
            #[expect(clippy::expect_used, clippy::missing_panics_doc, reason = "the placeholders are valid settings")]
            pub fn client(&self) -> #client { self.builder().build().expect("the placeholders are valid settings") }

            /// Returns the builder of a client of this server. Required settings have placeholders, which can be replaced.
            pub fn builder(&self) -> #builder {
                #client::builder() #settings .server_url(SERVER_URL).carried_by(self.server.clone())
            }

            /// Returns all requests so far, in the order in which they were received. Every attempt of a call is one.
            #[must_use]
            pub fn requests(&self) -> Vec<ReceivedRequest> { self.server.requests() }

            /// Returns what did not match the scripts, one sentence each: requests without a response, responses that were not
            /// used, and invalid values in scripts.
            #[must_use]
            pub fn problems(&self) -> Vec<String> { self.server.problems() }

            /// Asserts that every request had a response in a script, and that every response was used. A response that
            /// repeats may be used any number of times, or not at all.
            ///
            /// # Panics
            ///
            /// Panics if there are [`problems`](Self::problems). The message lists them.
            #[track_caller]
            pub fn assert_done(&self) {
                let problems = self.problems();
                assert!(problems.is_empty(), "the requests do not match the scripts:\n- {}", problems.join("\n- "));
            }

            #scripts
        }

        impl Default for MockServer {
            fn default() -> Self { Self::new() }
        }
    };
    sources.push(Source::rust("src/test_util.rs", docs(api, types), items));
    sources
}

/// Returns the type of an operation's arguments, without borrows.
fn arguments(call: &Call<'_>) -> TokenStream {
    let name = call.type_name();
    quote!(#name<'static>)
}

/// Returns the script method of each operation, with its name.
fn scripts(calls: &[Call<'_>]) -> Vec<(String, TokenStream)> {
    let mut taken: BTreeSet<String> = SERVER_METHODS.map(str::to_owned).into();
    let methods = calls.iter().map(|call| {
        let function = &call.operation.function_ident;
        let ident = unique(function, &mut taken);
        let name = format_ident!("{ident}");
        let docs = doc(&format!("Returns the script of [`{function}`](crate::funcs::{function})."));
        let (output, id) = (call.output(), &call.operation.id);
        let condition = condition(call.operation.feature.as_deref());
        let requirement = requirement_docs(call.operation.feature.as_ref());
        let status = proc_macro2::Literal::u16_unsuffixed(success(call));
        let body = call.body().map(|ty| if call.takes_bytes() { quote!(, bytes::Bytes) } else { quote!(, #ty) });
        let formats = formats(call);
        let method = quote! {
            #docs
            #requirement
            #condition
            #[must_use]
            pub fn #name(&self) -> Script<#output #body> { self.server.script(#id, #status) #formats }
        };
        (ident, method)
    });
    methods.collect()
}

/// Returns the call that sets how bodies in XML are converted from and to JSON, which is the default.
fn formats(call: &Call<'_>) -> Option<TokenStream> {
    let response = match call.operation.success.content {
        ResponseType::Xml(slot) => xml::element(call, slot),
        _ => None,
    };
    let body = match &call.operation.body {
        Some(Body { content: BodyContent::Xml(slot), .. }) => xml::element(call, *slot),
        _ => None,
    };
    let function = |element: Option<TokenStream>, name: &str| {
        let name = format_ident!("{name}");
        element.map_or_else(|| quote!(None), |element| quote!(Some(|body| crate::runtime::xml::#name(#element, body))))
    };
    (response.is_some() || body.is_some()).then(|| {
        let (response, body) = (function(response, "from_json"), function(body, "to_json"));
        quote!(.with_formats(#response, #body))
    })
}

/// Returns the default status of a response.
fn success(call: &Call<'_>) -> u16 {
    let success = &call.operation.success;
    let usual = if success.content == ResponseType::Empty { 204 } else { 200 };
    success.statuses.first().copied().unwrap_or(usual)
}

/// Returns placeholders for every required setting and every credential.
fn settings(api: &Api) -> TokenStream {
    let globals = api.client.globals.iter().filter(|global| global.required).map(|global| {
        let ident = format_ident!("{}", global.ident);
        let usual = if global.is_uuid { "00000000-0000-4000-8000-000000000000" } else { "placeholder" };
        let value = global.example.as_deref().unwrap_or(usual);
        quote!(.#ident(#value))
    });
    let schemes = api.client.schemes.iter().map(|scheme| {
        let ident = format_ident!("{}", scheme.ident);
        match scheme.placement {
            Placement::Basic => quote!(.#ident("placeholder", "placeholder")),
            _ => quote!(.#ident("placeholder")),
        }
    });
    quote!(#(#globals)* #(#schemes)*)
}

fn docs(api: &Api, types: &Types) -> String {
    let mut docs = format!(
        "A mock server for tests of code that uses this crate. Requires the feature `{FEATURE}`.\n\nThe server runs within the \
         process of the test, without a port or network. [`MockServer`] has a method for each operation that returns its \
         [`Script`]: the responses to that operation, in the order in which they are sent. A response can be a value of the \
         API's types, other JSON, a status, a broken connection, or none at all. A request for which no response is left \
         receives status 400 with a message that contains the name of the operation.\n\nAll calls of an \
         operation use one script, whatever their arguments. Raw requests to other paths cannot be \
         scripted.\n\n[`MockServer::assert_done`] asserts that \
         the calls and the scripts match. Each script returns the requests that it received.\n\nThe server uses the clock of \
         tokio: while it is paused, waits and delays take no real time.\n"
    );
    if let Some(example) = example(api, types, "test_harness") {
        docs.push_str(&format!("\n{example}"));
    }
    docs
}

/// Returns a test as a user would write it, in a code block that runs as a test. `None` if no response can be built.
pub(crate) fn example(api: &Api, types: &Types, words: &str) -> Option<String> {
    let test = match Scenario::of(api, types) {
        Some(scenario) => test_of_job(api, &scenario),
        None => test_of_call(api, &Sample::of(api, types)?),
    };
    let krate = format_ident!("{}", crate_name(api));
    let scope = Scope::of(&test);
    let status = scope.has("StatusCode").then(|| quote!(use #krate::StatusCode;));
    let [funcs, types, uploads] = ["funcs", "types", "uploads"].map(|name| {
        let module = format_ident!("{name}");
        scope.has(name).then(|| quote!(use #krate::#module;))
    });
    let imports = print::items(quote!(#status #funcs use #krate::test_util::MockServer; #types #uploads));
    Some(markdown::block(words, &format!("{imports}\n{}", print::items(test))))
}

fn test_of_job(api: &Api, scenario: &Scenario<'_>) -> TokenStream {
    let Scenario { start, result, started, running, done } = scenario;
    let (start_script, result_script) = (start.function(), result.function());
    let Example { setup, call } = call::method_call(api, start, &quote!(client));
    quote! {
        #[tokio::test(start_paused = true)]
        async fn waits_for_the_job() -> Result<(), Box<dyn std::error::Error>> {
            let server = MockServer::new();
            server.#start_script().respond(#started);
            server.#result_script() #(.respond(#running))* .status(503).respond(#done);
            let client = server.client();
            #setup
            let done = #call.wait().await?;
            println!("{done:?}");
            server.#start_script().assert_received(1);
            server.assert_done();
            Ok(())
        }
    }
}

fn test_of_call(api: &Api, sample: &Sample<'_>) -> TokenStream {
    let (function, response) = (sample.call.function(), &sample.response);
    let Example { setup, call } = call::method_call(api, &sample.call, &quote!(client));
    quote! {
        #[tokio::test(start_paused = true)]
        async fn returns_a_value_and_an_error() -> Result<(), Box<dyn std::error::Error>> {
            let server = MockServer::new();
            server.#function().#response.error(404, &serde_json::json!({ "message": "not found" }));
            let client = server.client();
            #setup
            let value = #call.await?;
            println!("{value:?}");

            #setup
            let error = #call.await.expect_err("the second response is an error");
            assert_eq!(error.status(), Some(StatusCode::NOT_FOUND));
            server.#function().assert_received(2);
            server.assert_done();
            Ok(())
        }
    }
}

/// Returns a short test for the docs of the crate, which also compile without the feature. `None` if no response can be
/// built.
pub(crate) fn short_example(api: &Api, types: &Types) -> Option<String> {
    let krate = format_ident!("{}", crate_name(api));
    let (script, call, then) = match Scenario::of(api, types) {
        Some(Scenario { start, result, started, done, .. }) => {
            let (first, last) = (start.function(), result.function());
            let script = quote!(server.#first().respond(#started); server.#last().respond(#done););
            (script, start, quote!(.wait().await?))
        }
        None => {
            let Sample { call, response } = Sample::of(api, types)?;
            let function = call.function();
            (quote!(server.#function().#response;), call, quote!(.await?))
        }
    };
    let Example { setup, call } = call::method_call(api, &call, &quote!(client));
    let scope = Scope::of(&quote!(#script #setup #call));
    let [funcs, types, uploads] =
        ["funcs", "types", "uploads"].map(|name| scope.has(name).then(|| format_ident!("{name}")));
    let before = funcs.map(|name| quote!(#name,));
    let after = [types, uploads].into_iter().flatten().map(|name| quote!(, #name));
    let test = print::items(quote! {
        #[tokio::test(start_paused = true)]
        async fn my_test() -> Result<(), Box<dyn std::error::Error>> {
            use #krate::{#before test_util::MockServer #(#after)*};

            let server = MockServer::new();
            #script
            let client = server.client();
            #setup
            let value = #call #then;
            println!("{value:?}");
            server.assert_done();
            Ok(())
        }
    });
    Some(markdown::block("test_harness", &format!("# #[cfg(feature = \"{FEATURE}\")]\n{test}")))
}
