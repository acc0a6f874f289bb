//! The author's document as plain values with their locations. Follows references within the document.

use generator::document::Pointer;
use serde_json::Value;

/// How many references in a row are followed.
const CHAIN: usize = 32;

/// A value of the document and its location.
#[derive(Debug, Clone)]
pub(crate) struct Place<'a> {
    pub(crate) pointer: Pointer,
    pub(crate) value: &'a Value,
    root: &'a Value,
}

impl<'a> Place<'a> {
    /// The whole document.
    pub(crate) fn root(root: &'a Value) -> Self {
        Self { pointer: Pointer::root(), value: root, root }
    }

    pub(crate) fn get(&self, key: &str) -> Option<Self> {
        let value = self.value.get(key)?;
        Some(Self { pointer: self.pointer.join(key), value, root: self.root })
    }

    /// The value below several keys.
    pub(crate) fn at(&self, keys: &[&str]) -> Option<Self> {
        keys.iter().try_fold(self.clone(), |place, key| place.get(key))
    }

    /// The values of an object by their keys; nothing if it is not an object.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (&'a str, Self)> + use<'a> {
        let (pointer, root) = (self.pointer.clone(), self.root);
        let entries = self.value.as_object().into_iter().flatten();
        entries.map(move |(key, value)| (key.as_str(), Self { pointer: pointer.join(key), value, root }))
    }

    /// The items of an array; nothing if it is not an array.
    pub(crate) fn items(&self) -> impl Iterator<Item = Self> + use<'a> {
        let (pointer, root) = (self.pointer.clone(), self.root);
        let items = self.value.as_array().into_iter().flatten().enumerate();
        items.map(move |(index, value)| Self { pointer: pointer.join(index), value, root })
    }

    pub(crate) fn text(&self, key: &str) -> Option<&'a str> {
        self.value.get(key)?.as_str()
    }

    pub(crate) fn is_true(&self, key: &str) -> bool {
        self.value.get(key).is_some_and(|value| *value == Value::Bool(true))
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.value.get(key).is_some()
    }

    /// The value that a reference leads to, or the place itself. `None` if it leads nowhere.
    pub(crate) fn resolved(&self) -> Option<Self> {
        let mut place = self.clone();
        for _ in 0..CHAIN {
            match place.text("$ref") {
                Some(reference) => place = place.target(reference)?,
                None => return Some(place),
            }
        }
        None
    }

    /// The target of a reference that is written here.
    pub(crate) fn target(&self, reference: &str) -> Option<Self> {
        if let Some(anchor) = reference.strip_prefix('#').filter(|name| !name.is_empty() && !name.starts_with('/')) {
            return Self::root(self.root).with_anchor(anchor);
        }
        if reference == "#" {
            return self.around();
        }
        let pointer = Pointer::from_reference(reference)?;
        let found = |base: &str| self.root.pointer(&format!("{base}{pointer}")).map(|value| (base.to_owned(), value));
        // Authors write `#/$defs/Leaf` for a definition of the schema that contains the reference.
        let mut base = Some(self.pointer.clone());
        let mut nested = std::iter::from_fn(|| {
            base = base.as_ref().and_then(Pointer::parent);
            base.clone()
        });
        let (base, value) = found("").or_else(|| nested.find_map(|base| found(base.as_str())))?;
        let pointer = Pointer::from_reference(&format!("#{base}{pointer}"))?;
        Some(Self { pointer, value, root: self.root })
    }

    /// The closest schema around this place that recursive references lead to, or else the component that contains it.
    fn around(&self) -> Option<Self> {
        let mut pointer = self.pointer.parent();
        while let Some(around) = pointer {
            let value = self.root.pointer(around.as_str())?;
            let place = Self { pointer: around.clone(), value, root: self.root };
            pointer = around.parent();
            let is_component = pointer.as_ref().is_some_and(|list| list.as_str() == "/components/schemas");
            if is_component || place.is_true("$recursiveAnchor") {
                return Some(place);
            }
        }
        None
    }

    /// The first schema below this place that declares an anchor.
    fn with_anchor(&self, name: &str) -> Option<Self> {
        if ["$anchor", "$dynamicAnchor"].iter().any(|key| self.text(key) == Some(name)) {
            return Some(self.clone());
        }
        let below = self.entries().map(|(_, place)| place).chain(self.items());
        below
            .filter(|place| place.value.is_object() || place.value.is_array())
            .find_map(|place| place.with_anchor(name))
    }
}
