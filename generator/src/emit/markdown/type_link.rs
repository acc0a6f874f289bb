//! Types in tables: as users of the crate name them, with a link to the page that describes them.

use syn::visit::{Visit, visit_path};
use syn::visit_mut::{VisitMut, visit_path_mut, visit_type_reference_mut};
use syn::{Path, Type, TypeReference};

use super::{SCALARS, UPLOADS};
use crate::ir::Api;
use crate::{markdown, print};

/// Returns a type as code, with a link to the page of the first type in it that has one. `up` leads from the page to the folder
/// `docs`.
pub(super) fn type_link(api: &Api, ty: &Type, up: &str) -> String {
    let mut ty = ty.clone();
    Public.visit_type_mut(&mut ty);
    let code = markdown::code(&print::ty(&ty)).replace('|', "\\|");
    let mut found = Page { api, path: None };
    found.visit_type(&ty);
    match found.path {
        Some(path) => format!("[{code}]({up}{path})"),
        None => code,
    }
}

/// Names types as code outside of the crate does, without the lifetime of arguments.
struct Public;

impl VisitMut for Public {
    fn visit_path_mut(&mut self, path: &mut Path) {
        if path.segments.len() > 1 && path.segments.first().is_some_and(|first| first.ident == "crate") {
            path.segments = std::mem::take(&mut path.segments).into_iter().skip(1).collect();
        }
        visit_path_mut(self, path);
    }

    fn visit_type_reference_mut(&mut self, reference: &mut TypeReference) {
        reference.lifetime = reference.lifetime.take().filter(|lifetime| lifetime.ident != "a");
        visit_type_reference_mut(self, reference);
    }
}

/// Finds the page of a type, by its path in the folder `docs`.
struct Page<'a> {
    api: &'a Api,
    path: Option<String>,
}

impl<'ast> Visit<'ast> for Page<'_> {
    fn visit_path(&mut self, path: &'ast Path) {
        let names: Vec<_> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        let found = match names.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
            ["scalars", _] => Some(SCALARS),
            ["uploads", _] => Some(UPLOADS),
            [name] | ["types", name] => {
                let definition = self.api.types.get(name).filter(|_| self.api.package.has_model_pages);
                self.path = self.path.take().or(definition.map(|found| format!("models/{}.md", found.file_stem)));
                None
            }
            _ => None,
        };
        let library = found.and_then(|page| page.strip_prefix("docs/")).map(str::to_owned);
        self.path = self.path.take().or(library);
        visit_path(self, path);
    }
}
