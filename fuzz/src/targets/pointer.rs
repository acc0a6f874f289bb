//! Documents of any keys: every value is found again at the place that is named for it, and read as it was written.

use generator::document::{self, Node, Pointer as Place};
use proptest::prelude::*;
use proptest::strategy::BoxedStrategy;
use sdk_runtime::{text_at, value_at};
use serde_json::Value;

use super::spec::values::values;
use crate::target::Target;

/// See [`Target::ABOUT`].
#[derive(Debug)]
pub struct Pointer;

/// A document, and a text that may be a pointer into it.
#[derive(Debug, Clone)]
pub struct Question {
    document: Value,
    pointer: String,
}

impl Target for Pointer {
    type Input = Question;
    const NAME: &'static str = "pointer";
    const ABOUT: &'static str =
        "every value of a document is found again at its JSON pointer; any text may be asked for";
    const SHORT: u64 = 1_000;

    fn inputs() -> BoxedStrategy<Question> {
        let object = proptest::collection::vec((key(), values()), 1..4)
            .prop_map(|entries| Value::Object(entries.into_iter().collect()));
        (object, pointer()).prop_map(|(document, pointer)| Question { document, pointer }).boxed()
    }

    fn run(input: &Question) -> Result<(), String> {
        let text = input.document.to_string();
        let document = document::parse(&text).map_err(|fault| format!("sound JSON is refused: {}", fault.message))?;
        // What the text means is for the parser of JSON to say: it is not exact in the last digit of every number.
        let meant: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
        if *document.value() != meant {
            return Err(format!("it was read as {}", document.value()));
        }
        walk(&document.root(), &|node| {
            let place = node.pointer();
            if meant.pointer(place.as_str()) != Some(node.value()) {
                return Err(format!("`{place}` leads elsewhere"));
            }
            if document.span(place).is_none() {
                return Err(format!("`{place}` is nowhere in the text"));
            }
            let reference = Place::from_reference(&format!("#{}", place.as_str().replace('%', "%25")));
            if reference.as_ref() != Some(place) {
                return Err(format!("a reference to `{place}` leads to {reference:?}"));
            }
            Ok(())
        })?;
        let asked = meant.pointer(&input.pointer);
        if value_at::<Value>(&meant, &input.pointer).as_ref() != asked {
            return Err(format!("the value is {asked:?}"));
        }
        let is_text = |value: &Value| value.is_number() || value.as_str().is_some_and(|text| !text.is_empty());
        if text_at(&meant, &input.pointer).is_some() != asked.is_some_and(is_text) {
            return Err(format!("the text is that of {asked:?}"));
        }
        if let Some(place) = Place::from_reference(&input.pointer) {
            let (around, last) = (place.parent(), place.last());
            if let (Some(around), Some(last)) = (around, last)
                && document.value().pointer(around.as_str()).and_then(|value| value.get(&last)).is_some()
                && document.value().pointer(place.as_str()).is_none()
                && around.join(&last) == place
            {
                return Err(format!("`{place}` is there and is not"));
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
