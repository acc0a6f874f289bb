//! Operations, and the path items that contain them.

use super::parameters::{parameters_of, same_parameter};
use crate::document::{Document, Node};

/// The HTTP methods, in the order of the specification.
pub(crate) const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// An operation and its location.
#[derive(Debug, Clone)]
pub(crate) struct Site<'a> {
    /// The path, as written.
    pub(crate) path: &'a str,
    /// The HTTP method: in lower case, unless it is one of the additional operations of OpenAPI 3.2.
    pub(crate) method: &'a str,
    /// The path item that contains the operation.
    pub(crate) item: Node<'a>,
    /// The operation itself.
    pub(crate) node: Node<'a>,
}

impl<'a> Site<'a> {
    /// Returns the operation's parameters, resolved: first those of the path item that the operation does not override.
    pub(crate) fn parameters(&self) -> Vec<Node<'a>> {
        let own: Vec<_> = parameters_of(&self.node);
        let mut all: Vec<_> = parameters_of(&self.item)
            .into_iter()
            .filter(|shared| !own.iter().any(|own| same_parameter(own, shared)))
            .collect();
        all.extend(own);
        all
    }
}

/// The member of a path item whose keys are other HTTP methods (OpenAPI 3.2).
pub(crate) const ADDITIONAL: &str = "additionalOperations";

/// Returns the entries of a path item that are, or should be, operations.
pub(crate) fn methods<'a>(item: &Node<'a>) -> impl Iterator<Item = (&'a str, Node<'a>)> + use<'a> {
    let additional = item.get(ADDITIONAL);
    let additional: Vec<_> = additional.iter().flat_map(Node::entries).collect();
    item.entries().filter(|(key, _)| METHODS.contains(key)).chain(additional)
}

/// Returns an HTTP method as it is sent. Names of methods are case-sensitive (RFC 9110, section 9.1).
pub(crate) fn sent_method(method: &str) -> String {
    if METHODS.contains(&method) { method.to_uppercase() } else { method.to_owned() }
}

/// Returns all operations, in document order.
pub(crate) fn operations(document: &Document) -> Vec<Site<'_>> {
    let mut all = Vec::new();
    for (path, item) in document.root().get("paths").iter().flat_map(Node::entries) {
        let Some(item) = item.resolve() else { continue };
        for (method, node) in methods(&item).filter(|(_, node)| node.value().is_object()) {
            let item = item.clone();
            all.push(Site { path, method, item, node });
        }
    }
    all
}

/// Returns a path without its query and fragment.
pub(crate) fn plain_path(path: &str) -> &str {
    path.split(['?', '#']).next().unwrap_or_default()
}

/// Returns the names and values in the query of a path, as they are written.
pub(crate) fn path_query(path: &str) -> impl Iterator<Item = (&str, &str)> {
    let path = path.split('#').next().unwrap_or_default();
    let query = path.split_once('?').map_or("", |(_, query)| query);
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")))
}

/// Returns the name of the parameter that the value in the query of a path consists of: `id` for `{id}`.
pub(crate) fn placeholder(value: &str) -> Option<&str> {
    let name = value.strip_prefix('{')?.strip_suffix('}')?;
    (!name.is_empty() && !name.contains(['{', '}'])).then_some(name)
}

/// Returns the names in braces of a path.
pub(crate) fn placeholders(path: &str) -> impl Iterator<Item = &str> {
    path.split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
        .filter(|name| !name.is_empty())
}
