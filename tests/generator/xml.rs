//! How documents describe XML: the element of a body, and the location of each property in it.

use generator::Output;
use generator::ir::{Api, XmlContent, XmlElement, XmlName, XmlNode, XmlScalar};

use crate::generator::fixtures::run;

/// The document of a body, with the schemas that it refers to.
fn document(version: &str, schema: &str, schemas: &str) -> Output {
    let content = format!("{{application/xml: {{schema: {schema}}}}}");
    let operation = format!(
        "{{operationId: act, requestBody: {{required: true, content: {content}}}, responses: {{'204': {{description: done}}}}}}"
    );
    run(
        "xml",
        &format!(
            "{{openapi: {version}, info: {{title: Xml, version: '1'}}, paths: {{/x: {{post: {operation}}}}}, \
             components: {{schemas: {schemas}}}}}"
        ),
    )
}

/// The element of the body in brief: `pet{@id:number name tags[tag] size*:number}` is an element `pet` with an attribute, an
/// element, a list in an element `tags`, and a list of elements `size`. A type in parentheses is named. Other elements are only shown if the
/// document describes them.
fn described(version: &str, schema: &str, schemas: &str) -> String {
    let output = document(version, schema, schemas);
    let slot = output.api.operations[0].body.as_ref().expect("a body").slot().expect("a type");
    let root = output.api.slots.xml(slot).expect("the body is XML");
    element(&output.api, &root.element, &mut Vec::new())
}

fn element<'a>(api: &'a Api, element: &'a XmlElement, within: &mut Vec<&'a str>) -> String {
    format!("{}{}", name(&element.name), content(api, &element.content, within))
}

fn name(XmlName { local, prefix, namespace }: &XmlName) -> String {
    let prefix = prefix.as_ref().map_or(String::new(), |prefix| format!("{prefix}:"));
    let namespace = namespace.as_ref().map_or(String::new(), |namespace| format!("<{namespace}>"));
    format!("{prefix}{local}{namespace}")
}

fn content<'a>(api: &'a Api, of: &'a XmlContent, within: &mut Vec<&'a str>) -> String {
    match of {
        XmlContent::Any => ":any".to_owned(),
        XmlContent::Scalar(types) => scalars(types),
        XmlContent::List(item) => format!("[{}]", element(api, item, within)),
        XmlContent::Named(name) if within.contains(&name.as_str()) => format!("({name})"),
        XmlContent::Named(name) => {
            within.push(name);
            let definition = api.types.get(name).expect("the type exists");
            let content = content(api, definition.xml.as_ref().expect("the type has XML"), within);
            within.pop();
            format!("({name}){content}")
        }
        XmlContent::Object { fields, others } => {
            let fields = fields.iter().map(|field| match &field.node {
                XmlNode::Attribute(name, types) => format!("@{}{}", self::name(name), scalars(types)),
                XmlNode::Text { cdata, types } => {
                    format!("{}={}{}", if *cdata { "cdata" } else { "text" }, field.key, scalars(types))
                }
                XmlNode::Element(child) => element(api, child, within),
                XmlNode::Items(item) => format!("*{}", element(api, item, within)),
                XmlNode::Wrapped(name, item) => format!("{}[{}]", self::name(name), element(api, item, within)),
            });
            let mut fields: Vec<_> = fields.collect();
            let others = others.as_ref().filter(|others| ***others != XmlContent::Any);
            fields.extend(others.map(|others| format!("..{}", content(api, others, within))));
            format!("{{{}}}", fields.join(" "))
        }
    }
}

fn scalars(types: &[XmlScalar]) -> String {
    match types {
        [XmlScalar::String] => String::new(),
        types => {
            let names = types.iter().map(|ty| match ty {
                XmlScalar::Boolean => "boolean",
                XmlScalar::Number => "number",
                XmlScalar::String => "string",
            });
            format!(":{}", names.collect::<Vec<_>>().join("|"))
        }
    }
}

/// The rows of the table in "XML Object" of OpenAPI 3.0, and their combinations.
#[test]
fn names_attributes_and_lists_are_those_of_the_xml_object() {
    let of = |property: &str| {
        let schema = format!("{{type: object, xml: {{name: root}}, properties: {{animals: {property}}}}}");
        described("3.0.3", &schema, "{}").replace("root(ActRequestBody)", "")
    };
    for (property, expected) in [
        ("{type: string}", "{animals}"),
        ("{type: string, xml: {name: animal}}", "{animal}"),
        ("{type: integer, xml: {attribute: true}}", "{@animals:number}"),
        ("{type: string, xml: {name: id, attribute: true}}", "{@id}"),
        ("{type: string, xml: {namespace: 'urn:a', prefix: a}}", "{a:animals<urn:a>}"),
        ("{type: string, xml: {name: 'a:animal'}}", "{a:animal}"),
        ("{type: array, items: {type: string}}", "{*animals}"),
        ("{type: array, items: {type: string, xml: {name: animal}}}", "{*animal}"),
        ("{type: array, items: {type: string, xml: {name: animal}}, xml: {name: aliens}}", "{*animal}"),
        ("{type: array, items: {type: string}, xml: {name: aliens}}", "{*aliens}"),
        ("{type: array, items: {type: string}, xml: {wrapped: true}}", "{animals[animals]}"),
        ("{type: array, items: {type: string, xml: {name: animal}}, xml: {wrapped: true}}", "{animals[animal]}"),
        (
            "{type: array, items: {type: string, xml: {name: animal}}, xml: {name: aliens, wrapped: true}}",
            "{aliens[animal]}",
        ),
        ("{type: array, items: {type: string}, xml: {name: aliens, wrapped: true}}", "{aliens[aliens]}"),
        (
            "{type: array, items: {type: array, items: {type: boolean, xml: {name: b}}, xml: {name: row}}}",
            "{*row[b:boolean]}",
        ),
        ("{type: object, additionalProperties: {type: integer}}", "{animals{..:number}}"),
    ] {
        assert_eq!(of(property), expected, "{property}");
    }
}

#[test]
fn elements_have_the_names_of_their_schemas_even_if_these_are_renamed() {
    let user = "{user: {type: object, required: [id, name], properties: {id: {type: string, readOnly: true}, name: {type: string}}}, User: {type: string}}";
    let schema = "{$ref: '#/components/schemas/user'}";
    assert_eq!(described("3.0.3", schema, user), "user(User){name}");
    let list = "{type: array, xml: {name: users}, items: {$ref: '#/components/schemas/user'}}";
    assert_eq!(described("3.0.3", list, user), "users[user(User){name}]");
    // The name that a schema states has precedence, wherever it is used.
    let named = "{user: {type: object, xml: {name: person}, properties: {friend: {$ref: '#/components/schemas/user'}, \
                 best: {allOf: [{$ref: '#/components/schemas/user'}], xml: {name: pal}}}}}";
    assert_eq!(described("3.0.3", schema, named), "person(User){person(User) pal(User)}");
    let siblings = "{user: {type: object, properties: {best: {$ref: '#/components/schemas/user', xml: {name: pal}}}}}";
    assert_eq!(described("3.1.0", schema, siblings), "user(User){pal(User)}");
}

#[test]
fn node_types_of_openapi_32() {
    let schema = "{$ref: '#/components/schemas/note'}";
    let note = "{note: {type: object, properties: {lang: {type: string, xml: {nodeType: attribute}}, \
                text: {type: string, xml: {nodeType: text}}, tags: {type: array, xml: {nodeType: element}, items: {type: string, xml: {name: tag}}}}}}";
    assert_eq!(described("3.2.0", schema, note), "note(Note){@lang text=text tags[tag]}");
    let code = "{note: {type: object, properties: {code: {type: string, xml: {nodeType: cdata}}}}}";
    assert_eq!(described("3.2.0", schema, code), "note(Note){cdata=code}");
    // The keyword of AutoRest, which means the same.
    let value = "{note: {type: object, properties: {value: {type: number, xml: {x-ms-text: true}}}}}";
    assert_eq!(described("3.0.3", schema, value), "note(Note){text=value:number}");
}

#[test]
fn unions_accept_the_elements_of_all_members() {
    let schema = "{$ref: '#/components/schemas/pet'}";
    let members = "cat: {type: object, required: [kind], properties: {kind: {type: string, enum: [cat]}, lives: {type: integer}}}, \
                   dog: {type: object, required: [kind], properties: {kind: {type: string, enum: [dog]}, barks: {type: boolean}}}";
    let pet = format!(
        "{{pet: {{oneOf: [{{$ref: '#/components/schemas/cat'}}, {{$ref: '#/components/schemas/dog'}}]}}, {members}}}"
    );
    assert_eq!(described("3.0.3", schema, &pet), "pet(Pet){kind lives:number barks:boolean}");
    let scalar = "{pet: {type: object, properties: {a: {oneOf: [{type: boolean}, {type: string}]}, b: {enum: [1, 2]}, \
                  c: {anyOf: [{type: string}, {type: string, enum: [x]}]}}}}";
    assert_eq!(described("3.0.3", schema, scalar), "pet(Pet){a:boolean|string b:number c}");
    let parts = "{base: {type: object, properties: {id: {type: integer}}}, pet: {allOf: [{$ref: '#/components/schemas/base'}, \
                 {type: object, properties: {name: {type: string}}}]}}";
    assert_eq!(described("3.0.3", schema, parts), "pet(Pet){id:number name}");
}

#[test]
fn json_is_preferred_and_texts_stay_texts() {
    let body = |content: &str| {
        let operation = format!(
            "{{operationId: act, requestBody: {{required: true, content: {content}}}, responses: {{'200': {{description: ok, content: {content}}}}}}}"
        );
        let output = run(
            "xml",
            &format!("{{openapi: 3.0.3, info: {{title: Xml, version: '1'}}, paths: {{/x: {{post: {operation}}}}}}}"),
        );
        let operation = &output.api.operations[0];
        let body = operation.body.as_ref().expect("a body");
        (format!("{:?}", body.content), format!("{:?}", operation.success.content), body.media_type.clone())
    };
    let object = "{type: object, xml: {name: a}, properties: {b: {type: string}}}";
    for (content, kind, media_type) in [
        (
            format!("{{application/xml: {{schema: {object}}}, application/json: {{schema: {object}}}}}"),
            "Json(",
            "application/json",
        ),
        (format!("{{text/plain: {{schema: {{type: string}}}}, text/xml: {{schema: {object}}}}}"), "Xml(", "text/xml"),
        (format!("{{application/atom+xml: {{schema: {object}}}}}"), "Xml(", "application/atom+xml"),
        ("{application/xml: {schema: {type: string}}}".to_owned(), "Text", "application/xml"),
        ("{application/xml: {}}".to_owned(), "Text", "application/xml"),
    ] {
        let (body, response, found) = body(&content);
        assert!(body.starts_with(kind) && response.starts_with(kind), "{content}: {body}, {response}");
        assert_eq!(found, media_type);
    }
}

#[test]
fn schemas_that_contain_themselves_end() {
    let schema = "{$ref: '#/components/schemas/tree'}";
    let tree = "{tree: {type: array, xml: {name: tree}, items: {$ref: '#/components/schemas/tree'}}}";
    assert_eq!(described("3.0.3", schema, tree), "tree[tree:any]");
    let two = "{tree: {type: array, items: {$ref: '#/components/schemas/b'}}, b: {type: array, items: {$ref: '#/components/schemas/tree'}}}";
    assert_eq!(described("3.0.3", schema, two), "tree[b[b:any]]");
    let node = "{tree: {type: object, properties: {left: {$ref: '#/components/schemas/tree'}, all: {type: array, items: {$ref: '#/components/schemas/tree'}}}}}";
    assert_eq!(described("3.0.3", schema, node), "tree(Tree){left(Tree) *all(Tree)}");
}

#[test]
fn what_xml_cannot_tell_apart_is_left_out_with_a_warning() {
    let of = |properties: &str| {
        let schema = format!("{{type: object, xml: {{name: a}}, properties: {properties}}}");
        let output = document("3.0.3", &schema, "{}");
        let warned: Vec<String> = output.diagnostics.sorted().iter().map(|found| found.message.clone()).collect();
        (described("3.0.3", &schema, "{}"), warned)
    };
    for (properties, expected, message) in [
        ("{x: {type: string}, '@type': {type: string}}", "{x}", "the name of `@type` is not a name in XML"),
        ("{x: {type: string, xml: {name: 'y z'}}}", "{}", "the name of `x` is not a name in XML"),
        ("{x: {type: string}, y: {type: string, xml: {name: x}}}", "{x}", "another property has the location of `y`"),
        (
            "{x: {type: string, xml: {attribute: true}}, y: {type: string, xml: {attribute: true, name: x}}}",
            "{@x}",
            "another property has the location of `y`",
        ),
        ("{x: {type: object, additionalProperties: {type: array, items: {type: string}}}}", "{x{}}", "a map of lists"),
    ] {
        let (found, warned) = of(properties);
        assert_eq!(found.replace("a(ActRequestBody)", ""), expected, "{properties}");
        assert!(warned.iter().any(|found| found.starts_with(message)), "{properties}: {warned:?}");
    }
}

#[test]
fn keywords_beside_references_and_names_of_single_parts() {
    let schemas = "{pal: {type: object, properties: {name: {type: string}}}, pet: {type: object, properties: {p: {$ref: '#/components/schemas/pal', xml: {name: ignored}}}}}";
    assert_eq!(described("3.0.3", "{$ref: '#/components/schemas/pet'}", schemas), "pet(Pet){p(Pal){name}}");
    assert_eq!(described("3.0.3", "{allOf: [{$ref: '#/components/schemas/pal'}]}", schemas), "pal(Pal){name}");
    let nullable = "{anyOf: [{$ref: '#/components/schemas/pal'}, {type: 'null'}]}";
    assert_eq!(described("3.1.0", nullable, schemas), "pal(Pal){name}");
    let attribute = "{pet: {type: object, properties: {id: {type: [string, integer], xml: {attribute: true}}}}}";
    assert_eq!(described("3.1.0", "{$ref: '#/components/schemas/pet'}", attribute), "pet(Pet){@id:number|string}");
}
