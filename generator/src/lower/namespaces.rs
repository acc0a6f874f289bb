//! Builds the tree of namespaces from dotted groups, and makes the names in each namespace unique.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Lowering;
use crate::diagnostics::catalogue::{NAME_CLASH, RENAMED_METHOD};
use crate::document::Node;
use crate::ir::{Namespace, Operation};
use crate::naming::reserved::CLIENT_METHODS;
use crate::naming::{pascal, shortened, snake, unique};
use crate::openapi::Site;

/// If more operations than this have no group, they are grouped by their paths.
const LOOSE: usize = 10;

/// How the operations of a document are grouped.
#[derive(Clone, Copy)]
pub(super) struct Grouping {
    by_path: bool,
}

impl Grouping {
    pub(super) fn of(sites: &[Site<'_>]) -> Self {
        let words: BTreeSet<_> = sites.iter().filter_map(|site| path_word(site.path)).collect();
        // An average of at least two operations per group: a group of one operation would only lengthen its path.
        let are_groups = sites.len() > LOOSE && words.len() * 2 <= sites.len();
        Self { by_path: are_groups && sites.iter().all(|site| stated_group(site).is_none()) }
    }

    /// Returns the namespace of an operation: its group, or else its first tag, or, if no operation of the document has
    /// either, the first word of its path. Dots separate levels. Empty for the client itself.
    pub(super) fn group(self, site: &Site<'_>) -> Vec<String> {
        let by_path = || path_word(site.path).filter(|_| self.by_path).map(str::to_owned);
        let dotted = stated_group(site).or_else(by_path).unwrap_or_default();
        let parts = dotted.split('.').map(str::trim).filter(|part| !part.is_empty());
        let mut path: Vec<String> = parts.map(|part| shortened(&without_separators(&ascii(part))).to_owned()).collect();
        // A namespace with the name of a client method needs another name in Rust.
        if let Some(first) = path.first_mut().filter(|first| CLIENT_METHODS.contains(&snake(first).as_str())) {
            first.push_str(" api");
        }
        path
    }

    /// Returns the method name: the stated one, or else the operationId without the group's name as a prefix.
    pub(super) fn method(self, site: &Site<'_>) -> String {
        let full = snake(site.node.text("operationId").unwrap_or_default());
        if let Some(stated) = stated_method(&site.node) {
            return snake(stated);
        }
        let group = self.group(site).last().map(|last| format!("{}_", snake(last).trim_end_matches('_')));
        let rest = group.and_then(|group| full.strip_prefix(&group)).filter(|rest| !rest.is_empty());
        rest.map_or_else(|| full.clone(), snake)
    }
}

/// Returns the method name that the document states.
fn stated_method<'a>(operation: &Node<'a>) -> Option<&'a str> {
    operation.text("x-speakeasy-name-override").or_else(|| operation.text("x-fern-sdk-method-name"))
}

/// Replaces signs that only separate words, such as in `Agent > V1`. A name of nothing else stays as it is.
fn without_separators(name: &str) -> String {
    let words = name.replace(['<', '>', '|', '=', '~'], " ");
    if words.trim().is_empty() { name.to_owned() } else { words }
}

fn stated_group(site: &Site<'_>) -> Option<String> {
    let words = |key: &str| match site.node.get(key)?.value() {
        Value::String(dotted) => Some(dotted.clone()),
        Value::Array(parts) => Some(parts.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(".")),
        _ => None,
    };
    let tag = || site.node.get("tags")?.items().next()?.value().as_str().map(str::to_owned);
    words("x-speakeasy-group").or_else(|| words("x-fern-sdk-group-name")).or_else(tag)
}

/// Returns the first segment of a path that is not a parameter, `api` or a version.
fn path_word(path: &str) -> Option<&str> {
    let is_version = |part: &str| {
        part.strip_prefix(['v', 'V']).is_some_and(|number| number.starts_with(|digit: char| digit.is_ascii_digit()))
    };
    let says_nothing =
        |part: &str| part.contains(['{', '.', '?', '#']) || part.eq_ignore_ascii_case("api") || is_version(part);
    path.split('/').find(|part| !part.is_empty() && !says_nothing(part))
}

/// Replaces characters outside ASCII by their code points. Groups become modules, whose file names must be ASCII.
fn ascii(name: &str) -> String {
    let spelt = |c: char| if c.is_ascii() { c.to_string() } else { format!("u{:x}", u32::from(c)) };
    name.chars().map(spelt).collect()
}

/// Returns the name of a group's handle, which must differ from the types that its file uses. `core` is one of them.
fn type_name(name: &str, core: &str) -> String {
    let name = pascal(name);
    if name == "Call" || name == core { format!("{name}Namespace") } else { name }
}

impl Lowering<'_> {
    pub(super) fn namespaces(&mut self, operations: &mut [Operation], core: &str) -> Namespace {
        let sites = self.sites;
        let mut root = Namespace::default();
        let grouping = Grouping::of(sites);
        for (index, site) in sites.iter().enumerate() {
            self.place(&mut root, &grouping.group(site), core).operations.push(index);
        }
        for namespace in root.walk() {
            self.separate_names(namespace, operations, sites);
        }
        root
    }

    /// Renames methods whose name is already used in their namespace: to the whole operationId, or else with a number.
    fn separate_names(&mut self, namespace: &Namespace, operations: &mut [Operation], sites: &[Site<'_>]) {
        let mut others: BTreeMap<String, String> = BTreeMap::new();
        for child in &namespace.children {
            others.insert(child.ident.clone(), format!("the namespace `{}`", child.dotted()));
        }
        if namespace.path.is_empty() {
            let methods = CLIENT_METHODS.iter();
            others.extend(methods.map(|taken| ((*taken).to_owned(), "a method that every client has".to_owned())));
        }
        for index in &namespace.operations {
            let (Some(operation), Some(site)) = (operations.get_mut(*index), sites.get(*index)) else { continue };
            let node = &site.node;
            let mut ident = operation.method_ident.clone();
            let full = snake(&operation.id);
            if others.contains_key(&ident) && stated_method(node).is_none() && !others.contains_key(&full) {
                ident.clone_from(&full);
                operation.method_ident = full;
            }
            if let Some(other) = others.get(&ident) {
                let is_stated = stated_method(node).is_some();
                let message = format!("the method `{ident}` of `{}` has the same name as {other}", operation.id);
                let code = if is_stated { &NAME_CLASH } else { &RENAMED_METHOD };
                self.diagnostics.report(self.document, code, node.pointer(), message);
                let base = ident.trim_end_matches('_').to_owned();
                let mut taken = others.keys().cloned().collect();
                ident = unique(base, &mut taken);
                operation.method_ident.clone_from(&ident);
            }
            others.insert(ident, format!("the operation `{}`", operation.id));
        }
    }

    /// Returns the group at a path, and creates it if necessary.
    #[expect(clippy::indexing_slicing, reason = "the place is that of a group that was found, or has just been added")]
    fn place<'n>(&self, root: &'n mut Namespace, path: &[String], core: &str) -> &'n mut Namespace {
        let mut group = root;
        for (depth, part) in path.iter().enumerate() {
            let ident = snake(part);
            let at = group.children.iter().position(|child| child.ident == ident).unwrap_or_else(|| {
                group.children.push(self.new_group(path.get(..=depth).unwrap_or(path), ident, core));
                group.children.len() - 1
            });
            group = &mut group.children[at];
        }
        group
    }

    fn new_group(&self, path: &[String], ident: String, core: &str) -> Namespace {
        let dotted = path.join(".");
        let tags = self.document.root().get("tags");
        let tag = tags.iter().flat_map(Node::items).find(|tag| tag.text("name") == Some(dotted.as_str()));
        Namespace {
            type_name: type_name(path.last().map_or("", String::as_str), core),
            description: tag.and_then(|tag| tag.words("description")),
            path: path.to_vec(),
            ident,
            ..Namespace::default()
        }
    }
}
