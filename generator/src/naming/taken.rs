//! Finds stated names that another type, field or variant has.

use std::collections::BTreeMap;

use super::{PRELUDE, pascal, snake};

/// What a name is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Named {
    /// A type of the module `types`.
    Type,
    /// A field of a struct.
    Field,
    /// A variant of an enum.
    Variant,
}

/// The names of types, of the fields of a struct, or of the variants of an enum.
#[derive(Debug)]
pub(crate) struct TakenNames {
    of: Named,
    counts: BTreeMap<String, usize>,
}

impl TakenNames {
    /// Collects names, which are converted to the case of Rust.
    pub(crate) fn new<'a>(of: Named, names: impl Iterator<Item = &'a str>) -> Self {
        let mut counts = BTreeMap::new();
        for name in names {
            *counts.entry(of.convert(name)).or_default() += 1;
        }
        Self { of, counts }
    }

    /// Returns why a name, which is one of the collected ones, is not possible.
    pub(crate) fn problem(&self, name: &str) -> Option<String> {
        let name = self.of.convert(name);
        let is_taken = self.counts.get(&name).is_some_and(|count| *count > 1);
        match self.of {
            Named::Type if PRELUDE.contains(&name.as_str()) => Some(format!("a type cannot have the name `{name}`")),
            Named::Type if is_taken => Some(format!("another type has the name `{name}`")),
            Named::Field if is_taken => Some(format!("another field has the name `{name}`")),
            Named::Variant if is_taken || name == "Unknown" => Some(format!("another variant has the name `{name}`")),
            _ => None,
        }
    }
}

impl Named {
    fn convert(self, name: &str) -> String {
        if self == Self::Field { snake(name) } else { pascal(name) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_in_the_case_of_rust() {
        for (of, names, expected) in [
            (Named::Type, ["Pet", "pet"], Some("another type has the name `Pet`")),
            (Named::Type, ["string", "Pet"], Some("a type cannot have the name `String`")),
            (Named::Field, ["petName", "pet_name"], Some("another field has the name `pet_name`")),
            (Named::Field, ["string", "petName"], None),
            (Named::Variant, ["on-hold", "OnHold"], Some("another variant has the name `OnHold`")),
            (Named::Variant, ["unknown", "open"], Some("another variant has the name `Unknown`")),
        ] {
            assert_eq!(TakenNames::new(of, names.into_iter()).problem(names[0]).as_deref(), expected, "{names:?}");
        }
    }
}
