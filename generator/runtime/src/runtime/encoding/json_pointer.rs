//! JSON pointers (RFC 6901), in which `-1` is also the last item of an array. All values in a response are located with
//! them.

use std::borrow::Cow;

use serde_json::Value;

/// Returns the value at a pointer.
pub(crate) fn at<'a>(body: &'a Value, pointer: &str) -> Option<&'a Value> {
    keys(pointer)?.try_fold(body, |value, key| match value {
        Value::Array(items) => items.get(index(&key, items.len())?),
        Value::Object(fields) => fields.get(&*key),
        _ => None,
    })
}

/// Moves the value at a pointer out of the body.
pub(crate) fn take(mut body: Value, pointer: &str) -> Option<Value> {
    let found = keys(pointer)?.try_fold(&mut body, |value, key| match value {
        Value::Array(items) => {
            let index = index(&key, items.len())?;
            items.get_mut(index)
        }
        Value::Object(fields) => fields.get_mut(&*key),
        _ => None,
    });
    found.map(Value::take)
}

/// Returns the keys of a pointer. The empty pointer has none; any other starts with `/`.
fn keys(pointer: &str) -> Option<impl Iterator<Item = Cow<'_, str>>> {
    let steps = match pointer.strip_prefix('/') {
        Some(rest) => Some(rest.split('/')),
        None if pointer.is_empty() => None,
        None => return None,
    };
    Some(steps.into_iter().flatten().map(unescaped))
}

fn unescaped(key: &str) -> Cow<'_, str> {
    if key.contains('~') { key.replace("~1", "/").replace("~0", "~").into() } else { key.into() }
}

/// Parses the index of an item: decimal digits without leading zeros, or `-1`.
fn index(key: &str, len: usize) -> Option<usize> {
    if key == "-1" {
        return len.checked_sub(1);
    }
    let is_index = key == "0" || (!key.starts_with('0') && key.bytes().all(|byte| byte.is_ascii_digit()));
    key.parse().ok().filter(|_| is_index)
}
