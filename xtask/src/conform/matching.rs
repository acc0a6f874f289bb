//! Finds the operation of an exchange by method and path.

use generator::ir::{Api, Operation, PathPart};

use super::scenarios::Exchange;

/// An operation whose path template matches the path of an exchange.
#[derive(Debug, Clone)]
pub(crate) struct Match<'a> {
    pub(crate) operation: &'a Operation,
    /// The part of the path before the template. It belongs to the URL of the server.
    pub(crate) prefix: String,
    /// The values of the path parameters, still encoded, as indices into the parameters and texts.
    pub(crate) values: Vec<(usize, String)>,
}

/// Finds the operation with the most specific template.
pub(crate) fn find<'a>(api: &'a Api, exchange: &Exchange) -> Option<Match<'a>> {
    let operations =
        api.operations.iter().filter(|operation| operation.http_method.eq_ignore_ascii_case(&exchange.method));
    let matches = operations.filter_map(|operation| match_path(operation, &exchange.path()));
    matches.min_by_key(|found| {
        (slashes(found), found.prefix.len(), found.values.iter().map(|(_, value)| value.len()).sum::<usize>())
    })
}

/// Matches a template with the whole path or with the end of it. A match whose values have no slash wins, and then the shortest prefix.
fn match_path<'a>(operation: &'a Operation, path: &str) -> Option<Match<'a>> {
    // The template `/` is the URL of the server.
    let path = if operation.template == "/" { format!("{}/", path.trim_end_matches('/')) } else { path.to_owned() };
    let starts = path.char_indices().filter(|(_, character)| *character == '/').map(|(index, _)| index);
    let mut matches: Vec<_> = starts
        .filter_map(|start| {
            let (prefix, rest) = path.split_at_checked(start)?;
            let values = match_parts(&operation.path, rest)?;
            Some(Match { operation, prefix: prefix.to_owned(), values })
        })
        .collect();
    matches.sort_by_key(slashes);
    matches.into_iter().next()
}

/// How many values contain a slash, which a parameter can only contain in encoded form.
fn slashes(found: &Match<'_>) -> usize {
    found.values.iter().filter(|(_, value)| value.contains('/')).count()
}

/// The values of the parameters, if the parts match the path.
fn match_parts(parts: &[PathPart], path: &str) -> Option<Vec<(usize, String)>> {
    let Some((first, others)) = parts.split_first() else { return path.is_empty().then(Vec::new) };
    match first {
        PathPart::Literal(literal) => match_parts(others, path.strip_prefix(literal.as_str())?),
        PathPart::Param(index) => {
            // The longest value without a slash is preferred. Only the last parameter may contain slashes.
            let end = path.find('/').filter(|_| !others.is_empty()).unwrap_or(path.len());
            let ends = path
                .char_indices()
                .map(|(index, _)| index)
                .chain([path.len()])
                .filter(|index| *index > 0 && *index <= end);
            let ends: Vec<_> = ends.collect();
            ends.into_iter().rev().find_map(|end| {
                let (value, rest) = path.split_at_checked(end)?;
                let mut values = match_parts(others, rest)?;
                values.insert(0, (*index, value.to_owned()));
                Some(values)
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// The id of the operation, the prefix and the values that a path matches.
    fn matched(path: &str) -> Option<(String, String, Vec<String>)> {
        let operation = |id: &str| {
            let parameter = json!({"name": "p", "in": "path", "required": true, "schema": {"type": "string"}});
            let responses = json!({"204": {"description": ""}});
            json!({"get": {"operationId": id, "parameters": if id == "fixed" { json!([]) } else { json!([parameter]) }, "responses": responses}})
        };
        let paths = json!({"/a/b": operation("fixed"), "/a/{p}": operation("any"), "/a/x{p}": operation("suffix")});
        let document = json!({"openapi": "3.0.3", "info": {"title": "T", "version": "1"}, "paths": paths}).to_string();
        let (_, api, _) = generator::understand(&generator::Input::new("t.json", &document)).unwrap();
        let exchange = json!({"uri": path, "method": "get", "response": {}});
        let found = find(&api, &serde_json::from_value(exchange).unwrap())?;
        let values = found.values.into_iter().map(|(_, value)| value).collect();
        Some((found.operation.id.clone(), found.prefix, values))
    }

    #[test]
    fn the_most_specific_template_matches() {
        let found = |id: &str, prefix: &str, value: &[&str]| {
            Some((id.to_owned(), prefix.to_owned(), value.iter().map(|value| (*value).to_owned()).collect()))
        };
        assert_eq!(matched("/a/b?c=d"), found("fixed", "", &[]));
        assert_eq!(matched("/a/c"), found("any", "", &["c"]));
        assert_eq!(matched("/a/xc"), found("suffix", "", &["c"]));
        assert_eq!(matched("/v1/a/c"), found("any", "/v1", &["c"]));
        assert_eq!(matched("/a/c/d"), found("any", "", &["c/d"]));
        assert_eq!(matched("/b/"), None);
    }
}
