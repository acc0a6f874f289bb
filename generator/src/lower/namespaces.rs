//! The tree of namespaces, from dotted groups; and that no two things in one namespace have one name.

use std::collections::BTreeMap;

use super::Lowering;
use crate::diagnostics::catalogue::NAME_CLASH;
use crate::document::{Node, Pointer};
use crate::ir::{Namespace, Operation};
use crate::naming::{pascal, snake};
use crate::walk::Site;

/// Methods that every client has.
const CLIENT_METHODS: [&str; 4] = ["builder", "from_env", "core", "as_ref"];

/// The namespace of an operation: `x-speakeasy-group`, else its first tag; dots lead down. Empty for the client itself.
pub(super) fn group(site: &Site<'_>) -> Vec<String> {
    let tag = || site.node.get("tags")?.items().next()?.value().as_str();
    let dotted = site.node.text("x-speakeasy-group").or_else(tag).unwrap_or_default();
    dotted.split('.').map(str::trim).filter(|part| !part.is_empty()).map(ascii).collect()
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
    pub(super) fn namespaces(&mut self, operations: &[Operation], core: &str) -> Namespace {
        let mut root = Namespace::default();
        for (index, site) in crate::walk::operations(self.document).iter().enumerate() {
            self.place(&mut root, &group(site), core).operations.push(index);
        }
        for child in root.children.iter().filter(|child| CLIENT_METHODS.contains(&child.ident.as_str())) {
            let message = format!("the namespace `{}` has the name of a method that every client has", child.dotted());
            self.found.report(self.document, &NAME_CLASH, &Pointer::root().join("tags"), message);
        }
        for (namespace, site) in
            root.walk().iter().flat_map(|group| group.operations.iter().map(move |index| (*group, *index)))
        {
            self.check_method_name(namespace, site, operations);
        }
        root
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
            description: tag.and_then(|tag| tag.text("description").map(|text| text.trim().to_owned())),
            path: path.to_vec(),
            ident,
            ..Namespace::default()
        }
    }

    fn check_method_name(&mut self, namespace: &Namespace, index: usize, operations: &[Operation]) {
        let ident = &operations[index].method_ident;
        if operations[..index].iter().any(|earlier| earlier.id == operations[index].id) {
            return;
        }
        let mut others: BTreeMap<&str, String> = BTreeMap::new();
        for child in &namespace.children {
            others.insert(&child.ident, format!("the namespace `{}`", child.dotted()));
        }
        if namespace.path.is_empty() {
            for taken in CLIENT_METHODS {
                others.insert(taken, "a method that every client has".to_owned());
            }
        }
        for other in namespace.operations.iter().filter(|other| **other < index) {
            others.insert(&operations[*other].method_ident, format!("the operation `{}`", operations[*other].id));
        }
        if let Some(other) = others.get(ident.as_str()) {
            let sites = crate::walk::operations(self.document);
            let message = format!("the method `{ident}` of `{}` has the name of {other}", operations[index].id);
            self.found.report(self.document, &NAME_CLASH, sites[index].node.pointer(), message);
        }
    }
}
