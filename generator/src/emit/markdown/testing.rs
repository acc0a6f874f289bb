//! The page about the test kit. Its example is a test that runs if the feature is enabled.

use quote::{format_ident, quote};

use crate::emit::example::call;
use crate::emit::example::call::Example;
use crate::emit::example::snippet::crate_name;
use crate::emit::operation::Call;
use crate::emit::package::runtime_components::Component;
use crate::emit::rust::test_util;
use crate::emit::rust::test_util::FEATURE;
use crate::ir::{Api, BodyContent, Operation, ResponseType};
use crate::progenitor::Types;
use crate::{markdown, print};

pub(super) fn page(api: &Api, types: &Types) -> String {
    let package = &api.package;
    let mut text = format!(
        "# Testing\n\nThe feature `{FEATURE}` adds a mock server for tests of code that uses the client. It runs within the process \
         of the test, without a port or network. While the clock of tokio is paused, as in a test with `#[tokio::test(start_paused = true)]`, waits and delays take no real \
         time. That needs the feature `test-util` of tokio.\n\n\
         ```toml\n[dev-dependencies]\n{} = {{ version = \"{}\", features = [\"{FEATURE}\"] }}\ntokio = {{ version = \"1\", \
         features = [\"macros\", \"rt\", \"test-util\"] }}\n```\n\n`MockServer` has a method for each operation that returns its \
         script: the responses to that operation, in the order in which they are sent. Each attempt of a call uses one \
         response.\n\n",
        package.name, package.version
    );
    if let Some(example) = test_util::example(api, types, "rust,test_harness") {
        text.push_str(&example);
        text.push('\n');
    }
    text.push_str(RESPONSES);
    if Component::Downloads.is_in(api) {
        text.push_str(BYTES);
    }
    text.push_str(CHANGES);
    if let Some(example) = cut_off(api, types) {
        text.push_str(CUT_OFF);
        text.push_str(&example);
    }
    if let Some(operation) = api.operations.iter().find(|operation| is_multipart(operation)) {
        text.push_str(PARTS);
        text.push_str(&parts_example(api, operation));
    }
    text
}

fn is_multipart(operation: &Operation) -> bool {
    operation.body.as_ref().is_some_and(|body| matches!(body.content, BodyContent::Multipart(_)))
}

/// Returns an example that prints the parts of all requests of an operation.
fn parts_example(api: &Api, operation: &Operation) -> String {
    let (krate, function) = (format_ident!("{}", crate_name(api)), format_ident!("{}", operation.function_ident));
    let code = quote! {
        use #krate::test_util::{MockServer, parts};

        fn show(server: &MockServer) {
            for request in server.#function().requests() {
                for part in parts(&request).expect("the body is multipart") {
                    println!("{} {:?}: {:?}", part.name(), part.file_name(), part.content());
                }
            }
        }
    };
    format!("\n{}", markdown::block("rust,no_run", &print::items(code)))
}

/// Returns a test of a download that is resumed. `None` if the client never resumes one.
fn cut_off(api: &Api, types: &Types) -> Option<String> {
    let mut calls = (0..api.operations.len()).map(|index| Call::of(api, types, index));
    let call = calls
        .find(|call| call.operation.success.content == ResponseType::Bytes && call.operation.http_method == "GET")?;
    let (krate, function) = (format_ident!("{}", crate_name(api)), call.function());
    let Example { setup, call } = call::method_call(api, &call, &quote!(client));
    let test = quote! {
        use #krate::test_util::MockServer;

        #[tokio::test(start_paused = true)]
        async fn a_download_is_resumed() -> Result<(), Box<dyn std::error::Error>> {
            let server = MockServer::new();
            let script = server.#function();
            let start = script.status(200).body("application/octet-stream", "01234");
            start.header("etag", "\"v1\"").header("accept-ranges", "bytes").header("content-length", "10");
            let rest = script.status(206).body("application/octet-stream", "56789");
            rest.header("etag", "\"v1\"").header("content-range", "bytes 5-9/10");

            let client = server.client();
            #setup
            let mut download = #call.download().await?;
            let mut bytes = Vec::new();
            while let Some(piece) = download.next().await {
                bytes.extend_from_slice(&piece?);
            }
            assert_eq!(bytes, b"0123456789");
            server.assert_done();
            Ok(())
        }
    };
    Some(markdown::block("rust,test_harness", &print::items(test)))
}

const CUT_OFF: &str = "\n## Interrupted downloads\n\nA response whose `content-length` is greater than the length of its body is cut off after the \
body. This test resumes the download:\n\n";

const PARTS: &str = "* `test_util::parts(&request)` returns the parts of a multipart request: their names, file names, content types, headers and \
contents.\n";

const RESPONSES: &str = "## Responses\n\n| method of a script | response |\n| --- | --- |\n\
| `.respond(value)` | a value, with the success status of the operation |\n\
| `.json(value)` | any JSON, with the success status of the operation |\n\
| `.status(503)` | a status with an empty body |\n\
| `.error(404, &json)` | a status with a JSON body |\n\
| `.disconnect()` | none: the connection breaks after the request was sent |\n\
| `.refuse()` | none: the connection is refused |\n\
| `.hang()` | none: nothing is sent until a time limit passes |\n";

const BYTES: &str = "\nFor an operation that returns bytes, whether read whole or as a download, use `.status(200).body(\"application/pdf\", bytes)` in place of \
`.respond(value)`.\n";

const CHANGES: &str = "\n`.delay(…)`, `.retry_after(…)`, `.header(…, …)`, `.body(…, …)` and `.repeat()` change the response that was added last.\n\n\
A request for which no response is left receives status 400 with a message that contains the name of the operation.\n\n\
## Assertions\n\n\
* `server.assert_done()` asserts that every request had a response, and that every response was used.\n\
* `assert_received(2)` of a script asserts the number of requests. Each attempt counts.\n\
* `requests()` of a script returns what it received, and `bodies()` the bodies, if they have a type.\n";
