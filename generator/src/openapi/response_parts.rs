//! Locations in a response: the schemas of its body and of parts of it.

use super::media::{is_event_stream, is_json_lines};
use super::{json_media, success_responses};
use crate::document::Node;

/// Returns the schema of the first successful response, if it is JSON.
pub(crate) fn json_response_schema<'a>(operation: &Node<'a>) -> Option<Node<'a>> {
    let (_, response) = success_responses(operation).into_iter().next()?;
    json_media(&response.get("content")?)?.1.get("schema")
}

/// Returns the streamed entry of a successful response: events before lines.
pub(crate) fn stream_media<'a>(operation: &Node<'a>) -> Option<(&'a str, Node<'a>)> {
    let responses = success_responses(operation);
    let contents: Vec<_> = responses.iter().filter_map(|(_, response)| response.get("content")).collect();
    let find = |is_wanted: fn(&str) -> bool| contents.iter().flat_map(Node::entries).find(|(name, _)| is_wanted(name));
    find(is_event_stream).or_else(|| find(is_json_lines))
}

/// Returns the schema at a JSON pointer into a value. `-1` and numbers select items of a list.
pub(crate) fn schema_at<'a>(schema: &Node<'a>, pointer: &str) -> Option<Node<'a>> {
    pointer.split('/').skip(1).try_fold(schema.resolve_single()?, |schema, key| {
        let items = schema.get("items").filter(|_| key.parse::<i64>().is_ok());
        let part = items.or_else(|| schema.get("properties")?.get(&key.replace("~1", "/").replace("~0", "~")))?;
        part.resolve_single()
    })
}

/// Converts a simple `JSONPath` of names, indices and `*` to a JSON pointer. `None` for any other path.
pub(crate) fn json_path(path: &str) -> Option<String> {
    let mut rest = path.strip_prefix('$')?;
    let mut pointer = String::new();
    while !rest.is_empty() {
        let key;
        if let Some(inner) = rest.strip_prefix('[') {
            let (bracketed, after) = inner.split_once(']')?;
            let quoted = ['"', '\''].iter().find_map(|quote| bracketed.strip_prefix(*quote)?.strip_suffix(*quote));
            key = quoted
                .or(Some(bracketed).filter(|text| *text == "*" || text.parse::<i64>().is_ok_and(|at| at >= -1)))?;
            rest = after;
        } else {
            let inner = rest.strip_prefix('.')?;
            let end = inner.find(['.', '[']).unwrap_or(inner.len());
            (key, rest) = inner.split_at(end);
            let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '$' | '@');
            if key.is_empty() || !(key == "*" || key.chars().all(is_plain)) {
                return None;
            }
        }
        pointer.push('/');
        pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
    }
    Some(pointer)
}

#[cfg(test)]
mod tests {
    use super::json_path;

    #[test]
    fn simple_paths_become_pointers_and_others_are_rejected() {
        let pointers = [
            ("$", ""),
            ("$.a.b", "/a/b"),
            ("$.a-b.c_d", "/a-b/c_d"),
            ("$.results[*]", "/results/*"),
            ("$['a/b']['c.d']", "/a~1b/c.d"),
            ("$.a[-1].id", "/a/-1/id"),
            ("$[0]", "/0"),
        ];
        for (path, pointer) in pointers {
            assert_eq!(json_path(path).as_deref(), Some(pointer), "{path}");
        }
        for path in ["a.b", "", "$..a", "$.a[?(@.b)]", "$.a[1:2]", "$.a[-2]", "$.", "$x", "$.a[", "$.a b"] {
            assert_eq!(json_path(path), None, "{path}");
        }
    }
}
