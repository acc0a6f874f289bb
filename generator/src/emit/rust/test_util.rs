//! The test kit: a scripted server that knows the operations and the API's types.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::docs::doc;
use crate::emit::Source;
use crate::emit::example::call;
use crate::emit::example::call::Example;
use crate::emit::example::scenario::Scenario;
use crate::emit::example::snippet::crate_name;
use crate::emit::operation::Call;
use crate::emit::split::Methods;
use crate::emit::syntax::Scope;
use crate::ir::{Api, Placement, ResponseType};
use crate::naming::unique;
use crate::progenitor::Types;
use crate::{markdown, print};

/// The feature that enables the test kit.
pub(crate) const FEATURE: &str = "test-util";

/// The methods of the server itself. Operations cannot have these names.
const SERVER_METHODS: [&str; 6] = ["new", "client", "builder", "requests", "problems", "assert_done"];

pub(crate) fn emit(api: &Api, types: &Types) -> Vec<Source> {
    let (client, builder) = (format_ident!("{}", api.client.name), format_ident!("{}Builder", api.client.name));
    let calls: Vec<Call<'_>> = (0..api.operations.len()).map(|index| Call::of(api, types, index)).collect();
    let metas = calls.iter().map(|call| {
        let ty = arguments(call);
        quote!(<funcs::#ty as Operation>::META)
    });
    let spread = Methods {
        place: "src/test_util".to_owned(),
        header: quote!(impl MockServer),
        imports: quote!(
            use super::{MockServer, Script};
        ),
        docs: "Scripts of operations, one of many files.",
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
            /// All operations, in the order of the scripts.
            static OPERATIONS: &[OperationMeta] = &[#(#metas),*];
        )
    });
    let known = if calls.is_empty() { quote!([]) } else { quote!(OPERATIONS.iter().cloned()) };
    let types_import = Scope::of(&scripts).has("types").then(|| {
        quote!(
            use crate::types;
        )
    });
    let client_docs = doc(&format!(
        "A client of this server. Its settings are placeholders, and it draws the same random numbers in every run; \
         [`{builder}`](Self::builder) takes others."
    ));
    let items = quote! {
        #modules
        use crate::client::{#client, #builder};
        #imports
        use crate::runtime::mock::{SERVER_URL, Server};
        #types_import

        pub use crate::runtime::mock::{NoBody, ReceivedRequest, Script, Step};

        #operations

        /// A server in the test's own process, which answers as it was told. Clones are the same one.
        #[derive(Debug, Clone)]
        pub struct MockServer { server: Server }

        impl MockServer {
            /// A server without answers.
            #[must_use]
            pub fn new() -> Self { Self { server: Server::new(#known) } }

            #client_docs
            #[must_use]
            #[expect(clippy::expect_used, clippy::missing_panics_doc, reason = "the settings are sound")]
            pub fn client(&self) -> #client { self.builder().build().expect("the placeholders are sound settings") }

            /// The settings of a client of this server: placeholders that can be set again, and whatever else a client has.
            pub fn builder(&self) -> #builder {
                #client::builder() #settings .server_url(SERVER_URL).carried_by(self.server.clone())
            }

            /// All requests so far, in the order in which they came in. Every attempt of a call is one.
            #[must_use]
            pub fn requests(&self) -> Vec<ReceivedRequest> { self.server.requests() }

            /// What did not go as scripted: calls without an answer, answers without a call. A sentence each.
            #[must_use]
            pub fn problems(&self) -> Vec<String> { self.server.problems() }

            /// Asserts that all went as scripted: every call had an answer, and every answer was asked for. Answers that
            /// repeat may be asked for any number of times.
            ///
            /// # Panics
            ///
            /// There are [`problems`](Self::problems), which it names.
            #[track_caller]
            pub fn assert_done(&self) {
                let problems = self.problems();
                assert!(problems.is_empty(), "not as scripted:\n- {}", problems.join("\n- "));
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
    if call.borrows() { quote!(#name<'static>) } else { quote!(#name) }
}

/// Returns the script method of each operation, with its name.
fn scripts(calls: &[Call<'_>]) -> Vec<(String, TokenStream)> {
    let mut taken: BTreeSet<String> = SERVER_METHODS.map(str::to_owned).into();
    let methods = calls.iter().enumerate().map(|(index, call)| {
        let function = &call.operation.function_ident;
        let ident = unique(function, &mut taken);
        let name = format_ident!("{ident}");
        let docs = doc(&format!("The answers to [`{function}`](crate::funcs::{function})."));
        let (output, index) = (call.output(), proc_macro2::Literal::usize_unsuffixed(index));
        let status = proc_macro2::Literal::u16_unsuffixed(success(call));
        let body = call.body().map(|ty| quote!(, #ty));
        let method = quote! {
            #docs
            #[must_use]
            pub fn #name(&self) -> Script<#output #body> { self.server.script(#index, #status) }
        };
        (ident, method)
    });
    methods.collect()
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
        "For tests of code that uses this crate: a scripted server, without a port and without a network. Needs the feature \
         `{FEATURE}`.\n\nA [`MockServer`] has a method for each operation that gives its [`Script`]: the answers, in the \
         order in which they are asked for. They are replies in the API's own types, other JSON, statuses, broken connections, \
         silence. A call that finds no answer fails with status 400 and a message that names the operation. Afterwards \
         [`MockServer::assert_done`] says whether all went as scripted, and each script what was received.\n\nTime is \
         tokio's: with its clock paused, waits and delays take no time.\n"
    );
    if let Some(example) = Scenario::of(api, types).map(|scenario| example(api, &scenario, "test_harness")) {
        docs.push_str(&format!("\n{example}"));
    }
    docs
}

/// Returns a test as a user would write it, in a code block that runs as a test.
pub(crate) fn example(api: &Api, scenario: &Scenario<'_>, words: &str) -> String {
    let krate = format_ident!("{}", crate_name(api));
    let Scenario { start, result, started, running, done } = scenario;
    let (start_script, result_script) = (start.function(), result.function());
    let Example { setup, call } = call::method_call(api, start, &quote!(client));
    let imports = print::items(&quote!(use #krate::test_util::MockServer; use #krate::types;));
    let test = print::items(&quote! {
        #[tokio::test(start_paused = true)]
        async fn waits_for_the_end() -> Result<(), Box<dyn std::error::Error>> {
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
    });
    markdown::block(words, &format!("{imports}\n{test}"))
}
