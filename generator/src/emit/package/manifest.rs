//! The client's `Cargo.toml`. It is self-contained: nothing in it is inherited from a workspace.

use std::fmt::Write as _;

use super::runtime_components::Component;
use super::{own_dependencies, parts};
use crate::emit::{Content, Source, programs};
use crate::ir::{Api, CLIENT, FULL, TYPES};
use crate::progenitor::Types;

/// A feature of clients.
struct Feature {
    name: &'static str,
    /// Whether it is enabled by default.
    is_default: bool,
    comment: &'static str,
    /// What it enables, as TOML.
    enables: &'static str,
}

impl Feature {
    const fn new(name: &'static str, is_default: bool, comment: &'static str, enables: &'static str) -> Self {
        Self { name, is_default, comment, enables }
    }
}

const FEATURES: [Feature; 15] = [
    Feature::new("rustls-tls", true, "TLS by rustls.", "[\"client\", \"reqwest/rustls\"]"),
    Feature::new("native-tls", false, "TLS by the system's library.", "[\"client\", \"reqwest/native-tls\"]"),
    Feature::new("http2", false, "HTTP/2 where the server offers it.", "[\"client\", \"reqwest/http2\", \"dep:h2\"]"),
    Feature::new("gzip", false, "Responses compressed with gzip.", "[\"client\", \"reqwest/gzip\"]"),
    Feature::new("tracing", true, "Spans and events of every call.", "[\"client\", \"dep:tracing\"]"),
    Feature::new(
        "blocking",
        false,
        "Calls for programs without an async runtime.",
        "[\"client\", \"tokio/rt-multi-thread\"]",
    ),
    Feature::new("test-util", false, "A scripted server for tests.", "[\"client\"]"),
    Feature::new("jiff", false, "Dates and times convert from and to the types of jiff.", "[\"dep:jiff\"]"),
    Feature::new("chrono", false, "Dates and times convert from and to the types of chrono.", "[\"dep:chrono\"]"),
    Feature::new("time", false, "Dates and times convert from and to the types of time.", "[\"dep:time\"]"),
    Feature::new("uuid", false, "UUIDs convert from and to `uuid::Uuid`.", "[\"dep:uuid\"]"),
    Feature::new(
        "rust_decimal",
        false,
        "Decimal numbers convert from and to `rust_decimal::Decimal`.",
        "[\"dep:rust_decimal\"]",
    ),
    Feature::new("url", false, "URLs convert from and to `url::Url`.", "[\"dep:url\"]"),
    Feature::new(FS, false, "Bodies from and to files.", "[\"client\", \"tokio/fs\", \"tokio/io-util\", \"tokio/rt\"]"),
    Feature::new(XML, true, "Bodies in XML.", "[\"client\", \"dep:quick-xml\"]"),
];

/// The features of clients with scalars.
const SCALARS: [&str; 6] = ["jiff", "chrono", "time", "uuid", "rust_decimal", "url"];

/// The feature of clients with bodies of bytes.
const FS: &str = "fs";

/// The feature of clients with bodies in XML.
const XML: &str = "xml";

/// The dependencies of every client, as lines of TOML. A test compares their versions with those of the workspace.
const DEPENDENCIES: &str = r#"base64 = { version = "0.23.1", default-features = false, features = ["std"] }
bytes = "1.12.2"
fastrand = { version = "2.5.0", optional = true }
futures-core = { version = "0.3.34", optional = true }
h2 = { version = "0.4.20", optional = true }
http = "1.5.0"
httpdate = "1.0.3"
hyper = { version = "1.12.0", default-features = false, optional = true }
percent-encoding = "2.3.2"
reqwest = { version = "0.13.5", default-features = false, optional = true }
serde = { version = "1.0.229", features = ["derive"] }
serde_json = { version = "1.0.154", features = ["float_roundtrip"] }
tokio = { version = "1.54.1", default-features = false, features = ["sync", "time"], optional = true }
tower-layer = { version = "0.3.3", optional = true }
tower-service = { version = "0.3.3", optional = true }
tracing = { version = "0.1.44", default-features = false, features = ["std"], optional = true }
"#;

/// The dependencies that only the client needs.
pub(super) const CLIENT_DEPENDENCIES: [&str; 7] =
    ["fastrand", "futures-core", "hyper", "reqwest", "tokio", "tower-layer", "tower-service"];

/// The dependency of clients with bodies in XML.
const XML_DEPENDENCIES: &str = r#"quick-xml = { version = "0.42.0", optional = true }
"#;

/// The dependencies of clients with scalars.
const SCALAR_DEPENDENCIES: &str = r#"chrono = { version = "0.4.45", default-features = false, features = ["std"], optional = true }
jiff = { version = "1.0.2", default-features = false, features = ["std"], optional = true }
rust_decimal = { version = "1.43.0", default-features = false, optional = true }
time = { version = "0.3.55", default-features = false, features = ["formatting", "macros", "parsing"], optional = true }
url = { version = "2.5.8", optional = true }
uuid = { version = "1.26.1", default-features = false, optional = true }
"#;

/// Additional dependencies of doc tests and examples.
const DEV_DEPENDENCIES: &str = r#"tokio = { version = "1.54.1", default-features = false, features = ["macros", "rt-multi-thread", "sync", "test-util"] }
"#;

/// The minimum supported Rust version of clients. Let chains and the dependencies require it.
pub(crate) const RUST_VERSION: &str = "1.88";

/// The lints that the generated code complies with.
const LINTS: &str = r#"missing_docs = "warn"
unsafe_code = "forbid"
unreachable_pub = "allow"
rust_2018_idioms = { level = "warn", priority = -1 }
"#;

const CLIPPY_LINTS: &str = r#"pedantic = { level = "warn", priority = -1 }
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
fn_params_excessive_bools = "allow"
implicit_hasher = "allow"
same_functions_in_if_condition = "allow"
struct_excessive_bools = "allow"
struct_field_names = "allow"
# A request has as many lines as the document gives it parameters.
too_many_lines = "allow"
"#;

/// The lints that are enabled by default, but check names and sizes that are the document's own.
const DISABLED_LINTS: &str = r#"enum_variant_names = "allow"
large_enum_variant = "allow"
module_inception = "allow"
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
    if let Some(url) = &package.homepage {
        let _ = writeln!(text, "homepage = {}", quoted(url));
    }
    if !package.authors.is_empty() {
        let _ = writeln!(text, "authors = {}", list(&package.authors));
    }
    for (key, url) in [("repository", &package.repository), ("documentation", &package.crate_documentation)] {
        if let Some(url) = url {
            let _ = writeln!(text, "{key} = {}", quoted(url));
        }
    }
    let _ = writeln!(text, "keywords = {}\ncategories = [\"api-bindings\"]", list(&package.keywords));
    let _ = write!(
        text,
        "\n{}\n[dependencies]\n{}{}\n[dev-dependencies]\n{DEV_DEPENDENCIES}\n",
        features(api),
        dependencies_of(api),
        own_dependencies::lines(api)
    );
    for (name, features) in programs::names(api, types) {
        // Examples call any operation.
        let features: Vec<String> = features.iter().chain([&FULL]).map(|feature| quoted(feature)).collect();
        let _ =
            writeln!(text, "[[example]]\nname = {}\nrequired-features = [{}]\n", quoted(&name), features.join(", "));
    }
    let _ = writeln!(text, "[package.metadata.docs.rs]\nall-features = true\n");
    text.push_str(&lints(api));
    Source { path: "Cargo.toml".to_owned(), content: Content::Toml(text) }
}

/// Returns the lints of the client. The runtime knows features of scalars that the client lacks if the owner depends on the crate.
fn lints(api: &Api) -> String {
    let missing = SCALARS.iter().filter(|name| Component::Scalars.is_in(api) && is_own(api, name));
    let missing: Vec<_> = missing.map(|name| quoted(name)).collect();
    let known = format!(
        "unexpected_cfgs = {{ level = \"warn\", check-cfg = ['cfg(feature, values({}))'] }}\n",
        missing.join(", ")
    );
    let known = if missing.is_empty() { "" } else { &known };
    if api.package.has_lints {
        return format!(
            "[lints.rust]\n{known}{LINTS}\n[lints.rustdoc]\nbroken_intra_doc_links = \"warn\"\nprivate_intra_doc_links = \
             \"warn\"\n\n[lints.clippy]\n{CLIPPY_LINTS}{DISABLED_LINTS}"
        );
    }
    let rust = if known.is_empty() { String::new() } else { format!("[lints.rust]\n{known}\n") };
    format!("{rust}[lints.clippy]\n{DISABLED_LINTS}")
}

/// Returns the names of the dependencies of clients that an owner cannot replace.
pub(crate) fn dependencies() -> impl Iterator<Item = &'static str> {
    [DEPENDENCIES, XML_DEPENDENCIES].into_iter().flat_map(str::lines).filter_map(name_of)
}

/// Returns the dependencies of a client, in alphabetical order.
fn dependencies_of(api: &Api) -> String {
    let optional = [(Component::Xml, XML_DEPENDENCIES), (Component::Scalars, SCALAR_DEPENDENCIES)];
    let needed =
        optional.into_iter().filter(|(component, _)| component.is_in(api)).flat_map(|(_, lines)| lines.lines());
    let needed = needed.filter(|line| name_of(line).is_none_or(|name| !is_own(api, name)));
    let mut lines: Vec<_> = DEPENDENCIES.lines().chain(needed).collect();
    lines.sort_unstable();
    lines.iter().fold(String::new(), |text, line| text + line + "\n")
}

/// Returns the names of the features that clients can have.
pub(crate) fn all_features() -> impl Iterator<Item = &'static str> {
    FEATURES.iter().map(|feature| feature.name).chain([FULL])
}

/// Returns the features of a client.
fn features_of(api: &Api) -> impl Iterator<Item = &'static Feature> {
    let (has_xml, has_scalars) = (Component::Xml.is_in(api), Component::Scalars.is_in(api));
    let has_files = Component::Downloads.is_in(api) || Component::Uploads.is_in(api);
    FEATURES.iter().filter(move |feature| match feature.name {
        XML => has_xml,
        FS => has_files,
        name => !SCALARS.contains(&name) || has_scalars && !is_own(api, name),
    })
}

/// Whether a crate is a dependency of the owner's. Then the client has neither the dependency nor the feature for it.
fn is_own(api: &Api, name: &str) -> bool {
    own_dependencies::lines(api).lines().filter_map(name_of).any(|own| own == name)
}

/// Returns the name of the dependency that a line of TOML states.
pub(super) fn name_of(line: &str) -> Option<&str> {
    Some(line.split_once('=')?.0.trim())
}

/// Whether a client has a feature.
pub(crate) fn has_feature(api: &Api, name: &str) -> bool {
    name == FULL || features_of(api).any(|feature| feature.name == name)
}

/// Whether a feature of a client is enabled by default.
pub(crate) fn is_default(api: &Api, name: &str) -> bool {
    features_of(api).filter(|feature| feature.name == name).any(|feature| feature.is_default_in(api))
}

impl Feature {
    fn is_default_in(&self, api: &Api) -> bool {
        let chosen = api.package.default_features.as_ref();
        chosen.map_or(self.is_default, |chosen| chosen.iter().any(|name| name == self.name))
    }
}

/// Returns the names of the default features of a client.
pub(crate) fn defaults(api: &Api) -> Vec<String> {
    let usual = features_of(api).filter(|feature| feature.is_default_in(api)).map(|feature| feature.name.to_owned());
    std::iter::once(FULL.to_owned()).chain(usual).collect()
}

fn features(api: &Api) -> String {
    let mut text = format!("[features]\ndefault = {}\n{}", list(&defaults(api)), parts::toml(api));
    for Feature { name, comment, enables, .. } in features_of(api) {
        let _ = writeln!(text, "# {comment}\n{name} = {enables}");
    }
    text
}

/// Returns the crates whose types scalars convert to, each with the first part of its version that is not zero, as code.
pub(crate) fn scalar_versions() -> Vec<String> {
    let compatible = |version: &str| {
        let parts: Vec<_> = version.split('.').collect();
        let zeros = parts.iter().take_while(|part| **part == "0").count();
        parts.into_iter().take(zeros + 1).collect::<Vec<_>>().join(".")
    };
    let versions = SCALAR_DEPENDENCIES.lines().filter_map(|line| {
        let (name, rest) = line.split_once(" = ")?;
        let version = rest.split('"').nth(1)?;
        Some(format!("`{name}` {}", compatible(version)))
    });
    versions.collect()
}

/// Returns the rows of a table of features: name, default and description.
pub(crate) fn feature_rows(api: &Api, descriptions: &[(&str, &str)]) -> String {
    let xml = (XML, "bodies in XML; without it, calls that need them fail before they send a request");
    let files = (FS, "request bodies from files and readers, and downloads to files and writers");
    let scalars = SCALARS.iter().filter(|_| Component::Scalars.is_in(api));
    let scalars: Vec<_> = scalars
        .map(|name| (*name, format!("conversions between the types in `scalars` and those of the crate `{name}`")))
        .collect();
    let scalars = scalars.iter().map(|(name, about)| (*name, about.as_str()));
    let namespaces = if api.features.is_empty() { "" } else { " and all namespaces" };
    let full = format!("the whole API: `{CLIENT}`, `{TYPES}`{namespaces}");
    let parts = [
        (FULL, full.as_str()),
        (TYPES, "all types"),
        (
            CLIENT,
            "the client; without it, there are only types. The features below enable it, except those for types of other crates",
        ),
    ];
    let rows = parts.into_iter().chain(descriptions.iter().copied()).chain(has_feature(api, FS).then_some(files));
    let rows = rows.chain(Component::Xml.is_in(api).then_some(xml)).chain(scalars);
    let rows = rows.map(|(name, description)| {
        let default = match name {
            CLIENT | TYPES => "by `full`",
            _ if name == FULL || is_default(api, name) => "yes",
            _ => "no",
        };
        format!("| `{name}` | {default} | {description} |")
    });
    rows.collect::<Vec<_>>().join("\n")
}

/// Returns a list of strings in TOML.
pub(super) fn list(texts: &[String]) -> String {
    format!("[{}]", texts.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(", "))
}

/// Quotes a string for TOML. The syntax of JSON strings is valid there too.
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::String(text.to_owned()).to_string()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::naming::reserved;

    #[test]
    fn namespaces_cannot_have_the_names_of_other_features() {
        // `reqwest/gzip` enables the feature `reqwest` too, if there is one.
        let enabled =
            FEATURES.iter().flat_map(|feature| feature.enables.split('"')).filter_map(|name| name.split_once('/'));
        let others = all_features().chain(["default", CLIENT, TYPES]).chain(enabled.map(|(dependency, _)| dependency));
        assert_eq!(others.collect::<BTreeSet<_>>(), BTreeSet::from(reserved::FEATURES));
    }

    #[test]
    fn the_client_enables_the_optional_dependencies_without_a_feature_of_their_own() {
        let optional = DEPENDENCIES.lines().filter(|line| line.contains("optional = true")).filter_map(name_of);
        let others = optional
            .filter(|name| !FEATURES.iter().any(|feature| feature.enables.contains(&format!("\"dep:{name}\""))));
        assert_eq!(others.collect::<Vec<_>>(), CLIENT_DEPENDENCIES);
    }
}
