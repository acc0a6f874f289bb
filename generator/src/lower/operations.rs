//! Operations: their names, what they send, how they may be repeated and who may call them.

use std::collections::{BTreeMap, BTreeSet};

use super::Lowering;
use super::client::example;
use super::namespaces::group;
use super::replies::failures;
use crate::diagnostics::catalogue::{BODY_MEDIA_IGNORED, UNKNOWN_SCHEME, UNSUPPORTED_BODY};
use crate::document::Node;
use crate::ir::{Body, Client, Operation};
use crate::media::is_json;
use crate::naming::{pascal, snake, unique};
use crate::walk::{Site, operations};

/// Types that the file of a function uses; no type of arguments can have their names.
const TYPES: [&str; 24] = [
    "Call",
    "Criterion",
    "Err",
    "Error",
    "LongRunning",
    "LongRunningMeta",
    "Method",
    "None",
    "Ok",
    "Operation",
    "OperationMeta",
    "Option",
    "Pace",
    "Progress",
    "Reply",
    "RequestWriter",
    "Result",
    "RetryDefaults",
    "Some",
    "Starts",
    "States",
    "Strategy",
    "Wait",
    "WaitOptions",
];

impl Lowering<'_> {
    pub(super) fn operations(&mut self, client: &Client) -> Vec<Operation> {
        let sites = operations(self.document);
        let mut functions = BTreeSet::new();
        let mut type_names: BTreeSet<String> = TYPES.map(str::to_owned).into();
        type_names.insert(format!("{}Core", client.name));
        let mut all: Vec<_> = Vec::with_capacity(sites.len());
        for site in &sites {
            let mut operation = self.operation(site, client);
            operation.function_ident = unique(operation.function_ident, &mut functions);
            operation.type_name = unique(operation.type_name, &mut type_names);
            all.push(operation);
        }
        let ids: BTreeMap<String, usize> =
            all.iter().enumerate().map(|(index, operation)| (operation.id.clone(), index)).collect();
        for (index, site) in sites.iter().enumerate() {
            all[index].polling = self.polling(&site.node);
            all[index].long_running = self.long_running(site, &ids, &sites);
            let handle = format!("{}Operation", all[index].type_name);
            if let Some(pair) = &mut all[index].long_running {
                pair.handle = unique(handle, &mut type_names);
            }
        }
        self.check_polling_has_link(&all, &sites);
        all
    }

    fn operation(&mut self, site: &Site<'_>, client: &Client) -> Operation {
        let node = &site.node;
        let text = |key: &str| node.text(key).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        let id = node.text("operationId").unwrap_or_default().to_owned();
        let method_ident = snake(node.text("x-speakeasy-name-override").unwrap_or(&id));
        let mut words = group(site);
        words.push(method_ident.trim_end_matches('_').to_owned());
        let (path, params) = self.parameters(site, client);
        Operation {
            function_ident: snake(&words.join(" ")),
            type_name: pascal(&id),
            method_ident,
            http_method: site.method.to_uppercase(),
            template: site.path.to_owned(),
            path,
            params,
            body: self.body(node),
            success: self.success(node),
            failures: failures(node),
            summary: text("summary"),
            description: text("description"),
            deprecated: node.is_true("deprecated"),
            idempotent: is_idempotent(site),
            retry: self.retry(node),
            security: self.security(node, client),
            server: self.server(node).or_else(|| self.server(&site.item)),
            long_running: None,
            polling: None,
            id,
        }
    }

    fn body(&mut self, operation: &Node<'_>) -> Option<Body> {
        let body = operation.get("requestBody")?;
        let content: Vec<_> = body.get("content").iter().flat_map(Node::entries).collect();
        let Some((chosen, media)) = content.iter().find(|(name, _)| is_json(name)) else {
            let names: Vec<_> = content.iter().map(|(name, _)| *name).collect();
            let which = if names.len() == 1 { "which is not JSON" } else { "none of which is JSON" };
            let message = format!("the request body is `{}`, {which}", names.join("`, `"));
            self.found.report(self.document, &UNSUPPORTED_BODY, body.pointer(), message);
            return None;
        };
        if content.len() > 1 {
            let message = format!("of {} media types only `{chosen}` is sent", content.len());
            self.found.report(self.document, &BODY_MEDIA_IGNORED, body.pointer(), message);
        }
        Some(Body {
            required: body.is_true("required"),
            description: body.text("description").map(str::to_owned),
            example: example(media).cloned(),
        })
    }

    fn security(&mut self, operation: &Node<'_>, client: &Client) -> Vec<Vec<String>> {
        let root = self.document.root();
        let Some(alternatives) = operation.get("security").or_else(|| root.get("security")) else {
            return Vec::new();
        };
        let declared = root.at(&["components", "securitySchemes"]);
        let mut all = Vec::new();
        for alternative in alternatives.items() {
            let mut names = Vec::new();
            for (name, node) in alternative.entries() {
                if declared.as_ref().and_then(|declared| declared.get(name)).is_none() {
                    let message =
                        format!("the security scheme `{name}` is not declared in `components.securitySchemes`");
                    self.found.report(self.document, &UNKNOWN_SCHEME, node.pointer(), message);
                }
                names.push(name.to_owned());
            }
            if names.iter().all(|name| client.schemes.iter().any(|scheme| scheme.name == *name)) {
                all.push(names);
            }
        }
        // The client takes the first alternative it has all credentials of: going without is the last.
        all.sort_by_key(Vec::is_empty);
        all
    }
}

/// Methods whose repetition does no harm (RFC 9110, section 9.2.2), unless the document knows better.
fn is_idempotent(site: &Site<'_>) -> bool {
    let stated = site.node.get("x-fern-idempotent").and_then(|node| node.value().as_bool());
    stated.unwrap_or(!matches!(site.method, "post" | "patch"))
}
