//! The features of a client that enable parts of the API: in its manifest, and in its docs.

use std::fmt::Write as _;

use super::manifest::{CLIENT_DEPENDENCIES, list, quoted};
use crate::ir::{Api, CLIENT, FULL, NamespaceFeature, TYPES};

/// Returns the features that enable parts of the API, as TOML.
pub(super) fn toml(api: &Api) -> String {
    let namespaces = api.features.iter().map(|feature| feature.name.as_str());
    let all: Vec<_> = [CLIENT, TYPES].into_iter().chain(namespaces).map(str::to_owned).collect();
    let mut text = format!(
        "# The whole API.\n{FULL} = {}\n# The client. Without it, the crate has only types.\n{CLIENT} = {}\n",
        list(&all),
        list(&CLIENT_DEPENDENCIES.map(|name| format!("dep:{name}")))
    );
    let others = if api.features.is_empty() { "." } else { ", also those of namespaces that are not enabled." };
    let _ = writeln!(text, "# All types{others}\n{TYPES} = []");
    for NamespaceFeature { name, namespaces, needs } in &api.features {
        let needs: Vec<_> = std::iter::once(CLIENT.to_owned()).chain(needs.iter().cloned()).collect();
        let _ = writeln!(text, "# {}\n{name} = {}", namespaces_docs(namespaces), list(&needs));
    }
    text
}

/// Says which namespaces a feature enables.
fn namespaces_docs(namespaces: &[String]) -> String {
    let names: Vec<_> = namespaces.iter().map(|name| format!("`{}`", crate::markdown::line(name))).collect();
    match names.as_slice() {
        [one] => format!("The namespace {one}."),
        _ => format!("The namespaces {}.", names.join(", ")),
    }
}

/// Describes how to compile only parts of the API.
pub(crate) fn docs(api: &Api) -> String {
    let package = &api.package;
    let dependency = |features: &str| {
        format!(
            "{} = {{ version = \"{}\", default-features = false, features = [{features}] }}",
            package.name, package.version
        )
    };
    let mut text = format!(
        "With other TLS or without `tracing`, keep `full`:\n\n```toml\n[dependencies]\n{}\n```\n\n\
         Servers and receivers of webhooks that need only the types compile no HTTP client:\n\n```toml\n[dependencies]\n{}\n```\n",
        dependency("\"full\", \"native-tls\""),
        dependency("\"types\"")
    );
    let Some(first) = api.features.first() else { return text };
    let _ = write!(
        text,
        "\nEach namespace of the client has a feature, which enables its operations and the types that they need. A program that \
         calls few namespaces compiles faster with their features instead of `full`:\n\n```toml\n[dependencies]\n{}\n```\n\n",
        dependency(&format!("{}, \"rustls-tls\"", quoted(&first.name)))
    );
    let names: Vec<_> = api.features.iter().map(|feature| format!("`{}`", feature.name)).collect();
    let _ = writeln!(text, "The features of namespaces are {}.", names.join(", "));
    text
}

/// Reads the features from a manifest. Empty if it is not that of a client.
pub(crate) fn in_manifest(manifest: &str) -> Vec<String> {
    let start = format!("{FULL} = ");
    let list = manifest.lines().find_map(|line| line.strip_prefix(start.as_str()));
    list.and_then(|list| serde_json::from_str(list).ok()).unwrap_or_default()
}
