//! Replaces a numeric exclusive bound by the bound and a flag that marks it as exclusive.
//!
//! `{exclusiveMinimum: 0}` → `{minimum: 0, exclusiveMinimum: true}`

use serde_json::Value;

use super::Log;
use super::schemas::{Schema, each};

pub(super) fn run(document: &mut Value, _: &mut Log) {
    each(document, |schema, _| {
        mark(schema, "exclusiveMinimum", "minimum", |exclusive, inclusive| exclusive >= inclusive);
        mark(schema, "exclusiveMaximum", "maximum", |exclusive, inclusive| exclusive <= inclusive);
    });
}

/// Converts one bound. If a schema has both bounds of one side, the narrower applies.
fn mark(schema: &mut Schema, exclusive: &str, inclusive: &str, is_narrower: fn(f64, f64) -> bool) {
    let Some(bound) = schema.get(exclusive).filter(|bound| bound.is_number()).cloned() else { return };
    let other = schema.get(inclusive).and_then(Value::as_f64);
    if bound.as_f64().zip(other).is_none_or(|(bound, other)| is_narrower(bound, other)) {
        schema.insert(inclusive.to_owned(), bound);
        schema.insert(exclusive.to_owned(), Value::Bool(true));
    } else {
        schema.shift_remove(exclusive);
    }
}
