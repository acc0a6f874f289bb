//! Lowers parameters: their locations, styles and names.

use std::collections::BTreeSet;

use serde_json::json;

use super::Lowering;
use super::parameter_style::style;
use super::types::is_sensitive;
use crate::diagnostics::catalogue::UNDEFINED_STYLE;
use crate::document::Node;
use crate::ir::{Client, Global, Location, Param, ParamStyle, PathPart, PercentEncoding, ScalarType, Slot, SlotRole};
use crate::naming::reserved::{ARGUMENTS, CALL_METHODS};
use crate::naming::{snake, unique};
use crate::openapi::{RUST_TYPE, Site, example, is_plain, parameter_schema, path_query, placeholder, plain_path};

impl Lowering<'_> {
    /// Returns the parts of the path and all parameters, path parameters first.
    pub(super) fn parameters(&mut self, site: &Site<'_>, client: &Client) -> (Vec<PathPart>, Vec<Param>) {
        let mut declared = site.parameters();
        let position = |node: &Node<'_>| {
            let name = node.text("name").unwrap_or_default();
            let in_path = node.text("in") == Some("path");
            if in_path { site.path.find(&format!("{{{name}}}")).unwrap_or(usize::MAX) } else { usize::MAX }
        };
        declared.sort_by_key(position);
        let mut taken: BTreeSet<String> = ARGUMENTS.map(str::to_owned).into();
        let mut params = Vec::new();
        for node in &declared {
            params.extend(self.parameter(site, node, client, &mut taken));
        }
        (path_parts(plain_path(site.path), &params), params)
    }

    fn parameter(
        &mut self,
        site: &Site<'_>,
        node: &Node<'_>,
        client: &Client,
        taken: &mut BTreeSet<String>,
    ) -> Option<Param> {
        let name = node.text("name")?;
        let location = match node.text("in")? {
            "path" => Location::Path,
            "query" => Location::Query,
            "header" if is_reserved_header(name) => return None,
            "header" => Location::Header,
            "cookie" => Location::Cookie,
            _ => return None,
        };
        let global = global(node, client);
        let style = style(node, location);
        if let Err(reason) = &style {
            let message = format!("parameter `{name}` {reason}");
            self.diagnostics.report(self.document, &UNDEFINED_STYLE, node.pointer(), message);
        }
        // Strings, numbers and booleans are written alike in the default style of every location. The document does not
        // define how others are written, so the caller writes them.
        let is_raw = style.is_err() && !has_plain_schema(node);
        let slot = if is_raw {
            self.slot_of(&site.node, SlotRole::Argument, json!({ "type": "string" }), node.pointer())
        } else {
            let is_string = global.is_some() || is_sensitive(node);
            self.argument(site, node, is_string)
        };
        let style = style.ok().filter(|_| global.is_none()).unwrap_or(ParamStyle::Scalar);
        let schema = node.get("schema").and_then(|schema| schema.resolve_single());
        Some(Param {
            ident: unique(ident(name, node.is_true("required")), taken),
            name: name.to_owned(),
            location,
            style,
            encoding: if location == Location::Query && node.is_true("allowReserved") {
                PercentEncoding::KeepsReserved
            } else {
                PercentEncoding::Full
            },
            slot,
            required: node.is_true("required"),
            global,
            description: node.words("description").or_else(|| schema.as_ref()?.words("description")),
            example: example(node).cloned(),
            deprecated: node.is_true("deprecated"),
            sensitive: is_sensitive(node) || schema.as_ref().is_some_and(is_sensitive),
        })
    }
}

impl Lowering<'_> {
    /// Creates the slot of a parameter.
    ///
    /// A named string, number or boolean becomes the plain type, because its name says nothing about how it is written.
    /// String enums keep their name, because it determines their strings. `is_string` makes a plain string of a scalar.
    fn argument(&mut self, site: &Site<'_>, parameter: &Node<'_>, is_string: bool) -> Slot {
        let Some((schema, _)) = parameter_schema(parameter) else {
            return self.slot(&site.node, SlotRole::Argument, None);
        };
        let plain = |schema: &Node<'_>| {
            let target = schema.resolve_single()?;
            let is_string_enum = target.get("enum").is_some() && target.text("type") == Some("string");
            (is_plain(&target) && !is_string_enum).then(|| target.value().clone())
        };
        let list = || schema.resolve_single().filter(|target| target.text("type") == Some("array"));
        let plain_list = || Some(json!({ "type": "array", "items": plain(&list()?.get("items")?)? }));
        let mut value = plain(&schema).or_else(plain_list).unwrap_or_else(|| schema.value().clone());
        let is_replaced = schema.resolve_single().is_some_and(|target| target.get(RUST_TYPE).is_some());
        if is_string && (is_replaced || ScalarType::of(&value).is_some_and(|scalar| !scalar.is_integer())) {
            value = json!({ "type": "string" });
        }
        self.slot_of(&site.node, SlotRole::Argument, value, schema.pointer())
    }
}

/// Whether the value of a parameter is a string, a number or a boolean.
fn has_plain_schema(node: &Node<'_>) -> bool {
    node.get("schema").and_then(|schema| schema.resolve_single()).is_some_and(|schema| is_plain(&schema))
}

/// Returns the global with the name and location of this parameter, if the parameter is a plain string.
fn global(node: &Node<'_>, client: &Client) -> Option<usize> {
    let schema = node.get("schema")?.resolve_single()?;
    let is_text = schema.text("type") == Some("string") && schema.get("enum").is_none();
    let is_same =
        |global: &Global| node.text("name") == Some(&global.name) && node.text("in") == Some(&global.location);
    client.globals.iter().position(is_same).filter(|_| is_text)
}

fn ident(name: &str, required: bool) -> String {
    let ident = snake(name);
    let is_taken = ARGUMENTS.contains(&ident.as_str()) || (!required && CALL_METHODS.contains(&ident.as_str()));
    if is_taken { format!("{}_param", ident.trim_end_matches('_')) } else { ident }
}

/// Whether header parameters of this name are ignored (OpenAPI 3.0, "Parameter Object").
fn is_reserved_header(name: &str) -> bool {
    ["accept", "content-type", "authorization"].iter().any(|reserved| name.eq_ignore_ascii_case(reserved))
}

/// Returns the names and values that the path template has after a question mark, without those of parameters.
pub(super) fn fixed_query(path: &str) -> Vec<(String, String)> {
    let fixed = path_query(path).filter(|(_, value)| placeholder(value).is_none());
    fixed.map(|(name, value)| (name.into(), value.into())).collect()
}

fn path_parts(path: &str, params: &[Param]) -> Vec<PathPart> {
    let mut parts = Vec::new();
    let mut rest = path;
    while let Some((literal, (name, after))) =
        rest.split_once('{').and_then(|(head, tail)| Some((head, tail.split_once('}')?)))
    {
        parts.push(PathPart::Literal(literal.to_owned()));
        let param = params.iter().position(|param| param.location == Location::Path && param.name == name);
        parts.extend(param.map(PathPart::Param));
        rest = after;
    }
    parts.push(PathPart::Literal(rest.to_owned()));
    parts.retain(|part| *part != PathPart::Literal(String::new()));
    parts
}
