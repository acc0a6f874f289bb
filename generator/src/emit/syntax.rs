//! Questions about Rust code that are answered from its syntax: what it must have in scope, and what a type is.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use syn::punctuated::Punctuated;
use syn::visit::{Visit, visit_lifetime, visit_macro, visit_path};
use syn::{Expr, GenericArgument, Ident, Path, PathArguments, Token, Type, TypeParamBound};

/// The words that paths begin with, where more follows: the modules and types that code has to have in scope.
#[derive(Debug, Default)]
pub(super) struct Scope(BTreeSet<String>);

impl Scope {
    /// Of whole items.
    pub(super) fn of_items(items: &TokenStream) -> Self {
        syn::parse2::<syn::File>(items.clone()).map(|file| Self::of_file(&file)).unwrap_or_default()
    }

    /// Of items that were parsed already.
    pub(super) fn of_file(file: &syn::File) -> Self {
        let mut scope = Self::default();
        scope.visit_file(file);
        scope
    }

    /// Of functions of an `impl`.
    pub(super) fn of_methods(methods: &TokenStream) -> Self {
        Self::of_items(&quote::quote!(impl Any { #methods }))
    }

    /// Of statements of a function.
    pub(super) fn of_statements(statements: &TokenStream) -> Self {
        Self::of_items(&quote::quote!(fn any() { #statements }))
    }

    /// Whether the name is among them.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.contains(name)
    }
}

impl<'ast> Visit<'ast> for Scope {
    fn visit_path(&mut self, path: &'ast Path) {
        if path.leading_colon.is_none() && path.segments.len() > 1 {
            self.0.extend(path.segments.first().map(|first| first.ident.to_string()));
        }
        visit_path(self, path);
    }

    /// Arguments as of a function are looked into; what else a macro is given is its own language.
    fn visit_macro(&mut self, called: &'ast syn::Macro) {
        visit_macro(self, called);
        if let Ok(arguments) = called.parse_body_with(Punctuated::<Expr, Token![,]>::parse_terminated) {
            let mut inner = Self::default();
            arguments.iter().for_each(|argument| inner.visit_expr(argument));
            self.0.append(&mut inner.0);
        }
    }
}

/// Whether a type borrows for the lifetime `'a`, as what a call is given does.
pub(super) fn borrows(ty: &Type) -> bool {
    struct Lifetimes(bool);

    impl<'ast> Visit<'ast> for Lifetimes {
        fn visit_lifetime(&mut self, lifetime: &'ast syn::Lifetime) {
            self.0 |= lifetime.ident == "a";
            visit_lifetime(self, lifetime);
        }
    }

    let mut lifetimes = Lifetimes(false);
    lifetimes.visit_type(ty);
    lifetimes.0
}

/// What a value of a type is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form<'a> {
    /// `&str`.
    Str,
    String,
    Bool,
    Float,
    Integer,
    /// `impl Into<String>`.
    IntoString,
    /// `impl Into<serde_json::Value>`.
    IntoJson,
    /// Pairs of a key and a value.
    Pairs,
    List,
    /// One of the API's own types.
    Own(&'a Ident),
    Other,
}

/// What a value of the type is written as, in code and in the module of types.
pub(super) fn form(ty: &Type) -> Form<'_> {
    match ty {
        Type::Reference(reference) if is_str(&reference.elem) => Form::Str,
        Type::Path(path) if path.qself.is_none() => form_of_path(&path.path),
        Type::ImplTrait(bounds) => bounds.bounds.iter().find_map(form_of_bound).unwrap_or(Form::Other),
        _ => Form::Other,
    }
}

fn is_str(ty: &Type) -> bool {
    matches!(ty, Type::Path(path) if path.path.is_ident("str"))
}

fn form_of_path(path: &Path) -> Form<'_> {
    let Some(last) = path.segments.last() else { return Form::Other };
    if path.segments.len() == 2 && path.segments.first().is_some_and(|first| first.ident == "types") {
        return Form::Own(&last.ident);
    }
    if path.segments.len() > 1 {
        return Form::Other;
    }
    match last.ident.to_string().as_str() {
        "String" => Form::String,
        "bool" => Form::Bool,
        "f64" | "f32" => Form::Float,
        "i64" | "i32" | "i16" | "i8" | "u64" | "u32" | "u16" | "u8" => Form::Integer,
        "Vec" => Form::List,
        "str" => Form::Other,
        _ => Form::Own(&last.ident),
    }
}

fn form_of_bound(bound: &TypeParamBound) -> Option<Form<'_>> {
    let TypeParamBound::Trait(bound) = bound else { return None };
    let last = bound.path.segments.last()?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    match (last.ident.to_string().as_str(), arguments.args.first()?) {
        ("IntoIterator", _) => Some(Form::Pairs),
        ("Into", GenericArgument::Type(Type::Path(path))) => {
            match path.path.segments.last()?.ident.to_string().as_str() {
                "String" => Some(Form::IntoString),
                "Value" => Some(Form::IntoJson),
                _ => None,
            }
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use quote::quote;
    use syn::parse_quote;

    use super::*;

    #[test]
    fn words_in_front_of_paths_are_in_scope_and_nothing_else_is() {
        let scope = Scope::of_statements(&quote! {
            let types = Duration::from_secs(1);
            println!("{:?} types::No", Instant::now());
            let value: Vec<inner::Type> = outer::types::make(types);
        });
        for name in ["Duration", "Instant", "inner", "outer"] {
            assert!(scope.has(name), "{name}: {scope:?}");
        }
        for name in ["types", "Vec", "Type"] {
            assert!(!scope.has(name), "{name}: {scope:?}");
        }
        assert!(
            Scope::of_methods(&quote!(
                fn f(&self, body: &'a types::Body) {}
            ))
            .has("types")
        );
        assert!(
            !Scope::of_items(&quote!(
                fn f(body: &::types::Body) {}
            ))
            .has("types")
        );
    }

    #[test]
    fn only_the_lifetime_of_a_call_counts_as_borrowed() {
        assert!(borrows(&parse_quote!(Option<&'a [String]>)));
        assert!(!borrows(&parse_quote!(types::A<'static, 'ab>)));
    }

    #[test]
    fn types_are_told_apart_by_their_form() {
        let check = |ty: Type, expected: Form<'_>| assert_eq!(form(&ty), expected, "{ty:?}");
        check(parse_quote!(&'a str), Form::Str);
        check(parse_quote!(&'a [str]), Form::Other);
        check(parse_quote!(String), Form::String);
        check(parse_quote!(u16), Form::Integer);
        check(parse_quote!(impl Into<String>), Form::IntoString);
        check(parse_quote!(impl Into<serde_json::Value>), Form::IntoJson);
        check(parse_quote!(impl IntoIterator<Item = (impl Into<String>, impl Into<serde_json::Value>)>), Form::Pairs);
        check(parse_quote!(Vec<types::Pet>), Form::List);
        check(parse_quote!(serde_json::Value), Form::Other);
        let own: Type = parse_quote!(types::Pet);
        assert!(matches!(form(&own), Form::Own(name) if name == "Pet"));
        let own: Type = parse_quote!(Pet);
        assert!(matches!(form(&own), Form::Own(name) if name == "Pet"));
    }
}
