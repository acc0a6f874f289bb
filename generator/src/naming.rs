//! Converts names of the document into names in Rust.

pub(crate) mod reserved;
mod taken;

use std::collections::BTreeSet;

use heck::{ToShoutySnakeCase, ToSnakeCase, ToUpperCamelCase};
use strsim::damerau_levenshtein;
use unicode_ident::{is_xid_continue, is_xid_start};

pub(crate) use self::taken::{Named, TakenNames};

/// Converts `listUsers` to `list_users`, with an underscore after a keyword.
#[must_use]
pub fn snake(name: &str) -> String {
    let text = words(name).to_snake_case();
    let text = start_with_letter(text, "n");
    if is_keyword(&text) { format!("{text}_") } else { text }
}

/// Converts `list_users` to `ListUsers`.
#[must_use]
pub fn pascal(name: &str) -> String {
    let mut text = start_with_letter(words(name).to_upper_camel_case(), "N");
    // `a_b_test` becomes `ABTest` and then `AbTest`. Repeating until nothing changes makes the conversion idempotent.
    loop {
        let again = text.to_upper_camel_case();
        if again == text {
            break;
        }
        text = again;
    }
    // An underscore at the end would be against rustc's convention for types and variants.
    if text == "Self" { "SelfValue".to_owned() } else { text }
}

/// Converts `listUsers` to `LIST_USERS`.
#[must_use]
pub fn shouty(name: &str) -> String {
    words(name).to_shouty_snake_case()
}

/// Returns the name, or the first of `name2`, `name3` … that is not taken, and marks it as taken.
pub fn unique(name: impl Into<String>, taken: &mut BTreeSet<String>) -> String {
    let name = name.into();
    let mut candidate = name.clone();
    let mut number = 2;
    while !taken.insert(candidate.clone()) {
        candidate = format!("{name}{number}");
        number += 1;
    }
    candidate
}

/// Names that the generated code around the types uses unqualified.
pub(crate) const PRELUDE: [&str; 5] = ["Err", "None", "Ok", "Some", "String"];

/// Whether a text can be the name of a type, a field or a variant, in any case: letters, digits and underscores.
#[must_use]
pub fn is_identifier(text: &str) -> bool {
    let is_start = text.starts_with(|first: char| first.is_ascii_alphabetic());
    is_start && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// Returns the known name at an edit distance of one, or of two if the name is long.
pub(crate) fn nearest<'a>(key: &str, known: &[&'a str]) -> Option<&'a str> {
    let key = key.to_lowercase();
    let letters = key.chars().count();
    // The distance is at least the difference of the lengths, and finding it takes long.
    let similar = known.iter().filter(|known| known.chars().count().abs_diff(letters) <= 2);
    let distances = similar.map(|known| (damerau_levenshtein(&key, &known.to_lowercase()), *known));
    let (distance, nearest) = distances.min_by_key(|(distance, _)| *distance)?;
    let slips = if nearest.len() > 6 { 2 } else { 1 };
    (distance <= slips).then_some(nearest)
}

/// Whether a text can be the name of a package: lower case, at most 64 characters, and not a keyword.
#[must_use]
pub fn is_package_name(text: &str) -> bool {
    let is_identifier = syn::parse_str::<syn::Ident>(&text.replace('-', "_")).is_ok();
    is_identifier
        && text.len() <= 64
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_'))
}

/// Whether a text can be the name of a client type, such as `PetstoreClient`. Names that every client has otherwise are not.
#[must_use]
pub fn is_client_name(text: &str) -> bool {
    const OTHERS: [&str; 12] =
        ["ApiError", "Box", "Call", "Err", "Error", "ErrorKind", "None", "Ok", "Option", "Result", "Some", "String"];
    !text.is_empty() && pascal(text) == text && !OTHERS.contains(&text)
}

/// Whether a text can be the prefix of environment variables, such as `PETSTORE`.
#[must_use]
pub fn is_variable_prefix(text: &str) -> bool {
    !text.is_empty() && shouty(text) == text
}

/// Whether a text can be the version of a package, by the rules of Semantic Versioning 2.0.0.
#[must_use]
pub fn is_version(text: &str) -> bool {
    semver::Version::parse(text).is_ok()
}

/// The length of the longest file name without its number and extension, in bytes. File systems allow 255.
const LONGEST_STEM: usize = 90;

/// Returns a name for a file: lower case, not too long for a file system, and not taken.
pub fn file_stem(name: &str, taken: &mut BTreeSet<String>) -> String {
    unique(shortened(&name.to_lowercase()), taken)
}

/// Returns the beginning of a name that a file or folder can have.
#[must_use]
pub fn shortened(name: &str) -> &str {
    name.split_at(name.floor_char_boundary(LONGEST_STEM)).0
}

/// Replaces signs that distinguish names by words. Conversion to words would drop the signs.
fn words(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    for c in name.chars() {
        match sign(c) {
            Some(word) if !c.is_ascii_alphanumeric() => {
                text.push(' ');
                text.push_str(word);
                text.push(' ');
            }
            // A few numeric characters cannot be part of an identifier, such as Coptic epact numbers.
            _ if c.is_alphanumeric() && is_xid_continue(c) => text.push(c),
            _ => text.push(' '),
        }
    }
    text
}

fn sign(c: char) -> Option<&'static str> {
    Some(match c {
        '+' => "plus",
        '<' => "less",
        '>' => "greater",
        '=' => "equal",
        '!' => "not",
        '*' => "star",
        '%' => "percent",
        '&' => "and",
        '|' => "or",
        '~' => "tilde",
        _ => return None,
    })
}

/// Returns the name of a file without its folder and its extensions, such as `user` for `schemas/user.yaml`.
pub(crate) fn file_title(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.split('.').next().filter(|title| !title.is_empty()).unwrap_or(name)
}

fn start_with_letter(text: String, prefix: &str) -> String {
    if text.starts_with(|c: char| c.is_alphabetic() && is_xid_start(c)) { text } else { format!("{prefix}{text}") }
}

fn is_keyword(text: &str) -> bool {
    text == "gen" || syn::parse_str::<syn::Ident>(text).is_err()
}

/// The names in the files that hold the functions of operations: no type of an operation can have one of them.
pub(crate) mod function_files {
    /// What every file imports from the runtime.
    pub(crate) const CALLS: [&str; 7] =
        ["Call", "Error", "HttpMethod", "Operation", "OperationMeta", "RawResponse", "RequestWriter"];
    /// What a file imports too if an operation has optional arguments or error bodies.
    pub(crate) const LISTS: &str = "functions";
    /// What a file imports too if an operation has one of the usual HTTP methods.
    pub(crate) const METHOD: &str = "Method";
    /// What a file imports too if an operation has a retry policy of its own.
    pub(crate) const POLICIES: [&str; 2] = ["RetryDefaults", "RetryStrategy"];
    /// What a file imports too if an operation starts a job.
    pub(crate) const JOBS: [&str; 9] =
        ["Criterion", "Job", "JobMeta", "PollLimiter", "Progress", "StartsJob", "States", "Wait", "WaitOptions"];
    /// Names of the prelude that the code uses, and the one that `funcs` re-exports.
    const OTHERS: [&str; 7] = ["Err", "Multipart", "None", "Ok", "Option", "Result", "Some"];

    /// All of them.
    pub(crate) fn names() -> impl Iterator<Item = &'static str> {
        CALLS.into_iter().chain([METHOD]).chain(POLICIES).chain(JOBS).chain(OTHERS)
    }
}
