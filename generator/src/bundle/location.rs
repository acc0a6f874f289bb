//! The locations of other files, as references write them.

use std::collections::BTreeSet;

use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::document::{Pointer, parse_value};

/// A reference, split into its parts (RFC 3986, section 4.1).
pub(super) struct Reference {
    /// The path of the other file. `None` if the reference stays in its file.
    pub(super) file: Option<String>,
    pub(super) pointer: Pointer,
}

impl Reference {
    /// Parses a reference. `None` if it is a URL, or its fragment is no JSON pointer.
    pub(super) fn parse(reference: &str) -> Option<Self> {
        let (file, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        if is_url(file) {
            return None;
        }
        let pointer = Pointer::from_reference(&format!("#{fragment}"))?;
        let file = (!file.is_empty()).then(|| percent_decode_str(file).decode_utf8_lossy().into_owned());
        Some(Self { file, pointer })
    }
}

/// Whether a reference leads to another machine, or has a scheme.
fn is_url(file: &str) -> bool {
    file.starts_with("//")
        || file.split_once(':').is_some_and(|(scheme, _)| {
            scheme.len() > 1 && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
        })
}

/// Returns the path of `other`, which is relative to the folder of `file`, without `.` and `..` where possible.
pub(super) fn join(file: &str, other: &str) -> String {
    let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
    let folder = if other.starts_with('/') { "" } else { folder };
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(other.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => _ = parts.pop(),
            part => parts.push(part),
        }
    }
    let joined = parts.join("/");
    if other.starts_with('/') { format!("/{joined}") } else { joined }
}

/// Returns the files that a source refers to, by their paths relative to the folder of the document. `name` is that of the
/// source. Sources that cannot be parsed refer to nothing.
#[must_use]
pub fn referenced_files(name: &str, text: &str) -> BTreeSet<String> {
    let mut files = BTreeSet::new();
    if !may_refer_to_files(text) {
        return files;
    }
    if let Some(value) = parse_value(text) {
        collect(&value, name, &mut files);
    }
    files
}

/// Whether a source may refer to files, as far as its text shows it. Parsing takes much longer than this, and most documents are one
/// file: all their `$ref`s are strings that start with `#`, and no `mapping` contains a dot. Unusual text counts as a reference.
fn may_refer_to_files(text: &str) -> bool {
    let reads_file = |rest: &str| {
        let own = ["\"#", "'#"];
        let is_comment = rest.trim_start_matches(['"', '\'']).trim_start().starts_with('#');
        is_comment || value_after_key(rest).is_some_and(|value| !own.iter().any(|start| value.starts_with(start)))
    };
    let maps_file = |(index, key): (usize, &str)| {
        let (before, rest) = (text.get(..index).unwrap_or_default(), text.get(index + key.len()..).unwrap_or_default());
        let indent = indent(before.rsplit('\n').next().unwrap_or_default());
        value_after_key(rest).is_some_and(|value| may_map_file(mapping(value, indent)))
    };
    hides_key(text) || text.split("$ref").skip(1).any(reads_file) || text.match_indices("mapping").any(maps_file)
}

/// Whether an escape may spell a character of the keys `$ref` and `mapping`.
fn hides_key(text: &str) -> bool {
    const CHARACTERS: [&str; 10] = ["24", "72", "65", "66", "6d", "61", "70", "69", "6e", "67"];
    let spells = |rest: &str| {
        let code = rest.strip_prefix("u00").or_else(|| rest.strip_prefix('x')).and_then(|code| code.get(..2));
        code.is_some_and(|code| CHARACTERS.iter().any(|character| code.eq_ignore_ascii_case(character)))
            || rest.starts_with('U')
    };
    text.split('\\').skip(1).any(spells)
}

/// Returns what follows the colon after a key. `None` if there is no colon.
fn value_after_key(rest: &str) -> Option<&str> {
    let rest = rest.strip_prefix(['"', '\'']).unwrap_or(rest);
    Some(rest.trim_start().strip_prefix(':')?.trim_start())
}

/// Whether the text of a mapping may contain a file. An alias or an escape can be any text, and braces and quotes may end a mapping early.
fn may_map_file(mapping: &str) -> bool {
    let is_odd = |quote: char| mapping.matches(quote).count() % 2 == 1;
    mapping.contains(['.', '*', '\\']) || mapping.matches('{').count() > 1 || is_odd('"') || is_odd('\'')
}

/// Returns the text of a mapping: up to its brace, or as far as its lines are indented by more than `indent`.
fn mapping(value: &str, own_indent: usize) -> &str {
    if value.starts_with('{') {
        return value.split('}').next().unwrap_or_default();
    }
    let is_inside = |(index, line): &(usize, &str)| {
        let text = line.trim_start();
        *index == 0 || text.is_empty() || text.starts_with('#') || indent(line) > own_indent
    };
    let lines = value.split_inclusive('\n').enumerate().take_while(is_inside);
    value.get(..lines.map(|(_, line)| line.len()).sum()).unwrap_or_default()
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

fn collect(value: &Value, name: &str, files: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            let mapping = object.get("mapping").and_then(Value::as_object).into_iter().flatten();
            let mapped = mapping.filter_map(|(_, value)| value.as_str()).filter(|text| text.contains('.'));
            let reference = object.get("$ref").and_then(Value::as_str);
            for text in reference.into_iter().chain(mapped) {
                files.extend(Reference::parse(text).and_then(|reference| reference.file).map(|file| join(name, &file)));
            }
            object.values().for_each(|part| collect(part, name, files));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, name, files)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_to_files_are_found() {
        for text in [
            "a: {$ref: other.yaml}",
            "a:\n  $ref: ./other.yaml#/A\n",
            "a:\n  '$ref': >-\n    ./other.yaml\n",
            "a:\n  ? $ref\n  : ./other.yaml\n",
            "a:\n  $ref: # elsewhere\n    ./other.yaml\n",
            r##"{"a": {"$ref" : "other.json"}, "b": {"$ref": "#/a"}}"##,
            r#"{"a": {"\u0024ref": "other.json"}}"#,
            r#"{"a": {"\u0024\u0072ef": "other.json"}}"#,
            "a: {\"\\x24ref\": other.yaml}",
            "a:\n  mapping:\n    dog: ./dog.yaml\n",
            "- mapping:\n    cat: '#/cat'\n\n    dog: ./dog.yaml\n",
            "a: {mapping: {dog: dog.yaml}}",
            "b: &b {dog: dog.yaml}\na: {mapping: *b}\n",
            r##"{"mapping": {"cat": "#/cat", "dog": "dog.json"}}"##,
            "mapping:\n  cat: '#/cat'\n# in another file\n  dog: ./dog.yaml\n",
            "mapping: {\"dog\": \"dog\\x2eyaml\"}",
            r##"{"mapping": {"a}": "#/a", "dog": "dog.json"}}"##,
            "a:\n  ? $ref\n  # a comment\n  : ./other.yaml\n",
        ] {
            assert!(may_refer_to_files(text), "{text}");
            assert!(!referenced_files("openapi.yaml", text).is_empty(), "{text}");
        }
    }

    #[test]
    fn documents_of_one_file_are_not_parsed() {
        for text in [
            "a: {$ref: '#/b'}",
            r##"{"a": {"$ref": "#/b", "description": "A `$ref` to a file.\u003c"}}"##,
            "a:\n  mapping:\n    dog: '#/dog'\n  description: Without files.\n",
            r##"{"mapping": {"dog": "#/dog"}, "description": "Without files."}"##,
        ] {
            assert!(!may_refer_to_files(text), "{text}");
            assert_eq!(referenced_files("openapi.yaml", text), BTreeSet::new(), "{text}");
        }
    }
}
