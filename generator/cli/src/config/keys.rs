//! The keys of a configuration, and the values that each accepts.

use generator::customise;
use generator::emit;
use generator::naming::{is_client_name, is_package_name, is_variable_prefix, is_version};
use generator::passes::{is_attribute, is_derive};

use super::all_warnings;
use crate::spec::{STDIN, url_help};

/// A key of a configuration, with the tables around it: `package.name`.
pub(super) struct Key {
    pub(super) path: &'static str,
    pub(super) kind: Kind,
}

/// The values that a key accepts.
pub(super) enum Kind {
    Flag,
    Text(Check),
    Texts(Check),
    /// A table of arrays of strings, whose keys are names of types or `all`.
    OfTypes(Check),
    /// A table of types, which replace what the keys name.
    Replacements(customise::Table),
    /// A table of names.
    Names,
    /// A table of dependencies.
    Dependencies,
}

/// A check of a string.
pub(super) type Check = fn(&str) -> Result<(), Problem>;

/// What is wrong with a value, and what to do.
pub(super) struct Problem {
    pub(super) message: String,
    pub(super) help: String,
}

/// The tables.
pub(super) const TABLES: [&str; 6] = ["client", "docs", "features", "package", "types", "warnings"];

const fn key(path: &'static str, kind: Kind) -> Key {
    Key { path, kind }
}

pub(super) const KEYS: [Key; 27] = [
    key("document", Kind::Text(document)),
    key("overlays", Kind::Texts(path)),
    key("output", Kind::Text(path)),
    key("lenient", Kind::Flag),
    key("package.name", Kind::Text(package_name)),
    key("package.version", Kind::Text(version)),
    key("package.license", Kind::Text(license)),
    key("package.authors", Kind::Texts(not_empty)),
    key("package.description", Kind::Text(not_empty)),
    key("package.repository", Kind::Text(url)),
    key("package.homepage", Kind::Text(url)),
    key("package.documentation", Kind::Text(url)),
    key("package.keywords", Kind::Texts(keyword)),
    key("package.lints", Kind::Flag),
    key("client.name", Kind::Text(client_name)),
    key("client.environment", Kind::Text(environment)),
    key("features.default", Kind::Texts(feature)),
    key("docs.models", Kind::Flag),
    key("types.derives", Kind::OfTypes(derive)),
    key("types.attributes", Kind::OfTypes(attribute)),
    key("types.formats", Kind::Replacements(customise::Table::Formats)),
    key("types.schemas", Kind::Replacements(customise::Table::Schemas)),
    key("types.properties", Kind::Replacements(customise::Table::Properties)),
    key("types.rename", Kind::Names),
    key("warnings.accept", Kind::Texts(warning)),
    key("warnings.deny", Kind::Texts(warning)),
    key("dependencies", Kind::Dependencies),
];

/// Returns the names of all keys, with the tables around them.
pub fn all() -> impl Iterator<Item = &'static str> {
    KEYS.iter().map(|key| key.path)
}

/// Returns the most similar name, if one is similar.
pub(super) fn similar<'a>(wanted: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let distance = |name: &str| strsim::damerau_levenshtein(&wanted.to_lowercase(), &name.to_lowercase());
    let (distance, name) = names.map(|name| (distance(name), name)).min()?;
    (distance <= 2 && distance < wanted.chars().count()).then_some(name)
}

fn problem(message: String, help: impl Into<String>) -> Result<(), Problem> {
    Err(Problem { message, help: help.into() })
}

fn require(is_valid: bool, text: &str, wanted: &str, help: &str) -> Result<(), Problem> {
    if is_valid { Ok(()) } else { problem(format!("{text:?} is not {wanted}"), help) }
}

fn not_empty(text: &str) -> Result<(), Problem> {
    require(!text.trim().is_empty(), text, "a text", "leave out the key to use the default")
}

fn path(text: &str) -> Result<(), Problem> {
    if let Some(help) = url_help(text.as_ref()) {
        return problem(format!("{text:?} is a URL, and this program does not access the network"), help);
    }
    require(!text.is_empty(), text, "a path", "write a path relative to this file")
}

fn document(text: &str) -> Result<(), Problem> {
    if text == STDIN {
        let help = "write the path of a file; only the command line can name standard input: `clientsmith generate - --output DIR`";
        return problem("a configuration cannot read its document from standard input".to_owned(), help);
    }
    path(text)
}

fn package_name(text: &str) -> Result<(), Problem> {
    let help = "start with a letter, and use letters, digits, `-` and `_`, but not a keyword of Rust";
    require(is_package_name(text), text, "the name of a package, such as `petstore-client`", help)
}

fn version(text: &str) -> Result<(), Problem> {
    require(
        is_version(text),
        text,
        "a version, such as `0.1.0`",
        "write three numbers, as Semantic Versioning requires",
    )
}

fn license(text: &str) -> Result<(), Problem> {
    let Err(error) = spdx::Expression::parse(text) else { return Ok(()) };
    let start = text.get(..error.span.start).map_or(1, |before| before.chars().count() + 1);
    let help = if text.contains('/') {
        "join alternatives with `OR`: `MIT OR Apache-2.0`"
    } else {
        "use identifiers of https://spdx.org/licenses, or `LicenseRef-NAME` for another licence"
    };
    problem(format!("{text:?} is not an SPDX expression: {} at character {start}", error.reason), help)
}

fn url(text: &str) -> Result<(), Problem> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let host = rest.and_then(|rest| rest.split(['/', '?', '#']).next()).unwrap_or_default();
    let is_valid = !host.is_empty() && !text.chars().any(|next| next.is_whitespace() || next.is_control());
    require(
        is_valid,
        text,
        "a URL, such as `https://example.com/petstore`",
        "write the whole URL, with `https://` or `http://`",
    )
}

fn keyword(text: &str) -> Result<(), Problem> {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_+".contains(&byte);
    let is_valid = text.len() <= 20
        && text.bytes().all(is_allowed)
        && text.bytes().next().is_some_and(|first| first.is_ascii_alphanumeric());
    let help = "use at most 20 ASCII letters, digits, `-`, `_` and `+`, and start with a letter or digit";
    require(is_valid, text, "a keyword that the package registry accepts", help)
}

fn client_name(text: &str) -> Result<(), Problem> {
    let help = "use Pascal case, and no name of another type of the client";
    require(is_client_name(text), text, "the name of a client, such as `PetstoreClient`", help)
}

fn environment(text: &str) -> Result<(), Problem> {
    let help = "use capital letters, digits and `_`, and start with a letter";
    require(is_variable_prefix(text), text, "a prefix of environment variables, such as `PETSTORE`", help)
}

fn feature(text: &str) -> Result<(), Problem> {
    if emit::features().any(|known| known == text) {
        return Ok(());
    }
    let suggestion = similar(text, emit::features()).map(|name| format!("; did you mean `{name}`?"));
    let help = format!("choose from {}", emit::features().collect::<Vec<_>>().join(", "));
    problem(format!("the crate has no feature {text:?}{}", suggestion.unwrap_or_default()), help)
}

fn derive(text: &str) -> Result<(), Problem> {
    let help = "write the name of a trait, or its path if it is in another crate: `utoipa::ToSchema`";
    require(is_derive(text), text, "the path of a trait that can be derived", help)
}

fn attribute(text: &str) -> Result<(), Problem> {
    require(is_attribute(text), text, "an attribute", "write one attribute in each string: `#[non_exhaustive]`")
}

fn warning(text: &str) -> Result<(), Problem> {
    let known = all_warnings();
    if known.contains(text) {
        return Ok(());
    }
    let help = "`clientsmith explain` lists all codes";
    if text.starts_with(['E', 'e']) && text.len() == 4 {
        return problem(format!("{text:?} is not the code of a warning; errors cannot be accepted or denied"), help);
    }
    let suggestion = similar(text, known.iter().map(String::as_str)).map(|code| format!("; did you mean `{code}`?"));
    problem(format!("{text:?} is not the code of a warning{}", suggestion.unwrap_or_default()), help)
}
