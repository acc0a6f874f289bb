//! The JSON path to the value of a response that fails to decode.

use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use sdk_runtime::{Call, ErrorKind};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};

use crate::operations::{get, standin_client};
use crate::standin::{Standin, Turn};

/// The path in the decoding error of this response.
fn path<T: DeserializeOwned + Send>(text: &str) -> String {
    let standin = Standin::always(Turn::status(200).body(text.to_owned()));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let core = standin_client(&standin);
    let outcome = runtime.block_on(Call::new(&core, get::<T>()).send());
    let error = outcome.map(drop).expect_err("it does not decode");
    assert_eq!(error.kind(), ErrorKind::Decode, "{error}");
    error.json_path().unwrap_or_default().to_owned()
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Node {
    list: Vec<Node>,
    named: BTreeMap<String, Node>,
    pair: Option<(u8, u8)>,
    number: u8,
    late: Option<Late>,
    whole: Option<Whole>,
    either: Option<Either>,
    lates: Vec<Late>,
    eithers: Vec<Either>,
}

/// A string whose decoder fails after reading it.
struct Late;

impl<'de> Deserialize<'de> for Late {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?;
        Err(serde::de::Error::custom("no string is valid"))
    }
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "none is ever decoded")]
struct Whole {
    needed: u8,
}

#[derive(Deserialize)]
#[serde(untagged)]
#[expect(dead_code, reason = "none is ever decoded")]
enum Either {
    Number(u8),
    Whole(Whole),
}

/// What surrounds the value that fails.
#[derive(Clone, Debug)]
enum Around {
    Items { before: usize, after: usize },
    Fields { before: Vec<String>, name: String, after: Vec<String> },
}

impl Around {
    /// The field of a node that contains it, its value, and the path from the node to the string.
    fn put(&self, text: &str, gap: &str) -> (&'static str, String, String) {
        match self {
            Self::Items { before, after } => {
                let empty = |count: usize| std::iter::repeat_n("{}", count);
                let items: Vec<_> = empty(*before).chain([text]).chain(empty(*after)).collect();
                ("list", format!("[{gap}{}{gap}]", items.join(&format!("{gap},"))), format!(".list[{before}]"))
            }
            Self::Fields { before, name, after } => {
                let empty = |names: &[String]| {
                    let others = names.iter().filter(|other| *other != name);
                    others.map(|name| (name.clone(), "{}".to_owned())).collect::<Vec<_>>()
                };
                let fields = [empty(before), vec![(name.clone(), text.to_owned())], empty(after)].concat();
                ("named", object(fields, &[], gap), format!(".named.{name}"))
            }
        }
    }
}

/// Names and strings that look like the surrounding JSON.
fn word() -> impl Strategy<Value = String> {
    let awkward = ["}", "]", "{\"", "\\", "\\\"", "a,b", ":", "", "\u{e9}", "x"];
    prop_oneof![select(awkward.map(str::to_owned).to_vec()), "[a-z]{1,4}"]
}

fn around() -> impl Strategy<Value = Around> {
    let fields = (vec(word(), 0..3), word(), vec(word(), 0..3));
    prop_oneof![
        (0..3_usize, 0..3_usize).prop_map(|(before, after)| Around::Items { before, after }),
        fields.prop_map(|(before, name, after)| Around::Fields { before, name, after }),
    ]
}

/// A node that fails to decode, and the path of the failure.
fn fault() -> impl Strategy<Value = (Value, &'static str)> {
    select(vec![
        (json!({"number": "7"}), "number"),
        (json!({"number": []}), "number"),
        (json!({"number": {"a": 1}}), "number"),
        (json!({"number": 256}), "number"),
        (json!({"late": "a]}"}), "late"),
        (json!({"late": 1}), "late"),
        (json!({"whole": {}}), "whole"),
        (json!({"whole": {"needed": null}}), "whole.needed"),
        (json!({"either": {"needed": "x"}}), "either"),
        (json!({"either": "x"}), "either"),
        (json!({"pair": [1]}), "pair"),
        (json!({"pair": [1, "2"]}), "pair[1]"),
        (json!({"list": 1}), "list"),
        (json!({"lates": ["a", "b"]}), "lates[0]"),
        (json!({"lates": ["a"]}), "lates[0]"),
        (json!({"eithers": [1, "x", 2, {}]}), "eithers[1]"),
        (json!({"eithers": [1, 2, {}]}), "eithers[2]"),
        (json!({"list": [{}, 1, {}]}), "list[1]"),
        (json!({"": 1, "number": [1]}), "number"),
    ])
}

/// An object with its fields in this order, among unknown ones.
fn object<N: AsRef<str>>(fields: impl IntoIterator<Item = (N, String)>, noise: &[String], gap: &str) -> String {
    let field = |name: &str, value: &str| format!("{}{gap}:{gap}{value}", json!(name));
    let noise = |name: &str| noise.iter().map(|text| field(name, &json!([text, {"x": text}]).to_string())).collect();
    let fields: Vec<_> = fields.into_iter().map(|(name, value)| field(name.as_ref(), &value)).collect();
    let all: Vec<String> = [noise("before"), fields, noise("after")].concat();
    format!("{{{gap}{}{gap}}}", all.join(&format!("{gap},{gap}")))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_path_leads_to_the_value_in_every_notation(
        (fault, place) in fault(),
        around in vec(around(), 0..5),
        noise in vec(word(), 0..3),
        gap in select(vec!["", " ", "\n", "\r\n\t", "\n\n"]),
    ) {
        let fields = fault.as_object().expect("an object").iter().map(|(name, value)| (name.as_str(), value.to_string()));
        let mut text = object(fields, &noise, gap);
        let mut expected = format!(".{place}");
        for around in &around {
            let (name, value, step) = around.put(&text, gap);
            text = object([(name, value)], &noise, gap);
            expected = step + &expected;
        }
        prop_assert_eq!(path::<Node>(&text), expected.trim_start_matches('.'), "{}", text);
    }
}

#[test]
fn an_error_of_the_whole_body_has_no_path() {
    for text in ["7", "\"x\"", "{\"list\":[{},", "", "{\"number\":1} 2"] {
        assert_eq!(path::<Node>(text), ".", "{text}");
    }
    assert_eq!(path::<Whole>("{}"), ".");
    assert_eq!(path::<Either>("\"x\""), ".");
    assert_eq!(path::<Vec<u8>>("[1,\"2\"]"), "[1]");
    assert_eq!(path::<Late>("\"x\""), ".");
}

#[test]
fn a_name_can_be_empty() {
    assert_eq!(path::<BTreeMap<String, Node>>(r#"{"":{"number":"x"}}"#), ".number");
    assert_eq!(path::<BTreeMap<String, u8>>(r#"{"":"x"}"#), "");
    assert_eq!(path::<Vec<BTreeMap<String, u8>>>(r#"[{"":"x"}]"#), "[0].");
}
