//! Analyzes Rust syntax: the names that code needs in scope, and the kind of a type.

use std::collections::BTreeSet;

use proc_macro2::{Spacing, TokenStream, TokenTree};
use quote::quote;
use syn::visit::{Visit, visit_lifetime};
use syn::{GenericArgument, Ident, Path, PathArguments, Type, TypeParamBound};

use crate::ir::ScalarType;

/// The first segments of all paths with several segments: the modules and types that code needs in scope.
#[derive(Debug, Default)]
pub(super) struct Scope(BTreeSet<String>);

impl Scope {
    /// Collects the names in any code, including macro arguments.
    pub(super) fn of(code: &TokenStream) -> Self {
        let mut scope = Self::default();
        scope.add(code);
        scope
    }

    /// Whether the name is among them.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.contains(name)
    }

    fn add(&mut self, code: &TokenStream) {
        let tokens: Vec<TokenTree> = code.clone().into_iter().collect();
        for (index, token) in tokens.iter().enumerate() {
            match token {
                TokenTree::Group(group) => self.add(&group.stream()),
                TokenTree::Ident(word) => {
                    let (before, after) = tokens.split_at(index);
                    if !ends_in_separator(before) && begins_with_separator(after.get(1..).unwrap_or_default()) {
                        self.0.insert(word.to_string());
                    }
                }
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
        }
    }
}

/// Returns the names that follow the name of a module in paths.
pub(super) fn names_in(code: &TokenStream, module: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    add_names_in(code, module, &mut names);
    names
}

fn add_names_in(code: &TokenStream, module: &str, names: &mut BTreeSet<String>) {
    let tokens: Vec<TokenTree> = code.clone().into_iter().collect();
    for token in &tokens {
        if let TokenTree::Group(group) = token {
            add_names_in(&group.stream(), module, names);
        }
    }
    for window in tokens.windows(4) {
        if let [TokenTree::Ident(first), one, two, TokenTree::Ident(name)] = window
            && first == module
            && is_separator(one, two)
        {
            names.insert(name.to_string());
        }
    }
}

/// Whether the tokens start with `::`.
fn begins_with_separator(tokens: &[TokenTree]) -> bool {
    matches!(tokens, [first, second, ..] if is_separator(first, second))
}

fn ends_in_separator(tokens: &[TokenTree]) -> bool {
    matches!(tokens, [.., first, second] if is_separator(first, second))
}

fn is_separator(first: &TokenTree, second: &TokenTree) -> bool {
    let is_colon = |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ':');
    let is_joint = matches!(first, TokenTree::Punct(punct) if punct.spacing() == Spacing::Joint);
    is_colon(first) && is_joint && is_colon(second)
}

/// Whether a type borrows for the lifetime `'a`, like arguments of a call.
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

/// How values of a type are written.
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
    /// Anything that converts to one of the API's own types.
    IntoOwn(&'a Ident),
    /// A scalar of the runtime.
    Scalar(ScalarType),
    /// Anything that converts to a scalar of the runtime.
    IntoScalar(ScalarType),
    Other,
}

/// Returns how values of the type are written, in code and in the types module.
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
    if let Some(scalar) = scalar_at(path) {
        return Form::Scalar(scalar);
    }
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

/// Returns the scalar that a path names: `crate::scalars::…`.
fn scalar_at(path: &Path) -> Option<ScalarType> {
    let [.., module, name] = path.segments.iter().collect::<Vec<_>>()[..] else { return None };
    (module.ident == "scalars").then(|| ScalarType::named(&name.ident.to_string())).flatten()
}

/// Returns the type of an argument: anything that converts to the type where callers expect that, or the type itself.
pub(super) fn argument_type(ty: &Type) -> TokenStream {
    if is_converted(ty) { quote!(impl Into<#ty>) } else { quote!(#ty) }
}

/// Returns an argument as a value of its type.
pub(super) fn argument_value(ident: &Ident, ty: &Type) -> TokenStream {
    if is_converted(ty) { quote!(#ident.into()) } else { quote!(#ident) }
}

/// Whether arguments convert to the type: a scalar, a body of bytes, or a multipart body.
pub(super) fn is_converted(ty: &Type) -> bool {
    const BODIES: [[&str; 3]; 2] = [["crate", "uploads", "Body"], ["crate", "funcs", "Multipart"]];
    let is_body =
        |path: &Path| BODIES.into_iter().any(|names| path.segments.iter().map(|segment| &segment.ident).eq(names));
    is_scalar(ty) || matches!(ty, Type::Path(path) if is_body(&path.path))
}

/// Whether the type is a scalar of the runtime.
pub(super) fn is_scalar(ty: &Type) -> bool {
    matches!(form(ty), Form::Scalar(_))
}

fn form_of_bound(bound: &TypeParamBound) -> Option<Form<'_>> {
    let TypeParamBound::Trait(bound) = bound else { return None };
    let last = bound.path.segments.last()?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    match (last.ident.to_string().as_str(), arguments.args.first()?) {
        ("IntoIterator", _) => Some(Form::Pairs),
        ("Into", GenericArgument::Type(Type::Path(path))) => {
            if let Some(scalar) = scalar_at(&path.path) {
                return Some(Form::IntoScalar(scalar));
            }
            let last = &path.path.segments.last()?.ident;
            match last.to_string().as_str() {
                "String" => Some(Form::IntoString),
                "Value" => Some(Form::IntoJson),
                _ => Some(Form::IntoOwn(last)),
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
    fn only_first_segments_of_paths_are_in_scope() {
        let scope = Scope::of(&quote! {
            let types = Duration::from_secs(1);
            println!("{:?} types::No", Instant::now());
            let value: Vec<inner::Type> = outer::types::make(types);
            let body = Body { types: ::types::None };
        });
        for name in ["Duration", "Instant", "inner", "outer"] {
            assert!(scope.has(name), "{name}: {scope:?}");
        }
        for name in ["types", "Vec", "Type"] {
            assert!(!scope.has(name), "{name}: {scope:?}");
        }
        let method = quote!(
            fn f(&self, body: &'a types::Body) {}
        );
        assert!(Scope::of(&method).has("types"));
    }

    #[test]
    fn only_the_lifetime_of_a_call_counts_as_a_borrow() {
        assert!(borrows(&parse_quote!(Option<&'a [String]>)));
        assert!(!borrows(&parse_quote!(types::A<'static, 'ab>)));
    }

    #[test]
    fn types_are_distinguished_by_their_form() {
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
        check(parse_quote!(crate::scalars::Uuid), Form::Scalar(ScalarType::Uuid));
        check(parse_quote!(impl Into<crate::scalars::Date>), Form::IntoScalar(ScalarType::Date));
        let own: Type = parse_quote!(types::Pet);
        assert!(matches!(form(&own), Form::Own(name) if name == "Pet"));
        let own: Type = parse_quote!(Pet);
        assert!(matches!(form(&own), Form::Own(name) if name == "Pet"));
    }
}
