//! Sample values of the API's types, as expressions: built with their constructors from the document's examples.
//!
//! A value without an example is a placeholder that names the field. A type has no sample if its constructor needs
//! anything but plain values.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;
use syn::{FnArg, ImplItem, Item, Type};

use crate::emit::syntax::{Form, form};
use crate::ir::{Api, Field, Kind, Member, TypeDef};
use crate::progenitor::Types;

/// The maximum nesting of samples, because types can be recursive.
const DEPTH: usize = 8;

/// Builds samples.
pub(crate) struct Samples<'a> {
    pub(crate) api: &'a Api,
    pub(crate) types: &'a Types,
}

impl<'a> Samples<'a> {
    /// Returns a value of a type in the client's code.
    pub(crate) fn of(&self, ty: &Type) -> Option<TokenStream> {
        self.value(ty, "value", None, DEPTH)
    }

    /// Returns a value of a union member, as the member's own type.
    pub(crate) fn of_member(&self, member: &Member) -> Option<TokenStream> {
        self.named(&member.type_name, None, DEPTH)
    }

    fn value(&self, ty: &Type, name: &str, example: Option<&Value>, depth: usize) -> Option<TokenStream> {
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
                let number = proc_macro2::Literal::u64_unsuffixed(number);
                quote!(#number)
            }
            Form::IntoJson => quote!(#placeholder),
            Form::Pairs => quote!([("key", "value")]),
            Form::List => quote!(Vec::new()),
            Form::Own(name) => return self.named(&name.to_string(), example, depth.checked_sub(1)?),
            Form::Other => return None,
        })
    }

    fn named(&self, name: &str, example: Option<&Value>, depth: usize) -> Option<TokenStream> {
        let definition = self.api.types.get(name)?;
        let example = example.or(definition.example.as_ref());
        let ident = format_ident!("{name}");
        match &definition.kind {
            Kind::Struct { fields } => self.constructed(definition, fields, example, depth),
            Kind::Enum { values, .. } => {
                let meant = values.iter().find(|value| example.is_some_and(|example| *example == *value.text));
                let variant = format_ident!("{}", meant.or(values.first())?.ident);
                Some(quote!(types::#ident::#variant))
            }
            Kind::Union { tag, members, .. } => {
                let meant = example.and_then(|example| example.get(tag)).and_then(Value::as_str);
                let member = members.iter().find(|member| Some(member.tag.as_str()) == meant).or(members.first())?;
                let value = self.named(&member.type_name, example, depth.checked_sub(1)?)?;
                let variant = format_ident!("{}", member.ident);
                Some(quote!(types::#ident::#variant(#value)))
            }
            Kind::UntaggedUnion { .. } | Kind::Other => None,
        }
    }

    fn constructed(
        &self,
        definition: &TypeDef,
        fields: &[Field],
        example: Option<&Value>,
        depth: usize,
    ) -> Option<TokenStream> {
        let arguments = self.constructor(&definition.name)?.into_iter().map(|(name, ty)| {
            let field = fields.iter().find(|field| field.ident == name);
            let given =
                field.and_then(|field| example.and_then(|example| example.get(&field.name)).or(field.example.as_ref()));
            self.value(ty, name.trim_end_matches('_'), given, depth)
        });
        let arguments = arguments.collect::<Option<Vec<_>>>()?;
        let name = format_ident!("{}", definition.name);
        Some(quote!(types::#name::new(#(#arguments),*)))
    }

    /// Returns the names and types of the arguments of a type's constructor.
    fn constructor(&self, name: &str) -> Option<Vec<(String, &'a Type)>> {
        let blocks = self.types.file.items.iter().filter_map(|item| match item {
            Item::Impl(block) if block.trait_.is_none() => Some(block),
            _ => None,
        });
        let own = blocks.filter(|block| matches!(block.self_ty.as_ref(), Type::Path(path) if path.path.is_ident(name)));
        let new = own.flat_map(|block| &block.items).find_map(|item| match item {
            ImplItem::Fn(method) if method.sig.ident == "new" => Some(method),
            _ => None,
        })?;
        let arguments = new.sig.inputs.iter().map(|argument| match argument {
            FnArg::Typed(argument) => match argument.pat.as_ref() {
                syn::Pat::Ident(name) => Some((name.ident.to_string(), argument.ty.as_ref())),
                _ => None,
            },
            FnArg::Receiver(_) => None,
        });
        arguments.collect()
    }
}
