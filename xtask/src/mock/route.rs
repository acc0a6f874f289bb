//! Which operation a request is for.

use generator::ir::{Api, Operation, PathPart};

/// Where a request leads.
pub(super) enum Route {
    /// To the operation of this index, with the values of its path parameters, still percent-encoded: name and text.
    Operation(usize, Vec<(String, String)>),
    /// To a path that has other methods.
    OtherMethods(Vec<String>),
    /// Nowhere.
    Nowhere,
}

pub(super) fn find(api: &Api, method: &str, path: &str) -> Route {
    let fitting = api.operations.iter().enumerate().filter_map(|(index, operation)| {
        let mut values = Vec::new();
        fits(operation, &operation.path, path, &mut values).then_some((index, operation, values))
    });
    let fitting: Vec<_> = fitting.collect();
    let own = fitting.iter().filter(|(_, operation, _)| operation.http_method == method);
    // Of several the one with the fewest parameters is meant: `/users/me` rather than `/users/{id}`.
    match own.min_by_key(|(_, _, values)| values.len()) {
        Some((index, _, values)) => Route::Operation(*index, values.clone()),
        None if fitting.is_empty() => Route::Nowhere,
        None => Route::OtherMethods(fitting.iter().map(|(_, operation, _)| operation.http_method.clone()).collect()),
    }
}

fn fits(operation: &Operation, parts: &[PathPart], path: &str, values: &mut Vec<(String, String)>) -> bool {
    match parts {
        [] => path.is_empty(),
        [PathPart::Literal(text), rest @ ..] => {
            path.strip_prefix(text.as_str()).is_some_and(|path| fits(operation, rest, path, values))
        }
        [PathPart::Param(index), rest @ ..] => {
            let segment = path.find('/').unwrap_or(path.len());
            let known = values.len();
            // An empty value fits too: it is the check of the value that refuses it.
            (0..=segment).rev().filter_map(|end| path.split_at_checked(end)).any(|(value, path)| {
                values.truncate(known);
                values.push((operation.param(*index).name.clone(), value.to_owned()));
                fits(operation, rest, path, values)
            })
        }
    }
}
