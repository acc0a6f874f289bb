//! Lowers the crate's name and the other data of its manifest, from `info` and `x-sdk`.

use serde_json::Value;

use super::Lowering;
use crate::diagnostics::catalogue::{UNKNOWN_LICENCE, UNKNOWN_SDK_KEY};
use crate::document::Node;
use crate::ir::Package;
use crate::naming::{file_title, is_package_name, is_version, pascal};

/// The keys of `x-sdk`.
const KEYS: [&str; 5] = ["packageName", "packageVersion", "clientName", "envPrefix", "license"];

impl Lowering<'_> {
    pub(super) fn package(&mut self, spec: &str) -> Package {
        self.check_sdk_keys();
        let root = self.document.root();
        let info = |key: &str| root.at(&["info", key]).map(|node| plain(node.value()));
        let title = info("title").unwrap_or_else(|| file_title(spec).to_owned());
        let words = pascal(&title);
        let default_name = heck::ToKebabCase::to_kebab_case(without_client(&words)) + "-client";
        let name = self.sdk_text("packageName", &default_name, "a name such as `petstore-client`", is_package_name);
        let api_version = info("version").unwrap_or_default();
        let version = if is_version(&api_version) { &api_version } else { "0.1.0" };
        let version = self.sdk_text("packageVersion", version, "a version such as `0.1.0`", is_version);
        let license = self.license();
        let license = self.sdk_text("license", &license, "an SPDX expression", |text| !text.is_empty());
        let documentation = root.at(&["externalDocs", "url"]).map(|node| plain(node.value()));
        Package {
            name,
            version,
            license,
            description: info("description").unwrap_or_else(|| title.clone()),
            title,
            api_version,
            homepage: documentation.clone(),
            documentation,
            crate_documentation: None,
            spec: spec.to_owned(),
            authors: root.at(&["info", "contact"]).and_then(|contact| author(&contact)).into_iter().collect(),
            repository: None,
            keywords: ["api", "async", "client", "openapi", "sdk"].map(str::to_owned).into(),
            default_features: None,
            dependencies: String::new(),
            has_custom_module: false,
            has_model_pages: false,
            has_lints: false,
        }
    }

    /// Returns the licence that `info` states, or the default.
    fn license(&mut self) -> String {
        let root = self.document.root();
        let Some(license) = root.at(&["info", "license"]) else { return "MIT OR Apache-2.0".to_owned() };
        // OpenAPI 3.1 has a member for the identifier. In earlier versions, authors write it as the name.
        let (identifier, name) = (license.words("identifier"), license.words("name"));
        if let Some(expression) = [&identifier, &name].into_iter().flatten().find_map(|text| expression(text)) {
            return expression;
        }
        let Some(name) = name.or(identifier) else { return "MIT OR Apache-2.0".to_owned() };
        let is_allowed = |c: char| c.is_ascii_alphanumeric() || c == '.';
        let words: Vec<_> = name.split(|c| !is_allowed(c)).filter(|word| !word.is_empty()).collect();
        let words = if words.is_empty() { "Other".to_owned() } else { words.join("-") };
        let expression = format!("LicenseRef-{words}");
        if root.at(&["x-sdk", "license"]).is_none() {
            let message = format!("the licence `{name}` is not an SPDX identifier, so the crate states `{expression}`");
            self.diagnostics.report(self.document, &UNKNOWN_LICENCE, license.pointer(), message);
        }
        expression
    }

    /// Returns the string of an `x-sdk` key, or the default if it is absent or invalid.
    pub(super) fn sdk_text(&mut self, key: &str, default: &str, wanted: &str, accept: impl Fn(&str) -> bool) -> String {
        let Some(node) = self.document.root().at(&["x-sdk", key]) else {
            return default.to_owned();
        };
        let text = plain(node.value());
        if accept(&text) && !node.value().is_object() {
            return text;
        }
        self.bad_extension(&node, format!("`x-sdk.{key}` is `{text}`, which is not {wanted}"));
        default.to_owned()
    }

    fn check_sdk_keys(&mut self) {
        let sdk = self.document.root().get("x-sdk");
        for (key, node) in sdk.iter().flat_map(Node::entries).filter(|(key, _)| !KEYS.contains(key)) {
            let message = format!("unknown key `{key}` in `x-sdk` is ignored; known keys: {}", KEYS.join(", "));
            self.diagnostics.report(self.document, &UNKNOWN_SDK_KEY, node.pointer(), message);
        }
    }
}

/// Words in names of licences that their identifiers do not have.
const FILLERS: [&str; 4] = ["the", "license", "licence", "version"];

/// Returns the SPDX expression that a text is or names. Letter case does not matter, nor do words such as "License".
fn expression(text: &str) -> Option<String> {
    let alternatives = text.replace('/', " OR ");
    let words =
        alternatives.split(|c: char| c.is_whitespace() || c == ',').map(|word| match word.to_lowercase().as_str() {
            "or" => "OR".to_owned(),
            "and" => "AND".to_owned(),
            "with" => "WITH".to_owned(),
            _ => word.to_owned(),
        });
    let words: Vec<String> = words.filter(|word| !word.is_empty()).collect();
    let canonical: Vec<String> = words.iter().map(|word| identifier(word).unwrap_or(word).to_owned()).collect();
    let canonical = canonical.join(" ");
    if spdx::Expression::parse(&canonical).is_ok() {
        return Some(canonical);
    }
    let named = words.iter().map(|word| word.to_lowercase()).filter(|word| !FILLERS.contains(&word.as_str()));
    let mut named: Vec<String> = named.collect();
    // "MIT License (MIT)"
    let repeated = named.first().map(|first| format!("({first})"));
    named.retain(|word| Some(word) != repeated.as_ref());
    let named = named.join("-");
    let named = if named == "apache-2" { "apache-2.0" } else { &named };
    identifier(named).map(str::to_owned)
}

/// Returns an SPDX identifier in its own letter case.
fn identifier(text: &str) -> Option<&'static str> {
    let mut all = spdx::identifiers::LICENSES.iter().map(|license| license.name);
    all.find(|name| name.eq_ignore_ascii_case(text))
}

/// Returns a contact as an author of the manifest. `None` if it has no name.
fn author(contact: &Node<'_>) -> Option<String> {
    let name = contact.words("name")?;
    Some(match contact.words("email") {
        Some(email) => format!("{name} <{email}>"),
        None => name,
    })
}

/// Returns the name without a trailing `Client`, which is appended again later.
pub(super) fn without_client(name: &str) -> &str {
    match name.strip_suffix("Client") {
        Some("") | None => name,
        Some(rest) => rest,
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
