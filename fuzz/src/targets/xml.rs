//! XML with any bytes: it is read or rejected, and a value that was read is written and read again unchanged.

use proptest::prelude::*;
use proptest::strategy::BoxedStrategy;
use sdk_runtime::xml::{Content, Element, Field, Name, Node, Scalar, from_json, to_json};

use crate::target::Target;

/// See [`Target::ABOUT`].
#[derive(Debug)]
pub struct Xml;

impl Target for Xml {
    type Input = Vec<u8>;
    const NAME: &'static str = "xml";
    const ABOUT: &'static str = "XML is read or rejected, and what was read can be written and read again unchanged";
    const SHORT: u64 = 2_000;

    fn inputs() -> BoxedStrategy<Vec<u8>> {
        let word = prop_oneof![
            8 => proptest::sample::select(WORDS.to_vec()).prop_map(|word| word.as_bytes().to_vec()),
            1 => proptest::collection::vec(any::<u8>(), 0..4),
        ];
        let words = proptest::collection::vec(word, 0..30).prop_map(|words| words.concat());
        let within = words.clone().prop_map(|words| [b"<node>".as_slice(), &words, b"</node>"].concat());
        prop_oneof![words, within].boxed()
    }

    fn run(input: &Vec<u8>) -> Result<(), String> {
        let Ok(value) = to_json(&NODE, input) else { return Ok(()) };
        // Some values cannot be written: those of a field that occurs twice, or that the text of an element contradicts.
        let Ok(written) = from_json(&NODE, &value) else { return Ok(()) };
        let again = to_json(&NODE, &written).map_err(|error| format!("{written:?} cannot be read: {error}"))?;
        if again == value { Ok(()) } else { Err(format!("{value} is written as {written:?} and read as {again}")) }
    }
}

static NODE: Element = Element { name: Name::plain("node"), content: &CONTENT };

static CONTENT: Content = Content::Object {
    fields: &[
        Field { key: "id", required: true, node: Node::Attribute(Name::plain("id"), &[Scalar::String]) },
        Field {
            key: "name",
            required: false,
            node: Node::Element(Element { name: Name::plain("name"), content: &Content::Scalar(&[Scalar::String]) }),
        },
        Field {
            key: "sizes",
            required: true,
            node: Node::Items(Element {
                name: Name::plain("size"),
                content: &Content::Scalar(&[Scalar::Boolean, Scalar::Number, Scalar::String]),
            }),
        },
        Field { key: "nodes", required: true, node: Node::Wrapped(Name::plain("nodes"), NODE) },
    ],
    others: Some(&Content::Scalar(&[Scalar::String])),
};

const WORDS: [&str; 28] = [
    "<node>",
    "<node id=\"1\">",
    "</node>",
    "<nodes>",
    "</nodes>",
    "<nodes/>",
    "<name>",
    "</name>",
    "<size>",
    "</size>",
    "<size/>",
    "<x:size xmlns:x='u'>",
    "</x:size>",
    "<other>",
    "</other>",
    " xsi:nil=\"true\"",
    "&lt;",
    "&#13;",
    "&#x1F600;",
    "&unknown;",
    "<![CDATA[",
    "]]>",
    "<!-- -->",
    "<?xml version=\"1.0\"?>",
    "<!DOCTYPE node [<!ENTITY e \"v\">]>",
    "true",
    "-1.50e3",
    "\r\n",
];
