//! Lowers the client type: its name, server, globals and authentication schemes.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use percent_encoding::percent_decode_str;

use super::Lowering;
use super::package::without_client;
use crate::diagnostics::catalogue::{
    PLAIN_SERVER, SEVERAL_SERVERS, UNDECLARED_SCHEME, UNKNOWN_GLOBAL, UNREQUIRED_SCHEME, UNSENT_SCHEME, UNUSED_GLOBAL,
    WHOLE_HEADER,
};
use crate::document::{Node, Pointer};
use crate::ir::{Client, Global, Package, Placement, Scheme};
use crate::naming::reserved::BUILDER_METHODS;
use crate::naming::{is_client_name, is_variable_prefix, pascal, shouty, snake, unique};
use crate::openapi::{Site, example, same_parameter};

/// A server of the document.
pub(super) struct Server {
    /// Scheme, host, port and path.
    pub(super) url: String,
    /// The names and values of its query, which every request sends.
    pub(super) query: Vec<(String, String)>,
}

impl Server {
    /// Splits an absolute HTTP URL. `None` for another one.
    fn parse(url: &str) -> Option<Self> {
        let url = url.split('#').next().unwrap_or_default();
        let (url, query) = url.split_once('?').unwrap_or((url, ""));
        let url = url.trim_end_matches('/');
        let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let pairs = query.split('&').filter(|pair| !pair.is_empty());
        let query = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        let is_http = url.starts_with("http://") || url.starts_with("https://");
        is_http.then(|| Self {
            url: url.to_owned(),
            query: query.map(|(name, value)| (decoded(name), decoded(value))).collect(),
        })
    }
}

/// Whether clients connect to a server only if the user allows plain HTTP: it is neither encrypted nor on this machine.
pub(super) fn is_plain(server: &str) -> bool {
    let Some(rest) = server.strip_prefix("http://") else { return false };
    let authority = rest.split('/').next().unwrap_or_default();
    let host = match authority.split_once(']') {
        Some((address, _)) => address.trim_start_matches('['),
        None => authority.split(':').next().unwrap_or_default(),
    };
    let host = host.trim_end_matches('.');
    !(host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|ip| ip.to_canonical().is_loopback()))
}

impl Lowering<'_> {
    pub(super) fn client(&mut self, package: &Package) -> Client {
        let default = format!("{}Client", without_client(&pascal(&package.title)));
        let name = self.sdk_text("clientName", &default, "a name such as `PetstoreClient`", is_client_name);
        let default = shouty(without_client(&name));
        let env_prefix = self.sdk_text("envPrefix", &default, "a prefix such as `PETSTORE`", is_variable_prefix);
        let mut taken: BTreeSet<String> = BUILDER_METHODS.map(str::to_owned).into();
        let globals = self.globals(&env_prefix, &mut taken);
        let schemes = self.schemes(&env_prefix, &mut taken);
        let root = self.document.root();
        Client {
            server: self.server(&root).map(|server| server.url),
            needs_plain_http: false,
            retry: self.retry(&root).unwrap_or_default(),
            name,
            env_prefix,
            globals,
            schemes,
            security: Vec::new(),
        }
    }

    /// Returns the first server of a node, with its variables at their defaults.
    pub(super) fn server(&mut self, node: &Node<'_>) -> Option<Server> {
        let servers: Vec<_> = node.get("servers").iter().flat_map(Node::items).collect();
        let first = servers.first()?;
        if let Some(second) = servers.get(1) {
            let message = format!("{} servers are listed; the client uses the first by default", servers.len());
            self.diagnostics.report(self.document, &SEVERAL_SERVERS, second.pointer(), message);
        }
        let mut url = first.text("url")?.to_owned();
        for (name, variable) in first.get("variables").iter().flat_map(Node::entries) {
            url = url.replace(&format!("{{{name}}}"), variable.text("default").unwrap_or_default());
        }
        let server = Server::parse(&url)?;
        if is_plain(&server.url) {
            let message =
                format!("the client rejects the server `{}` by default, because it is not encrypted", server.url);
            self.diagnostics.report(self.document, &PLAIN_SERVER, first.pointer(), message);
        }
        Some(server)
    }

    fn globals(&mut self, env_prefix: &str, taken: &mut BTreeSet<String>) -> Vec<Global> {
        let list = self.document.root().at(&["x-speakeasy-globals", "parameters"]);
        let sites = self.sites;
        let mut globals = Vec::new();
        for entry in list.iter().flat_map(Node::items) {
            let Some(parameter) = entry.resolve() else { continue };
            let Some(name) = parameter.text("name") else {
                self.diagnostics.report(
                    self.document,
                    &UNKNOWN_GLOBAL,
                    entry.pointer(),
                    "a global parameter has no `name`",
                );
                continue;
            };
            let schema = parameter.get("schema").and_then(|schema| schema.resolve_single());
            if schema.as_ref().and_then(|schema| schema.text("type")) != Some("string") {
                let message = format!("the global parameter `{name}` is not a string");
                self.diagnostics.report(self.document, &UNKNOWN_GLOBAL, entry.pointer(), message);
                continue;
            }
            let uses: Vec<_> =
                sites.iter().flat_map(Site::parameters).filter(|own| same_parameter(own, &parameter)).collect();
            if uses.is_empty() {
                let message = format!("no operation sends the global parameter `{name}`");
                self.diagnostics.report(self.document, &UNUSED_GLOBAL, entry.pointer(), message);
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

    /// Returns the schemes with a setter: those that are declared, and those that only a requirement names.
    fn schemes(&mut self, env_prefix: &str, taken: &mut BTreeSet<String>) -> Vec<Scheme> {
        let root = self.document.root();
        let required = required_schemes(&root, self.sites);
        let declared = root.at(&["components", "securitySchemes"]);
        let mut schemes = Vec::new();
        let mut add = |name: &str, description: Option<String>, placement, is_required| {
            schemes.push(Scheme {
                name: name.to_owned(),
                ident: unique(snake(name), taken),
                env: format!("{env_prefix}_{}", shouty(name)),
                description: description.unwrap_or_default(),
                placement,
                is_required,
            });
        };
        for (name, scheme) in declared.iter().flat_map(Node::entries) {
            let Some(scheme) = scheme.resolve().filter(|scheme| scheme.value().is_object()) else { continue };
            let Some(placement) = placement(&scheme) else {
                let message = format!("the client cannot send the credential of security scheme `{name}`");
                self.diagnostics.report(self.document, &UNSENT_SCHEME, scheme.pointer(), message);
                continue;
            };
            if is_whole_header(&scheme) {
                let message = format!(
                    "the HTTP scheme of security scheme `{name}` is unknown, so its credential is sent unchanged in \
                     the `Authorization` header"
                );
                self.diagnostics.report(self.document, &WHOLE_HEADER, scheme.pointer(), message);
            }
            let is_required = required.contains_key(name);
            if !is_required {
                let message = format!("no operation requires the security scheme `{name}`");
                self.diagnostics.report(self.document, &UNREQUIRED_SCHEME, scheme.pointer(), message);
            }
            add(name, described(&scheme), placement, is_required);
        }
        for (name, place) in required {
            if declared.as_ref().is_none_or(|declared| declared.get(name).is_none()) {
                let message = format!(
                    "security scheme `{name}` is not declared in `components.securitySchemes`; its setter takes the \
                     value of the `Authorization` header"
                );
                self.diagnostics.report(self.document, &UNDECLARED_SCHEME, &place, message);
                add(name, None, Placement::Header("Authorization".to_owned()), true);
            }
        }
        schemes
    }
}

/// Returns the description of a scheme, with the URLs at which OAuth 2.0 issues tokens. Clients do not request tokens.
fn described(scheme: &Node<'_>) -> Option<String> {
    let mut urls: Vec<String> = Vec::new();
    for (_, flow) in scheme.get("flows").iter().flat_map(Node::entries) {
        urls.extend(flow.words("tokenUrl").filter(|url| !urls.contains(url)));
    }
    let issued = (!urls.is_empty()).then(|| format!("The service issues access tokens at {}.", urls.join(" or ")));
    let parts: Vec<_> = scheme.words("description").into_iter().chain(issued).collect();
    (!parts.is_empty()).then(|| parts.join("\n\n"))
}

/// Returns the schemes that requirements name, each with the place of the first.
fn required_schemes<'a>(root: &Node<'a>, sites: &[Site<'a>]) -> BTreeMap<&'a str, Pointer> {
    let mut names = BTreeMap::new();
    for security in sites.iter().filter_map(|site| site.node.get("security").or_else(|| root.get("security"))) {
        for alternative in security.items() {
            for (name, node) in alternative.entries() {
                names.entry(name).or_insert_with(|| node.pointer().clone());
            }
        }
    }
    names
}

/// HTTP schemes that respond to a challenge of the server or sign the request, which a constant string cannot do.
const COMPUTED: [&str; 12] = [
    "concealed",
    "digest",
    "dpop",
    "gnap",
    "hoba",
    "mutual",
    "negotiate",
    "ntlm",
    "oauth",
    "scram-sha-1",
    "scram-sha-256",
    "vapid",
];

/// Returns where the credential of a scheme is sent. OAuth 2 and OpenID Connect tokens are bearer tokens (RFC 6750).
fn placement(scheme: &Node<'_>) -> Option<Placement> {
    let name = || scheme.text("name").map(str::to_owned);
    match (scheme.text("type")?, scheme.text("in")) {
        ("apiKey", Some("header")) => name().map(Placement::Header),
        ("apiKey", Some("query")) => name().map(Placement::Query),
        ("apiKey", Some("cookie")) => name().map(Placement::Cookie),
        ("oauth2" | "openIdConnect", _) => Some(Placement::Bearer),
        ("http", _) => match http_scheme(scheme)?.as_str() {
            "bearer" => Some(Placement::Bearer),
            "basic" => Some(Placement::Basic),
            computed if COMPUTED.contains(&computed) => None,
            _ => Some(Placement::Header("Authorization".to_owned())),
        },
        _ => None,
    }
}

/// Whether this is an HTTP scheme without a known format, whose constant credential is the whole header.
fn is_whole_header(scheme: &Node<'_>) -> bool {
    let is_header = matches!(placement(scheme), Some(Placement::Header(_)));
    is_header && scheme.text("type") == Some("http")
}

fn http_scheme(scheme: &Node<'_>) -> Option<String> {
    Some(scheme.text("scheme")?.to_ascii_lowercase())
}
