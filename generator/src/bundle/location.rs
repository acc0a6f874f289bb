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
    if let Some(value) = parse_value(text) {
        collect(&value, name, &mut files);
    }
    files
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
