//! Compares operations: paths, parameters, bodies, responses and security requirements.

mod forms;
mod responses;
mod security;

use generator::document::Pointer;

use super::client::{Argument, Client, Operation};
use super::place::Place;
use super::rules;
use super::schema::Part;
use super::types::{Comparer, Context, letters};

const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// An operation of the document.
pub(super) struct Site<'d> {
    pub(super) root: Place<'d>,
    /// The path item.
    pub(super) item: Place<'d>,
    pub(super) path: &'d str,
    pub(super) method: &'d str,
    pub(super) place: Place<'d>,
}

/// All operations of the document.
pub(super) fn sites<'d>(root: &Place<'d>) -> Vec<Site<'d>> {
    let mut sites = Vec::new();
    for (path, item) in root.get("paths").into_iter().flat_map(|paths| paths.entries()) {
        let Some(item) = item.resolved().filter(|_| path.starts_with('/')) else { continue };
        let others = item.get("additionalOperations").into_iter().flat_map(|others| others.entries());
        let usual = item.entries().filter(|(key, _)| METHODS.contains(key));
        for (method, place) in usual.chain(others).filter(|(_, place)| place.value.is_object()) {
            sites.push(Site { root: root.clone(), item: item.clone(), path, method, place });
        }
    }
    sites
}

impl<'d> Comparer<'d, '_, '_> {
    /// Compares all operations.
    pub(super) fn operations(&mut self, root: &Place<'d>) {
        let client: &Client = self.client;
        let sites = sites(root);
        for site in &sites {
            // Several operations can have the same path apart from its fragment.
            let same = || client.operations.iter().filter(|operation| is_same(site, operation));
            let has_id = |operation: &&Operation| site.place.text("operationId") == Some(&operation.id);
            let has_path = |operation: &&Operation| operation.path == site.path;
            let found = same().find(has_id).or_else(|| same().find(has_path)).or_else(|| same().next());
            match found {
                Some(operation) => self.operation(site, operation),
                None => {
                    let says = format!("{} {}", site.method.to_uppercase(), site.path);
                    self.findings.add_at(&site.place.pointer, says, "nothing");
                }
            }
        }
        for operation in client.operations.iter().filter(|operation| !sites.iter().any(|site| is_same(site, operation)))
        {
            let says = format!("{} {}", operation.method, operation.path);
            self.findings.add_at(&Pointer::root().join("paths"), "nothing", says);
        }
    }

    fn operation(&mut self, site: &Site<'d>, operation: &Operation) {
        self.path(site, operation);
        self.parameters(site, operation);
        self.body(site, operation);
        self.responses(site, operation);
        self.security(site, operation);
    }

    /// Compares the path that is sent with the template.
    fn path(&mut self, site: &Site<'d>, operation: &Operation) {
        let mut written = String::new();
        let mut rest = site.path.split(['?', '#']).next().unwrap_or_default();
        while let Some((literal, (_, after))) =
            rest.split_once('{').and_then(|(literal, tail)| Some((literal, tail.split_once('}')?)))
        {
            written.push_str(literal);
            written.push_str("{}");
            rest = after;
        }
        written.push_str(rest);
        if operation.written_path != written {
            let says = format!("the path `{}`", site.path);
            self.findings.add_at(&site.place.pointer, says, format!("`{}`", operation.written_path));
        }
    }

    fn parameters(&mut self, site: &Site<'d>, operation: &Operation) {
        let declared = declared(site);
        let mut matched = self.in_path(site, &declared, operation);
        for (origin, parameter) in &declared {
            let name = parameter.text("name").unwrap_or_default();
            let location = parameter.text("in").unwrap_or_default();
            let (location, name) = in_path_query(site.path, location, name).unwrap_or((location, name));
            let is_ignored = location == "header" && rules::is_ignored_header(name);
            if is_ignored || (location == "path" && placeholders(site.path).any(|place| place == name)) {
                continue;
            }
            let argument = operation.arguments.iter().find(|own| own.location == location && own.name == name);
            if let Some(argument) = argument {
                matched.push(argument);
                self.parameter(origin, parameter, argument);
            } else {
                let places = [origin.pointer.clone(), parameter.pointer.clone()];
                self.findings.add(&places, format!("the {location} parameter `{name}`"), "nothing");
            }
        }
        let is_matched = |argument: &Argument| matched.iter().any(|known| std::ptr::eq(*known, argument));
        for argument in operation.arguments.iter().filter(|argument| !is_matched(argument)) {
            if !(argument.location == "query" && is_fixed(site, argument)) {
                let client = format!("the {} parameter `{}`", argument.location, argument.name);
                self.findings.add_at(&site.place.pointer, "nothing", client);
            }
        }
    }

    /// Compares the arguments in the path, in their order, and returns them.
    fn in_path<'o>(
        &mut self,
        site: &Site<'d>,
        declared: &[(Place<'d>, Place<'d>)],
        operation: &'o Operation,
    ) -> Vec<&'o Argument> {
        let arguments: Vec<_> = operation.arguments.iter().filter(|argument| argument.location == "path").collect();
        for (place, argument) in placeholders(site.path).zip(&arguments) {
            let is_here = |own: &Place<'d>| own.text("in") == Some("path") && own.text("name") == Some(place);
            if let Some((origin, parameter)) = declared.iter().find(|(_, own)| is_here(own)) {
                self.order(site, origin, place, argument);
                self.parameter(origin, parameter, argument);
            } else {
                let says = format!("no parameter `{place}` in the path");
                self.findings.add_at(&site.place.pointer, says, "that it is an argument");
            }
        }
        arguments
    }

    /// Compares the argument that is written in a place of the path with the name of the place.
    fn order(&mut self, site: &Site<'d>, origin: &Place<'d>, place: &str, argument: &Argument) {
        let is_other = |other: &str| other != place && letters(other) == letters(&argument.name);
        if letters(place) != letters(&argument.name) && placeholders(site.path).any(is_other) {
            let says = format!("`{place}` in this place of the path");
            self.findings.add_at(&origin.pointer, says, format!("`{}`", argument.name));
        }
    }

    fn parameter(&mut self, origin: &Place<'d>, parameter: &Place<'d>, argument: &Argument) {
        let places = [origin.pointer.clone(), parameter.pointer.clone()];
        let is_required = parameter.is_true("required");
        if is_required != argument.is_required {
            let word = |is_required| if is_required { "required" } else { "optional" };
            let says = format!("`{}` is {}", argument.name, word(is_required));
            self.findings.add(&places, says, format!("it is {}", word(argument.is_required)));
        }
        let of_content = || parameter.get("content")?.entries().next()?.1.get("schema");
        let schema = parameter.get("schema").or_else(of_content);
        if let (Some(schema), Some(ty)) = (schema, &argument.ty) {
            let context = Context { is_request: true, is_parameter: true, ..Context::default() };
            let (inner, _) = ty.without_options();
            self.schema(&[Part::new(schema)], inner, &context);
        }
    }

    fn body(&mut self, site: &Site<'d>, operation: &Operation) {
        let stated = site.place.get("requestBody");
        let resolved = stated.as_ref().and_then(Place::resolved);
        let (Some(stated), Some(place), Some(body)) = (&stated, &resolved, &operation.body) else {
            self.body_existence(site, stated.as_ref(), operation);
            return;
        };
        let places = [stated.pointer.clone(), place.pointer.clone()];
        let is_required = place.is_true("required");
        if is_required != body.is_required {
            let word = |is_required| if is_required { "required" } else { "optional" };
            self.findings.add(
                &places,
                format!("the body is {}", word(is_required)),
                format!("it is {}", word(body.is_required)),
            );
        }
        let entries: Vec<_> = place.get("content").iter().flat_map(Place::entries).collect();
        let chosen = || entries.first().filter(|_| body.is_choice).cloned();
        let Some((_, media)) = responses::entry(&entries, &body.media_type).or_else(chosen) else {
            let names: Vec<_> = entries.iter().map(|(name, _)| *name).collect();
            self.findings.add(
                &places,
                format!("the body is {}", names.join(" or ")),
                format!("it is {}", body.media_type),
            );
            return;
        };
        let is_sent = |name: &str| body.is_choice || responses::is_choice(name, &body.media_type);
        for (name, other) in entries.iter().filter(|(name, _)| !is_sent(name)) {
            let places = [other.pointer.clone(), place.pointer.clone(), stated.pointer.clone()];
            self.findings.add(&places, format!("the body can be {name}"), format!("it is {}", body.media_type));
        }
        let context = Context {
            is_request: true,
            is_parameter: false,
            is_merge_patch: responses::essence(&body.media_type) == "application/merge-patch+json",
            tag: None,
        };
        match &body.form {
            Some(form) => self.form(&media, form, &places),
            None => self.content((&body.media_type, &media), &body.ty, &context, &places),
        }
    }

    fn body_existence(&mut self, site: &Site<'d>, stated: Option<&Place<'d>>, operation: &Operation) {
        match (stated, &operation.body) {
            (Some(stated), None) => self.findings.add_at(&stated.pointer, "there is a body", "there is none"),
            (None, Some(_)) => {
                self.findings.add_at(&site.place.pointer, "there is no body", "there is one");
            }
            _ => {}
        }
    }
}

fn is_same(site: &Site<'_>, operation: &Operation) -> bool {
    let is_path = operation.path == site.path || Some(operation.path.as_str()) == site.path.split(['?', '#']).next();
    is_path && operation.method.eq_ignore_ascii_case(site.method)
}

/// The parameters of an operation, each where it is listed and where it is declared.
fn declared<'d>(site: &Site<'d>) -> Vec<(Place<'d>, Place<'d>)> {
    let of = |place: &Place<'d>| {
        let listed = place.get("parameters").into_iter().flat_map(|list| list.items());
        listed.filter_map(|listed| Some((listed.clone(), listed.resolved()?))).collect::<Vec<_>>()
    };
    let own = of(&site.place);
    let key = |place: &Place<'d>| (place.text("name"), place.text("in"));
    let shared = of(&site.item).into_iter().filter(|(_, shared)| !own.iter().any(|(_, own)| key(own) == key(shared)));
    shared.chain(own.clone()).collect()
}

/// The names in braces of a path.
fn placeholders(path: &str) -> impl Iterator<Item = &str> {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    path.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
}

/// Returns the location and the name by which a path parameter is sent that is in the query of the path: `?name={parameter}`.
fn in_path_query<'p>(path: &'p str, location: &str, name: &str) -> Option<(&'static str, &'p str)> {
    let (_, query) = path.split_once('?').filter(|_| location == "path")?;
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(_, value)| *value == format!("{{{name}}}")).map(|(key, _)| ("query", key))
}

/// Whether the path or the URL of a server has this name in its query.
fn is_fixed(site: &Site<'_>, argument: &Argument) -> bool {
    let servers = [&site.place, &site.item, &site.root].into_iter().filter_map(|place| place.get("servers"));
    let servers: Vec<_> = servers.flat_map(|servers| servers.items()).collect();
    let urls = servers.iter().filter_map(|server| server.text("url")).chain([site.path]);
    let queries = urls.filter_map(|url| url.split_once('?').map(|(_, query)| query));
    let mut names = queries.flat_map(|query| query.split('&')).filter_map(|pair| pair.split('=').next());
    argument.ty.is_none() && names.any(|name| name == argument.name)
}
