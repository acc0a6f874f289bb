//! Finds the operation of a request by matching its path with the path templates of the API's description.

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};
use reqwest::Method;

use super::Scripted;

/// What the URL parser encodes in a path (URL Standard, "path percent-encode set").
const PATH: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'<').add(b'>').add(b'?').add(b'`').add(b'{').add(b'}');

/// Returns the index of the operation with this method and path, and the values of its path parameters.
///
/// If several operations match, the one whose parameter values are shortest is returned. If no operation matches the whole
/// path, segments at its start are ignored, such as the base path of a server.
pub(crate) fn find(operations: &[Scripted], method: &Method, path: &str) -> Option<(usize, Vec<(String, String)>)> {
    let mut suffixes = path.match_indices('/').filter_map(|(at, _)| path.get(at..));
    suffixes.find_map(|suffix| find_whole(operations, method, suffix))
}

fn find_whole(operations: &[Scripted], method: &Method, path: &str) -> Option<(usize, Vec<(String, String)>)> {
    let metas = operations.iter().map(|scripted| &scripted.meta).enumerate();
    let of_method = metas.filter(|(_, meta)| meta.method.get().is_ok_and(|own| *own == *method));
    let matching = of_method.filter_map(|(index, meta)| Some((index, values(meta.path, path)?)));
    matching.min_by_key(|(_, values)| values.iter().map(|(_, value)| value.len()).sum::<usize>())
}

/// Returns the percent-decoded values of a template's parameters. `None` if the path does not match.
pub(crate) fn values(template: &str, path: &str) -> Option<Vec<(String, String)>> {
    let mut values = Vec::new();
    matches(template, path, &mut values).then(|| {
        values.reverse();
        values
    })
}

/// Whether the path matches. Collects the values from the last to the first.
fn matches(template: &str, path: &str, values: &mut Vec<(String, String)>) -> bool {
    let Some((literal, rest)) = template.split_once('{') else {
        return path == encoded(template);
    };
    let Some(path) = path.strip_prefix(encoded(literal).as_str()) else { return false };
    let Some((name, rest)) = rest.split_once('}') else { return false };
    let segment = path.find('/').unwrap_or(path.len());
    for (value, after) in (1..=segment).rev().filter_map(|end| path.split_at_checked(end)) {
        if matches(rest, after, values) {
            let value = percent_decode_str(value).decode_utf8_lossy().into_owned();
            values.push((name.to_owned(), value));
            return true;
        }
    }
    false
}

fn encoded(literal: &str) -> String {
    utf8_percent_encode(literal, PATH).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(template: &str, path: &str, expected: Option<&[(&str, &str)]>) {
        let found = values(template, path);
        let found: Option<Vec<_>> =
            found.as_ref().map(|values| values.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect());
        assert_eq!(found.as_deref(), expected, "{path} against {template}");
    }

    #[test]
    fn values_are_whole_segments_or_parts_of_one() {
        check("/users", "/users", Some(&[]));
        check("/users/{id}", "/users/a%2Fb%20c", Some(&[("id", "a/b c")]));
        check("/users/{id}", "/users/", None);
        check("/users/{id}", "/users/1/2", None);
        check("/files/{name}.{kind}", "/files/a.b.txt", Some(&[("name", "a.b"), ("kind", "txt")]));
        check("/größe/{n}", "/gr%C3%B6%C3%9Fe/1", Some(&[("n", "1")]));
    }
}
