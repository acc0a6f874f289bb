//! Writes syntax with all names resolved, so that equal text means equal types wherever the code is.

use syn::visit_mut::{self, VisitMut};
use syn::{GenericArgument, PathArguments, PathSegment};

use super::lifetimes;
use super::modules::join;
use super::names::{Meaning, Names};
use super::text;

/// The place of some syntax.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a> {
    pub(super) names: &'a Names,
    /// The path of the module.
    pub(super) module: &'a str,
}

impl Scope<'_> {
    /// Returns a type, a path or a bound as text with all names resolved.
    pub(super) fn text<T: quote::ToTokens + Clone>(&self, syntax: &T, visit: fn(&mut Resolver<'_>, &mut T)) -> String {
        let mut syntax = syntax.clone();
        visit(&mut Resolver(*self), &mut syntax);
        text::line(&syntax)
    }

    pub(super) fn ty(&self, ty: &syn::Type) -> String {
        self.text(ty, |resolver, ty| resolver.visit_type_mut(ty))
    }

    pub(super) fn path(&self, path: &syn::Path) -> String {
        self.text(path, |resolver, path| resolver.visit_path_mut(path))
    }

    /// Returns a trait as the name of an implementation: without lifetimes, which neither callers nor derives write.
    pub(super) fn trait_name(&self, path: &syn::Path) -> String {
        let mut path = path.clone();
        remove_lifetimes(&mut path);
        self.path(&path)
    }

    /// Returns a type without the lifetimes of its arguments.
    pub(super) fn ty_without_lifetimes(&self, ty: &syn::Type) -> String {
        let mut ty = ty.clone();
        lifetimes::remove(&mut ty);
        self.ty(&ty)
    }

    /// Returns the path of the definition that a type names. `None` if it is not an item of this crate.
    pub(super) fn definition(&self, ty: &syn::Type) -> Option<String> {
        let syn::Type::Path(path) = ty else { return None };
        match self.names.resolve(self.module, &segments(&path.path))? {
            (Meaning::Own(definition), used) if used == path.path.segments.len() => Some(definition),
            _ => None,
        }
    }
}

/// Removes the lifetimes among the arguments of a path.
pub(super) fn remove_lifetimes(path: &mut syn::Path) {
    for segment in &mut path.segments {
        let PathArguments::AngleBracketed(arguments) = &mut segment.arguments else { continue };
        let all = std::mem::take(&mut arguments.args).into_iter();
        arguments.args = all.filter(|argument| !matches!(argument, GenericArgument::Lifetime(_))).collect();
        if arguments.args.is_empty() {
            segment.arguments = PathArguments::None;
        }
    }
}

fn segments(path: &syn::Path) -> Vec<String> {
    path.segments.iter().map(|segment| segment.ident.to_string()).collect()
}

/// Replaces each path by the one that users write.
pub(super) struct Resolver<'a>(Scope<'a>);

impl VisitMut for Resolver<'_> {
    fn visit_type_path_mut(&mut self, ty: &mut syn::TypePath) {
        let Some(qself) = &mut ty.qself else { return self.visit_path_mut(&mut ty.path) };
        self.visit_type_mut(&mut qself.ty);
        // Only the first segments are the path of the trait.
        let mut rest: Vec<PathSegment> = ty.path.segments.iter().cloned().collect();
        let of_trait: Vec<_> = rest.drain(..qself.position.min(rest.len())).collect();
        ty.path.segments = of_trait.into_iter().collect();
        if !ty.path.segments.is_empty() {
            self.visit_path_mut(&mut ty.path);
        }
        qself.position = ty.path.segments.len();
        for mut segment in rest {
            self.visit_path_segment_mut(&mut segment);
            ty.path.segments.push(segment);
        }
    }

    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        visit_mut::visit_path_mut(self, path);
        let Scope { names, module } = self.0;
        let (canonical, used) = match names.resolve(module, &segments(path)) {
            Some((Meaning::Own(definition), used)) => {
                let public = names.public(&definition).map(str::to_owned);
                (public.unwrap_or_else(|| join("crate", &definition)), used)
            }
            Some((Meaning::External(external), used)) => (external, used),
            None => (segments(path).join("::"), path.segments.len()),
        };
        let rest: Vec<_> = path.segments.iter().skip(used).cloned().collect();
        let arguments = path.segments.iter().nth(used.saturating_sub(1)).map(|last| last.arguments.clone());
        let mut resolved: Vec<PathSegment> =
            short(&canonical).split("::").filter_map(|part| syn::parse_str(part).ok()).collect();
        if let (Some(last), Some(arguments)) = (resolved.last_mut(), arguments) {
            last.arguments = arguments;
        }
        path.leading_colon = None;
        path.segments = resolved.into_iter().chain(rest).collect();
    }
}

/// The last name of an item of the standard library: some code imports it, and other code does not.
fn short(path: &str) -> &str {
    let is_standard = ["std::", "core::", "alloc::"].iter().any(|start| path.starts_with(start));
    if is_standard { path.rsplit("::").next().unwrap_or(path) } else { path }
}
