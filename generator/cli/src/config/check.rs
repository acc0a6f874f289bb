//! Finds all mistakes in a configuration, each with its location.

use std::collections::BTreeSet;
use std::fmt;

use generator::customise::Table;
use generator::emit::dependencies;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::keys::{self, Check, KEYS, Kind, TABLES, similar};
use super::types::customisation;

/// The maximum number of keywords of a package.
const KEYWORDS: usize = 5;

/// A mistake in a configuration. Lines and columns count from one, columns in characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

/// `3:8: message`, and the help in another line.
impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.column, self.message)?;
        self.help.as_ref().map_or(Ok(()), |help| write!(f, "\nhelp: {help}"))
    }
}

impl Mistake {
    pub(super) fn new(text: &str, start: usize, message: impl Into<String>) -> Self {
        let before = text.get(..start).unwrap_or(text);
        let line = before.matches('\n').count() + 1;
        let column = before.chars().rev().take_while(|character| *character != '\n').count() + 1;
        Self { line, column, message: message.into(), help: None }
    }

    pub(super) fn of_toml(text: &str, error: &toml::de::Error) -> Self {
        Self::new(text, error.span().map_or(0, |span| span.start), error.message())
    }
}

/// Finds all mistakes in a text. If it is not TOML, only its syntax is checked.
pub(super) fn check(text: &str) -> Result<(), Vec<Mistake>> {
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut checker = Checker { text, mistakes: errors.iter().map(|error| Mistake::of_toml(text, error)).collect() };
    if checker.mistakes.is_empty() {
        checker.table("", table.get_ref());
        if !table.get_ref().keys().any(|key| key.get_ref() == "document") {
            let help = "state the OpenAPI document: document = \"openapi.yaml\"";
            checker.report(0, "missing key `document`", help);
        }
        checker.contradictions(table.get_ref());
    }
    checker.mistakes.sort_by_key(|mistake| (mistake.line, mistake.column));
    if checker.mistakes.is_empty() { Ok(()) } else { Err(checker.mistakes) }
}

struct Checker<'a> {
    text: &'a str,
    mistakes: Vec<Mistake>,
}

impl Checker<'_> {
    fn report(&mut self, start: usize, message: impl Into<String>, help: impl Into<String>) {
        let mistake = Mistake::new(self.text, start, message);
        self.mistakes.push(Mistake { help: Some(help.into()), ..mistake });
    }

    /// Checks a table. `around` is its path with a dot after it.
    fn table(&mut self, around: &str, table: &DeTable<'_>) {
        for (key, value) in table {
            let path = format!("{around}{}", key.get_ref());
            if let Some(known) = KEYS.iter().find(|known| known.path == path) {
                self.value(&path, &known.kind, value);
            } else if !TABLES.contains(&path.as_str()) {
                self.unknown_key(around, key);
            } else if let Some(table) = value.get_ref().as_table() {
                self.table(&format!("{path}."), table);
            } else {
                self.wrong_type(&path, "a table", value);
            }
        }
    }

    fn unknown_key(&mut self, around: &str, key: &Spanned<DeString<'_>>) {
        let name = key.get_ref();
        let known = || {
            keys::all().chain(TABLES).filter_map(|path| path.strip_prefix(around)).filter(|rest| !rest.contains('.'))
        };
        let elsewhere = keys::all().find(|path| path.rsplit('.').next() == Some(name));
        let suggestion = match (similar(name, known()), elsewhere) {
            (Some(similar), _) => format!("; did you mean `{similar}`?"),
            (None, Some(path)) => format!("; did you mean `{path}`?"),
            (None, None) => String::new(),
        };
        let known = known().collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join(", ");
        let table =
            if around.is_empty() { "here".to_owned() } else { format!("in [{}]", around.trim_end_matches('.')) };
        let help = format!("the keys {table} are {known}");
        self.report(key.span().start, format!("unknown key `{name}`{suggestion}"), help);
    }

    fn wrong_type(&mut self, path: &str, wanted: &str, value: &Spanned<DeValue<'_>>) {
        let message = format!("`{path}` must be {wanted}, but is of type {}", value.get_ref().type_str());
        self.report(value.span().start, message, format!("write {wanted}"));
    }

    fn value(&mut self, path: &str, kind: &Kind, value: &Spanned<DeValue<'_>>) {
        match (kind, value.get_ref()) {
            (Kind::Flag, DeValue::Boolean(_)) => {}
            (Kind::Flag, _) => self.wrong_type(path, "`true` or `false`", value),
            (Kind::Text(check), _) => self.text(path, *check, value),
            (Kind::Texts(check), DeValue::Array(items)) => {
                for item in items {
                    self.text(path, *check, item);
                }
                if let Some(extra) = items.get(KEYWORDS).filter(|_| path == "package.keywords") {
                    let message = format!("a package has at most {KEYWORDS} keywords");
                    self.report(extra.span().start, message, "remove the least important ones");
                }
            }
            (Kind::Texts(_), _) => self.wrong_type(path, "an array of strings", value),
            (Kind::OfTypes(check), DeValue::Table(table)) => {
                for (name, value) in table {
                    self.value(&format!("{path}.{}", name.get_ref()), &Kind::Texts(*check), value);
                }
            }
            (Kind::Replacements(known), DeValue::Table(table)) => self.customisations(*known, table),
            (Kind::Names, DeValue::Table(table)) => self.customisations(Table::Rename, table),
            (Kind::Dependencies, DeValue::Table(table)) => self.dependencies(table),
            (Kind::OfTypes(_) | Kind::Replacements(_) | Kind::Names | Kind::Dependencies, _) => {
                self.wrong_type(path, "a table", value);
            }
        }
    }

    fn text(&mut self, path: &str, check: Check, value: &Spanned<DeValue<'_>>) {
        let Some(text) = value.get_ref().as_str() else { return self.wrong_type(path, "a string", value) };
        if let Err(problem) = check(text) {
            self.report(value.span().start, problem.message, problem.help);
        }
    }

    fn customisations(&mut self, table: Table, keys: &DeTable<'_>) {
        for (key, value) in keys {
            let customisation = customisation(self.text, table, key, value);
            let help = match table {
                Table::Rename => "write a name of letters, digits and `_`: \"Pet.name\" = \"title\"",
                _ => "write the path of a type, or a table with `path`, `crate`, `version` and `features`",
            };
            for problem in customisation.problems() {
                self.report(value.span().start, format!("`{}.{}`: {problem}", table.key(), key.get_ref()), help);
            }
        }
    }

    fn dependencies(&mut self, table: &DeTable<'_>) {
        for (key, value) in table {
            let (start, name) = (key.span().start, key.get_ref());
            let is_name = |character: char| character.is_ascii_alphanumeric() || "-_".contains(character);
            if name.is_empty() || !name.chars().all(is_name) {
                self.report(
                    start,
                    format!("{name:?} is not the name of a package"),
                    "use letters, digits, `-` and `_`",
                );
            } else if dependencies().any(|known| known == name) {
                let message = format!("every generated crate depends on `{name}` already");
                self.report(start, message, "remove this line; your modules can use the crate");
            } else if !value.get_ref().is_str() && !value.get_ref().is_table() {
                let message = format!("the dependency `{name}` is neither a version nor a table");
                self.report(start, message, format!("write it as in Cargo.toml: {name} = \"1\""));
            }
        }
    }

    /// Reports the warnings that are both accepted and denied.
    fn contradictions(&mut self, table: &DeTable<'_>) {
        let Some(warnings) = table.get("warnings").map(Spanned::get_ref) else { return };
        let codes = |key: &str| warnings.get(key).and_then(|list| list.get_ref().as_array());
        let (Some(accepted), Some(denied)) = (codes("accept"), codes("deny")) else { return };
        let denied: BTreeSet<_> = denied.iter().filter_map(|code| code.get_ref().as_str()).collect();
        for code in accepted {
            if let Some(name) = code.get_ref().as_str().filter(|name| denied.contains(name)) {
                self.report(
                    code.span().start,
                    format!("{name:?} is both accepted and denied"),
                    "remove it from one of the lists",
                );
            }
        }
    }
}
