//! Decides how the value of a parameter is written: its style (OpenAPI 3.0, "Style Values").

use crate::document::Node;
use crate::ir::{AnyStyle, Location, ParamStyle};
use crate::openapi::{is_plain, parameter_schema};

pub(super) fn style(node: &Node<'_>, location: Location) -> Result<ParamStyle, String> {
    let Some((schema, is_json)) = parameter_schema(node) else {
        return if node.get("content").is_some() {
            Err("has a `content` without a schema".to_owned())
        } else {
            Ok(ParamStyle::Any(AnyStyle::Comma))
        };
    };
    let schema = schema.resolve_single().ok_or("has a schema whose reference points to nothing")?;
    if is_json {
        return Ok(ParamStyle::Any(AnyStyle::Json));
    }
    let is_list = schema.text("type") == Some("array");
    let value =
        if is_list { schema.get("items").and_then(|items| items.resolve_single()) } else { Some(schema.clone()) };
    let is_plain = value.as_ref().is_some_and(is_plain);
    let is_form = matches!(location, Location::Query | Location::Cookie);
    let default = if is_form { "form" } else { "simple" };
    let stated = node.text("style").unwrap_or(default);
    if !is_list && is_plain && stated == default {
        return Ok(ParamStyle::Scalar);
    }
    let explode = node.get("explode").map_or(stated == "form", |node| node.value() == true);
    let is_list_of_plain = is_list && is_plain;
    match (location, stated, explode) {
        (Location::Query, "form", true) if is_list_of_plain => Ok(ParamStyle::Exploded),
        (Location::Query, "form", false) | (Location::Header, "simple", _) if is_list_of_plain => Ok(ParamStyle::Comma),
        (Location::Query, "spaceDelimited", false) if is_list_of_plain => Ok(ParamStyle::Space),
        (Location::Query, "pipeDelimited", false) if is_list_of_plain => Ok(ParamStyle::Pipe),
        // The collection format `tsv` of Swagger 2.0.
        (Location::Query, "tabDelimited", false) if is_list_of_plain => Ok(ParamStyle::Tab),
        // With `explode`, delimited styles mean the same as `form`: one parameter per item (OpenAPI 3.0, "Style
        // Values").
        (Location::Query, "form" | "spaceDelimited" | "pipeDelimited", true)
        | (Location::Cookie, "form", true)
        | (Location::Path | Location::Header, "simple", true) => Ok(ParamStyle::Any(AnyStyle::Exploded)),
        (Location::Query | Location::Cookie, "form", false) | (Location::Path | Location::Header, "simple", false) => {
            Ok(ParamStyle::Any(AnyStyle::Comma))
        }
        (Location::Query, "deepObject", _) => Ok(ParamStyle::Any(AnyStyle::Deep)),
        (Location::Path, "label", explode) => Ok(ParamStyle::Any(AnyStyle::Label { explode })),
        (Location::Path, "matrix", explode) => Ok(ParamStyle::Any(AnyStyle::Matrix { explode })),
        (Location::Query, "spaceDelimited", false) => Ok(ParamStyle::Any(AnyStyle::Space)),
        (Location::Query, "pipeDelimited", false) => Ok(ParamStyle::Any(AnyStyle::Pipe)),
        (Location::Query, "tabDelimited", false) => Ok(ParamStyle::Any(AnyStyle::Tab)),
        _ => Err(format!("has style `{stated}`, but {}", styles(location))),
    }
}

/// Returns the styles that are valid for a location (OpenAPI 3.0, "Parameter Object", `style`).
fn styles(location: Location) -> &'static str {
    match location {
        Location::Path => "a path parameter allows only `simple`, `label` and `matrix`",
        Location::Query => "a query parameter allows only `form`, `spaceDelimited`, `pipeDelimited` and `deepObject`",
        Location::Header => "a header parameter allows only `simple`",
        Location::Cookie => "a cookie parameter allows only `form`",
    }
}
