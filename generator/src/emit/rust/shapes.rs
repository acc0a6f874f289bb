//! What tells the members of unions apart, as data for the runtime.

use std::collections::BTreeSet;

use proc_macro2::{Literal, TokenStream, TokenTree};
use quote::{format_ident, quote};
use serde_json::Value;

use crate::emit::Source;
use crate::ir::{Api, Dispatch, Kind, Others, Scalar, Shape, ShapeField, Untagged};

/// Whether the API has a union whose members are told apart by shape.
pub(super) fn is_needed(api: &Api) -> bool {
    dispatches(api).chain(constants(api)).next().is_some()
}

pub(super) fn emit(api: &Api) -> Vec<Source> {
    if !is_needed(api) {
        return Vec::new();
    }
    let scope = Scope { api, is_inner: false };
    let shapes = api.types.iter().filter_map(|definition| {
        let (ident, shape) = (format_ident!("{}", definition.const_ident), scope.shape(definition.shape.as_ref()?));
        Some(quote!(pub static #ident: Shape = #shape;))
    });
    let shapes: TokenStream = shapes.collect();
    let scope = Scope { api, is_inner: true };
    let dispatches = dispatches(api).map(|(name, dispatch)| {
        let (ident, dispatch) = (format_ident!("{name}"), scope.dispatch(dispatch));
        quote!(pub static #ident: Dispatch = #dispatch;)
    });
    let dispatches = module("dispatch", " The members of each union.", &dispatches.collect());
    let constants = constants(api).map(|(name, dispatch)| {
        let (ident, dispatch) = (format_ident!("{name}"), scope.dispatch(dispatch));
        quote!(pub static #ident: Dispatch = #dispatch;)
    });
    let constants =
        module("constants", " The constants of the members of each union, besides its tag.", &constants.collect());
    let outer = imports("union", &shapes);
    let items = quote!(#outer #shapes #dispatches #constants);
    vec![Source::rust("src/shapes.rs", "What tells the members of unions apart.", items)]
}

/// Returns a module with these items. `None` if there are no items.
fn module(name: &str, docs: &str, items: &TokenStream) -> Option<TokenStream> {
    let (ident, imports) = (format_ident!("{name}"), imports("union", items));
    (!items.is_empty()).then(|| quote!(#[doc = #docs] pub mod #ident { #imports #items }))
}

/// Returns the constants of the members of unions with a tag, with the names of the unions.
fn constants(api: &Api) -> impl Iterator<Item = (&str, &Dispatch)> {
    api.types.iter().filter_map(|definition| match &definition.kind {
        Kind::Union { constants: Some(constants), .. } => Some((definition.const_ident.as_str(), constants)),
        _ => None,
    })
}

/// Returns the unions whose members are told apart by shape, with the names of their constants.
fn dispatches(api: &Api) -> impl Iterator<Item = (&str, &Dispatch)> {
    api.types.iter().filter_map(|definition| {
        let (Kind::Union { untagged: Untagged::ByShape(dispatch), .. } | Kind::UntaggedUnion { dispatch, .. }) =
            &definition.kind
        else {
            return None;
        };
        Some((definition.const_ident.as_str(), dispatch))
    })
}

/// Returns the imports of the types of a module of the runtime that the items name.
pub(super) fn imports(module: &str, items: &TokenStream) -> Option<TokenStream> {
    let mut names = BTreeSet::new();
    add_names(items.clone(), &mut names);
    let all: &[&str] = match module {
        "union" => &["Constant", "Dispatch", "Field", "Others", "Shape"],
        _ => &["Content", "Element", "Field", "Name", "Node", "Scalar"],
    };
    let module = format_ident!("{module}");
    let used: Vec<_> = all.iter().filter(|name| names.contains(**name)).map(|name| format_ident!("{name}")).collect();
    (!used.is_empty()).then(|| quote!(use crate::runtime::#module::{#(#used),*};))
}

fn add_names(tokens: TokenStream, names: &mut BTreeSet<String>) {
    for token in tokens {
        match token {
            TokenTree::Ident(name) => _ = names.insert(name.to_string()),
            TokenTree::Group(group) => add_names(group.stream(), names),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}

/// The module that shapes are written in.
#[derive(Clone, Copy)]
struct Scope<'a> {
    api: &'a Api,
    /// Whether it is the module of dispatches.
    is_inner: bool,
}

impl Scope<'_> {
    fn dispatch(self, dispatch: &Dispatch) -> TokenStream {
        let tags = &dispatch.tags;
        let members = dispatch.members.iter().map(|shape| self.reference(shape));
        quote!(Dispatch { tags: &[#(#tags),*], members: &[#(#members),*] })
    }

    /// Returns a reference to a shape.
    fn reference(self, shape: &Shape) -> TokenStream {
        let Shape::Named(name) = shape else {
            let shape = self.shape(shape);
            return quote!(&#shape);
        };
        let Some(definition) = self.api.types.get(name).filter(|definition| definition.shape.is_some()) else {
            return quote!(&Shape::Any);
        };
        let ident = format_ident!("{}", definition.const_ident);
        if self.is_inner { quote!(&super::#ident) } else { quote!(&#ident) }
    }

    fn shape(self, shape: &Shape) -> TokenStream {
        match shape {
            Shape::Any => quote!(Shape::Any),
            // An alias of another type.
            Shape::Named(_) => {
                let dispatch = self.dispatch(&Dispatch { tags: Vec::new(), members: vec![shape.clone()] });
                quote!(Shape::Union { dispatch: #dispatch, open: false })
            }
            Shape::Nullable(shape) => {
                let shape = self.reference(shape);
                quote!(Shape::Nullable(#shape))
            }
            Shape::Scalar(Scalar::Boolean) => quote!(Shape::Boolean),
            Shape::Scalar(Scalar::Integer) => quote!(Shape::Integer),
            Shape::Scalar(Scalar::Number) => quote!(Shape::Number),
            Shape::Scalar(Scalar::String) => quote!(Shape::String),
            Shape::Constants { values, open } => {
                let values = values.iter().map(constant);
                quote!(Shape::Constants { values: &[#(#values),*], open: #open })
            }
            Shape::Array(shape) => {
                let shape = self.reference(shape);
                quote!(Shape::Array(#shape))
            }
            Shape::Object { fields, others } => {
                let fields = fields.iter().map(|ShapeField { name, required, shape }| {
                    let shape = self.reference(shape);
                    let kind = format_ident!("{}", if *required { "required" } else { "optional" });
                    quote!(Field::#kind(#name, #shape))
                });
                let others = match others {
                    Others::Any => quote!(Others::Any),
                    Others::Closed => quote!(Others::Closed),
                    Others::Of(shape) => {
                        let shape = self.reference(shape);
                        quote!(Others::Of(#shape))
                    }
                };
                quote!(Shape::Object { fields: &[#(#fields),*], others: #others })
            }
            Shape::Tagged { tag, values, shape } => {
                let (values, shape) = (values.iter().map(constant), self.reference(shape));
                quote!(Shape::Tagged { tag: #tag, values: &[#(#values),*], shape: #shape })
            }
            Shape::Union { dispatch, open } => {
                let dispatch = self.dispatch(dispatch);
                quote!(Shape::Union { dispatch: #dispatch, open: #open })
            }
        }
    }
}

fn constant(value: &Value) -> TokenStream {
    match value {
        Value::Bool(value) => quote!(Constant::Boolean(#value)),
        Value::String(text) => quote!(Constant::Text(#text)),
        Value::Number(number) => match (number.as_i128(), number.as_f64()) {
            (Some(integer), _) => {
                let integer = Literal::i128_unsuffixed(integer);
                quote!(Constant::Integer(#integer))
            }
            (None, Some(number)) => quote!(Constant::Number(#number)),
            (None, None) => quote!(Constant::Null),
        },
        Value::Null | Value::Array(_) | Value::Object(_) => quote!(Constant::Null),
    }
}
