//! Bodies in XML: what is read and written, and what is rejected.

use std::collections::BTreeMap;

use proptest::prelude::*;
use sdk_runtime::xml::{Content, Element, Field, Name, Node, Scalar, error_body, expect_feature, from_json, to_json};
use sdk_runtime::{BodyFailure, Call, Error, ErrorKind, Operation, OperationMeta, RawResponse, RequestWriter};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::operations::{plain_get, standin_client, standin_config};
use crate::standin::{Standin, Turn};

const TEXT: &Content = &Content::Scalar(&[Scalar::String]);
const NUMBER: &Content = &Content::Scalar(&[Scalar::Number]);

const fn element(name: &'static str, content: &'static Content) -> Element {
    Element { name: Name::plain(name), content }
}

static PET: Element = element("pet", &PET_CONTENT);

static PET_CONTENT: Content = Content::Object {
    fields: &[
        Field { key: "id", required: true, node: Node::Attribute(Name::plain("id"), &[Scalar::Number]) },
        Field { key: "name", required: true, node: Node::Element(element("name", TEXT)) },
        Field {
            key: "isCalm",
            required: false,
            node: Node::Element(element("calm", &Content::Scalar(&[Scalar::Boolean]))),
        },
        Field { key: "tags", required: true, node: Node::Wrapped(Name::plain("tags"), element("tag", TEXT)) },
        Field { key: "sizes", required: true, node: Node::Items(element("size", NUMBER)) },
        Field { key: "parents", required: false, node: Node::Items(element("parent", &PET_CONTENT)) },
        Field {
            key: "notes",
            required: false,
            node: Node::Element(element("notes", &Content::Object { fields: &[], others: Some(TEXT) })),
        },
    ],
    others: None,
};

fn read(text: &str) -> Value {
    to_json(&PET, text.as_bytes()).expect(text)
}

fn written(value: &Value) -> String {
    let text = from_json(&PET, value).expect("the value can be written");
    let text = String::from_utf8(text.to_vec()).expect("XML is UTF-8");
    text.strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>").expect("it starts with a declaration").to_owned()
}

#[test]
fn every_kind_of_property_is_read_and_written() {
    let value = json!({
        "id": 7, "name": "Rex & <Co>\r\n", "isCalm": true, "tags": ["a", ""], "sizes": [1.5, -2],
        "parents": [{"id": 1, "name": "", "tags": [], "sizes": []}],
        "notes": {"first": "x", "second-1": "y"},
    });
    let text = "<pet id=\"7\"><name>Rex &amp; &lt;Co&gt;&#13;\n</name><calm>true</calm><tags><tag>a</tag><tag/></tags>\
                <size>1.5</size><size>-2</size><parent id=\"1\"><name/><tags></tags></parent>\
                <notes><first>x</first><second-1>y</second-1></notes></pet>";
    assert_eq!(written(&value), text);
    assert_eq!(read(text), value);
}

#[test]
fn xml_may_be_written_in_many_ways() {
    let value = json!({"id": 7, "name": "a<b é 😀", "isCalm": false, "tags": ["x"], "sizes": [1]});
    for text in [
        "\u{feff}<?xml version='1.0' encoding='utf-8'?><!-- a comment -->\n<pet id='+7'>\n  <name>a<![CDATA[<]]>b &#233; &#x1F600;</name>\
         <calm> 0 </calm><tags>\n<tag>x</tag>\n</tags><size> 01.0e0 </size></pet>\n",
        "<!DOCTYPE pet SYSTEM \"file:///etc/passwd\"><p:pet xmlns:p='urn:pets' p:id='7' xmlns='urn:others'><name>a&lt;b é 😀</name>\
         <p:calm>false</p:calm><tags><p:label>x</p:label></tags><unknown><tag/></unknown><size>1</size></p:pet>",
    ] {
        let mut found = read(text);
        // `01.0e0` is a number with a fraction.
        if found["sizes"] == json!([1.0]) {
            found["sizes"] = json!([1]);
        }
        assert_eq!(found, value, "{text}");
    }
}

#[test]
fn null_is_an_attribute_of_the_element() {
    let value = json!({"id": 7, "name": null, "tags": null, "sizes": []});
    let nil = "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:nil=\"true\"";
    let text = format!("<pet id=\"7\"><name {nil}/><tags {nil}/></pet>");
    assert_eq!(written(&value), text);
    assert_eq!(read(&text), value);
    // An empty element cannot be a boolean or a number.
    assert_eq!(read("<pet><calm/><size/></pet>"), json!({"id": null, "isCalm": null, "tags": [], "sizes": [null]}));
}

/// Services often wrap arrays and write text although their description does not say so.
#[test]
fn what_contradicts_the_description_is_read_by_evidence() {
    let text = "<pet id='7'><size><int>1</int><int>2</int></size><parent>\
                <pet id='1'><name>a</name></pet></parent><tags/></pet>";
    let parents = json!([{"id": 1, "name": "a", "tags": [], "sizes": []}]);
    assert_eq!(read(text), json!({"id": 7, "tags": [], "sizes": [1, 2], "parents": parents}));
    assert_eq!(read("<pet><parent/></pet>")["parents"], json!([]));
    // The only required property that is missing is the text of the element.
    assert_eq!(read("<pet id='7'>Rex</pet>"), json!({"id": 7, "name": "Rex", "tags": [], "sizes": []}));
    // A repeated element is not a text.
    assert_eq!(read("<pet><name>a</name><name>b</name></pet>")["name"], json!(["a", "b"]));
}

#[test]
fn text_attributes_and_namespaces() {
    static NOTE: Element = Element {
        name: Name { local: "note", prefix: Some("n"), namespace: Some("urn:notes") },
        content: &Content::Object {
            fields: &[
                Field {
                    key: "lang",
                    required: false,
                    node: Node::Attribute(
                        Name { local: "lang", prefix: Some("m"), namespace: Some("urn:more") },
                        &[Scalar::String],
                    ),
                },
                Field { key: "text", required: true, node: Node::Text { types: &[Scalar::String], cdata: true } },
            ],
            others: None,
        },
    };
    let value = json!({"lang": "a\"\n\tb", "text": "x]]>y"});
    let text = from_json(&NOTE, &value).expect("the value can be written");
    let expected = "<n:note xmlns:n=\"urn:notes\" xmlns:m=\"urn:more\" m:lang=\"a&quot;&#10;&#9;b\">\
                    <![CDATA[x]]]]><![CDATA[>y]]></n:note>";
    assert_eq!(std::str::from_utf8(&text).expect("UTF-8").split_once("?>").expect("a declaration").1, expected);
    assert_eq!(to_json(&NOTE, &text).expect("it can be read"), value);
}

#[test]
fn elements_without_a_description_become_objects_lists_and_strings() {
    static ANY: Element = element("any", &Content::Any);
    let text = "<any a='1'><b>x</b><b/><b>1</b><c><d>true</d></c></any>";
    let value = json!({"a": "1", "b": ["x", "", "1"], "c": {"d": "true"}});
    assert_eq!(to_json(&ANY, text.as_bytes()).expect("it can be read"), value);
    let priced = b"<any currency='EUR'>5</any>";
    assert_eq!(to_json(&ANY, priced).expect("it can be read"), json!({"$text": "5", "currency": "EUR"}));
    let text = from_json(&ANY, &json!({"b": [1, null], "c": {"d": true}})).expect("it can be written");
    assert!(text.ends_with(b"<b>1</b><b xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:nil=\"true\"/><c><d>true</d></c></any>"));
}

#[test]
fn a_text_of_several_types_is_the_first_that_is_written_like_this() {
    static ANY_SCALAR: Element = element("v", &Content::Scalar(&[Scalar::Boolean, Scalar::Number, Scalar::String]));
    static NUMBER_ONLY: Element = element("v", NUMBER);
    let of = |element: &Element, text: &str| to_json(element, format!("<v>{text}</v>").as_bytes()).expect(text);
    for (text, any, number) in [
        ("7", json!(7), json!(7)),
        ("007", json!("007"), json!(7)),
        ("+1.", json!("+1."), json!(1)),
        ("-.5e1", json!("-.5e1"), json!(-5.0)),
        ("true", json!(true), json!("true")),
        ("1", json!(1), json!(1)),
        ("0-5", json!("0-5"), json!("0-5")),
        ("+-5", json!("+-5"), json!("+-5")),
        ("1e5.3", json!("1e5.3"), json!("1e5.3")),
        ("e5", json!("e5"), json!("e5")),
        ("INF", json!("INF"), json!("INF")),
        ("", json!(""), json!(null)),
    ] {
        assert_eq!((of(&ANY_SCALAR, text), of(&NUMBER_ONLY, text)), (any, number), "{text}");
    }
}

#[test]
fn values_without_an_element_or_an_attribute() {
    static NOTE: Element = element(
        "note",
        &Content::Object {
            fields: &[
                Field { key: "id", required: true, node: Node::Attribute(Name::plain("id"), &[Scalar::String]) },
                Field { key: "text", required: false, node: Node::Text { types: &[Scalar::String], cdata: false } },
                Field { key: "labels", required: false, node: Node::Items(element("label", &LABEL)) },
            ],
            others: Some(&Content::Any),
        },
    );
    static LABEL: Content = Content::Object {
        fields: &[Field { key: "names", required: true, node: Node::Items(element("name", TEXT)) }],
        others: None,
    };
    let of = |text: &str| to_json(&NOTE, text.as_bytes()).expect(text);
    // `null` cannot be written as an attribute, and an empty text is no text.
    assert_eq!(of("<note>\n</note>"), json!({"id": null}));
    // Unknown elements are kept, unless they have the name of a property.
    assert_eq!(of("<note id='1'><id>5</id><x a='1'>t</x></note>"), json!({"id": "1", "x": {"a": "1", "$text": "t"}}));
    // An item may be an empty element, and `null` is not a wrapper.
    assert_eq!(of("<note id='1'><label/></note>")["labels"], json!([{"names": []}]));
    assert_eq!(of("<note id='1'><label xmlns:xsi='u' xsi:nil='true'/></note>")["labels"], json!([null]));
    // A wrapper of the name of the property.
    let wrapped = "<note id='1'><labels><label><name>a</name></label></labels></note>";
    assert_eq!(of(wrapped)["labels"], json!([{"names": ["a"]}]));
}

/// The size of what is read is that of the text, also where elements are nested.
#[test]
fn nested_elements_are_read_once() {
    let depth = 100;
    let text = format!("{}{}", "<pet><parent>".repeat(depth / 2), "</parent></pet>".repeat(depth / 2));
    assert!(read(&text).to_string().len() < 100 * depth);
}

#[test]
fn what_is_not_xml_is_rejected() {
    let deep = "<pet>".repeat(200);
    for (text, reason) in [
        ("", "the body has no XML element"),
        ("pet", "text outside of the root element"),
        ("<pet>", "<pet> is not closed"),
        ("<pet></cat>", "invalid at byte"),
        ("<pet/><pet/>", "a second root element, <pet>"),
        ("<pet>&e;</pet>", "the unknown entity `&e;`"),
        ("<!DOCTYPE p [<!ENTITY e 'v'>]><pet>&e;</pet>", "the unknown entity `&e;`"),
        ("<pet id='1' id='2'/>", "invalid at byte"),
        ("<?xml version='1.0' encoding='UTF-16'?><pet/>", "the encoding UTF-16 is not supported"),
        (deep.as_str(), "more than 128 nested elements"),
    ] {
        let error = to_json(&PET, text.as_bytes()).expect_err(text);
        assert!(error.contains(reason), "{text}: {error}");
    }
    assert_eq!(to_json(&PET, b"<pet>\xff</pet>"), Err("the XML is not UTF-8".to_owned()));
}

#[test]
fn what_xml_cannot_represent_is_rejected() {
    for (value, reason) in [
        (json!({"name": "a\u{0}"}), "XML cannot represent the character '\\0'"),
        (json!({"id": "\u{b}"}), "XML cannot represent the character '\\u{b}'"),
        (json!({"notes": {"a b": ""}}), "\"a b\" is not a name of an XML element"),
        (json!({"notes": {"": ""}}), "\"\" is not a name of an XML element"),
        (json!({"tags": "x"}), "the value of `tags` is not a list"),
        (json!({"name": {}}), "the value of <name> is not of the type"),
        (json!({"id": []}), "an attribute or a text cannot have properties or items"),
    ] {
        let error = from_json(&PET, &value).expect_err(reason);
        assert!(error.contains(reason), "{value}: {error}");
    }
}

fn text() -> impl Strategy<Value = String> {
    proptest::string::string_regex("[ -~\t\n\ré😀]{0,8}").expect("the expression is valid")
}

fn pet() -> impl Strategy<Value = Value> {
    let numbers = || prop_oneof![any::<i64>().prop_map(Value::from), (-1e9..1e9_f64).prop_map(Value::from)];
    let leaf = (
        any::<u32>(),
        text(),
        any::<Option<bool>>(),
        proptest::collection::vec(text(), 0..3),
        proptest::collection::vec(numbers(), 0..3),
        proptest::option::of(proptest::collection::btree_map("[a-z_][a-z0-9.-]{0,5}", text(), 0..3)),
    );
    let leaf = leaf.prop_map(|(id, name, calm, tags, sizes, notes): (_, _, _, _, _, Option<BTreeMap<_, _>>)| {
        let mut pet = json!({"id": id, "name": name, "tags": tags, "sizes": sizes});
        pet.as_object_mut().expect("an object").extend(
            calm.map(|calm| ("isCalm".to_owned(), json!(calm)))
                .into_iter()
                .chain(notes.map(|notes| ("notes".to_owned(), json!(notes)))),
        );
        pet
    });
    leaf.prop_recursive(3, 12, 3, |pet| {
        (pet.clone(), proptest::collection::vec(pet, 1..3)).prop_map(|(mut pet, parents)| {
            pet["parents"] = Value::Array(parents);
            pet
        })
    })
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(pet in pet()) {
        let text = from_json(&PET, &pet).expect("the value can be written");
        prop_assert_eq!(to_json(&PET, &text).expect("it can be read"), pet);
    }
}

#[derive(Debug, Deserialize, PartialEq, Serialize)]
struct Pet {
    id: u32,
    name: String,
    #[serde(default)]
    sizes: Vec<f64>,
}

struct SavePet(Pet);

impl Operation for SavePet {
    type Output = Pet;

    const META: OperationMeta = plain_get("savePet", "/pet");

    fn encode(&self, request: &mut RequestWriter) -> Result<(), Error> {
        request.path("/pet");
        expect_feature()?;
        request.xml("application/xml", &PET, &self.0)
    }

    fn decode(response: &RawResponse) -> Result<Pet, Error> {
        response.xml(&PET)
    }
}

fn turn(content_type: &'static str, body: &'static str) -> Standin {
    Standin::always(Turn { content_type: Some(content_type), ..Turn::status(200) }.body(body))
}

async fn save(standin: &Standin) -> Result<Pet, Error> {
    let pet = Pet { id: 7, name: "Rex".to_owned(), sizes: vec![1.5] };
    Call::new(&standin_client(standin), SavePet(pet)).send().await
}

#[tokio::test(start_paused = true)]
async fn a_call_sends_and_decodes_xml() {
    let standin = Standin::new(|_, request| {
        assert_eq!(request.headers()["content-type"], "application/xml");
        let body = request.body().and_then(reqwest::Body::as_bytes).expect("a body");
        assert!(body.ends_with(b"<pet id=\"7\"><name>Rex</name><size>1.5</size></pet>"));
        Turn { content_type: Some("text/xml; charset=utf-8"), ..Turn::status(200) }
            .body("<pet id='8'><name>Max</name></pet>")
    });
    assert_eq!(save(&standin).await.expect("the call"), Pet { id: 8, name: "Max".to_owned(), sizes: Vec::new() });
}

#[tokio::test(start_paused = true)]
async fn a_response_that_does_not_fit_is_an_error_with_its_path() {
    let error = save(&turn("application/xml", "<pet id='8'><name>Max</name><size>big</size></pet>")).await;
    let error = error.expect_err("the size is not a number");
    assert_eq!((error.kind(), error.json_path()), (ErrorKind::Decode, Some("sizes[0]")));
    let error = save(&turn("application/xml", "<pet")).await.expect_err("the text is not XML");
    assert_eq!((error.kind(), error.json_path()), (ErrorKind::Decode, Some(".")));
    let error = save(&turn("application/json", "{}")).await.expect_err("the body is not XML");
    assert_eq!(error.kind(), ErrorKind::UnexpectedResponse);
    assert!(
        error.to_string().contains("the response has the content type \"application/json\" instead of XML"),
        "{error}"
    );
}

#[tokio::test(start_paused = true)]
async fn elements_and_attributes_count_as_values() {
    let standin = turn("application/xml", "<pet id='8'><name>Max</name></pet>");
    for (limit, is_read) in [(3, true), (2, false)] {
        let mut config = standin_config(&standin);
        config.max_response_values(limit);
        let pet = Pet { id: 7, name: "Rex".to_owned(), sizes: Vec::new() };
        let result = Call::new(&config.build().expect("the settings are valid"), SavePet(pet)).send().await;
        assert_eq!(result.is_ok(), is_read, "{limit}");
        if let Err(error) = result {
            assert_eq!(error.kind(), ErrorKind::Body(BodyFailure::TooManyValues));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_body_of_an_error_is_decoded() {
    for (body, expected) in [
        ("<pet id='8'><name>Max</name></pet>", Some(Pet { id: 8, name: "Max".to_owned(), sizes: Vec::new() })),
        ("{}", None),
    ] {
        let standin = Standin::always(Turn { content_type: Some("application/xml"), ..Turn::status(400) }.body(body));
        let error = save(&standin).await.expect_err("the status is an error");
        assert_eq!(error_body::<Pet>(error.api().expect("a response"), &PET), expected);
    }
}
