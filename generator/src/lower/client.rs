//! The client type: its name, server, globals and ways to authenticate.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Lowering;
use super::package::without_client;
use crate::diagnostics::catalogue::{SEVERAL_SERVERS, UNKNOWN_GLOBAL, UNSUPPORTED_SCHEME, UNUSED_GLOBAL};
use crate::document::Node;
use crate::ir::{Client, Global, Package, Placement, Scheme};
use crate::naming::{pascal, shouty, snake, unique};
use crate::walk::{Site, operations};

/// Setters that every builder has: nothing of a document may take their names.
pub const BUILDER_METHODS: [&str; 23] = [
    "build",
    "runtime",
    "as_ref",
    "core",
    "build_core",
    "server_url",
    "user_agent",
    "timeout",
    "attempt_timeout",
    "connect_timeout",
    "retry_config",
    "retry_codes",
    "max_attempts",
    "max_response_bytes",
    "http_client",
    "allow_plain_http",
    "hooks",
    "from_env",
    "new",
    "config",
    "credential",
    "debug",
    "retry_budget",
];

impl Lowering<'_> {
    pub(super) fn client(&mut self, package: &Package) -> Client {
        let default = format!("{}Client", without_client(&pascal(&package.title)));
        let name =
            self.sdk_text("clientName", &default, "a name such as `PetstoreClient`", |text| pascal(text) == text);
        let default = shouty(without_client(&name));
        let env_prefix =
            self.sdk_text("envPrefix", &default, "a prefix such as `PETSTORE`", |text| shouty(text) == text);
        let mut taken: BTreeSet<String> = BUILDER_METHODS.map(str::to_owned).into();
        let globals = self.globals(&env_prefix, &mut taken);
        let schemes = self.schemes(&env_prefix, &mut taken);
        let root = self.document.root();
        Client {
            server: self.server(&root),
            retry: self.retry(&root).unwrap_or_default(),
            name,
            env_prefix,
            globals,
            schemes,
            needs_credential: false,
        }
    }

    /// The first server of a node, with its variables at their defaults.
    pub(super) fn server(&mut self, node: &Node<'_>) -> Option<String> {
        let servers: Vec<_> = node.get("servers").iter().flat_map(Node::items).collect();
        let first = servers.first()?;
        if let Some(second) = servers.get(1) {
            let message = format!("the document names {} servers; the first is the client's default", servers.len());
            self.found.report(self.document, &SEVERAL_SERVERS, second.pointer(), message);
        }
        let mut url = first.text("url")?.to_owned();
        for (name, variable) in first.get("variables").iter().flat_map(Node::entries) {
            url = url.replace(&format!("{{{name}}}"), variable.text("default").unwrap_or_default());
        }
        Some(url.trim_end_matches('/').to_owned())
            .filter(|url| url.starts_with("http://") || url.starts_with("https://"))
    }

    fn globals(&mut self, env_prefix: &str, taken: &mut BTreeSet<String>) -> Vec<Global> {
        let list = self.document.root().at(&["x-speakeasy-globals", "parameters"]);
        let sites = operations(self.document);
        let mut globals = Vec::new();
        for entry in list.iter().flat_map(Node::items) {
            let Some(parameter) = entry.resolve() else { continue };
            let Some(name) = parameter.text("name") else {
                self.found.report(self.document, &UNKNOWN_GLOBAL, entry.pointer(), "a global parameter has no `name`");
                continue;
            };
            let schema = parameter.get("schema").and_then(|schema| schema.resolve_single());
            if schema.as_ref().and_then(|schema| schema.text("type")) != Some("string") {
                let message = format!("the global parameter `{name}` is not a string");
                self.found.report(self.document, &UNKNOWN_GLOBAL, entry.pointer(), message);
                continue;
            }
            let uses: Vec<_> =
                sites.iter().flat_map(Site::parameters).filter(|own| own.text("name") == Some(name)).collect();
            if uses.is_empty() {
                let message = format!("no operation has a parameter `{name}`");
                self.found.report(self.document, &UNUSED_GLOBAL, entry.pointer(), message);
            }
            globals.push(Global {
                name: name.to_owned(),
                ident: unique(snake(name), taken),
                env: format!("{env_prefix}_{}", shouty(name)),
                description: parameter.words("description").unwrap_or_default(),
                required: uses.iter().any(|own| own.is_true("required")),
                location: parameter.text("in").unwrap_or_default().to_owned(),
                is_uuid: schema.as_ref().and_then(|schema| schema.text("format")) == Some("uuid"),
                example: example(&parameter).and_then(|value| value.as_str().map(str::to_owned)),
            });
        }
        globals
    }

    fn schemes(&mut self, env_prefix: &str, taken: &mut BTreeSet<String>) -> Vec<Scheme> {
        let mut used: BTreeSet<&str> = requirement_names(&self.document.root());
        for site in operations(self.document) {
            used.extend(requirement_names(&site.node));
        }
        let declared = self.document.root().at(&["components", "securitySchemes"]);
        let mut schemes = Vec::new();
        for (name, scheme) in declared.iter().flat_map(Node::entries).filter(|(name, _)| used.contains(name)) {
            let Some(scheme) = scheme.resolve() else { continue };
            let Some(placement) = placement(&scheme) else {
                let message = format!("the security scheme `{name}` is of a kind that is not supported");
                self.found.report(self.document, &UNSUPPORTED_SCHEME, scheme.pointer(), message);
                continue;
            };
            schemes.push(Scheme {
                name: name.to_owned(),
                ident: unique(snake(name), taken),
                env: format!("{env_prefix}_{}", shouty(name)),
                description: scheme.words("description").unwrap_or_default(),
                placement,
            });
        }
        schemes
    }
}

/// The value that shows how a parameter looks.
pub(super) fn example<'a>(parameter: &Node<'a>) -> Option<&'a Value> {
    let own = parameter.get("example").or_else(|| parameter.at(&["schema", "example"]));
    let first = || parameter.get("examples")?.entries().next()?.1.get("value");
    own.or_else(first).map(|node| node.value())
}

fn requirement_names<'a>(node: &Node<'a>) -> BTreeSet<&'a str> {
    let alternatives = node.get("security");
    alternatives.iter().flat_map(Node::items).flat_map(|all| all.entries()).map(|(name, _)| name).collect()
}

/// Where the credential of a scheme goes. A token of OAuth 2 or OpenID Connect is a bearer token (RFC 6750).
fn placement(scheme: &Node<'_>) -> Option<Placement> {
    let name = || scheme.text("name").map(str::to_owned);
    match (scheme.text("type")?, scheme.text("in")) {
        ("apiKey", Some("header")) => name().map(Placement::Header),
        ("apiKey", Some("query")) => name().map(Placement::Query),
        ("apiKey", Some("cookie")) => name().map(Placement::Cookie),
        ("oauth2" | "openIdConnect", _) => Some(Placement::Bearer),
        ("http", _) => match scheme.text("scheme")?.to_ascii_lowercase().as_str() {
            "bearer" => Some(Placement::Bearer),
            "basic" => Some(Placement::Basic),
            _ => None,
        },
        _ => None,
    }
}
