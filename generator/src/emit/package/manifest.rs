//! The client's `Cargo.toml`. It is self-contained: nothing in it is inherited from a workspace.

use std::fmt::Write as _;

use super::runtime_components::Component;
use crate::emit::{Content, Source, programs};
use crate::ir::Api;
use crate::progenitor::Types;

const FEATURES: &str = r#"[features]
default = ["rustls-tls", "tracing"]
# TLS by rustls.
rustls-tls = ["reqwest/rustls"]
# TLS by the system's library.
native-tls = ["reqwest/native-tls"]
# HTTP/2 where the server offers it.
http2 = ["reqwest/http2", "dep:h2"]
# Responses compressed with gzip.
gzip = ["reqwest/gzip"]
# Spans and events of every call.
tracing = ["dep:tracing"]
# Calls for programs without an async runtime.
blocking = ["tokio/rt-multi-thread"]
# A scripted server for tests.
test-util = []
"#;

/// The dependencies of every client, as lines of TOML. A test compares their versions with those of the workspace.
const DEPENDENCIES: &str = r#"bytes = "1.12.2"
fastrand = "2.5.0"
futures-core = "0.3.34"
h2 = { version = "0.4.20", optional = true }
http = "1.5.0"
httpdate = "1.0.3"
hyper = { version = "1.12.0", default-features = false }
percent-encoding = "2.3.2"
reqwest = { version = "0.13.5", default-features = false }
serde = { version = "1.0.229", features = ["derive"] }
serde_json = { version = "1.0.154", features = ["float_roundtrip"] }
tokio = { version = "1.54.1", default-features = false, features = ["sync", "time"] }
tower-layer = "0.3.3"
tower-service = "0.3.3"
tracing = { version = "0.1.44", default-features = false, features = ["std"], optional = true }
"#;

/// The dependency of clients with bodies in XML.
const QUICK_XML: &str = "quick-xml = { version = \"0.42.0\", optional = true }\n";

/// Additional dependencies of doc tests and examples.
const DEV_DEPENDENCIES: &str = r#"tokio = { version = "1.54.1", default-features = false, features = ["macros", "rt-multi-thread", "sync", "test-util"] }
"#;

/// The minimum supported Rust version of clients. Let chains and the dependencies require it.
pub(crate) const RUST_VERSION: &str = "1.88";

/// The lints of every client: those of the workspace, without the ones about names and types that depend on the
/// document.
const LINTS: &str = r#"[lints.rust]
missing_docs = "warn"
unsafe_code = "forbid"
unreachable_pub = "allow"
rust_2018_idioms = { level = "warn", priority = -1 }

[lints.rustdoc]
broken_intra_doc_links = "warn"
private_intra_doc_links = "warn"

[lints.clippy]
pedantic = { level = "warn", priority = -1 }
# Nothing that is read or given may end a program.
unwrap_used = "deny"
expect_used = "deny"
panic = "deny"
indexing_slicing = "deny"
string_slice = "deny"
get_unwrap = "deny"
todo = "deny"
unimplemented = "deny"
unreachable = "deny"
allow_attributes_without_reason = "deny"
dbg_macro = "warn"
module_name_repetitions = "allow"
format_push_string = "allow"
doc_markdown = "allow"
option_option = "allow"
single_match_else = "allow"
# Names, maps and sizes are the document's own.
enum_variant_names = "allow"
fn_params_excessive_bools = "allow"
implicit_hasher = "allow"
large_enum_variant = "allow"
module_inception = "allow"
same_functions_in_if_condition = "allow"
struct_excessive_bools = "allow"
struct_field_names = "allow"
# A request has as many lines as the document gives it parameters.
too_many_lines = "allow"
"#;

pub(crate) fn emit(api: &Api, types: &Types) -> Source {
    let package = &api.package;
    let mut text = String::from("[package]\n");
    let description: String = package.description.split_whitespace().collect::<Vec<_>>().join(" ");
    for (key, value) in [
        ("name", package.name.as_str()),
        ("version", &package.version),
        ("description", &description),
        ("license", &package.license),
    ] {
        let _ = writeln!(text, "{key} = {}", quoted(value));
    }
    let _ = write!(text, "edition = \"2024\"\nrust-version = \"{RUST_VERSION}\"\nreadme = \"README.md\"\n");
    if let Some(url) = &package.documentation {
        let _ = writeln!(text, "homepage = {}", quoted(url));
    }
    if !package.authors.is_empty() {
        let _ = writeln!(text, "authors = {}", list(&package.authors));
    }
    if let Some(url) = &package.repository {
        let _ = writeln!(text, "repository = {}", quoted(url));
    }
    let _ = writeln!(text, "keywords = {}\ncategories = [\"api-bindings\"]", list(&package.keywords));
    let (features, dependencies) = if Component::Xml.is_in(api) {
        (with_xml(FEATURES), DEPENDENCIES.replace("reqwest = ", &format!("{QUICK_XML}reqwest = ")))
    } else {
        (FEATURES.to_owned(), DEPENDENCIES.to_owned())
    };
    let _ = write!(
        text,
        "\n{features}\n[dependencies]\n{dependencies}{}\n[dev-dependencies]\n{DEV_DEPENDENCIES}\n",
        package.dependencies
    );
    for (name, features) in programs::names(api, types) {
        let features: Vec<String> = features.iter().map(|feature| quoted(feature)).collect();
        let _ =
            writeln!(text, "[[example]]\nname = {}\nrequired-features = [{}]\n", quoted(&name), features.join(", "));
    }
    let _ = writeln!(text, "[package.metadata.docs.rs]\nall-features = true\n");
    text.push_str(LINTS);
    Source { path: "Cargo.toml".to_owned(), content: Content::Toml(text) }
}

/// Returns the names of the dependencies of clients.
pub(crate) fn dependencies() -> impl Iterator<Item = &'static str> {
    DEPENDENCIES.lines().chain(QUICK_XML.lines()).filter_map(|line| line.split(' ').next())
}

/// Adds the feature for bodies in XML, which is a default feature.
fn with_xml(features: &str) -> String {
    let features = features.replace("\"tracing\"]\n", "\"tracing\", \"xml\"]\n");
    format!("{features}# Bodies in XML.\nxml = [\"dep:quick-xml\"]\n")
}

/// Returns the row of the feature in a table of features. Empty if the API has no bodies in XML.
pub(crate) fn xml_feature(api: &Api) -> &'static str {
    if Component::Xml.is_in(api) {
        "\n| `xml` | yes | bodies in XML; without it, calls that need them fail before they send a request |"
    } else {
        ""
    }
}

/// Returns a list of strings in TOML.
fn list(texts: &[String]) -> String {
    format!("[{}]", texts.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(", "))
}

/// Quotes a string for TOML. The syntax of JSON strings is valid there too.
fn quoted(text: &str) -> String {
    serde_json::Value::String(text.to_owned()).to_string()
}
