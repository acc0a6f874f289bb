//! Replies with one value that does not fit: the error names the way to it, however it is found out.

use std::fmt;

use http::{HeaderMap, HeaderValue, StatusCode, header};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::strategy::BoxedStrategy;
use sdk_runtime::union::{self, Object, Union};
use sdk_runtime::{Call, Error, ErrorKind, Operation, OperationMeta, Reply, RequestWriter};
use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value, json};

use crate::standin::{Canned, META, client, runtime};
use crate::target::Target;

/// A text that is refused while it is read.
const EARLY: &str = "!early";
/// A text that is refused once it has been read, as an object with a field of this name is.
const LATE: &str = "!late";
/// What a field is called whose value is a union.
const UNION: &str = "union";

/// See [`Target::ABOUT`].
#[derive(Debug)]
pub struct Misfit;

/// A reply.
#[derive(Debug, Clone)]
pub struct Sent {
    text: String,
    /// The way to what does not fit.
    way: String,
}

impl Target for Misfit {
    type Input = Sent;
    const NAME: &'static str = "misfit";
    const ABOUT: &'static str = "an error names the way to the one value of a reply that does not fit";
    const SHORT: u64 = 1_000;

    fn inputs() -> BoxedStrategy<Sent> {
        let wrong = select(vec![json!(EARLY), json!(LATE), json!({ LATE: 1 })]);
        (documents(), any::<Index>(), wrong, any::<bool>()).prop_map(sent).boxed()
    }

    fn run(input: &Sent) -> Result<(), String> {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let pieces = vec![input.text.clone().into()];
        let reply = Canned { status: StatusCode::OK, headers, pieces, breaks: false };
        let core = client(reply).map_err(|error| error.to_string())?;
        match runtime().block_on(Call::new(&core, Read).send()) {
            Ok(Anything) => Err("it fits".to_owned()),
            Err(error) if error.kind() == ErrorKind::Decode && error.json_path() == Some(&input.way) => Ok(()),
            Err(error) => Err(format!("the way is said to be {:?}: {error}", error.json_path())),
        }
    }
}

/// Puts the wrong value in the place of any other.
fn sent((mut document, place, wrong, is_pretty): (Value, Index, Value, bool)) -> Sent {
    let mut places = Vec::new();
    collect(&document, &mut Vec::new(), &mut places);
    let steps = place.get(&places);
    let slot = steps.iter().try_fold(&mut document, |value, step| match step {
        Step::Field(name) => value.get_mut(name),
        Step::Item(place) => value.get_mut(place),
    });
    if let Some(slot) = slot {
        *slot = wrong;
    }
    let text = if is_pretty { format!("{document:#}") } else { document.to_string() };
    Sent { text, way: way(steps) }
}

#[derive(Debug, Clone)]
enum Step {
    Field(String),
    Item(usize),
}

/// Every place in a value but those of tags.
fn collect(value: &Value, here: &mut Vec<Step>, places: &mut Vec<Vec<Step>>) {
    places.push(here.clone());
    let mut go = |step, value| {
        here.push(step);
        collect(value, here, places);
        here.pop();
    };
    match value {
        Value::Array(items) => items.iter().enumerate().for_each(|(place, item)| go(Step::Item(place), item)),
        Value::Object(fields) => {
            let fields = fields.iter().filter(|(name, _)| *name != Picked::PROPERTY);
            fields.for_each(|(name, value)| go(Step::Field(name.clone()), value));
        }
        _ => {}
    }
}

fn way(steps: &[Step]) -> String {
    let texts = steps.iter().enumerate().map(|(place, step)| match step {
        Step::Field(name) if place == 0 => name.clone(),
        Step::Field(name) => format!(".{name}"),
        Step::Item(place) => format!("[{place}]"),
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

/// Asks for something.
struct Read;

impl Operation for Read {
    type Output = Anything;

    const META: OperationMeta = META;

    fn encode(&self, _request: &mut RequestWriter) -> Result<(), Error> {
        Ok(())
    }

    fn decode(reply: &Reply) -> Result<Anything, Error> {
        reply.json()
    }
}

/// What fits unless it says that it does not.
struct Anything;

impl<'de> Deserialize<'de> for Anything {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let is_late = deserializer.deserialize_any(Looking)?;
        if is_late { Err(de::Error::custom("it says so")) } else { Ok(Self) }
    }
}

/// Reads anything, and tells whether it is to be refused then.
struct Looking;

impl<'de> Visitor<'de> for Looking {
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
        if text == EARLY { Err(E::custom("it says so at once")) } else { Ok(text == LATE) }
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

/// A union whose members are read as unions are in generated clients.
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
