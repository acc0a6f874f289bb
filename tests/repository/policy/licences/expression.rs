//! Licence expressions (SPDX 2.3, annex D), including `/` for `OR` as in old crates.

use std::collections::BTreeSet;

#[derive(Debug, PartialEq)]
pub(super) enum Licence {
    /// An identifier, with its exception if it has one.
    One(String),
    All(Vec<Licence>),
    Any(Vec<Licence>),
}

impl Licence {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
        let mut words = text.split_whitespace().collect::<Vec<_>>().into_iter().peekable();
        let licence = alternatives(&mut words)?;
        words.next().is_none().then_some(licence)
    }

    /// Whether these licences satisfy the expression.
    pub(super) fn holds(&self, allowed: &BTreeSet<String>) -> bool {
        match self {
            Self::One(name) => allowed.contains(name),
            Self::All(parts) => parts.iter().all(|part| part.holds(allowed)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(allowed)),
        }
    }

    pub(super) fn names(&self) -> BTreeSet<&str> {
        match self {
            Self::One(name) => [name.as_str()].into(),
            Self::All(parts) | Self::Any(parts) => parts.iter().flat_map(Self::names).collect(),
        }
    }
}

type Words<'a> = std::iter::Peekable<std::vec::IntoIter<&'a str>>;

fn alternatives(words: &mut Words<'_>) -> Option<Licence> {
    let mut parts = vec![conjunction(words)?];
    while words.next_if_eq(&"OR").is_some() {
        parts.push(conjunction(words)?);
    }
    Some(if parts.len() == 1 { parts.remove(0) } else { Licence::Any(parts) })
}

fn conjunction(words: &mut Words<'_>) -> Option<Licence> {
    let mut parts = vec![single(words)?];
    while words.next_if_eq(&"AND").is_some() {
        parts.push(single(words)?);
    }
    Some(if parts.len() == 1 { parts.remove(0) } else { Licence::All(parts) })
}

fn single(words: &mut Words<'_>) -> Option<Licence> {
    match words.next()? {
        "(" => {
            let inner = alternatives(words)?;
            words.next_if_eq(&")").map(|_| inner)
        }
        ")" | "OR" | "AND" | "WITH" => None,
        name if words.next_if_eq(&"WITH").is_some() => Some(Licence::One(format!("{name} WITH {}", words.next()?))),
        name => Some(Licence::One(name.to_owned())),
    }
}

#[test]
fn expressions_are_evaluated_correctly() {
    let allowed: BTreeSet<_> = ["MIT", "ISC"].map(str::to_owned).into();
    for (text, expected) in [
        ("MIT", Some(true)),
        ("GPL-3.0", Some(false)),
        ("GPL-3.0/MIT", Some(true)),
        ("MIT AND GPL-3.0", Some(false)),
        ("MIT AND (GPL-3.0 OR ISC)", Some(true)),
        ("MIT OR GPL-3.0 AND BSD-3-Clause", Some(true)),
        ("(MIT OR GPL-3.0) AND BSD-3-Clause", Some(false)),
        ("MIT WITH LLVM-exception", Some(false)),
        ("", None),
        ("MIT OR", None),
        ("(MIT", None),
        ("MIT ISC", None),
    ] {
        assert_eq!(Licence::parse(text).map(|licence| licence.holds(&allowed)), expected, "{text}");
    }
}
