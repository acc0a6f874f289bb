//! Programs that compile with the old version of a client and not with the new one.

use clientsmith::surface::{Change, ChangeKind};
use syn::visit_mut::{self, VisitMut};

/// Returns a program that uses what changed, as the source of a library. `None` if the change is not one that this writes programs
/// for.
pub(crate) fn program(package: &str, change: &Change) -> Option<String> {
    let body = match (change.kind, change.member.as_deref()) {
        (ChangeKind::TraitRemoved, Some(name)) => {
            format!("fn needs<T: {name}>() {{}}\npub fn proof() {{ needs::<{}>() }}", change.item)
        }
        (ChangeKind::Added, Some("clone()")) => {
            format!("pub fn proof(value: {}) {{ let _ = value.clone(); }}", change.item)
        }
        (_, Some(member)) if member.contains("::") => {
            let (implemented, name) = member.rsplit_once("::")?;
            let before = change.before.as_deref()?;
            format!("pub fn proof<'a>(value: <{}<'a> as {implemented}>::{name}) -> {before} {{ value }}", change.item)
        }
        (ChangeKind::Removed | ChangeKind::TypeChanged, Some(method)) if method.ends_with("()") => {
            call(&change.item, method.trim_end_matches("()"), change.before.as_deref()?)?
        }
        (ChangeKind::TypeChanged | ChangeKind::BecameOptional | ChangeKind::BecameRequired, Some(field)) => {
            format!("pub fn proof(value: &{}) -> &{} {{ &value.{field} }}", change.item, change.before.as_deref()?)
        }
        (ChangeKind::TypeChanged, None) if change.item.ends_with("()") => {
            call("", change.item.trim_end_matches("()"), change.before.as_deref()?)?
        }
        (ChangeKind::Removed | ChangeKind::Renamed, None) => {
            format!("pub use {}::{} as proof;", ident(package), change.item.trim_end_matches("()"))
        }
        _ => return None,
    };
    let imports = "use std::{collections::*, fmt::*, future::*, hash::*, str::*, time::*};";
    Some(format!("#![allow(unused, deprecated)]\n{imports}\nuse {}::*;\n\n{body}\n", ident(package)))
}

/// A program that calls a function with arguments of the types that it had.
fn call(item: &str, name: &str, signature: &str) -> Option<String> {
    let parsed: syn::TypeFnPtr = syn::parse_str(signature.strip_prefix("async ").unwrap_or(signature)).ok()?;
    let mut types: Vec<syn::Type> = parsed.inputs.into_iter().map(|argument| argument.ty).collect();
    for ty in &mut types {
        WithoutLifetimes.visit_type_mut(ty);
    }
    let types: Vec<String> = types.iter().map(|ty| quote::quote!(#ty).to_string()).collect();
    let (receiver, rest) = match types.split_first() {
        Some((first, others)) if first.ends_with("self") => (Some(first.replace("self", item)), others),
        _ => (None, types.as_slice()),
    };
    let parameters = rest.iter().enumerate().map(|(index, ty)| format!("a{index}: {ty}"));
    let values: Vec<_> = (0..rest.len()).map(|index| format!("a{index}")).collect();
    let values = values.join(", ");
    let function = match (&receiver, item) {
        (Some(_), _) => format!("receiver.{name}"),
        (None, "") => name.to_owned(),
        (None, item) => format!("{item}::{name}"),
    };
    let receiver = receiver.map(|ty| format!("receiver: {ty}"));
    let parameters: Vec<_> = receiver.into_iter().chain(parameters).collect();
    Some(format!("pub fn proof({}) {{ let _ = {function}({values}); }}", parameters.join(", ")))
}

struct WithoutLifetimes;

impl VisitMut for WithoutLifetimes {
    fn visit_type_reference_mut(&mut self, reference: &mut syn::TypeReference) {
        reference.lifetime = None;
        visit_mut::visit_type_reference_mut(self, reference);
    }

    fn visit_lifetime_mut(&mut self, lifetime: &mut syn::Lifetime) {
        if lifetime.ident != "static" {
            *lifetime = syn::Lifetime::new("'_", proc_macro2::Span::call_site());
        }
    }
}

/// The name of a package in Rust.
pub(crate) fn ident(package: &str) -> String {
    package.replace('-', "_")
}
