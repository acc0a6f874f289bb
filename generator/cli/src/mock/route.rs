//! Finds the operation of a request.

use generator::ir::{Api, Operation, PathPart};

/// The target of a request.
pub(super) enum Route {
    /// The operation with this index, and the names and values of its path parameters, still percent-encoded.
    Operation(usize, Vec<(String, String)>),
    /// The path exists, but only with these methods.
    OtherMethods(Vec<String>),
    /// The path does not exist.
    NotFound,
}

pub(super) fn find(api: &Api, method: &str, path: &str) -> Route {
    let matching = api.operations.iter().enumerate().filter_map(|(index, operation)| {
        let mut values = Vec::new();
        matches(operation, &operation.path, path, &mut values).then_some((index, operation, values))
    });
    let matching: Vec<_> = matching.collect();
    let own = matching.iter().filter(|(_, operation, _)| operation.http_method == method);
    // The path with the fewest parameters wins: `/users/me` rather than `/users/{id}`.
    match own.min_by_key(|(_, _, values)| values.len()) {
        Some((index, _, values)) => Route::Operation(*index, values.clone()),
        None if matching.is_empty() => Route::NotFound,
        None => Route::OtherMethods(matching.iter().map(|(_, operation, _)| operation.http_method.clone()).collect()),
    }
}

fn matches(operation: &Operation, parts: &[PathPart], path: &str, values: &mut Vec<(String, String)>) -> bool {
    match parts {
        [] => path.is_empty(),
        [PathPart::Literal(text), rest @ ..] => {
            path.strip_prefix(text.as_str()).is_some_and(|path| matches(operation, rest, path, values))
        }
        [PathPart::Param(index), rest @ ..] => {
            let segment = path.find('/').unwrap_or(path.len());
            let known = values.len();
            // An empty value matches too; the validation of parameters rejects it.
            (0..=segment).rev().filter_map(|end| path.split_at_checked(end)).any(|(value, path)| {
                values.truncate(known);
                values.push((operation.param(*index).name.clone(), value.to_owned()));
                matches(operation, rest, path, values)
            })
        }
    }
}
