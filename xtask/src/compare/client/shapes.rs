//! The shapes by which a client distinguishes the members of unions.

use std::collections::BTreeMap;

use serde_json::{Number, Value};
use syn::{Expr, Item, ItemStatic, Lit, UnOp};

use super::syntax::{as_struct, field, last_name, list, path_name, text};

/// The part of a type that shows whether a value is of that type.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Shape {
    /// A shape that says nothing about properties or constants.
    Other,
    /// The shape with this name.
    Named(String),
    Constants(Vec<Value>),
    Array(Box<Self>),
    Object(Vec<ShapeField>),
    Tagged {
        tag: String,
        values: Vec<Value>,
        shape: Box<Self>,
    },
}

/// A property of a shape.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ShapeField {
    pub(crate) name: String,
    pub(crate) is_required: bool,
    pub(crate) shape: Shape,
}

/// The shapes of the members of a union, in the order of its variants.
#[derive(Debug, Clone)]
pub(crate) struct Dispatch {
    pub(crate) members: Vec<Shape>,
}

/// Reads the shapes of named types.
pub(super) fn shapes(items: &[Item]) -> BTreeMap<String, Shape> {
    statics(items).map(|item| (item.ident.to_string(), shape(&item.expr))).collect()
}

/// Reads the shapes of the members of unions.
pub(super) fn dispatches(items: &[Item]) -> BTreeMap<String, Dispatch> {
    let modules = items.iter().filter_map(|item| match item {
        Item::Mod(module) => Some(module.content.as_ref()?.1.as_slice()),
        _ => None,
    });
    let all = modules.flat_map(statics);
    let dispatch = |item: &ItemStatic| {
        let members = as_struct(&item.expr).and_then(|value| field(value, "members"));
        Dispatch { members: members.into_iter().flat_map(list).map(shape).collect() }
    };
    all.map(|item| (item.ident.to_string(), dispatch(item))).collect()
}

fn statics(items: &[Item]) -> impl Iterator<Item = &ItemStatic> {
    items.iter().filter_map(|item| match item {
        Item::Static(item) => Some(item),
        _ => None,
    })
}

fn shape(value: &Expr) -> Shape {
    match value {
        Expr::Reference(reference) => shape(&reference.expr),
        Expr::Path(path) => {
            let name = last_name(&path.path);
            if name.chars().any(char::is_lowercase) { Shape::Other } else { Shape::Named(name) }
        }
        Expr::Call(call) => match (path_name(&call.func).as_deref(), call.args.first()) {
            (Some("Nullable"), Some(inner)) => shape(inner),
            (Some("Array"), Some(item)) => Shape::Array(Box::new(shape(item))),
            _ => Shape::Other,
        },
        Expr::Struct(value) => compound(value),
        _ => Shape::Other,
    }
}

fn compound(value: &syn::ExprStruct) -> Shape {
    let part = |name: &str| field(value, name);
    let constants = || part("values").into_iter().flat_map(list).filter_map(constant).collect();
    match last_name(&value.path).as_str() {
        "Constants" => Shape::Constants(constants()),
        "Object" => Shape::Object(part("fields").into_iter().flat_map(list).filter_map(shape_field).collect()),
        "Tagged" => Shape::Tagged {
            tag: part("tag").and_then(text).unwrap_or_default(),
            values: constants(),
            shape: Box::new(part("shape").map_or(Shape::Other, shape)),
        },
        _ => Shape::Other,
    }
}

fn shape_field(value: &Expr) -> Option<ShapeField> {
    let Expr::Call(call) = value else { return None };
    let mut arguments = call.args.iter();
    let (name, of) = (text(arguments.next()?)?, arguments.next()?);
    Some(ShapeField { name, is_required: path_name(&call.func)? == "required", shape: shape(of) })
}

fn constant(value: &Expr) -> Option<Value> {
    let Expr::Call(call) = value else { return Some(Value::Null) };
    number(call.args.first()?, false)
}

fn number(value: &Expr, is_negative: bool) -> Option<Value> {
    match value {
        Expr::Unary(unary) if matches!(unary.op, UnOp::Neg(_)) => number(&unary.expr, !is_negative),
        Expr::Lit(literal) => match &literal.lit {
            Lit::Str(text) => Some(Value::String(text.value())),
            Lit::Bool(value) => Some(Value::Bool(value.value)),
            Lit::Int(digits) => {
                let number: i128 = digits.base10_parse().ok()?;
                Number::from_i128(if is_negative { -number } else { number }).map(Value::Number)
            }
            Lit::Float(digits) => {
                let number: f64 = digits.base10_parse().ok()?;
                Number::from_f64(if is_negative { -number } else { number }).map(Value::Number)
            }
            _ => None,
        },
        _ => None,
    }
}
