//! Example values of the API's types, as expressions: made by their constructors, from the document's examples.
//!
//! Where the document has no example, strings name the field that they are for. A value that no constructor makes is read
//! from JSON: the document's example, or a value of the schema.

use std::cell::Cell;
use std::collections::BTreeSet;

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};
use serde_json::{Map, Value, json};
use syn::{FnArg, Ident, Signature, Type};

use super::fit::fits;
use crate::emit::operation::Call;
use crate::emit::syntax::{Form, form};
use crate::ir::{Api, BodyContent, Field, Kind, Member, Param, ScalarType, Slot, TypeDef};
use crate::naming::unique;
use crate::print;
use crate::progenitor::Types;

/// How deep types may be nested: a type can contain itself.
const DEPTH: usize = 8;

/// How many values an example is made of at most: with several fields of each type, depth alone bounds nothing.
const NODES: usize = 60;

/// The variables of examples: no other variable can have their names.
pub(crate) const OWN: [&str; 5] = ["body", "client", "core", "job", "server"];

/// How much larger an example may become.
#[derive(Clone, Copy)]
struct Left<'a> {
    depth: usize,
    nodes: &'a Cell<usize>,
}

impl<'a> Left<'a> {
    fn new(nodes: &'a Cell<usize>) -> Self {
        Self { depth: DEPTH, nodes }
    }

    /// What is left for a value inside of this one. `None` if nothing is.
    fn deeper(self) -> Option<Self> {
        self.nodes.set(self.nodes.get().checked_sub(1)?);
        Some(Self { depth: self.depth.checked_sub(1)?, ..self })
    }
}

/// Makes example values.
#[derive(Clone, Copy)]
pub(crate) struct Values<'a> {
    pub(crate) api: &'a Api,
    pub(crate) types: &'a Types,
}

impl<'a> Values<'a> {
    /// A value of a type, if constructors make one.
    pub(crate) fn of(self, ty: &Type) -> Option<TokenStream> {
        self.value(ty, "value", None, Left::new(&Cell::new(NODES)))
    }

    /// A value of a type that is like an example, if constructors make one.
    pub(crate) fn of_example(self, ty: &Type, example: &Value) -> Option<TokenStream> {
        self.value(ty, "value", Some(example), Left::new(&Cell::new(NODES)))
    }

    /// A value of a type that is named in placeholders, if constructors make one.
    pub(super) fn of_named(self, ty: &Type, name: &str, example: Option<&Value>) -> Option<TokenStream> {
        self.value(ty, name, example, Left::new(&Cell::new(NODES)))
    }

    /// A value of a member of a union, as its own type.
    pub(crate) fn of_member(self, member: &Member) -> Option<TokenStream> {
        self.named(&member.type_name, None, Left::new(&Cell::new(NODES)))
    }

    /// A value for a parameter, owned where its type is a reference to something else than a string.
    pub(crate) fn of_param(self, param: &Param, ty: &Type) -> TokenStream {
        match form(ty) {
            Form::Str => {
                let value = string_of(param);
                return quote!(#value);
            }
            Form::Scalar(scalar) => return scalar_value(scalar, param.example.as_ref()),
            _ => {}
        }
        let name = param.ident.trim_end_matches('_');
        let ty = referenced(ty).unwrap_or(ty);
        self.value(ty, name, param.example.as_ref(), Left::new(&Cell::new(NODES)))
            .unwrap_or_else(|| self.read_json(param.slot, param.example.as_ref()))
    }

    /// A value for the body of a call: statements that come before it, and the value.
    pub(crate) fn of_body(self, call: &Call<'_>) -> Option<(TokenStream, TokenStream)> {
        let body = call.operation.body.as_ref()?;
        let slot = match body.content {
            BodyContent::Text => return Some((quote!(), quote!(String::from("text")))),
            BodyContent::Bytes => return Some((quote!(), quote!("bytes"))),
            BodyContent::Multipart(None) => {
                return Some((quote!(), quote!(funcs::Multipart::new().text("name", "value"))));
            }
            BodyContent::Multipart(Some(ref form)) => return Some((quote!(), self.of_form(call, form))),
            BodyContent::Json(slot) | BodyContent::Xml(slot) | BodyContent::Form { slot, .. } => slot,
        };
        let ty = &self.types[slot];
        let definition = match form(ty) {
            Form::Scalar(scalar) => return Some((quote!(), scalar_value(scalar, body.example.as_ref()))),
            Form::Own(name) => self.api.types.get(&name.to_string()),
            _ => None,
        };
        let example = body.example.as_ref().or_else(|| definition?.example.as_ref());
        let built = definition.and_then(|definition| match &definition.kind {
            Kind::Struct { fields } => self.constructed_in_steps(call, definition, fields, example),
            _ => None,
        });
        let value = || {
            (
                quote!(),
                self.value(ty, "body", example, Left::new(&Cell::new(NODES)))
                    .unwrap_or_else(|| self.read_json(slot, example)),
            )
        };
        Some(built.unwrap_or_else(value))
    }

    fn value(self, ty: &Type, name: &str, example: Option<&Value>, left: Left<'_>) -> Option<TokenStream> {
        let placeholder = format!("<{name}>");
        let string = || example.and_then(Value::as_str).unwrap_or(&placeholder).to_owned();
        Some(match form(ty) {
            Form::Str | Form::IntoString => {
                let text = string();
                quote!(#text)
            }
            Form::String => {
                let text = string();
                quote!(#text.to_owned())
            }
            Form::Bool => {
                let value = example.and_then(Value::as_bool).unwrap_or(true);
                quote!(#value)
            }
            Form::Float => quote!(1.0),
            Form::Integer => {
                let number = example.and_then(Value::as_u64).filter(|number| *number < 128).unwrap_or(1);
                let number = Literal::u64_unsuffixed(number);
                quote!(#number)
            }
            Form::Scalar(scalar) => {
                let value = scalar_value(scalar, example);
                // Unary minus binds less than a method call.
                if value.to_string().starts_with('-') { quote!((#value).into()) } else { quote!(#value.into()) }
            }
            Form::IntoScalar(scalar) => scalar_value(scalar, example),
            Form::IntoJson => match example {
                Some(Value::String(text)) => quote!(#text),
                Some(example) if size(example) <= INLINE => {
                    let example = tokens(example);
                    quote!(serde_json::json!(#example))
                }
                _ => quote!(#placeholder),
            },
            Form::Pairs => example
                .filter(|example| size(example) <= INLINE)
                .and_then(pairs)
                .unwrap_or_else(|| quote!([("key", "value")])),
            Form::List => quote!(Vec::new()),
            Form::Own(name) => return self.named(&name.to_string(), example, left.deeper()?),
            Form::IntoOwn(wrapper) => return self.wrapped(wrapper, name, example, left.deeper()?),
            Form::Other if is_slice(ty) => quote!(Vec::new()),
            Form::Other => return None,
        })
    }

    /// A value that converts to a wrapper.
    fn wrapped(self, wrapper: &Ident, name: &str, example: Option<&Value>, left: Left<'_>) -> Option<TokenStream> {
        let inner = &self.types.struct_of(&wrapper.to_string())?.fields.iter().next()?.ty;
        let example = example.or_else(|| self.api.types.get(&wrapper.to_string())?.example.as_ref());
        match form(inner) {
            Form::Scalar(scalar) => Some(scalar_value(scalar, example)),
            Form::String => self.value(&syn::parse_quote!(&str), name, example, left),
            Form::Bool | Form::Float | Form::Integer => self.value(inner, name, example, left),
            _ => None,
        }
    }

    fn named(self, name: &str, example: Option<&Value>, left: Left<'_>) -> Option<TokenStream> {
        let definition = self.api.types.get(name)?;
        let example = example.or(definition.example.as_ref());
        if definition.rust_type.is_some() {
            return self.read_type(definition, example);
        }
        let ident = format_ident!("{name}");
        match &definition.kind {
            Kind::Struct { fields } => {
                let (required, optional) = self.arguments(definition, fields, example, left)?;
                let required = required.into_iter().map(|(_, value)| value);
                Some(quote!(types::#ident::new(#(#required),*) #optional))
            }
            Kind::Enum { values, .. } => {
                let meant = values.iter().find(|value| example.is_some_and(|example| *example == *value.text));
                let variant = format_ident!("{}", meant.or(values.first())?.ident);
                Some(quote!(types::#ident::#variant))
            }
            Kind::Union { tag, tag_type, members, .. } => {
                let meant = example.and_then(|example| example.get(tag));
                let left = left.deeper()?;
                let is_meant = |member: &&Member| Some(&tag_type.json(&member.tag)) == meant;
                let (first, others): (Vec<_>, Vec<_>) = members.iter().partition(is_meant);
                // A member that contains its own union has no value where the depth ends, but another one has.
                first.into_iter().chain(others).find_map(|member| {
                    let value = self.named(&member.type_name, example, left)?;
                    let variant = format_ident!("{}", member.ident);
                    let value = if member.is_boxed { quote!(Box::new(#value)) } else { value };
                    Some(quote!(types::#ident::#variant(#value)))
                })
            }
            Kind::UntaggedUnion { .. } | Kind::Other => None,
        }
    }

    /// A struct whose larger arguments have statements of their own.
    fn constructed_in_steps(
        self,
        call: &Call<'_>,
        definition: &TypeDef,
        fields: &[Field],
        example: Option<&Value>,
    ) -> Option<(TokenStream, TokenStream)> {
        let (arguments, optional) = self.arguments(definition, fields, example, Left::new(&Cell::new(NODES)))?;
        let params = call.operation.params.iter().map(|param| param.ident.clone());
        let mut taken: BTreeSet<String> = params.chain(OWN.map(str::to_owned)).collect();
        let (mut setup, mut required) = (TokenStream::new(), Vec::new());
        for (field, value) in arguments {
            let is_object = field.is_some_and(|field| given(field, example).is_some_and(Value::is_object));
            match field.filter(|_| is_object) {
                Some(field) => {
                    let ident = format_ident!("{}", unique(field.ident.clone(), &mut taken));
                    setup.extend(quote!(let #ident = #value;));
                    required.push(quote!(#ident));
                }
                None => required.push(value),
            }
        }
        let name = format_ident!("{}", definition.name);
        Some((setup, quote!(types::#name::new(#(#required),*) #optional)))
    }

    /// The arguments of a constructor, each with its field, and setters for the optional fields that the example has.
    #[expect(clippy::type_complexity, reason = "it is taken apart where it is called")]
    fn arguments<'f>(
        self,
        definition: &TypeDef,
        fields: &'f [Field],
        example: Option<&Value>,
        left: Left<'_>,
    ) -> Option<(Vec<(Option<&'f Field>, TokenStream)>, TokenStream)> {
        let field_of = |name: &str| fields.iter().find(|field| field.ident == name);
        let required = typed_arguments(self.function(&definition.name, "new")?)?.into_iter().map(|(name, ty)| {
            let field = field_of(&name);
            let example = field.and_then(|field| given(field, example));
            Some((field, self.value(ty, name.trim_end_matches('_'), example, left)?))
        });
        let required = required.collect::<Option<Vec<_>>>()?;
        let optional = fields.iter().filter(|field| !field.required).filter_map(|field| {
            let example = example?.get(&field.name).filter(|example| !example.is_null())?;
            let arguments = typed_arguments(self.function(&definition.name, &field.ident)?)?;
            let [(_, ty)] = arguments.as_slice() else { return None };
            let value = self.value(ty, &field.ident, Some(example), left)?;
            let setter = format_ident!("{}", field.ident);
            Some(quote!(.#setter(#value)))
        });
        Some((required, optional.collect()))
    }

    /// A function of a type.
    fn function(self, type_name: &str, function: &str) -> Option<&'a Signature> {
        self.types.functions_of(type_name).map(|method| &method.sig).find(|signature| signature.ident == function)
    }

    /// A value of a type of another crate, which is known to be readable only.
    fn read_type(self, definition: &TypeDef, example: Option<&Value>) -> Option<TokenStream> {
        let json = example.cloned().or_else(|| self.json_of_type(definition, Left::new(&Cell::new(NODES))))?;
        let json = Some(json).filter(|json| size(json) <= INLINE)?;
        let json = tokens(&json);
        Some(quote!(serde_json::from_value(serde_json::json!(#json)).expect("the value matches its schema")))
    }

    /// A value of any type that can be read.
    pub(super) fn read_json(self, slot: Slot, example: Option<&Value>) -> TokenStream {
        let schema = self.api.slots.iter().find(|(other, _)| *other == slot).map(|(_, slot)| &slot.schema);
        let fits = |example: &&Value| schema.is_none_or(|schema| fits(self.api, schema, example));
        let made = || self.json_of(schema?, Left::new(&Cell::new(NODES)));
        let json = example.filter(fits).cloned().or_else(made).unwrap_or_default();
        if size(&json) > INLINE {
            let text = json.to_string();
            return quote!(serde_json::from_str(#text).expect("the value matches its schema"));
        }
        let json = tokens(&json);
        quote!(serde_json::from_value(serde_json::json!(#json)).expect("the value matches its schema"))
    }

    /// A value of a slot as `serde_json::json!` accepts it. `None` if it would be too large.
    pub(crate) fn json(self, slot: Slot) -> Option<TokenStream> {
        let (_, slot) = self.api.slots.iter().find(|(other, _)| *other == slot)?;
        let json = self.json_of(&slot.schema, Left::new(&Cell::new(NODES)))?;
        (size(&json) <= INLINE).then(|| tokens(&json))
    }

    /// A small value of a schema. `None` if there is none within the limits.
    fn json_of(self, schema: &Value, left: Left<'_>) -> Option<Value> {
        let left = left.deeper()?;
        let parts = |key: &str| schema.get(key).and_then(Value::as_array).into_iter().flatten();
        let example = schema.get("example").filter(|example| fits(self.api, schema, example));
        if let Some(example) = example.or_else(|| parts("enum").next()) {
            return Some(example.clone());
        }
        if let Some(name) = schema.get("$ref").and_then(Value::as_str).and_then(|target| target.rsplit('/').next()) {
            return self.json_of_type(self.api.types.get(name)?, left);
        }
        if ["oneOf", "anyOf", "allOf"].iter().any(|key| schema.get(key).is_some()) {
            let mut parts = parts("oneOf").chain(parts("anyOf")).chain(parts("allOf"));
            return parts.find_map(|part| self.json_of(part, left));
        }
        Some(match schema.get("type").and_then(Value::as_str) {
            Some(json_type) if ScalarType::of(schema).is_some() => sample(json_type, ScalarType::of(schema)?),
            Some("string") => json!("text"),
            Some("boolean") => json!(true),
            Some("integer") => json!(1),
            Some("number") => json!(1.0),
            Some("array") => json!([]),
            _ => return self.json_of_required(schema, left),
        })
    }

    fn json_of_type(self, definition: &TypeDef, left: Left<'_>) -> Option<Value> {
        if let Some(example) = &definition.example {
            return Some(example.clone());
        }
        let Kind::Union { tag, tag_type, members, .. } = &definition.kind else {
            return self.json_of(&definition.schema, left);
        };
        let left = left.deeper()?;
        members.iter().find_map(|member| {
            let mut value = self.json_of_type(self.api.types.get(&member.type_name)?, left)?;
            if let Value::Object(object) = &mut value {
                object.insert(tag.clone(), tag_type.json(&member.tag));
            }
            Some(value)
        })
    }

    fn json_of_required(self, schema: &Value, left: Left<'_>) -> Option<Value> {
        let required = schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        let members = required.map(|name| {
            let property = schema.get("properties").and_then(|properties| properties.get(name));
            let value = property.map_or(Some(Value::Null), |property| self.json_of(property, left))?;
            Some((name.to_owned(), value))
        });
        Some(Value::Object(members.collect::<Option<Map<_, _>>>()?))
    }
}

/// A value of a scalar in JSON.
fn sample(json_type: &str, scalar: ScalarType) -> Value {
    match scalar.sample().parse::<i64>() {
        Ok(number) if json_type == "integer" => number.into(),
        _ => scalar.sample().into(),
    }
}

/// A value that converts to a scalar.
fn scalar_value(scalar: ScalarType, example: Option<&Value>) -> TokenStream {
    if scalar.is_integer() {
        let number = example.and_then(Value::as_i64).or_else(|| scalar.sample().parse().ok()).unwrap_or_default();
        return print::number(&number.to_string()).parse().unwrap_or_default();
    }
    let text = example.and_then(Value::as_str).unwrap_or(scalar.sample());
    quote!(#text)
}

/// The example of a field: from that of the object, or its own.
fn given<'e>(field: &'e Field, example: Option<&'e Value>) -> Option<&'e Value> {
    example.and_then(|example| example.get(&field.name)).or(field.example.as_ref())
}

/// The string for a parameter that is one.
pub(crate) fn string_of(param: &Param) -> String {
    let example = param.example.as_ref().and_then(Value::as_str).map(str::to_owned);
    example.unwrap_or_else(|| format!("<{}>", param.ident.trim_end_matches('_')))
}

/// The type behind a reference to anything but a string or a list, which are values by themselves.
pub(crate) fn referenced(ty: &Type) -> Option<&Type> {
    match ty {
        Type::Reference(reference) if form(ty) != Form::Str => match reference.elem.as_ref() {
            Type::Slice(_) => None,
            elem => Some(elem),
        },
        _ => None,
    }
}

pub(crate) fn is_slice(ty: &Type) -> bool {
    matches!(ty, Type::Reference(reference) if matches!(*reference.elem, Type::Slice(_)))
}

/// The names and types of a function's arguments.
fn typed_arguments(function: &Signature) -> Option<Vec<(String, &Type)>> {
    let arguments = function.inputs.iter().filter_map(|argument| match argument {
        FnArg::Typed(argument) => Some(argument),
        FnArg::Receiver(_) => None,
    });
    let named = arguments.map(|argument| match argument.pat.as_ref() {
        syn::Pat::Ident(name) => Some((name.ident.to_string(), argument.ty.as_ref())),
        _ => None,
    });
    named.collect()
}

/// The entries of an object as pairs.
fn pairs(example: &Value) -> Option<TokenStream> {
    let entries = example.as_object()?;
    if entries.is_empty() {
        return Some(quote!(std::iter::empty::<(String, String)>()));
    }
    let are_strings = entries.values().all(Value::is_string);
    let pairs = entries.iter().map(|(key, value)| {
        let value = tokens(value);
        if are_strings { quote!((#key, #value)) } else { quote!((#key, serde_json::json!(#value))) }
    });
    Some(quote!([#(#pairs),*]))
}

/// Returns a JSON value as `serde_json::json!` accepts it: strings as Rust escapes them, and integers beyond `i32` with their
/// type.
fn tokens(value: &Value) -> TokenStream {
    match value {
        Value::Null => quote!(null),
        Value::Bool(value) => quote!(#value),
        Value::Number(number) => {
            let small = number.as_i64().filter(|number| i32::try_from(*number).is_ok());
            let literal = small.map(Literal::i64_unsuffixed);
            let literal = literal.or_else(|| number.as_i64().map(Literal::i64_suffixed));
            let literal = literal.or_else(|| number.as_u64().map(Literal::u64_suffixed));
            literal.map_or_else(|| number.to_string().parse().unwrap_or_default(), |literal| quote!(#literal))
        }
        Value::String(text) => quote!(#text),
        Value::Array(items) => {
            let items = items.iter().map(tokens);
            quote!([#(#items),*])
        }
        Value::Object(entries) => {
            let entries = entries.iter().map(|(key, value)| {
                let value = tokens(value);
                quote!(#key : #value)
            });
            quote!({ #(#entries),* })
        }
    }
}

/// The most values that `serde_json::json!` is given: it recurses for each, and the compiler ends it at 128.
const INLINE: usize = 24;

fn size(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(size).sum::<usize>(),
        Value::Object(entries) => 1 + entries.values().map(size).sum::<usize>(),
        _ => 1,
    }
}
