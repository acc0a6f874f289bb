//! The tree of namespaces, from dotted groups; and that no two things in one namespace have one name.

use std::collections::BTreeMap;

use super::Lowering;
use crate::diagnostics::catalogue::{NAME_CLASH, RENAMED_METHOD};
use crate::document::Node;
use crate::ir::{Namespace, Operation};
use crate::naming::{pascal, snake, unique};
use crate::walk::Site;

/// Methods that every client has.
const CLIENT_METHODS: [&str; 4] = ["builder", "from_env", "core", "as_ref"];

/// The namespace of an operation: `x-speakeasy-group`, else its first tag; dots lead down. Empty for the client itself.
pub(super) fn group(site: &Site<'_>) -> Vec<String> {
    let tag = || site.node.get("tags")?.items().next()?.value().as_str();
    let dotted = site.node.text("x-speakeasy-group").or_else(tag).unwrap_or_default();
    let mut path: Vec<String> = dotted.split('.').map(str::trim).filter(|part| !part.is_empty()).map(ascii).collect();
    // A namespace of the client's own name for something else is another one in Rust.
    if let Some(first) = path.first_mut().filter(|first| CLIENT_METHODS.contains(&snake(first).as_str())) {
        first.push_str(" api");
    }
    path
}

/// Groups become modules in files of their own, whose names Rust wants in ASCII: other letters become their numbers.
fn ascii(name: &str) -> String {
    let spelt = |c: char| if c.is_ascii() { c.to_string() } else { format!("u{:x}", u32::from(c)) };
    name.chars().map(spelt).collect()
}

/// The name of a group's handle, which no type that its file uses may have. `core` is the name of one of them.
fn type_name(name: &str, core: &str) -> String {
    let name = pascal(name);
    if name == "Call" || name == core { format!("{name}Namespace") } else { name }
}

impl Lowering<'_> {
    pub(super) fn namespaces(&mut self, operations: &mut [Operation], core: &str) -> Namespace {
        let sites = crate::walk::operations(self.document);
        let mut root = Namespace::default();
        for (index, site) in sites.iter().enumerate() {
            self.place(&mut root, &group(site), core).operations.push(index);
        }
        for namespace in root.walk() {
            self.separate_names(namespace, operations, &sites);
        }
        root
    }

    /// Gives a number to each method of a namespace whose name something else there has already.
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
            let (operation, node) = (&mut operations[*index], &sites[*index].node);
            let mut ident = operation.method_ident.clone();
            if let Some(other) = others.get(&ident) {
                let is_stated = node.text("x-speakeasy-name-override").is_some();
                let message = format!("the method `{ident}` of `{}` has the name of {other}", operation.id);
                let code = if is_stated { &NAME_CLASH } else { &RENAMED_METHOD };
                self.found.report(self.document, code, node.pointer(), message);
                let base = ident.trim_end_matches('_').to_owned();
                let mut taken = others.keys().cloned().collect();
                ident = unique(base, &mut taken);
                operation.method_ident.clone_from(&ident);
            }
            others.insert(ident, format!("the operation `{}`", operation.id));
        }
    }

    /// Finds or makes the group at a path.
    fn place<'n>(&self, root: &'n mut Namespace, path: &[String], core: &str) -> &'n mut Namespace {
        let mut group = root;
        for (depth, part) in path.iter().enumerate() {
            let ident = snake(part);
            let at = group.children.iter().position(|child| child.ident == ident).unwrap_or_else(|| {
                group.children.push(self.new_group(&path[..=depth], ident, core));
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
