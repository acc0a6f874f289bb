//! Lowers operations: their names, requests, idempotency and security.

use std::collections::BTreeSet;

use super::Lowering;
use super::namespaces::Grouping;
use super::parameters::fixed_query;
use super::types::is_sensitive;
use crate::diagnostics::catalogue::{BODY_MEDIA_IGNORED, NO_BODY_MEDIA, RAW_BODY};
use crate::document::Node;
use crate::ir::{AnyStyle, Body, BodyContent, Client, Location, MediaChoice, Operation, Param, SlotRole, Types};
use crate::naming::{function_files, pascal, snake, unique};
use crate::openapi::media::{MediaKind, essence, is_binary, is_json, is_range, is_typed_xml, kind};
use crate::openapi::{METHODS, Site, body_media, example, json_media, leaves, sent_method};

/// The names that are taken.
struct Names {
    functions: BTreeSet<String>,
    types: BTreeSet<String>,
}

impl Names {
    fn new(client: &Client) -> Self {
        let mut types: BTreeSet<String> = function_files::names().map(str::to_owned).collect();
        types.insert(format!("{}Core", client.name));
        Self { functions: BTreeSet::new(), types }
    }
}

impl Lowering<'_> {
    pub(super) fn operations(&mut self, client: &Client, types: &Types) -> Vec<Operation> {
        let sites = self.sites;
        let grouping = Grouping::of(sites);
        let mut names = Names::new(client);
        let mut all: Vec<_> = sites.iter().map(|site| self.operation(site, grouping, client, &mut names)).collect();
        // A job links two operations, so jobs are made when all operations are known.
        let jobs = self.jobs(&all, types, &mut names.types);
        for (operation, job) in all.iter_mut().zip(jobs) {
            operation.long_running = job;
        }
        self.check_polling_has_link(&all, sites);
        all
    }

    fn operation(&mut self, site: &Site<'_>, grouping: Grouping, client: &Client, names: &mut Names) -> Operation {
        let node = &site.node;
        let id = node.text("operationId").unwrap_or_default().to_owned();
        let method_ident = grouping.method(site);
        let group = grouping.group(site);
        let mut words = group.clone();
        words.push(method_ident.trim_end_matches('_').to_owned());
        let (path, params) = self.parameters(site, client);
        let (mut body, mut success, errors) = (self.body(node, &params), self.success(node), self.errors(node));
        let root = self.document.root();
        let own_server = self.server(node).or_else(|| self.server(&site.item));
        let server_query = match &own_server {
            Some(server) => server.query.clone(),
            None => self.server(&root).map(|server| server.query).unwrap_or_default(),
        };
        let type_name = unique(pascal(&id), &mut names.types);
        let alternatives = self.alternatives(node, &success, body.as_ref(), &params, &type_name, &mut names.types);
        let response_headers = self.response_headers(node, &type_name, &mut names.types);
        if let Some(Body { content: BodyContent::Multipart(Some(form)), .. }) = &mut body {
            form.type_name = unique(std::mem::take(&mut form.type_name), &mut names.types);
        }
        success.type_name = success.type_name.map(|name| unique(name, &mut names.types));
        let has_typed_error = errors.iter().any(|error| error.body.is_some());
        Operation {
            function_ident: unique(snake(&words.join(" ")), &mut names.functions),
            error_type: has_typed_error.then(|| unique(format!("{type_name}Error"), &mut names.types)),
            type_name,
            group,
            feature: None,
            method_ident,
            http_method: sent_method(site.method),
            template: site.path.to_owned(),
            path,
            fixed_query: [fixed_query(site.path), undeclared(server_query, &params)].concat(),
            idempotency_key: idempotency_key(site, &params),
            params,
            pagination: self.pagination(site, body.as_ref(), &success),
            streaming: self.streaming(node, body.as_ref()),
            body,
            success,
            alternatives,
            response_headers,
            errors,
            summary: node.words("summary"),
            description: node.words("description"),
            deprecated: node.is_true("deprecated"),
            idempotent: is_idempotent(site),
            retry: self.retry(node),
            security: self.security(node, client),
            server: own_server.map(|server| server.url),
            long_running: None,
            polling: self.polling(node),
            id,
        }
    }

    fn body(&mut self, operation: &Node<'_>, params: &[Param]) -> Option<Body> {
        let body = operation.get("requestBody")?;
        let Some(content) = body.get("content").filter(|content| content.entries().next().is_some()) else {
            if body.is_true("required") {
                let message = "the request body is required, but has no media type";
                self.diagnostics.report(self.document, &NO_BODY_MEDIA, body.pointer(), message);
            }
            return None;
        };
        let listed: Vec<String> = content.entries().map(|(name, _)| name.to_owned()).collect();
        let (chosen, media) = body_media(&content)?;
        let is_choice = is_choice(&content);
        if listed.len() > 1 && !is_choice {
            let message =
                format!("the request body has {} media types, of which the client sends only `{chosen}`", listed.len());
            self.diagnostics.report(self.document, &BODY_MEDIA_IGNORED, body.pointer(), message);
        }
        let is_typed = json_media(&content).is_some();
        let content = if is_typed {
            BodyContent::Json(self.slot(operation, SlotRole::Body, media.get("schema").as_ref()))
        } else if let Some(slot) = self.xml_slot(operation, SlotRole::Body, chosen, &media) {
            BodyContent::Xml(slot)
        } else {
            self.body_content(operation, chosen, &media)
        };
        let media_type = match content {
            BodyContent::Json(_) if is_range(chosen) || !is_json(chosen) || !is_header_text(chosen) => {
                "application/json"
            }
            _ if is_range(chosen) || !is_header_text(chosen) => "application/octet-stream",
            // Clients write UTF-8, whatever the document says about the character set.
            BodyContent::Xml(_) => chosen.split(';').next().unwrap_or_default().trim(),
            _ => chosen,
        };
        Some(Body {
            media_type: media_type.to_owned(),
            sensitive: media.get("schema").and_then(|it| it.resolve_single()).is_some_and(|it| is_sensitive(&it)),
            choice: is_choice.then(|| MediaChoice { ident: media_setter(params), listed }),
            content,
            required: body.is_true("required"),
            description: body.words("description"),
            example: example(&media).cloned(),
        })
    }

    fn body_content(&mut self, operation: &Node<'_>, name: &str, media: &Node<'_>) -> BodyContent {
        let schema = media.get("schema").and_then(|schema| schema.resolve_single());
        let is_object = schema.as_ref().is_some_and(is_object);
        let has_fields = schema.as_ref().is_some_and(has_fields);
        let kind = kind(name);
        let form = if is_form_data(name) { self.multipart(operation, media) } else { None };
        let is_structured = is_object || schema.as_ref().is_some_and(|schema| schema.text("type") == Some("array"));
        let is_unlike = match kind {
            MediaKind::Multipart if is_form_data(name) => schema.is_some(),
            MediaKind::Multipart | MediaKind::Text | MediaKind::Bytes => is_structured,
            MediaKind::Form => is_structured && !has_fields,
            MediaKind::Json => false,
        };
        if is_unlike && form.is_none() {
            let message = format!("the request body is `{name}`, which the caller must build");
            self.diagnostics.report(self.document, &RAW_BODY, media.pointer(), message);
        }
        match kind {
            MediaKind::Form if has_fields || schema.is_none() => BodyContent::Form {
                slot: self.slot(operation, SlotRole::Body, media.get("schema").as_ref()),
                styles: field_styles(media),
            },
            MediaKind::Multipart if is_form_data(name) => BodyContent::Multipart(form),
            MediaKind::Text | MediaKind::Form if !is_binary(media) => BodyContent::Text,
            // JSON that is described as bytes is sent as it is.
            MediaKind::Json | MediaKind::Text | MediaKind::Form | MediaKind::Multipart | MediaKind::Bytes => {
                BodyContent::Bytes
            }
        }
    }

    fn security(&self, operation: &Node<'_>, client: &Client) -> Vec<Vec<String>> {
        let root = self.document.root();
        let stated = operation.get("security").or_else(|| root.get("security"));
        if operation.get("security").is_some_and(|security| security.items().next().is_none()) {
            return Vec::new();
        }
        let can_send = |name: &str| client.schemes.iter().any(|scheme| scheme.name == name);
        let stated = stated.iter().flat_map(Node::items);
        let mut all: Vec<Vec<String>> =
            stated.map(|alternative| alternative.entries().map(|(name, _)| name.to_owned()).collect()).collect();
        if all.iter().any(|names| names.iter().all(|name| can_send(name))) {
            all.retain(|names| names.iter().all(|name| can_send(name)));
        } else {
            for names in &mut all {
                names.retain(|name| can_send(name));
            }
        }
        let is_open = all.is_empty();
        all.extend(client.schemes.iter().filter(|scheme| !scheme.is_required).map(|scheme| vec![scheme.name.clone()]));
        if is_open && !all.is_empty() {
            all.push(Vec::new());
        }
        // Clients use the first alternative that they have all credentials for, so the one without credentials goes
        // last.
        all.sort_by_key(Vec::is_empty);
        all.dedup();
        all
    }
}

fn is_object(schema: &Node<'_>) -> bool {
    schema.get("properties").is_some() || schema.text("type") == Some("object") || schema.get("allOf").is_some()
}

/// Whether all values of a schema have fields: it is an object, or a union of objects.
fn has_fields(schema: &Node<'_>) -> bool {
    leaves(schema).is_some_and(|leaves| !leaves.is_empty() && leaves.iter().all(is_object))
}

/// Leaves out what a parameter of the operation sends.
fn undeclared(mut query: Vec<(String, String)>, params: &[Param]) -> Vec<(String, String)> {
    query.retain(|(name, _)| !params.iter().any(|param| param.location == Location::Query && param.name == *name));
    query
}

/// Whether the caller chooses the media type of a body: it is not encoded, and its content is a range of media types, several
/// of one kind, or multipart, whose media type contains a boundary.
fn is_choice(content: &Node<'_>) -> bool {
    let raw = |(name, media): (&str, Node<'_>)| match kind(name) {
        MediaKind::Multipart if is_form_data(name) => None,
        _ if is_binary(&media) => Some(MediaKind::Bytes),
        _ if is_typed_xml(name, &media) => None,
        MediaKind::Multipart => Some(MediaKind::Bytes),
        kind @ (MediaKind::Text | MediaKind::Bytes) => Some(kind),
        MediaKind::Json | MediaKind::Form => None,
    };
    let kinds: BTreeSet<_> = content.entries().map(raw).collect();
    let is_open = |name: &str| is_range(name) || kind(name) == MediaKind::Multipart;
    json_media(content).is_none()
        && kinds.len() == 1
        && !kinds.contains(&None)
        && (content.entries().count() > 1 || content.entries().any(|(name, _)| is_open(name)))
}

pub(super) fn is_form_data(media_type: &str) -> bool {
    essence(media_type) == "multipart/form-data"
}

/// Returns the name of the setter of the media type.
fn media_setter(params: &[Param]) -> String {
    unique("content_type", &mut params.iter().map(|param| param.ident.clone()).collect())
}

/// Whether the method is idempotent (RFC 9110, section 9.2.2; `QUERY` is like `GET`), unless the document says otherwise.
fn is_idempotent(site: &Site<'_>) -> bool {
    let stated = site.node.get("x-fern-idempotent").and_then(|node| node.value().as_bool());
    stated.unwrap_or(match site.method {
        "post" | "patch" => false,
        "QUERY" => true,
        // Other methods may do anything.
        other => METHODS.contains(&other),
    })
}

/// Returns the header that makes an operation idempotent whose method is not.
///
/// `Idempotency-Key` is not a standard yet, but services agree on the name.
fn idempotency_key(site: &Site<'_>, params: &[Param]) -> Option<String> {
    let is_key =
        |param: &&Param| param.location == Location::Header && param.name.eq_ignore_ascii_case("idempotency-key");
    let key = params.iter().find(is_key)?;
    let needs_one = matches!(site.method, "post" | "patch");
    (needs_one && is_idempotent(site)).then(|| key.name.to_ascii_lowercase())
}

/// Returns the styles of the fields of a form (OpenAPI 3.0, "Encoding Object").
fn field_styles(media: &Node<'_>) -> Vec<(String, AnyStyle)> {
    let encoding = media.get("encoding");
    let styled = encoding.iter().flat_map(Node::entries).filter_map(|(name, field)| {
        let explodes = field.get("explode").is_none_or(|explode| explode.value() == true);
        let style = match field.text("style") {
            None if field.text("contentType").is_some_and(|media_type| kind(media_type) == MediaKind::Json) => {
                AnyStyle::Json
            }
            Some("deepObject") => AnyStyle::Deep,
            Some("spaceDelimited") if field.get("explode").is_none_or(|explode| explode.value() == false) => {
                AnyStyle::Space
            }
            Some("pipeDelimited") if field.get("explode").is_none_or(|explode| explode.value() == false) => {
                AnyStyle::Pipe
            }
            Some("tabDelimited") => AnyStyle::Tab,
            None | Some("form") if !explodes => AnyStyle::Comma,
            _ => return None,
        };
        Some((name.to_owned(), style))
    });
    styled.collect()
}

fn is_header_text(media_type: &str) -> bool {
    !media_type.is_empty() && media_type.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ')
}
