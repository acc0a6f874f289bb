//! The loop around the stages: makes the smallest schemas around errors any JSON, removes the operations that have other errors,
//! and runs the stages again.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::diagnostics::catalogue::LEFT_OUT;
use crate::diagnostics::{Diagnostic, Diagnostics, Severity};
use crate::document::{Document, Node, Pointer};
use crate::openapi::operations;

/// Runs the stages on a document. If `is_lenient`, repeats them until all parts with errors are replaced or removed.
///
/// `stages` returns all diagnostics if one of them is an error.
pub(crate) fn attempt<T>(
    is_lenient: bool,
    mut document: Document,
    mut diagnostics: Diagnostics,
    mut stages: impl FnMut(Document, Diagnostics) -> Result<T, Diagnostics>,
) -> Result<T, Diagnostics> {
    if !is_lenient {
        return stages(document, diagnostics);
    }
    loop {
        let errors = match stages(document.clone(), diagnostics.clone()) {
            Ok(result) => return Ok(result),
            Err(errors) => errors,
        };
        let Some((less, warnings)) = leave_out(&document, &errors) else { return Err(errors) };
        // The earlier errors are about parts that are now removed; otherwise nothing could have been removed.
        diagnostics = diagnostics.only_warnings().with(warnings);
        document = less;
    }
}

/// Returns the document without the parts that have errors, and a warning for each: a schema that is replaced by any JSON, or
/// an operation that is removed.
///
/// `None` if an error does not belong to an operation, so that removing operations cannot fix it.
fn leave_out(document: &Document, errors: &Diagnostics) -> Option<(Document, Diagnostics)> {
    let reach = Reach::of(document);
    let (mut schemas, mut parts) = (BTreeMap::new(), BTreeMap::<Pointer, &Diagnostic>::new());
    for error in errors.sorted().into_iter().filter(|error| error.code.severity() == Severity::Error) {
        let places = document.places_of(&error.pointer);
        let concerned: Vec<_> = places.iter().flat_map(|place| reach.concerned(place)).collect();
        let mut concerned: Vec<_> = concerned.into_iter().filter(|part| document.has(part)).collect();
        // A rewrite may have left the original of a copied part without users; the operations have the copy.
        if concerned.iter().any(|part| reach.is_operation(part)) {
            concerned.retain(|part| reach.is_operation(part));
        }
        if concerned.is_empty() {
            return None;
        }
        let faulty: Option<Vec<_>> = places.iter().map(|place| faulty_schema(document, place)).collect();
        if let Some(faulty) = faulty.filter(|_| concerned.iter().any(|part| reach.is_operation(part))) {
            schemas.extend(faulty.into_iter().map(|schema| (schema, error)));
            continue;
        }
        for part in concerned {
            parts.entry(part).or_insert(error);
        }
    }
    let mut left = document.clone();
    let mut warnings = Diagnostics::default();
    for (schema, error) in &schemas {
        left.keep(schema, &KEPT);
        let change = format!("{} is read as any JSON", schema_title(schema));
        warnings.push(warning(document, schema, &change, error));
    }
    for (part, error) in &parts {
        drop_links(&mut left, document, part);
        left.remove(part);
        warnings.push(warning(document, part, &format!("{} is left out", title(part)), error));
    }
    // A path without operations has no effect, but an error may still be about it.
    for item in parts.keys().filter_map(Pointer::parent).filter(is_path_item) {
        if !operations(&left).iter().any(|site| site.item.pointer() == &item) {
            left.remove(&item);
        }
    }
    Some((left, warnings))
}

/// Describes a schema: the property `name`, the schema `User`, or a schema without a name.
fn schema_title(place: &Pointer) -> String {
    let name = place.last().unwrap_or_default();
    match place.parent() {
        Some(parent) if parent.holds_properties() => format!("the property `{name}`"),
        Some(parent) if parent.as_str() == "/components/schemas" => format!("the schema `{name}`"),
        _ => "a schema without a name".to_owned(),
    }
}

/// The keywords that a schema keeps when it becomes any JSON.
const KEPT: [&str; 3] = ["description", "readOnly", "writeOnly"];

/// Returns the smallest part around a location that can be any JSON instead: a property, an item, a value of a map, a member
/// of a union, the schema of a parameter or body, or a named schema. `None` if there is no such part, or if it is any JSON
/// already.
fn faulty_schema(document: &Document, place: &Pointer) -> Option<Pointer> {
    let around = std::iter::successors(Some(place.clone()), Pointer::parent);
    let is_replaceable = |part: &Pointer| {
        let Some(parent) = part.parent() else { return false };
        let is_named = parent.holds_properties() || parent.as_str() == "/components/schemas";
        let is_part = |key: String| matches!(key.as_str(), "items" | "additionalProperties" | "schema");
        let is_member = |key: String| matches!(key.as_str(), "oneOf" | "anyOf" | "allOf");
        is_named || part.last().is_some_and(is_part) || parent.last().is_some_and(is_member)
    };
    let part = around.into_iter().find(is_replaceable)?;
    let schema = document.value().pointer(part.as_str())?;
    let is_any = schema.as_object().is_some_and(|schema| schema.keys().all(|key| KEPT.contains(&key.as_str())));
    (!is_any).then_some(part)
}

fn warning(document: &Document, place: &Pointer, change: &str, error: &Diagnostic) -> Diagnostic {
    let location = document.location(place);
    Diagnostic {
        code: &LEFT_OUT,
        pointer: location.pointer,
        span: location.span,
        severity: LEFT_OUT.severity(),
        message: format!("{change}: {} ({})", error.message, error.code.id),
        help: error.help.clone(),
    }
}

fn is_path_item(place: &Pointer) -> bool {
    place.parent().is_some_and(|paths| paths.as_str() == "/paths")
}

/// Describes a part: `GET /users`, or the schema `User`.
fn title(place: &Pointer) -> String {
    let last = place.last().unwrap_or_default();
    let around = place.parent().and_then(|parent| parent.last()).unwrap_or_default();
    if is_path_item(place) {
        format!("the path `{last}`")
    } else if place.as_str().starts_with("/paths/") {
        format!("`{} {around}`", last.to_uppercase())
    } else {
        format!("`{last}` in `components.{around}`, which no operation uses,")
    }
}

/// Removes links to a removed operation, which would be errors of the operations that have the links.
fn drop_links(left: &mut Document, document: &Document, place: &Pointer) {
    let Some(Value::Object(gone)) = document.value().pointer(place.as_str()) else { return };
    let id = gone.get("operationId").and_then(Value::as_str);
    let reference = format!("#{place}");
    let mut links = Vec::new();
    let responses: Vec<_> = operations(left).into_iter().filter_map(|site| site.node.get("responses")).collect();
    for response in responses.iter().flat_map(Node::entries).map(|(_, response)| response) {
        for (_, link) in response.get("links").iter().flat_map(Node::entries) {
            let is_by_id = id.is_some() && link.text("operationId") == id;
            if is_by_id || link.text("operationRef") == Some(&reference) {
                links.push(link.pointer().clone());
            }
        }
    }
    for link in &links {
        left.remove(link);
    }
}

/// The parts of the document that each operation depends on.
struct Reach<'a> {
    document: &'a Document,
    /// Each operation with everything that it refers to.
    operations: Vec<(Pointer, BTreeSet<Pointer>)>,
}

impl<'a> Reach<'a> {
    fn of(document: &'a Document) -> Self {
        let mut below = BTreeMap::new();
        let operations = operations(document).into_iter().map(|site| {
            let shared = site.item.get("parameters");
            let starts = [Some(site.node.clone()), shared];
            (site.node.pointer().clone(), needs(document, starts.into_iter().flatten(), &mut below))
        });
        let operations = operations.collect();
        Self { document, operations }
    }

    /// Returns the operations that a location affects, or the part at that location if no operation depends on it.
    fn concerned(&self, place: &Pointer) -> Vec<Pointer> {
        let keys: Vec<&str> = place.as_str().split('/').skip(1).collect();
        match keys.as_slice() {
            ["paths", path, rest @ ..] => {
                let item = Pointer::at(&format!("/paths/{path}"));
                let own: Vec<_> = self.operations.iter().map(|(operation, _)| operation.clone()).collect();
                let method = rest.first().map(|method| item.join(method)).filter(|operation| own.contains(operation));
                match method {
                    Some(operation) => vec![operation],
                    None => or_else(own.into_iter().filter(|own| own.parent().as_ref() == Some(&item)), item.clone()),
                }
            }
            ["components", "securitySchemes", name, ..] => self.secured_by(&Pointer::at(&format!("/{name}"))),
            ["components", section, name, ..] => {
                let part = Pointer::at(&format!("/components/{section}/{name}"));
                let needing = self.operations.iter().filter(|(_, needs)| needs.iter().any(|need| covers(need, place)));
                or_else(needing.map(|(operation, _)| operation.clone()), part)
            }
            _ => Vec::new(),
        }
    }

    fn is_operation(&self, place: &Pointer) -> bool {
        self.operations.iter().any(|(operation, _)| operation == place)
    }

    fn secured_by(&self, scheme: &Pointer) -> Vec<Pointer> {
        let scheme = scheme.last().unwrap_or_default();
        let names = |node: &Value| {
            let alternatives = node.get("security").and_then(Value::as_array);
            alternatives.map(|all| all.iter().any(|schemes| schemes.get(&scheme).is_some()))
        };
        let by_default = names(self.document.value()).unwrap_or_default();
        let is_secured = |operation: &Pointer| {
            let node = self.document.value().pointer(operation.as_str());
            node.and_then(names).unwrap_or(by_default)
        };
        let all = self.operations.iter().map(|(operation, _)| operation);
        all.filter(|operation| is_secured(operation)).cloned().collect()
    }
}

fn or_else(operations: impl Iterator<Item = Pointer>, otherwise: Pointer) -> Vec<Pointer> {
    let operations: Vec<_> = operations.collect();
    if operations.is_empty() { vec![otherwise] } else { operations }
}

/// Whether a referenced part contains this location.
fn covers(part: &Pointer, place: &Pointer) -> bool {
    let rest = place.as_str().strip_prefix(part.as_str());
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Returns everything that some nodes refer to, through any number of steps. `below` caches the references of each
/// target.
fn needs<'a>(
    document: &'a Document,
    starts: impl Iterator<Item = Node<'a>>,
    below: &mut BTreeMap<Pointer, Vec<Pointer>>,
) -> BTreeSet<Pointer> {
    let mut needs = BTreeSet::new();
    let mut open: Vec<Pointer> = starts.flat_map(|start| references(start.value())).collect();
    while let Some(target) = open.pop() {
        if needs.insert(target.clone()) {
            let more = below.entry(target).or_insert_with_key(|target| {
                document.value().pointer(target.as_str()).map(references).unwrap_or_default()
            });
            open.extend(more.iter().cloned());
        }
    }
    needs
}

/// Returns the targets of all references in a value.
fn references(value: &Value) -> Vec<Pointer> {
    let mut targets = Vec::new();
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        match value {
            Value::Object(object) => {
                let reference = object.get("$ref").and_then(Value::as_str);
                targets.extend(reference.and_then(Pointer::from_reference));
                open.extend(object.values());
            }
            Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
    targets
}
