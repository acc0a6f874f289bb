//! Documents with any keys: every value is found at its JSON pointer and is parsed as written.

use generator::document::{self, Node, Pointer as DocumentPointer};
use proptest::prelude::*;
use proptest::strategy::BoxedStrategy;
use sdk_runtime::{text_at, value_at};
use serde_json::Value;

use super::spec::values::values;
use crate::target::Target;

/// See [`Target::ABOUT`].
#[derive(Debug)]
pub struct Pointer;

/// A document, and a string that may be a pointer into it.
#[derive(Debug, Clone)]
pub struct Lookup {
    document: Value,
    pointer: String,
}

impl Target for Pointer {
    type Input = Lookup;
    const NAME: &'static str = "pointer";
    const ABOUT: &'static str = "every value of a document is found at its JSON pointer; any string may be looked up";
    const SHORT: u64 = 1_000;

    fn inputs() -> BoxedStrategy<Lookup> {
        let object = proptest::collection::vec((key(), values()), 1..4)
            .prop_map(|entries| Value::Object(entries.into_iter().collect()));
        (object, pointer()).prop_map(|(document, pointer)| Lookup { document, pointer }).boxed()
    }

    fn run(input: &Lookup) -> Result<(), String> {
        let text = input.document.to_string();
        let document = document::parse(&text).map_err(|fault| format!("valid JSON is rejected: {}", fault.message))?;
        // Compare with a parsed value: the JSON parser may change the last digit of a number.
        let expected: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
        if *document.value() != expected {
            return Err(format!("it was parsed as {}", document.value()));
        }
        walk(&document.root(), &|node| {
            let pointer = node.pointer();
            if expected.pointer(pointer.as_str()) != Some(node.value()) {
                return Err(format!("`{pointer}` is the pointer of another value"));
            }
            if document.span(pointer).is_none() {
                return Err(format!("`{pointer}` has no location in the text"));
            }
            let reference = DocumentPointer::from_reference(&format!("#{}", pointer.as_str().replace('%', "%25")));
            if reference.as_ref() != Some(pointer) {
                return Err(format!("a reference to `{pointer}` resolves to {reference:?}"));
            }
            Ok(())
        })?;
        // For clients, `-1` is the last item of an array too.
        if input.pointer.split('/').any(|key| key == "-1") {
            return Ok(());
        }
        let looked_up = expected.pointer(&input.pointer);
        if value_at::<Value>(&expected, &input.pointer).as_ref() != looked_up {
            return Err(format!("the value at the pointer is {looked_up:?}"));
        }
        let is_text = |value: &Value| value.is_number() || value.as_str().is_some_and(|text| !text.is_empty());
        if text_at(&expected, &input.pointer).is_some() != looked_up.is_some_and(is_text) {
            return Err(format!("the string at the pointer is wrong for {looked_up:?}"));
        }
        if let Some(pointer) = DocumentPointer::from_reference(&input.pointer) {
            let (parent, last) = (pointer.parent(), pointer.last());
            if let (Some(parent), Some(last)) = (parent, last)
                && document.value().pointer(parent.as_str()).and_then(|value| value.get(&last)).is_some()
                && document.value().pointer(pointer.as_str()).is_none()
                && parent.join(&last) == pointer
            {
                return Err(format!("`{pointer}` is found by its key but not by its pointer"));
            }
        }
        Ok(())
    }
}

fn walk(node: &Node<'_>, check: &impl Fn(&Node<'_>) -> Result<(), String>) -> Result<(), String> {
    check(node)?;
    node.entries().try_for_each(|(key, part)| match part.pointer().last() {
        Some(last) if last == key => walk(&part, check),
        last => Err(format!("the last key of `{}` is {last:?}, not {key:?}", part.pointer())),
    })?;
    node.items().try_for_each(|part| walk(&part, check))
}

fn key() -> impl Strategy<Value = String> {
    prop_oneof!["[~/01%#a. ]{0,6}", ".{0,6}"]
}

fn pointer() -> impl Strategy<Value = String> {
    prop_oneof!["#?(/[~/01%a-]{0,4}){0,4}", ".{0,12}"]
}
