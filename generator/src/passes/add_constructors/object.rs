//! Fields that hold any JSON object: variants of the constructor and of the setters that take a value of any type that is an
//! object in JSON.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Ident, Type};

use super::field::{Argument, Part};
use crate::ir::Api;
use crate::naming::{pascal, unique};
use crate::passes::attributes::doc_attributes;
use crate::passes::convert_wrappers::Wrappers;
use crate::passes::generics::{JSON, STRING, arguments_of, is_at};

/// Where the methods are: the name of the crate in Rust, the struct, and the types around it.
#[derive(Clone, Copy)]
pub(super) struct Target<'a> {
    pub(super) package: &'a str,
    pub(super) ident: &'a Ident,
    pub(super) api: &'a Api,
    /// The wrappers among all types.
    pub(super) wrappers: &'a Wrappers,
}

/// Whether values of the type are any JSON objects.
pub(in crate::passes) fn is_object(ty: &Type) -> bool {
    is_at(ty, &["serde_json", "Map"])
        && arguments_of(ty).zip([STRING, JSON]).filter(|(argument, path)| is_at(argument, path)).count() == 2
}

/// Returns `try_new` with its name, if a required field holds any JSON object.
pub(super) fn constructor(
    target: Target<'_>,
    required: &[&Part<'_>],
    taken: &mut BTreeSet<String>,
) -> Option<(Ident, TokenStream)> {
    let objects: Vec<_> = required.iter().copied().filter(|part| is_object(part.ty)).collect();
    if objects.is_empty() {
        return None;
    }
    let name = format_ident!("{}", unique("try_new".to_owned(), taken));
    let arguments = required.iter().map(|part| {
        let ident = part.ident;
        if is_object(part.ty) { parameter(ident) } else { Argument::of(target.wrappers, part.ty).parameter(ident) }
    });
    let values = required.iter().map(|part| {
        let ident = part.ident;
        if is_object(part.ty) { conversion(part) } else { quote!(#ident) }
    });
    let lint = super::too_many_arguments(required.len());
    let summary = format!("Like [`Self::new`], but {} any type that is an object in JSON.", takes(&objects));
    let mut docs = with_errors(&summary, &objects);
    docs.push_str(&example_of_constructor(target, &name, required).unwrap_or_default());
    let docs = doc_attributes(&docs);
    let method = quote! {
        #(#docs)*
        #lint
        pub fn #name(#(#arguments),*) -> ::std::result::Result<Self, crate::runtime::Error> {
            Ok(Self::new(#(#values),*))
        }
    };
    Some((name, method))
}

/// Returns the variant of a setter whose argument is any JSON object.
pub(super) fn setter(target: Target<'_>, part: &Part<'_>, taken: &mut BTreeSet<String>) -> TokenStream {
    let ident = part.ident;
    let name = format_ident!("{}", unique(format!("try_{}", bare(ident)), taken));
    let (parameter, value) = (parameter(ident), conversion(part));
    let summary =
        format!("Like [`Self::{ident}`](Self::{ident}()), but takes a value of any type that is an object in JSON.");
    let mut docs = with_errors(&summary, &[part]);
    let example = Example { target, params: vec![("value".to_owned(), target.ident.to_string())], object: ident };
    docs.push_str(&example.text(&format!("value.{name}(&{ident})")));
    let docs = doc_attributes(&docs);
    quote! {
        #(#docs)*
        pub fn #name(self, #parameter) -> ::std::result::Result<Self, crate::runtime::Error> {
            Ok(self.#ident(#value))
        }
    }
}

fn parameter(ident: &Ident) -> TokenStream {
    quote!(#ident: impl ::serde::Serialize)
}

fn conversion(part: &Part<'_>) -> TokenStream {
    let ident = part.ident;
    let name = ident.to_string();
    quote!(crate::runtime::json_object(#name, #ident)?)
}

/// Returns the name without the underscore after a keyword.
fn bare(ident: &Ident) -> String {
    ident.to_string().trim_end_matches('_').to_owned()
}

fn takes(objects: &[&Part<'_>]) -> String {
    let names: Vec<_> = objects.iter().map(|part| format!("`{}`", part.ident)).collect();
    match names.as_slice() {
        [name] => format!("{name} is a value of"),
        names => format!("{} are values of", names.join(", ")),
    }
}

fn with_errors(summary: &str, objects: &[&Part<'_>]) -> String {
    let what = match objects {
        [part] => format!("`{}`", part.ident),
        _ => "one of these values".to_owned(),
    };
    format!(
        "{summary}\n\n# Errors\n\nReturns an error of the kind `InvalidArgument` if {what} is something other than a JSON object, such as a number or a list, or cannot be \
         written as JSON: a float that is NaN or infinite, or a map whose keys are not strings."
    )
}

/// Returns an example of the constructor. `None` if a required field has a type of which the example has no value.
fn example_of_constructor(target: Target<'_>, name: &Ident, required: &[&Part<'_>]) -> Option<String> {
    let object = required.iter().find(|part| is_object(part.ty))?.ident;
    let mut params = Vec::new();
    let values = required.iter().map(|part| {
        if is_object(part.ty) {
            return Some(format!("&{object}"));
        }
        let Type::Path(path) = part.ty else { return None };
        let last = path.path.segments.last()?.ident.to_string();
        Some(match last.as_str() {
            _ if path.path.leading_colon.is_none() && path.path.get_ident().is_some() && starts_upper(&last) => {
                params.push((part.ident.to_string(), last));
                part.ident.to_string()
            }
            "String" | "Value" => format!("\"{}\"", bare(part.ident)),
            "bool" => "true".to_owned(),
            "f64" | "f32" => "1.0".to_owned(),
            "i64" | "i32" | "i16" | "i8" | "u64" | "u32" | "u16" | "u8" => "1".to_owned(),
            "Option" | "Vec" | "HashMap" | "Map" => "Default::default()".to_owned(),
            _ => return None,
        })
    });
    let values = values.collect::<Option<Vec<_>>>()?.join(", ");
    Some(Example { target, params, object }.text(&format!("{}::{name}({values})", target.ident)))
}

/// Whether this is the name of a type of the API, and not of a primitive type.
fn starts_upper(name: &str) -> bool {
    name.starts_with(char::is_uppercase)
}

/// An example of a call that takes a struct as an object.
struct Example<'a> {
    target: Target<'a>,
    /// The variables that the example is given, with their types, which are types of the API.
    params: Vec<(String, String)>,
    /// The field that the object is for, which is also the name of the variable.
    object: &'a Ident,
}

impl Example<'_> {
    fn text(&self, call: &str) -> String {
        let Self { target: Target { package, ident, .. }, params, object } = self;
        let mut types: BTreeSet<String> = params.iter().map(|(_, ty)| ty.clone()).collect();
        types.insert(ident.to_string());
        let imports: Vec<_> = types.iter().cloned().collect();
        let imports = if let [one] = imports.as_slice() { one.clone() } else { format!("{{{}}}", imports.join(", ")) };
        let params: Vec<_> = params.iter().map(|(name, ty)| format!("{name}: {ty}")).collect();
        let own = unique(pascal(&bare(object)), &mut types);
        let lines = [
            format!("use {package}::types::{imports};\n"),
            "#[derive(serde::Serialize)]".to_owned(),
            format!("struct {own} {{\n    key: &'static str,\n}}\n"),
            format!("# fn example({}) -> std::result::Result<{ident}, {package}::Error> {{", params.join(", ")),
            format!("let {object} = {own} {{ key: \"value\" }};"),
            format!("let value = {call}?;"),
            "# Ok(value)\n# }".to_owned(),
        ];
        format!("\n\n# Example\n\n```\n{}\n```", lines.join("\n"))
    }
}
