//! Reads `x-rust-type`: the type of another crate that replaces the generated type of a schema.
//!
//! The value is the path of a type, or an object with the `path` and the `crate`, its `version` and its `features`.

use serde_json::{Map, Value};

use crate::document::Node;

/// The extension.
pub(crate) const RUST_TYPE: &str = "x-rust-type";

/// The keyword that states what named the type of a schema, for the documentation of the type.
pub(crate) const RUST_TYPE_ORIGIN: &str = "x-rust-type-origin";

/// The keyword that states which name a type or a field has.
pub(crate) const NAME_OVERRIDE: &str = "x-speakeasy-name-override";

/// The members of the object form.
const MEMBERS: [&str; 4] = ["crate", "features", "path", "version"];

/// Whether a text is the path of a type, such as `jiff::Timestamp` or `Vec<u8>`.
fn is_type_path(text: &str) -> bool {
    syn::parse_str::<syn::TypePath>(text).is_ok_and(|path| path.qself.is_none())
}

/// Whether a valid type of another crate replaces that of a schema.
pub(crate) fn is_replaced(schema: &Node<'_>) -> bool {
    schema.get(RUST_TYPE).is_some_and(|stated| rust_type_problems(stated.value()).is_empty())
}

/// Returns what is wrong with a value of the extension.
pub(crate) fn rust_type_problems(value: &Value) -> Vec<String> {
    let path_problem = |path: &str| (!is_type_path(path)).then(|| format!("`{path}` is not the path of a type"));
    let object = match value {
        Value::String(path) => return path_problem(path).into_iter().collect(),
        Value::Object(object) => object,
        _ => return vec!["the value is neither the path of a type nor an object with a `path`".to_owned()],
    };
    let path = match object.get("path") {
        Some(Value::String(path)) => path_problem(path),
        _ => Some("it has no `path`".to_owned()),
    };
    let unknown = object.keys().filter(|key| !MEMBERS.contains(&key.as_str()));
    let unknown = unknown.map(|key| format!("unknown member `{key}`"));
    path.into_iter().chain(unknown).chain(dependency_problems(object)).collect()
}

fn dependency_problems(object: &Map<String, Value>) -> Vec<String> {
    let is_name = |name: &str| {
        let is_start = name.starts_with(|first: char| first.is_ascii_alphabetic());
        is_start && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
    };
    let is_version = |text: &str| {
        let is_digit = text.contains(|c: char| c.is_ascii_digit());
        is_digit && text.chars().all(|c| c.is_ascii_alphanumeric() || " *+,-.<=>^~".contains(c))
    };
    let mut problems = Vec::new();
    if object.get("crate").is_some_and(|name| !name.as_str().is_some_and(is_name)) {
        problems.push("`crate` is not the name of a crate".to_owned());
    }
    if object.get("version").is_some_and(|version| !version.as_str().is_some_and(is_version)) {
        problems.push("`version` is not a version requirement, such as `\"1.2\"`".to_owned());
    }
    let are_strings = |features: &Value| features.as_array().is_some_and(|all| all.iter().all(Value::is_string));
    if object.get("features").is_some_and(|features| !are_strings(features)) {
        problems.push("`features` is not a list of strings".to_owned());
    }
    let needs_crate = ["version", "features"].into_iter().filter(|key| object.contains_key(*key));
    if !object.contains_key("crate") {
        problems.extend(needs_crate.map(|key| format!("`{key}` without a `crate`")));
    }
    if object.contains_key("features") && !object.contains_key("version") {
        problems.push("`features` without a `version`".to_owned());
    }
    problems
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_path_has_several_forms() {
        for path in ["jiff::Timestamp", "crate::custom::Money", "Vec<u8>", "u64", "::std::net::IpAddr"] {
            assert_eq!(rust_type_problems(&json!(path)), Vec::<String>::new(), "{path}");
        }
        for text in ["", "&str", "a b", "<T as U>::V", "(u8, u8)", "a::"] {
            assert_eq!(rust_type_problems(&json!(text)).len(), 1, "{text}");
        }
    }

    #[test]
    fn each_member_of_the_object_is_checked() {
        let check = |value: Value, expected: &str| assert_eq!(rust_type_problems(&value).join("; "), expected);
        check(json!({"path": "a::B", "crate": "a", "version": "^1.2, <2", "features": ["serde"]}), "");
        check(json!({"path": "a::B", "crate": "a"}), "");
        check(json!({"crate": "a"}), "it has no `path`");
        check(json!({"path": "a::B", "crate": "a b"}), "`crate` is not the name of a crate");
        check(
            json!({"path": "a::B", "crate": "a", "version": 1}),
            "`version` is not a version requirement, such as `\"1.2\"`",
        );
        check(json!({"path": "a::B", "version": "1"}), "`version` without a `crate`");
        check(json!({"path": "a::B", "parameters": []}), "unknown member `parameters`");
        check(json!(1), "the value is neither the path of a type nor an object with a `path`");
    }
}
