//! A value together with its location in the document, which is what the stages traverse.

use std::cell::OnceCell;
use std::rc::Rc;

use serde_json::Value;

use super::Pointer;

/// A value of a document and its location.
#[derive(Debug, Clone)]
pub struct Node<'a> {
    root: &'a Value,
    value: &'a Value,
    place: Rc<Place<'a>>,
}

/// The location of a node. Most are only passed on the way to others, so the text of a pointer is written at its first use.
#[derive(Debug)]
enum Place<'a> {
    At(Pointer),
    Key(Rc<Place<'a>>, &'a str, OnceCell<Pointer>),
    Item(Rc<Place<'a>>, usize, OnceCell<Pointer>),
}

impl Place<'_> {
    fn pointer(&self) -> &Pointer {
        match self {
            Self::At(pointer) => pointer,
            Self::Key(parent, key, pointer) => pointer.get_or_init(|| parent.pointer().join_key(key)),
            Self::Item(parent, index, pointer) => pointer.get_or_init(|| parent.pointer().join(index)),
        }
    }

    /// As [`Pointer::holds_names`].
    fn holds_names(&self) -> bool {
        match self {
            Self::At(pointer) => pointer.holds_names(),
            Self::Key(parent, key, _) => holds_names(key) && !parent.holds_names(),
            Self::Item(..) => false,
        }
    }
}

impl<'a> Node<'a> {
    pub(super) fn root(value: &'a Value) -> Self {
        Self { root: value, value, place: Rc::new(Place::At(Pointer::root())) }
    }

    /// Returns the value itself.
    #[must_use]
    pub fn value(&self) -> &'a Value {
        self.value
    }

    /// Returns the location of the value.
    #[must_use]
    pub fn pointer(&self) -> &Pointer {
        self.place.pointer()
    }

    /// Returns the value of a key. `None` if the key is absent or this is not an object.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<Self> {
        let (key, value) = self.value.as_object()?.get_key_value(key)?;
        Some(self.below(key, value))
    }

    /// Returns the value at a path of keys.
    #[must_use]
    pub fn at(&self, keys: &[&str]) -> Option<Self> {
        keys.iter().try_fold(self.clone(), |node, key| node.get(key))
    }

    /// Returns the string value of a key.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<&'a str> {
        self.value.get(key).and_then(Value::as_str)
    }

    /// Returns the string value of a key, trimmed. `None` if it is blank.
    #[must_use]
    pub fn words(&self, key: &str) -> Option<String> {
        self.text(key).map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    /// Whether the value of a key is `true`.
    #[must_use]
    pub fn is_true(&self, key: &str) -> bool {
        self.value.get(key) == Some(&Value::Bool(true))
    }

    /// Returns the entries of this object, in document order. Empty if this is not an object.
    pub fn entries(&self) -> impl Iterator<Item = (&'a str, Node<'a>)> + use<'a> {
        self.entries_where(|_, _| true)
    }

    /// Returns the entries of this object that satisfy a condition. The others cost nothing.
    pub(crate) fn entries_where<F: Fn(&str, &Value) -> bool>(
        &self,
        is_wanted: F,
    ) -> impl Iterator<Item = (&'a str, Node<'a>)> + use<'a, F> {
        let node = self.clone();
        let entries = self.value.as_object().into_iter().flatten();
        entries
            .filter(move |(key, value)| is_wanted(key, value))
            .map(move |(key, value)| (key.as_str(), node.below(key, value)))
    }

    /// Returns the direct children that are part of the API description, not examples or defaults.
    ///
    /// Properties that are named `example` or `default` are included, since they are schemas.
    pub fn described(&self) -> impl Iterator<Item = (&'a str, Node<'a>)> + use<'a> {
        let are_names = self.place.holds_names();
        self.entries_where(move |key, _| are_names || !is_data(key))
    }

    /// Returns the [described](Self::described) children that can have children themselves.
    pub(crate) fn described_parts(&self) -> impl Iterator<Item = (&'a str, Node<'a>)> + use<'a> {
        let are_names = self.place.holds_names();
        self.entries_where(move |key, value| (are_names || !is_data(key)) && is_compound(value))
    }

    /// Returns the items of this array. Empty if this is not an array.
    pub fn items(&self) -> impl Iterator<Item = Node<'a>> + use<'a> {
        let node = self.clone();
        let items: &'a [Value] = self.value.as_array().map_or(&[], Vec::as_slice);
        items.iter().enumerate().map(move |(index, value)| {
            let place = Place::Item(Rc::clone(&node.place), index, OnceCell::new());
            node.child(value, place)
        })
    }

    /// Follows `$ref`s, through any number of steps. Returns the node itself if it is not a reference.
    ///
    /// `None` if the reference is not local, has no target, or is circular.
    #[must_use]
    pub fn resolve(&self) -> Option<Self> {
        let mut node = self.clone();
        for _ in 0..32 {
            if node.text("$ref").is_none() {
                return Some(node);
            }
            node = node.follow()?;
        }
        None
    }

    /// Follows the `$ref` of this node one step. `None` if its target is not in this document.
    #[must_use]
    pub fn follow(&self) -> Option<Self> {
        let pointer = Pointer::from_reference(self.text("$ref")?)?;
        let value = self.root.pointer(pointer.as_str())?;
        Some(self.child(value, Place::At(pointer)))
    }

    /// Whether following this `$ref` leads back to a reference that was already followed.
    #[must_use]
    pub fn is_circular(&self) -> bool {
        // Floyd's cycle detection: the fast node meets the slow one if and only if the chain is a cycle.
        let (mut slow, mut fast) = (self.clone(), self.follow());
        while let Some(ahead) = fast {
            if ahead.pointer() == slow.pointer() {
                return true;
            }
            let Some(next) = slow.follow() else { return false };
            slow = next;
            fast = ahead.follow().and_then(|ahead| ahead.follow());
        }
        false
    }

    /// Like [`Node::resolve`], but also looks through an `allOf` of one part, which is how OpenAPI 3.0 puts keywords
    /// beside a reference.
    #[must_use]
    pub fn resolve_single(&self) -> Option<Self> {
        let node = self.resolve()?;
        match node.get("allOf").map(|parts| parts.items().collect::<Vec<_>>()).as_deref() {
            Some([only]) if node.get("properties").is_none() => only.resolve(),
            _ => Some(node),
        }
    }

    fn below(&self, key: &'a str, value: &'a Value) -> Self {
        self.child(value, Place::Key(Rc::clone(&self.place), key, OnceCell::new()))
    }

    fn child(&self, value: &'a Value, place: Place<'a>) -> Self {
        Self { root: self.root, value, place: Rc::new(place) }
    }
}

/// Whether a value can have values below it.
pub(crate) fn is_compound(value: &Value) -> bool {
    value.is_object() || value.is_array()
}

/// Whether the keys of the value under this key are names or status codes, unless the key is a name itself.
#[must_use]
pub fn holds_names(key: &str) -> bool {
    key == "responses" || holds_free_names(key)
}

/// Whether the keys of an object under this key are names of any form: one that starts with `x-` is not an extension there.
#[must_use]
pub fn holds_free_names(key: &str) -> bool {
    matches!(
        key,
        "content"
            | "encoding"
            | "headers"
            | "links"
            | "parameters"
            | "pathItems"
            | "properties"
            | "requestBodies"
            | "schemas"
            | "securitySchemes"
    )
}

/// Whether values under this key are data, whose content has no meaning for the API.
#[must_use]
pub fn is_data(key: &str) -> bool {
    matches!(key, "example" | "examples" | "default" | "enum")
}
