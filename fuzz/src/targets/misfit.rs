//! Responses with one value of the wrong type: the error contains its JSON path, whenever the mismatch is detected.

use std::fmt;

use http::{HeaderMap, HeaderValue, StatusCode, header};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::strategy::BoxedStrategy;
use sdk_runtime::union::{self, Object, Union};
use sdk_runtime::{Call, Error, ErrorKind, Operation, OperationMeta, RawResponse, RequestWriter};
use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value, json};

use crate::stub::{Canned, META, client, runtime};
use crate::target::Target;

/// A string that is rejected while it is parsed.
const EARLY: &str = "!early";
/// A string that is rejected after it is parsed. An object with a field of this name is rejected too.
const LATE: &str = "!late";
/// The name of a field whose value is a union.
const UNION: &str = "union";

/// See [`Target::ABOUT`].
#[derive(Debug)]
pub struct Misfit;

/// A response.
#[derive(Debug, Clone)]
pub struct Sent {
    text: String,
    /// The JSON path of the mismatch.
    path: String,
}

impl Target for Misfit {
    type Input = Sent;
    const NAME: &'static str = "misfit";
    const ABOUT: &'static str = "an error contains the JSON path of the one value in a response that does not match";
    const SHORT: u64 = 1_000;

    fn inputs() -> BoxedStrategy<Sent> {
        let wrong = select(vec![json!(EARLY), json!(LATE), json!({ LATE: 1 })]);
        (documents(), any::<Index>(), wrong, any::<bool>()).prop_map(sent).boxed()
    }

    fn run(input: &Sent) -> Result<(), String> {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let pieces = vec![input.text.clone().into()];
        let response = Canned { status: StatusCode::OK, headers, pieces, breaks: false };
        let core = client(response).map_err(|error| error.to_string())?;
        match runtime().block_on(Call::new(&core, Read).send()) {
            Ok(Anything) => Err("the mismatch was not detected".to_owned()),
            Err(error) if error.kind() == ErrorKind::Decode && error.json_path() == Some(&input.path) => Ok(()),
            Err(error) => Err(format!("the error has the path {:?}: {error}", error.json_path())),
        }
    }
}

/// Replaces any value by the wrong one.
fn sent((mut document, index, wrong, is_pretty): (Value, Index, Value, bool)) -> Sent {
    let mut paths = Vec::new();
    collect(&document, &mut Vec::new(), &mut paths);
    let steps = index.get(&paths);
    let slot = steps.iter().try_fold(&mut document, |value, step| match step {
        Step::Field(name) => value.get_mut(name),
        Step::Item(index) => value.get_mut(index),
    });
    if let Some(slot) = slot {
        *slot = wrong;
    }
    let text = if is_pretty { format!("{document:#}") } else { document.to_string() };
    Sent { text, path: json_path(steps) }
}

#[derive(Debug, Clone)]
enum Step {
    Field(String),
    Item(usize),
}

/// The paths of all values, except those of tags.
fn collect(value: &Value, here: &mut Vec<Step>, paths: &mut Vec<Vec<Step>>) {
    paths.push(here.clone());
    let mut go = |step, value| {
        here.push(step);
        collect(value, here, paths);
        here.pop();
    };
    match value {
        Value::Array(items) => items.iter().enumerate().for_each(|(index, item)| go(Step::Item(index), item)),
        Value::Object(fields) => {
            let fields = fields.iter().filter(|(name, _)| *name != Picked::PROPERTY);
            fields.for_each(|(name, value)| go(Step::Field(name.clone()), value));
        }
        _ => {}
    }
}

fn json_path(steps: &[Step]) -> String {
    let texts = steps.iter().enumerate().map(|(index, step)| match step {
        Step::Field(name) if index == 0 => name.clone(),
        Step::Field(name) => format!(".{name}"),
        Step::Item(index) => format!("[{index}]"),
    });
    if steps.is_empty() { ".".to_owned() } else { texts.collect() }
}

fn documents() -> impl Strategy<Value = Value> {
    let leaf = select(vec![json!(null), json!(true), json!(-1.5), json!(7), json!(""), json!("}],\"\\{[:")]);
    leaf.prop_recursive(5, 24, 4, |inner| {
        let fields = vec(("[a-c\"\\\\{}\\[\\],:. \u{e9}]{0,3}", inner.clone()), 0..4).prop_map(Map::from_iter);
        let union = (select(vec!["whole", "rest"]), fields.clone()).prop_map(|(tag, mut fields)| {
            fields.insert(Picked::PROPERTY.to_owned(), json!(tag));
            Value::Object(fields)
        });
        let with_union = (fields.clone(), union).prop_map(|(mut fields, union)| {
            fields.insert(UNION.to_owned(), union);
            fields
        });
        prop_oneof![
            vec(inner, 0..4).prop_map(Value::Array),
            fields.prop_map(Value::Object),
            with_union.prop_map(Value::Object)
        ]
    })
}

/// An operation that reads any response.
struct Read;

impl Operation for Read {
    type Output = Anything;

    const META: OperationMeta = META;

    fn encode(&self, _request: &mut RequestWriter) -> Result<(), Error> {
        Ok(())
    }

    fn decode(response: &RawResponse) -> Result<Anything, Error> {
        response.json()
    }
}

/// Accepts any value except those that are marked as wrong.
struct Anything;

impl<'de> Deserialize<'de> for Anything {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let is_late = deserializer.deserialize_any(AnyVisitor)?;
        if is_late { Err(de::Error::custom("marked as wrong")) } else { Ok(Self) }
    }
}

/// Reads any value, and returns whether to reject it afterwards.
struct AnyVisitor;

impl<'de> Visitor<'de> for AnyVisitor {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_unit<E>(self) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_bool<E>(self, _: bool) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_i64<E>(self, _: i64) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_u64<E>(self, _: u64) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_f64<E>(self, _: f64) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<bool, E> {
        if text == EARLY { Err(E::custom("marked as wrong, early")) } else { Ok(text == LATE) }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<bool, A::Error> {
        while items.next_element::<Anything>()?.is_some() {}
        Ok(false)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<bool, A::Error> {
        let mut is_late = false;
        while let Some(name) = fields.next_key::<String>()? {
            is_late |= name == LATE;
            if name == UNION {
                fields.next_value::<Picked>()?;
            } else {
                fields.next_value::<Anything>()?;
            }
        }
        Ok(is_late)
    }
}

/// A union that is read like the unions of generated clients.
struct Picked;

impl Union for Picked {
    const PROPERTY: &'static str = "kind";

    fn read<'de, A: MapAccess<'de>>(tag: &str, object: Object<'_, A>) -> Result<Self, A::Error> {
        let Anything = if tag == "rest" { object.member_without_tag()? } else { object.member()? };
        Ok(Self)
    }
}

impl<'de> Deserialize<'de> for Picked {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        union::deserialize(deserializer)
    }
}
