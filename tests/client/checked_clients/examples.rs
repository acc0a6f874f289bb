//! Programs that run the examples of the Markdown pages of a client, against a port that nobody listens on.
//!
//! Each call fails, but the values of its arguments are made before: an example whose value does not decode panics.

use std::fmt::Write as _;

use generator::tree::CrateTree;

use crate::client::workspace::{Member, TOKIO};
use crate::generator::fixtures::{FIXTURES, output};

/// Port 9 is reserved for a service that discards what it receives (RFC 863), which no machine runs any more.
const NOWHERE: &str = ".server_url(\"http://127.0.0.1:9\").timeout(std::time::Duration::from_secs(1)).build()?;";

/// The call whose body has 262,144 required strings. Its example has `null` in place of so many, which does not decode.
const TOO_WIDE: &str = "wide(";

/// The names of the programs, one for each fixture with examples.
pub(crate) fn programs() -> Vec<String> {
    FIXTURES.into_iter().filter(|fixture| !examples(&output(fixture).tree).is_empty()).map(name).collect()
}

pub(crate) fn members() -> Vec<Member> {
    FIXTURES.iter().filter_map(|fixture| member(fixture, &output(fixture).tree)).collect()
}

fn name(fixture: &str) -> String {
    format!("examples-{fixture}")
}

fn member(fixture: &str, tree: &CrateTree) -> Option<Member> {
    let examples = examples(tree);
    if examples.is_empty() {
        return None;
    }
    let manifest = tree.get("Cargo.toml").expect("a client has a manifest");
    let package = manifest.lines().find_map(|line| line.strip_prefix("name = ")).expect("it has a name");
    let package = package.trim_matches('"');
    let dependencies = format!(
        "{TOKIO}serde_json = \"1\"\n{package} = {{ path = \"../{fixture}\", default-features = false, features = [\"full\", \"tracing\"] }}\n"
    );
    let mut source = String::from("#![allow(deprecated)]\n");
    for (index, example) in examples.iter().enumerate() {
        let example = example
            .replace("async fn run()", "pub(super) async fn run()")
            .replace(".build()?;", NOWHERE)
            .replace(".build_core()?;", &NOWHERE.replace(".build()", ".build_core()"));
        let _ = writeln!(source, "mod example_{index} {{\n{example}\n}}\n");
    }
    source.push_str("fn main() {\n    // Values are built on the stack, which takes more of it in a build without optimization.\n    let runtime = tokio::runtime::Builder::new_multi_thread().thread_stack_size(16 << 20).enable_all().build();\n    runtime.expect(\"a runtime\").block_on(run());\n}\n\nasync fn run() {\n    let examples = [\n");
    for index in 0..examples.len() {
        let _ = writeln!(source, "        tokio::spawn(async {{ drop(example_{index}::run().await); }}),");
    }
    source.push_str("    ];\n    for example in examples {\n        example.await.expect(\"the example does not panic\");\n    }\n}\n");
    Some(Member::user(&name(fixture), &dependencies, "src/main.rs", source))
}

/// The asynchronous examples in the pages of all namespaces.
fn examples(tree: &CrateTree) -> Vec<String> {
    let pages = tree.iter().filter(|(path, _)| path.starts_with("docs/sdks/")).map(|(_, text)| text);
    let blocks =
        pages.flat_map(|text| text.split("```rust,no_run\n").skip(1)).filter_map(|rest| rest.split("```").next());
    let blocks = blocks.filter(|block| block.contains("async fn run()") && !block.contains(TOO_WIDE));
    blocks.map(str::to_owned).collect()
}
