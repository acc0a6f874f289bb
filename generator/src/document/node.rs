//! A value together with its place: what the stages walk over.

use serde_json::Value;

use super::Pointer;

/// A value of a document and where it stands.
#[derive(Debug, Clone)]
pub struct Node<'a> {
    root: &'a Value,
    value: &'a Value,
    pointer: Pointer,
}

impl<'a> Node<'a> {
    pub(super) fn root(value: &'a Value) -> Self {
        Self { root: value, value, pointer: Pointer::root() }
    }

    /// The value itself.
    #[must_use]
    pub fn value(&self) -> &'a Value {
        self.value
    }

    /// Where it stands.
    #[must_use]
    pub fn pointer(&self) -> &Pointer {
        &self.pointer
    }

    /// The value under a key. `None` when there is none, or this is no object.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<Self> {
        self.value.get(key).map(|value| self.child(value, self.pointer.join(key)))
    }

    /// The value at a path of keys.
    #[must_use]
    pub fn at(&self, keys: &[&str]) -> Option<Self> {
        keys.iter().try_fold(self.clone(), |node, key| node.get(key))
    }

    /// The text under a key.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<&'a str> {
        self.value.get(key).and_then(Value::as_str)
    }

    /// The text under a key, without blanks around it. `None` when nothing is left.
    #[must_use]
    pub fn words(&self, key: &str) -> Option<String> {
        self.text(key).map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    /// Whether the value under a key is `true`.
    #[must_use]
    pub fn is_true(&self, key: &str) -> bool {
        self.value.get(key) == Some(&Value::Bool(true))
    }

    /// The entries of this object, in the order of the document; none when it is no object.
    pub fn entries(&self) -> impl Iterator<Item = (&'a str, Node<'a>)> + use<'a> {
        let node = self.clone();
        self.value
            .as_object()
            .into_iter()
            .flatten()
            .map(move |(key, value)| (key.as_str(), node.child(value, node.pointer.join(key))))
    }

    /// The values directly below this one that are part of the description, not data that only looks like one: neither
    /// examples nor defaults, but properties of such names all the same.
    pub fn described(&self) -> impl Iterator<Item = (&'a str, Node<'a>)> + use<'a> {
        let are_names = self.pointer.holds_names();
        self.entries().filter(move |(key, _)| are_names || !is_data(key))
    }

    /// The items of this array; none when it is no array.
    pub fn items(&self) -> impl Iterator<Item = Node<'a>> + use<'a> {
        let node = self.clone();
        let items: &'a [Value] = self.value.as_array().map_or(&[], Vec::as_slice);
        items.iter().enumerate().map(move |(index, value)| node.child(value, node.pointer.join(index)))
    }

    /// The value a `$ref` leads to, through any number of steps; the node itself when it is no reference.
    /// `None` when the reference is not local, leads nowhere, or leads in a circle.
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

    /// The value that the `$ref` here names, one step on. `None` when there is none in this document.
    #[must_use]
    pub fn follow(&self) -> Option<Self> {
        let pointer = Pointer::from_reference(self.text("$ref")?)?;
        let value = self.root.pointer(pointer.as_str())?;
        Some(self.child(value, pointer))
    }

    /// Whether following the `$ref` here leads back to a reference that was followed already.
    #[must_use]
    pub fn is_circular(&self) -> bool {
        // Whoever walks twice as fast meets the slower one, if and only if the way is a circle.
        let (mut slow, mut fast) = (self.clone(), self.follow());
        while let Some(ahead) = fast {
            if ahead.pointer == slow.pointer {
                return true;
            }
            let Some(next) = slow.follow() else { return false };
            slow = next;
            fast = ahead.follow().and_then(|ahead| ahead.follow());
        }
        false
    }

    /// Like [`Node::resolve`], and through an `allOf` of one part, which is how 3.0 says more beside a reference.
    #[must_use]
    pub fn resolve_single(&self) -> Option<Self> {
        let node = self.resolve()?;
        match node.get("allOf").map(|parts| parts.items().collect::<Vec<_>>()).as_deref() {
            Some([only]) if node.get("properties").is_none() => only.resolve(),
            _ => Some(node),
        }
    }

    fn child(&self, value: &'a Value, pointer: Pointer) -> Self {
        Self { root: self.root, value, pointer }
    }
}

/// Whether the keys of the value under this key are names or statuses, unless it is a name itself.
#[must_use]
pub fn holds_names(key: &str) -> bool {
    matches!(key, "properties" | "responses")
}

/// Values under these keys are data: whatever is in them means nothing.
#[must_use]
pub fn is_data(key: &str) -> bool {
    matches!(key, "example" | "examples" | "default" | "enum")
}
