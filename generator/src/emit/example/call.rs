//! Example calls. The arguments come from the document's own examples.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;

use crate::emit::operation::Call;
use crate::emit::syntax::{Form, form};
use crate::ir::{Api, BodyContent, Field, Kind, Location, Operation, Param};

/// Returns the expression that creates a client with example settings.
pub(crate) fn client(api: &Api) -> TokenStream {
    let client = format_ident!("{}", api.client.name);
    let settings = client_settings(api);
    quote!(#client::builder() #settings .build()?)
}

/// Returns the settings that a builder requires, as a chain of setters.
pub(crate) fn client_settings(api: &Api) -> TokenStream {
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
    quote!(#(#globals)* #credential)
}

/// An example call: the statements before it, and the call without `.await`.
pub(crate) struct Example {
    pub(crate) setup: TokenStream,
    pub(crate) call: TokenStream,
}

/// Returns a call of an operation through its namespace.
pub(crate) fn method_call(api: &Api, call: &Call<'_>, client: &TokenStream) -> Example {
    method_call_with(api, call, client, &[])
}

/// As [`method_call`], with some strings taken from variables that are named after their parameters.
pub(crate) fn method_call_with(api: &Api, call: &Call<'_>, client: &TokenStream, given: &[&Param]) -> Example {
    let path = namespace_of(api, call.operation);
    let method = call.method();
    let (setup, arguments) = arguments(api, call, given);
    Example { setup, call: quote!(#client #(.#path())* .#method(#(#arguments),*)) }
}

/// Returns a call of an operation as a function.
pub(crate) fn function_call(api: &Api, call: &Call<'_>, core: &TokenStream) -> Example {
    let function = call.function();
    let (setup, arguments) = arguments(api, call, &[]);
    Example { setup, call: quote!(funcs::#function(#core, #(#arguments),*)) }
}

fn arguments(api: &Api, call: &Call<'_>, given: &[&Param]) -> (TokenStream, Vec<TokenStream>) {
    let (mut setup, mut arguments) = (TokenStream::new(), Vec::new());
    for (param, ty) in call.params().filter(|(param, _)| param.required && param.global.is_none()) {
        let ident = format_ident!("{}", param.ident);
        if given.iter().any(|given| given.ident == param.ident) {
            arguments.push(quote!(&#ident));
        } else if let Some(ty) = borrowed(ty) {
            let value = argument(api, param, ty);
            setup.extend(quote!(let #ident = #value;));
            arguments.push(quote!(&#ident));
        } else {
            arguments.push(argument(api, param, ty));
        }
    }
    if let Some(body) = call.operation.body.as_ref().filter(|body| body.required) {
        let (before, value) = body_value(api, call, body.example.as_ref());
        setup.extend(quote!(#before let body = #value;));
        arguments.push(quote!(body));
    }
    (setup, arguments)
}

/// Returns the target of a reference, unless it is a string or a list, which are written as values.
fn borrowed(ty: &syn::Type) -> Option<&syn::Type> {
    match ty {
        syn::Type::Reference(reference) if form(ty) != Form::Str => match reference.elem.as_ref() {
            syn::Type::Slice(_) => None,
            elem => Some(elem),
        },
        _ => None,
    }
}

fn placeholder(ident: &str) -> String {
    format!("<YOUR_{}_HERE>", ident.to_uppercase())
}

fn namespace_of(api: &Api, operation: &Operation) -> Vec<syn::Ident> {
    let holds = |index: &usize| api.operation(*index).id == operation.id;
    let groups = api.root.walk();
    let group = groups.iter().find(|group| group.operations.iter().any(holds));
    let path = group.map(|group| group.path.as_slice()).unwrap_or_default();
    path.iter().map(|part| format_ident!("{}", crate::naming::snake(part))).collect()
}

/// Returns an owned value for a parameter.
pub(crate) fn owned_argument(api: &Api, param: &Param, ty: &syn::Type) -> TokenStream {
    match ty {
        syn::Type::Reference(reference) if matches!(*reference.elem, syn::Type::Slice(_)) => quote!(Vec::new()),
        _ => argument(api, param, borrowed(ty).unwrap_or(ty)),
    }
}

fn argument(api: &Api, param: &Param, ty: &syn::Type) -> TokenStream {
    match form(ty) {
        Form::Str => {
            let value = text_value(param);
            quote!(#value)
        }
        Form::Bool => quote!(true),
        Form::Float => quote!(1.0),
        Form::Integer => quote!(1),
        Form::Own(name) => named_value(api, param, name),
        _ => quote!(Default::default()),
    }
}

/// Returns a value of any type, parsed from the document's JSON example.
fn from_json(example: Option<&Value>) -> TokenStream {
    let json = json(example.unwrap_or(&Value::Null));
    quote!(serde_json::from_value(serde_json::json!(#json)).expect("the example fits"))
}

/// Returns a value for a string parameter.
pub(crate) fn text_value(param: &Param) -> &str {
    let usual = if param.location == Location::Path { "<id>" } else { "text" };
    param.example.as_ref().and_then(Value::as_str).unwrap_or(usual)
}

/// Returns a value of one of the API's own types.
fn named_value(api: &Api, param: &Param, name: &syn::Ident) -> TokenStream {
    let definition = api.types.get(&name.to_string());
    let example = param.example.as_ref().or_else(|| definition?.example.as_ref());
    let written = definition.and_then(|definition| match &definition.kind {
        Kind::Enum { values, .. } => {
            let variant = format_ident!("{}", values.first()?.ident);
            Some(quote!(types::#name::#variant))
        }
        Kind::Struct { fields } => {
            let (setup, value) = constructed(&definition.name, fields, example)?;
            setup.is_empty().then_some(value)
        }
        _ => None,
    });
    written.unwrap_or_else(|| from_json(example))
}

/// Returns the statements before the body, and the body.
fn body_value(api: &Api, call: &Call<'_>, example: Option<&Value>) -> (TokenStream, TokenStream) {
    let raw = match call.operation.body.as_ref().map(|body| &body.content) {
        Some(BodyContent::Text) => Some(quote!(String::from("text"))),
        Some(BodyContent::Bytes) => Some(quote!("bytes".into())),
        Some(BodyContent::Multipart) => Some(quote!(funcs::Multipart::new().text("name", "value"))),
        _ => None,
    };
    if let Some(raw) = raw {
        return (quote!(), raw);
    }
    let definition = match call.body().as_deref().map(form) {
        Some(Form::Own(name)) => api.types.get(&name.to_string()),
        _ => None,
    };
    let example = example.or_else(|| definition?.example.as_ref());
    let built = definition.and_then(|definition| match &definition.kind {
        Kind::Struct { fields } => constructed(&definition.name, fields, example),
        _ => None,
    });
    built.unwrap_or_else(|| (quote!(), from_json(example)))
}

/// Returns `Name::new(required…).optional(…)` if all required fields have simple types. Lists become variables before
/// it.
fn constructed(name: &str, fields: &[Field], example: Option<&Value>) -> Option<(TokenStream, TokenStream)> {
    let (mut setup, mut required) = (TokenStream::new(), Vec::new());
    for field in fields.iter().filter(|field| field.required) {
        let given = example.and_then(|example| example.get(&field.name)).or(field.example.as_ref())?;
        let value = plain(given)?;
        if given.is_object() {
            let ident = format_ident!("{}", field.ident);
            setup.extend(quote!(let #ident = #value;));
            required.push(quote!(#ident));
        } else {
            required.push(value);
        }
    }
    let optional = fields.iter().filter(|field| !field.required).filter_map(|field| {
        let setter = format_ident!("{}", field.ident);
        let value = plain(example?.get(&field.name)?)?;
        Some(quote!(.#setter(#value)))
    });
    let name = format_ident!("{name}");
    let body = quote!(types::#name::new(#(#required),*) #(#optional)*);
    Some((setup, body))
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

/// Returns JSON as tokens. JSON is always a sequence of Rust tokens.
fn json(value: &Value) -> TokenStream {
    value.to_string().parse().unwrap_or_default()
}

/// Returns a loop over the pages of a call, or over their items if the document describes them.
pub(crate) fn pages(call: &Call<'_>, made: &TokenStream) -> TokenStream {
    if call.item().is_some() {
        quote! {
            let mut items = #made.items();
            while let Some(item) = items.next().await {
                let item = item?;
                println!("{item:?}");
            }
        }
    } else {
        quote! {
            let mut pages = #made.pages();
            while let Some(page) = pages.next().await {
                let page = page?;
                println!("{page:?}");
            }
        }
    }
}

/// Returns a loop over the parts of a streamed response.
pub(crate) fn stream(made: &TokenStream) -> TokenStream {
    quote! {
        let mut stream = #made.stream().await?;
        while let Some(part) = stream.next().await {
            let part = part?;
            println!("{part:?}");
        }
    }
}
