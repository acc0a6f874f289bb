//! Lowers the crate's name and the other data of its manifest, from `info` and `x-sdk`.

use serde_json::Value;

use super::Lowering;
use crate::diagnostics::catalogue::UNKNOWN_SDK_KEY;
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
        let license = root.at(&["info", "license"]).and_then(|license| license_of(&license));
        let license = license.unwrap_or_else(|| "MIT OR Apache-2.0".to_owned());
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
        }
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

/// Returns the SPDX expression of a licence: that which OpenAPI 3.1 states, or that of a well-known name.
fn license_of(license: &Node<'_>) -> Option<String> {
    if let Some(identifier) = license.words("identifier") {
        return Some(identifier);
    }
    let name = license.words("name")?;
    let known = |text: &str| name.eq_ignore_ascii_case(text);
    let expression = match name.as_str() {
        _ if known("MIT") || known("MIT License") => "MIT",
        _ if known("Apache-2.0") || known("Apache 2.0") || known("Apache License 2.0") => "Apache-2.0",
        _ if known("Apache License, Version 2.0") => "Apache-2.0",
        _ if known("BSD-3-Clause") || known("BSD 3-Clause") => "BSD-3-Clause",
        _ if known("BSD-2-Clause") || known("BSD 2-Clause") => "BSD-2-Clause",
        _ if known("ISC") => "ISC",
        _ if known("MPL-2.0") || known("MPL 2.0") => "MPL-2.0",
        _ if known("Unlicense") => "Unlicense",
        _ => return None,
    };
    Some(expression.to_owned())
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
