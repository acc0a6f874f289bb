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
    let matches = operations.filter_map(|operation| match_path(operation, exchange.path()));
    matches.min_by_key(|found| (found.prefix.len(), found.values.iter().map(|(_, value)| value.len()).sum::<usize>()))
}

/// Matches a template with the whole path or with the end of it. The shortest prefix wins.
fn match_path<'a>(operation: &'a Operation, path: &str) -> Option<Match<'a>> {
    let starts = path.char_indices().filter(|(_, character)| *character == '/').map(|(index, _)| index);
    starts.into_iter().find_map(|start| {
        let (prefix, rest) = path.split_at_checked(start)?;
        let values = match_parts(&operation.path, rest)?;
        Some(Match { operation, prefix: prefix.to_owned(), values })
    })
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
