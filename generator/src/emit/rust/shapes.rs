//! What tells the members of unions apart, as data for the runtime.

use std::collections::BTreeSet;

use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, format_ident, quote};
use serde_json::Value;
use syn::visit::Visit;

use crate::emit::Source;
use crate::ir::{Api, Dispatch, Kind, Others, Scalar, Shape, ShapeField};

/// Whether the API has a union whose members are told apart by shape.
pub(super) fn is_needed(api: &Api) -> bool {
    dispatches(api).next().is_some()
}

pub(super) fn emit(api: &Api) -> Vec<Source> {
    if !is_needed(api) {
        return Vec::new();
    }
    let shapes = api.types.iter().filter_map(|definition| {
        let (ident, shape) = (format_ident!("{}", definition.const_ident), of(api, definition.shape.as_ref()?));
        Some(quote!(pub static #ident: Shape = #shape;))
    });
    let shapes: TokenStream = shapes.collect();
    let dispatches = dispatches(api).map(|(name, dispatch)| {
        let (ident, dispatch) = (format_ident!("{name}"), of_dispatch(api, dispatch));
        quote!(pub static #ident: Dispatch = #dispatch;)
    });
    let dispatches: TokenStream = dispatches.collect();
    let own = imports(&shapes);
    let (inner, parent) = (imports(&dispatches), statics(api, &dispatches));
    let parent = (!parent.is_empty()).then(|| quote!(use super::{#(#parent),*};));
    let items = quote! {
        #own

        #shapes

        /// The members of each union.
        pub mod dispatch {
            #parent
            #inner

            #dispatches
        }
    };
    vec![Source::rust("src/shapes.rs", "What tells the members of unions apart.", items)]
}

/// Returns the unions whose members are told apart by shape, with the names of their constants.
fn dispatches(api: &Api) -> impl Iterator<Item = (&str, &Dispatch)> {
    api.types.iter().filter_map(|definition| {
        let dispatch = match &definition.kind {
            Kind::Union { untagged, .. } => untagged.as_ref()?,
            Kind::UntaggedUnion { dispatch, .. } => dispatch,
            _ => return None,
        };
        Some((definition.const_ident.as_str(), dispatch))
    })
}

/// Returns the imports of the runtime's types that the items name.
fn imports(items: &TokenStream) -> Option<TokenStream> {
    let names = idents(items);
    let all = ["Constant", "Dispatch", "Field", "Others", "Shape"].into_iter();
    let used: Vec<_> = all.filter(|name| names.contains(*name)).map(|name| format_ident!("{name}")).collect();
    (!used.is_empty()).then(|| quote!(use crate::runtime::union::{#(#used),*};))
}

/// Returns the shapes of named types that the items name.
fn statics(api: &Api, items: &TokenStream) -> Vec<syn::Ident> {
    let names = idents(items);
    let with_shapes = api.types.iter().filter(|definition| definition.shape.is_some());
    with_shapes
        .filter(|definition| names.contains(&format!("&{}", definition.const_ident)))
        .map(|definition| format_ident!("{}", definition.const_ident))
        .collect()
}

/// Returns all identifiers in the items, those of references with `&` in front.
fn idents(items: &TokenStream) -> BTreeSet<String> {
    struct Idents(BTreeSet<String>);
    impl<'ast> Visit<'ast> for Idents {
        fn visit_expr_reference(&mut self, reference: &'ast syn::ExprReference) {
            if let syn::Expr::Path(path) = reference.expr.as_ref()
                && let Some(ident) = path.path.get_ident()
            {
                self.0.insert(format!("&{ident}"));
            }
            syn::visit::visit_expr_reference(self, reference);
        }

        fn visit_ident(&mut self, ident: &'ast syn::Ident) {
            self.0.insert(ident.to_string());
        }
    }
    let mut found = Idents(BTreeSet::new());
    if let Ok(file) = syn::parse2::<syn::File>(items.clone()) {
        found.visit_file(&file);
    }
    found.0
}

fn of_dispatch(api: &Api, dispatch: &Dispatch) -> TokenStream {
    let tags = &dispatch.tags;
    let members = dispatch.members.iter().map(|shape| reference(api, shape));
    quote!(Dispatch { tags: &[#(#tags),*], members: &[#(#members),*] })
}

/// Returns a reference to a shape.
fn reference(api: &Api, shape: &Shape) -> TokenStream {
    let shape = match shape {
        Shape::Named(name) => match api.types.get(name).filter(|definition| definition.shape.is_some()) {
            Some(definition) => format_ident!("{}", definition.const_ident).into_token_stream(),
            None => quote!(Shape::Any),
        },
        _ => of(api, shape),
    };
    quote!(&#shape)
}

fn of(api: &Api, shape: &Shape) -> TokenStream {
    match shape {
        Shape::Any => quote!(Shape::Any),
        Shape::Named(_) => {
            // An alias of another type.
            let shape = Dispatch { tags: Vec::new(), members: vec![shape.clone()] };
            let dispatch = of_dispatch(api, &shape);
            quote!(Shape::Union { dispatch: #dispatch, open: false })
        }
        Shape::Nullable(shape) => {
            let shape = reference(api, shape);
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
            let shape = reference(api, shape);
            quote!(Shape::Array(#shape))
        }
        Shape::Object { fields, others } => {
            let fields = fields.iter().map(|ShapeField { name, required, shape }| {
                let shape = reference(api, shape);
                quote!(Field { name: #name, required: #required, shape: #shape })
            });
            let others = match others {
                Others::Any => quote!(Others::Any),
                Others::Closed => quote!(Others::Closed),
                Others::Of(shape) => {
                    let shape = reference(api, shape);
                    quote!(Others::Of(#shape))
                }
            };
            quote!(Shape::Object { fields: &[#(#fields),*], others: #others })
        }
        Shape::Tagged { tag, values, shape } => {
            let (values, shape) = (values.iter().map(constant), reference(api, shape));
            quote!(Shape::Tagged { tag: #tag, values: &[#(#values),*], shape: #shape })
        }
        Shape::Union { dispatch, open } => {
            let dispatch = of_dispatch(api, dispatch);
            quote!(Shape::Union { dispatch: #dispatch, open: #open })
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
