//! A value that satisfies exactly one member of a union is read as that member. The generator lowers random members (scalars,
//! arrays, and objects without `allOf`), and the runtime decides random values from the lowered shapes.

use generator::ir::{Dispatch, Kind, Others, Scalar, Shape, Types, Untagged};
use generator::{Input, inspect};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use sdk_runtime::union;
use serde_json::{Map, Value, json};

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn a_value_that_satisfies_one_member_is_read_as_that_member(
        members in vec(member(), 2..5),
        values in vec(any_value(), 24),
    ) {
        let types = lowered(&members);
        // Members that only list values of one JSON type become one type.
        let is_union = types.get("Choice").is_some_and(|choice| choice.schema.get("oneOf").is_some());
        prop_assume!(is_union);
        for value in &values {
            let satisfied: Vec<_> = members.iter().filter(|member| satisfies(member, value)).collect();
            if let [only] = satisfied.as_slice() {
                let found = decided(&types, &members, value);
                prop_assert_eq!(found.as_ref(), Some(*only), "{}", format!("{value} of {}", json!(members)));
            }
        }
    }
}

const NAMES: [&str; 3] = ["a", "b", "c"];

fn constants() -> impl Strategy<Value = Value> {
    prop_oneof![
        subsequence(vec!["x", "y", "z"], 1..=2).prop_map(|texts| json!({ "type": "string", "enum": texts })),
        subsequence(vec![1, 2, 3], 1..=2).prop_map(|numbers| json!({ "type": "integer", "enum": numbers })),
        any::<bool>().prop_map(|constant| json!({ "type": "boolean", "enum": [constant] })),
    ]
}

fn scalar() -> impl Strategy<Value = Value> {
    let plain = select(vec!["string", "integer", "boolean"]).prop_map(|ty| json!({ "type": ty }));
    prop_oneof![2 => constants(), 1 => plain]
}

fn object(property: impl Strategy<Value = Value> + Clone + 'static) -> impl Strategy<Value = Value> {
    let properties = subsequence(NAMES.to_vec(), 1..=3).prop_flat_map(move |names| {
        (vec(property.clone(), names.len()), Just(names.clone()), subsequence(names.clone(), 0..=names.len()))
    });
    (properties, any::<bool>()).prop_map(|((schemas, names, required), is_closed)| {
        let properties: Map<String, Value> = names.into_iter().map(str::to_owned).zip(schemas).collect();
        let mut schema = json!({ "type": "object", "properties": properties });
        if !required.is_empty() {
            schema["required"] = json!(required);
        }
        if is_closed {
            schema["additionalProperties"] = json!(false);
        }
        schema
    })
}

/// A schema without references.
fn member() -> impl Strategy<Value = Value> {
    let scalar = scalar().boxed();
    let inner = object(scalar.clone()).boxed();
    let list = scalar.clone().prop_map(|items| json!({ "type": "array", "items": items })).boxed();
    let property = prop_oneof![4 => scalar.clone(), 1 => inner, 1 => list.clone()].boxed();
    prop_oneof![1 => scalar, 1 => list, 4 => object(property)]
}

fn any_value() -> impl Strategy<Value = Value> {
    let scalar =
        select(vec![json!("x"), json!("y"), json!("w"), json!(1), json!(3), json!(7), json!(true), json!(false)]);
    let object = |value: BoxedStrategy<Value>| {
        subsequence(NAMES.to_vec(), 0..=3).prop_flat_map(move |names| {
            vec(value.clone(), names.len()).prop_map(move |values| {
                Value::Object(names.iter().map(|name| (*name).to_owned()).zip(values).collect())
            })
        })
    };
    let list = vec(scalar.clone(), 0..=2).prop_map(Value::from).boxed();
    let inner = prop_oneof![4 => scalar.clone(), 1 => object(scalar.clone().boxed()), 1 => list.clone()].boxed();
    prop_oneof![1 => scalar, 1 => list, 6 => object(inner)]
}

/// Whether a value satisfies a schema (JSON Schema, for the keywords that `member` uses).
fn satisfies(schema: &Value, value: &Value) -> bool {
    let is_of_type = match schema["type"].as_str() {
        Some("string") => value.is_string(),
        Some("integer") => value.is_i64(),
        Some("boolean") => value.is_boolean(),
        Some("array") => value.is_array(),
        _ => value.is_object(),
    };
    let is_listed = schema["enum"].as_array().is_none_or(|values| values.contains(value));
    let are_items = value.as_array().into_iter().flatten().all(|item| satisfies(&schema["items"], item));
    let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let has_required =
        value.as_object().is_none_or(|object| required.into_iter().all(|name| object.contains_key(name)));
    let fit = |(name, value): (&String, &Value)| match schema["properties"].get(name) {
        Some(property) => satisfies(property, value),
        None => schema["additionalProperties"] != json!(false),
    };
    is_of_type && is_listed && are_items && has_required && value.as_object().into_iter().flatten().all(fit)
}

/// The types of a document that returns a union of the members.
fn lowered(members: &[Value]) -> Types {
    let mut schemas: Map<String, Value> =
        members.iter().enumerate().map(|(index, member)| (format!("M{index}"), member.clone())).collect();
    let references: Vec<_> =
        schemas.keys().map(|name| json!({ "$ref": format!("#/components/schemas/{name}") })).collect();
    schemas.insert("Choice".to_owned(), json!({ "oneOf": references }));
    let schema = json!({ "$ref": "#/components/schemas/Choice" });
    let document = json!({
        "openapi": "3.0.3",
        "info": { "title": "t", "version": "1" },
        "paths": { "/a": { "get": { "operationId": "op", "responses": {
            "200": { "description": "ok", "content": { "application/json": { "schema": schema } } },
        } } } },
        "components": { "schemas": schemas },
    });
    inspect::ir(&Input::new("spec.json", &document.to_string())).expect("the document is valid").types
}

/// The member that the client reads a value as.
fn decided(types: &Types, members: &[Value], value: &Value) -> Option<Value> {
    let choice = types.get("Choice").expect("it is a type");
    let names: Vec<String> = match &choice.kind {
        Kind::Union { members, .. } => members.iter().map(|member| member.type_name.clone()).collect(),
        _ => choice.schema["oneOf"]
            .as_array()
            .expect("it is a union")
            .iter()
            .map(|member| {
                member["$ref"].as_str().and_then(|path| path.rsplit('/').next()).expect("it is a name").to_owned()
            })
            .collect(),
    };
    let by_shape = |dispatch: &Dispatch| chosen(types, dispatch, value);
    let index = match &choice.kind {
        Kind::UntaggedUnion { dispatch, .. } => by_shape(dispatch),
        Kind::Union { tag, tag_type, members, untagged, .. } => match value.get(tag) {
            Some(own) => members.iter().position(|member| tag_type.json(&member.tag) == *own),
            None => match untagged {
                Untagged::ByShape(dispatch) => by_shape(dispatch),
                Untagged::NoMember | Untagged::Invalid => None,
            },
        },
        other => panic!("it is a union, not {other:?}"),
    }?;
    let number: usize = names.get(index)?.strip_prefix('M')?.parse().ok()?;
    members.get(number).cloned()
}

/// The index of the member that the runtime chooses.
fn chosen(types: &Types, dispatch: &Dispatch, value: &Value) -> Option<usize> {
    let dispatch = of_dispatch(types, dispatch);
    let members: [union::ReadMember<Option<usize>>; 5] =
        [|_| Ok(Some(0)), |_| Ok(Some(1)), |_| Ok(Some(2)), |_| Ok(Some(3)), |_| Ok(Some(4))];
    let chosen: Result<_, serde_json::Error> = union::choose_value(value.clone(), &dispatch, &members, Some(|_| None));
    chosen.expect("an open union takes every value")
}

fn of_dispatch(types: &Types, dispatch: &Dispatch) -> union::Dispatch {
    let tags: Vec<&'static str> = dispatch.tags.iter().map(|tag| leak(tag.clone()).as_str()).collect();
    let members: Vec<&'static union::Shape> =
        dispatch.members.iter().map(|shape| leak(of_shape(types, shape))).collect();
    union::Dispatch { tags: leak(tags), members: leak(members) }
}

fn of_shape(types: &Types, shape: &Shape) -> union::Shape {
    let reference = |shape: &Shape| leak(of_shape(types, shape));
    match shape {
        Shape::Any => union::Shape::Any,
        Shape::Named(name) => {
            let named = types.get(name).and_then(|definition| definition.shape.as_ref());
            of_shape(types, named.expect("a shape that is referred to is there"))
        }
        Shape::Nullable(shape) => union::Shape::Nullable(reference(shape)),
        Shape::Scalar(Scalar::Boolean) => union::Shape::Boolean,
        Shape::Scalar(Scalar::Integer) => union::Shape::Integer,
        Shape::Scalar(Scalar::Number) => union::Shape::Number,
        Shape::Scalar(Scalar::String) => union::Shape::String,
        Shape::Constants { values, open } => union::Shape::Constants { values: constants_of(values), open: *open },
        Shape::Array(items) => union::Shape::Array(reference(items)),
        Shape::Object { fields, others } => {
            let fields: Vec<_> = fields
                .iter()
                .map(|field| union::Field {
                    name: leak(field.name.clone()),
                    required: field.required,
                    shape: reference(&field.shape),
                })
                .collect();
            let others = match others {
                Others::Any => union::Others::Any,
                Others::Closed => union::Others::Closed,
                Others::Of(shape) => union::Others::Of(reference(shape)),
            };
            union::Shape::Object { fields: leak(fields), others }
        }
        Shape::Tagged { tag, values, shape } => {
            union::Shape::Tagged { tag: leak(tag.clone()), values: constants_of(values), shape: reference(shape) }
        }
        Shape::Union { dispatch, open } => union::Shape::Union { dispatch: of_dispatch(types, dispatch), open: *open },
    }
}

fn constants_of(values: &[Value]) -> &'static [union::Constant] {
    let constant = |value: &Value| match value {
        Value::Bool(value) => union::Constant::Boolean(*value),
        Value::Number(number) => union::Constant::Integer(number.as_i64().expect("it is an integer").into()),
        Value::String(text) => union::Constant::Text(leak(text.clone())),
        other => panic!("{other} is not a constant"),
    };
    leak(values.iter().map(constant).collect::<Vec<_>>())
}

/// The shapes of a client are statics.
fn leak<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}
