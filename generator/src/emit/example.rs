//! Example calls: the arguments come from the document's own examples, and the code is laid out like all other.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;

use super::operation::Call;
use crate::ir::{Api, Field, Kind, Location, Operation, Param};

/// A client made with example settings.
pub(super) fn client(api: &Api) -> TokenStream {
    let client = format_ident!("{}", api.client.name);
    let globals = api.client.globals.iter().filter(|global| global.required).map(|global| {
        let ident = format_ident!("{}", global.ident);
        let value = global.example.clone().unwrap_or_else(|| placeholder(&global.ident));
        quote!(.#ident(#value))
    });
    let credential = api.client.schemes.first().map(|scheme| {
        let ident = format_ident!("{}", scheme.ident);
        match scheme.placement {
            crate::ir::Placement::Basic => quote!(.#ident("<USER>", "<PASSWORD>")),
            _ => {
                let value = placeholder(&scheme.ident);
                quote!(.#ident(#value))
            }
        }
    });
    quote!(#client::builder() #(#globals)* #credential .build()?)
}

/// A call of an operation through its namespace, not yet awaited.
pub(super) fn call(api: &Api, call: &Call<'_>, client: &TokenStream) -> TokenStream {
    let path = namespace_of(api, call.operation);
    let method = call.method();
    let mut arguments: Vec<TokenStream> = call
        .params()
        .filter(|(param, _)| param.required && param.global.is_none())
        .map(|(param, ty)| argument(api, param, ty))
        .collect();
    if let Some(body) = call.operation.body.as_ref().filter(|body| body.required) {
        arguments.push(body_value(api, call, body.example.as_ref()));
    }
    quote!(#client #(.#path())* .#method(#(#arguments),*))
}

fn placeholder(ident: &str) -> String {
    format!("<YOUR_{}_HERE>", ident.to_uppercase())
}

fn namespace_of(api: &Api, operation: &Operation) -> Vec<syn::Ident> {
    let holds = |index: &usize| api.operations[*index].id == operation.id;
    let groups = api.root.walk();
    let group = groups.iter().find(|group| group.operations.iter().any(holds));
    let path = group.map(|group| group.path.as_slice()).unwrap_or_default();
    path.iter().map(|part| format_ident!("{}", crate::naming::snake(part))).collect()
}

fn argument(api: &Api, param: &Param, ty: &syn::Type) -> TokenStream {
    let text = quote!(#ty).to_string().replace(' ', "");
    match text.as_str() {
        "&'astr" => {
            let value = param.example.as_ref().and_then(Value::as_str).unwrap_or(if param.location == Location::Path {
                "<id>"
            } else {
                "text"
            });
            quote!(#value)
        }
        "bool" => quote!(true),
        "f64" | "f32" => quote!(1.0),
        "i64" | "i32" | "u64" | "u32" | "i8" | "u8" | "i16" | "u16" => quote!(1),
        _ => named_value(api, &text).unwrap_or_else(|| quote!(Default::default())),
    }
}

fn named_value(api: &Api, text: &str) -> Option<TokenStream> {
    let name = text.strip_prefix("types::")?;
    let definition = api.types.iter().find(|definition| definition.name == name)?;
    let Kind::Enum { values, .. } = &definition.kind else { return None };
    let (name, variant) = (format_ident!("{name}"), format_ident!("{}", values.first()?.ident));
    Some(quote!(types::#name::#variant))
}

fn body_value(api: &Api, call: &Call<'_>, example: Option<&Value>) -> TokenStream {
    let ty = &call.signature.body;
    let text = quote!(#ty).to_string().replace(' ', "");
    let name = text.strip_prefix("types::").unwrap_or_default();
    let definition = api.types.iter().find(|definition| definition.name == name);
    let example = example.or_else(|| definition?.example.as_ref());
    let built = definition.and_then(|definition| match &definition.kind {
        Kind::Struct { fields } => constructed(name, fields, example),
        _ => None,
    });
    built.unwrap_or_else(|| {
        let json = json(example.unwrap_or(&Value::Null));
        quote!(serde_json::from_value(serde_json::json!(#json)).expect("the example fits"))
    })
}

/// `Name::new(required…).optional(…)`, when every field that is needed is of a plain kind.
fn constructed(name: &str, fields: &[Field], example: Option<&Value>) -> Option<TokenStream> {
    let mut required = Vec::new();
    for field in fields.iter().filter(|field| field.required) {
        let given = example.and_then(|example| example.get(&field.name));
        required.push(plain(given.or(field.example.as_ref())?)?);
    }
    let optional = fields.iter().filter(|field| !field.required).filter_map(|field| {
        let setter = format_ident!("{}", crate::naming::snake(&field.name));
        let value = plain(example?.get(&field.name)?)?;
        Some(quote!(.#setter(#value)))
    });
    let name = format_ident!("{name}");
    Some(quote!(types::#name::new(#(#required),*) #(#optional)*))
}

fn plain(value: &Value) -> Option<TokenStream> {
    match value {
        Value::String(text) => Some(quote!(#text)),
        Value::Bool(_) | Value::Number(_) => Some(json(value)),
        Value::Object(entries) if entries.values().all(Value::is_string) => {
            let pairs = entries.iter().map(|(key, value)| {
                let value = value.as_str().unwrap_or_default();
                quote!((#key, #value))
            });
            Some(quote!([#(#pairs),*]))
        }
        Value::Object(entries) => {
            let pairs = entries.iter().map(|(key, value)| {
                let value = json(value);
                quote!((#key, serde_json::json!(#value)))
            });
            Some(quote!([#(#pairs),*]))
        }
        _ => None,
    }
}

/// JSON is a sequence of Rust tokens.
fn json(value: &Value) -> TokenStream {
    value.to_string().parse().unwrap_or_default()
}
