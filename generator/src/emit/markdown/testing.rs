//! The page about the test kit. Its example is a test that runs if the feature is enabled.

use crate::emit::example::scenario::Scenario;
use crate::emit::rust::test_util;
use crate::emit::rust::test_util::FEATURE;
use crate::ir::Api;
use crate::progenitor::Types;

pub(super) fn page(api: &Api, types: &Types) -> String {
    let package = &api.package;
    let mut text = format!(
        "# Testing code that uses the client\n\nThe feature `{FEATURE}` brings a scripted server that runs inside of the test: no \
         port, no network, and with tokio's clock paused no waiting either.\n\n```toml\n[dev-dependencies]\n{} = {{ version = \
         \"{}\", features = [\"{FEATURE}\"] }}\ntokio = {{ version = \"1\", features = [\"macros\", \"rt\", \"test-util\"] \
         }}\n```\n\nA `MockServer` has a method for each operation that gives its script: the answers, in the order in which \
         they are asked for. Answers are replies in the API's own types, other JSON, statuses, broken connections or silence.\n\n",
        package.name, package.version
    );
    if let Some(scenario) = Scenario::of(api, types) {
        text.push_str(&test_util::example(api, &scenario, "rust,test_harness"));
        text.push('\n');
    }
    text.push_str(ANSWERS);
    text
}

const ANSWERS: &str = "| on a script | the answer |\n| --- | --- |\n\
| `.reply(value)` | the value, with the status of success |\n\
| `.json(value)` | any JSON instead |\n\
| `.status(503)` | a status without a body |\n\
| `.error(404, &json)` | a status with a body of JSON |\n\
| `.disconnect()` | a connection that breaks after the request was sent |\n\
| `.refuse()` | no connection |\n\
| `.hang()` | nothing at all |\n\n\
Behind an answer, `.delay(…)`, `.retry_after(…)`, `.header(…, …)`, `.body(…, …)` and `.repeat()` change it.\n\n\
A call that finds no answer fails with status 400 and a message that names the operation. `assert_done()` says in the end \
whether all went as scripted; a script's `requests()` and `bodies()` are what it received, and `assert_received(2)` counts \
them, every attempt as one.\n";
