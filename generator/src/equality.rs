//! Decides which traits of equality a type can derive: `PartialEq` always, `Eq` without floats, and `Hash` without floats
//! and hash maps.

use std::cell::RefCell;
use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::punctuated::Punctuated;
use syn::visit::{Visit, visit_path};
use syn::{Attribute, File, GenericArgument, Ident, Item, Path, PathArguments, Token, Type};

/// The traits that a type can derive besides `PartialEq`. As tokens, the list of all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Equality {
    eq: bool,
    hash: bool,
}

impl Equality {
    /// `PartialEq`, `Eq` and `Hash`.
    pub(crate) const FULL: Self = Self { eq: true, hash: true };
    /// `PartialEq` only.
    const PARTIAL: Self = Self { eq: false, hash: false };

    /// Returns the traits of a type that consists of both.
    pub(crate) fn and(self, other: Self) -> Self {
        Self { eq: self.eq && other.eq, hash: self.hash && other.hash }
    }

    /// Returns the names of the traits.
    pub(crate) fn traits(self) -> impl Iterator<Item = &'static str> {
        [("PartialEq", true), ("Eq", self.eq), ("Hash", self.hash)]
            .into_iter()
            .filter_map(|(name, has)| has.then_some(name))
    }

    fn all(parts: impl Iterator<Item = Self>) -> Self {
        parts.fold(Self::FULL, Self::and)
    }
}

impl ToTokens for Equality {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let names = self.traits().map(|name| quote::format_ident!("{name}"));
        tokens.extend(quote!(#(#names),*));
    }
}

/// Returns the traits that each type of a file can derive. Types may contain each other and themselves.
pub(crate) fn of_definitions(file: &File) -> BTreeMap<String, Equality> {
    let definitions: Vec<(&Ident, Vec<&Type>)> = file.items.iter().filter_map(definition).collect();
    let names: Vec<String> = definitions.iter().map(|(name, _)| name.to_string()).collect();
    let numbers: BTreeMap<_, _> = names.iter().enumerate().map(|(number, name)| (name.as_str(), number)).collect();
    let foreign: Vec<_> = file.items.iter().filter_map(foreign_alias).collect();
    let parts: Vec<Parts> = definitions
        .iter()
        .map(|(name, parts)| if foreign.contains(name) { Parts::foreign() } else { Parts::of(parts, &numbers) })
        .collect();
    // Every type starts with the traits of its other parts, and loses those that a type in it lacks, until no type changes.
    let mut known: Vec<_> = parts.iter().map(|parts| parts.others).collect();
    loop {
        let next: Vec<_> = parts.iter().map(|parts| parts.equality(&known)).collect();
        if next == known {
            return names.into_iter().zip(known).collect();
        }
        known = next;
    }
}

/// What a type consists of.
struct Parts {
    /// The numbers of the types of the same file.
    own: Vec<usize>,
    /// The traits that all other parts have.
    others: Equality,
}

impl Parts {
    fn of(parts: &[&Type], numbers: &BTreeMap<&str, usize>) -> Self {
        let own = RefCell::new(Vec::new());
        let named = |name: &str| {
            own.borrow_mut().push(*numbers.get(name)?);
            Some(Equality::FULL)
        };
        let others = Equality::all(parts.iter().map(|part| of(part, &named)));
        Self { own: own.into_inner(), others }
    }

    fn foreign() -> Self {
        Self { own: Vec::new(), others: Equality::PARTIAL }
    }

    fn equality(&self, known: &[Equality]) -> Equality {
        self.own.iter().filter_map(|number| known.get(*number)).copied().fold(self.others, Equality::and)
    }
}

/// Returns the traits of a type that is used outside of the file with the definitions. Named types have what they derive.
/// `definition` returns the item that defines a type.
pub(crate) fn of_slot<'a>(ty: &Type, definition: &dyn Fn(&str) -> Option<&'a Item>) -> Equality {
    of(ty, &|name| derived(definition(name)?, definition))
}

fn derived<'a>(item: &Item, definition: &dyn Fn(&str) -> Option<&'a Item>) -> Option<Equality> {
    let attributes = match item {
        Item::Struct(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Type(_) if foreign_alias(item).is_some() => return Some(Equality::PARTIAL),
        Item::Type(item) => return Some(of_slot(&item.ty, definition)),
        _ => return None,
    };
    Some(Equality { eq: derives(attributes, "Eq"), hash: derives(attributes, "Hash") })
}

fn derives(attributes: &[Attribute], name: &str) -> bool {
    let lists = attributes.iter().filter(|attribute| attribute.path().is_ident("derive"));
    let parse = Punctuated::<Path, Token![,]>::parse_terminated;
    lists.filter_map(|list| list.parse_args_with(parse).ok()).flatten().any(|path| path.is_ident(name))
}

/// Returns the name of a type that an item defines, and the types that it consists of.
fn definition(item: &Item) -> Option<(&Ident, Vec<&Type>)> {
    Some(match item {
        Item::Struct(item) => (&item.ident, item.fields.iter().map(|field| &field.ty).collect()),
        Item::Enum(item) => {
            (&item.ident, item.variants.iter().flat_map(|variant| &variant.fields).map(|field| &field.ty).collect())
        }
        Item::Type(item) => (&item.ident, vec![&item.ty]),
        _ => return None,
    })
}

/// Returns the name of an alias of a foreign type.
fn foreign_alias(item: &Item) -> Option<&Ident> {
    match item {
        Item::Type(item) if is_foreign(&item.ty) => Some(&item.ident),
        _ => None,
    }
}

/// Whether a type is one of another crate, or one that the owner of the client wrote. It is known to have `PartialEq` only.
fn is_foreign(ty: &Type) -> bool {
    struct Paths(bool);

    impl<'ast> Visit<'ast> for Paths {
        fn visit_path(&mut self, path: &'ast Path) {
            // Progenitor writes the types of the standard library and of serde_json with a leading `::`.
            let is_usual = path.leading_colon.is_some()
                && path.segments.first().is_some_and(|first| first.ident == "std" || first.ident == "serde_json");
            self.0 |= !is_usual && path.segments.len() > 1;
            visit_path(self, path);
        }
    }

    let mut paths = Paths(false);
    paths.visit_type(ty);
    paths.0
}

/// Returns the traits of a type. `named` knows the types of the API.
fn of(ty: &Type, named: &dyn Fn(&str) -> Option<Equality>) -> Equality {
    match ty {
        Type::Path(path) if path.qself.is_none() => of_path(&path.path, named),
        Type::Tuple(tuple) => Equality::all(tuple.elems.iter().map(|elem| of(elem, named))),
        Type::Array(array) => of(&array.elem, named),
        _ => Equality::PARTIAL,
    }
}

fn of_path(path: &Path, named: &dyn Fn(&str) -> Option<Equality>) -> Equality {
    let Some(last) = path.segments.last() else { return Equality::PARTIAL };
    let name = last.ident.to_string();
    let is_of_api = path.leading_colon.is_none()
        && (path.segments.len() == 1 || path.segments.first().is_some_and(|first| first.ident == "types"));
    if is_of_api && let Some(known) = named(&name) {
        return known;
    }
    let whole = match name.as_str() {
        "f32" | "f64" => Equality::PARTIAL,
        "HashMap" | "HashSet" => Equality { eq: true, hash: false },
        _ => Equality::FULL,
    };
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return whole };
    let arguments = arguments.args.iter().filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(of(ty, named)),
        _ => None,
    });
    whole.and(Equality::all(arguments))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_of_other_crates_are_known_to_have_partial_equality_only() {
        let file: File = syn::parse_quote! {
            pub type Foreign = ::money::Amount;
            pub type Plain = jiff::Timestamp;
            pub type Usual = ::std::string::String;
            pub struct HasForeign(Foreign);
            pub struct HasPlain(Vec<Plain>);
            pub struct HasUsual(Usual, Box<str>);
        };
        let known = of_definitions(&file);
        let traits = |name: &str| known.get(name).map(|known| known.traits().collect::<Vec<_>>().join(" "));
        for name in ["Foreign", "Plain", "HasForeign", "HasPlain"] {
            assert_eq!(traits(name).as_deref(), Some("PartialEq"), "{name}");
        }
        for name in ["Usual", "HasUsual"] {
            assert_eq!(traits(name).as_deref(), Some("PartialEq Eq Hash"), "{name}");
        }
    }
}
