//! Writes the lifetimes of signatures in one form, as a signature with elided lifetimes means the same as one that names them.

use std::collections::BTreeMap;

use syn::visit_mut::{self, VisitMut};
use syn::{FnArg, GenericParam, Lifetime, ReceiverKind, ReturnType, Signature, TypeReference};

/// Names all lifetimes in the order of their occurrence, and removes their declarations.
///
/// Source of the rules: "Lifetime elision" in the Rust reference.
pub(super) fn unify(signature: &mut Signature) {
    let declared = signature.generics.lifetimes().map(|parameter| parameter.lifetime.to_string());
    let has_bounds = signature.generics.lifetimes().any(|parameter| !parameter.bounds.is_empty());
    if has_bounds || signature.generics.where_clause.as_ref().is_some_and(names_lifetime) {
        return;
    }
    let mut names = Names { renamed: declared.map(|name| (name, None)).collect(), next: 0, output: None };
    let mut receiver = None;
    for input in &mut signature.inputs {
        match input {
            FnArg::Receiver(own) => {
                if let ReceiverKind::Reference(_, lifetime, _) = &mut own.kind {
                    names.name_option(lifetime);
                    receiver.clone_from(lifetime);
                }
            }
            FnArg::Typed(argument) => names.visit_type_mut(&mut argument.ty),
        }
    }
    names.output = Some(receiver.unwrap_or_else(|| lifetime(0)));
    if let ReturnType::Type(_, ty) = &mut signature.output {
        names.visit_type_mut(ty);
    }
    let generics = &mut signature.generics;
    let parameters = std::mem::take(&mut generics.params).into_iter();
    generics.params = parameters.filter(|parameter| !matches!(parameter, GenericParam::Lifetime(_))).collect();
    if generics.params.is_empty() {
        (generics.lt_token, generics.gt_token) = (None, None);
    }
}

fn names_lifetime(clause: &syn::WhereClause) -> bool {
    clause.predicates.iter().any(|predicate| matches!(predicate, syn::WherePredicate::Lifetime(_)))
}

fn lifetime(number: usize) -> Lifetime {
    Lifetime::new(&format!("'_{number}"), proc_macro2::Span::call_site())
}

/// Removes all lifetimes of references and arguments, for messages.
pub(super) fn remove(ty: &mut syn::Type) {
    Remove.visit_type_mut(ty);
}

struct Names {
    /// The new names of the lifetimes that the function declares. Others, such as `'static`, stay.
    renamed: BTreeMap<String, Option<Lifetime>>,
    next: usize,
    /// The lifetime of elided ones in the output. `None` while the inputs are visited.
    output: Option<Lifetime>,
}

impl Names {
    fn fresh(&mut self) -> Lifetime {
        let lifetime = lifetime(self.next);
        self.next += 1;
        lifetime
    }

    fn name_option(&mut self, own: &mut Option<Lifetime>) {
        match own {
            Some(own) => self.visit_lifetime_mut(own),
            None => *own = Some(self.output.clone().unwrap_or_else(|| self.fresh())),
        }
    }
}

impl VisitMut for Names {
    fn visit_lifetime_mut(&mut self, own: &mut Lifetime) {
        if own.ident == "_" {
            *own = self.output.clone().unwrap_or_else(|| self.fresh());
            return;
        }
        let name = own.to_string();
        match self.renamed.get(&name) {
            Some(Some(new)) => own.clone_from(new),
            Some(None) => {
                *own = self.fresh();
                self.renamed.insert(name, Some(own.clone()));
            }
            None => {}
        }
    }

    fn visit_type_reference_mut(&mut self, reference: &mut TypeReference) {
        self.name_option(&mut reference.lifetime);
        self.visit_type_mut(&mut reference.elem);
    }

    // Elided lifetimes in the arguments of a function type are those of that type.
    fn visit_parenthesized_generic_arguments_mut(&mut self, _: &mut syn::ParenthesizedGenericArguments) {}

    fn visit_type_fn_ptr_mut(&mut self, _: &mut syn::TypeFnPtr) {}
}

struct Remove;

impl VisitMut for Remove {
    fn visit_type_reference_mut(&mut self, reference: &mut TypeReference) {
        reference.lifetime = None;
        visit_mut::visit_type_reference_mut(self, reference);
    }

    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        super::canonical::remove_lifetimes(path);
        visit_mut::visit_path_mut(self, path);
    }
}

#[cfg(test)]
mod tests {
    use super::super::text::line;
    use super::*;

    #[test]
    fn elided_lifetimes_are_those_that_they_mean() {
        let same = [
            "fn f<'a>(core: &'a Core, id: i64) -> Call<'a, Get<'a>>",
            "fn f(core: &Core, id: i64) -> Call<'_, Get<'_>>",
            "fn f<'b>(core: &'b Core, id: i64) -> Call<'b, Get<'_>>",
        ];
        let other = [
            "fn f<'a>(core: &'a Core, id: &'a str) -> Call<'a, Get<'a>>",
            "fn f<'a>(core: &'a Core, id: &str) -> Call<'a, Get<'a>>",
            "fn f(&self, core: &Core) -> Call<'_, Get<'_>>",
        ];
        let unified = |text: &str| {
            let mut signature: Signature = syn::parse_str(text).unwrap();
            unify(&mut signature);
            line(&signature)
        };
        assert_eq!(same.map(unified), ["fn f(core: &'_0 Core, id: i64) -> Call<'_0, Get<'_0>>"; 3]);
        let others = other.map(unified);
        assert_ne!(others[0], others[1]);
        assert_eq!(others[2], "fn f(&'_0 self, core: &'_1 Core) -> Call<'_0, Get<'_0>>");
    }
}
