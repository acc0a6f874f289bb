//! The scalars of the runtime among the types that progenitor generates.
//!
//! The settings of progenitor map the format of each scalar to its type. While progenitor runs, these types have temporary
//! names, because it generates no type for a named schema that has the same name as a mapped type, such as `Uuid`.

use progenitor_impl::{GenerationSettings, TypeImpl};
use serde_json::{Value, json};
use syn::visit_mut::{VisitMut, visit_expr_mut, visit_path_mut};
use syn::{Expr, File, GenericArgument, Lit, Path, PathArguments, Type, TypePath, parse_quote};

use crate::ir::ScalarType;

/// What is added to the names of scalars while progenitor runs.
const SUFFIX: &str = "Scalar_";

/// Returns the settings of progenitor.
pub(super) fn settings() -> GenerationSettings {
    let mut settings = GenerationSettings::default();
    for scalar in ScalarType::all() {
        let json_type = if scalar.is_integer() { "integer" } else { "string" };
        // A schema of schemars, which only progenitor names.
        if let Ok(schema) = serde_json::from_value(json!({ "type": json_type, "format": scalar.format() })) {
            let name = format!("crate::scalars::{}{SUFFIX}", scalar.name());
            settings.with_conversion(schema, name, std::iter::empty::<TypeImpl>());
        }
    }
    settings
}

/// Restores the names of scalars, and writes their defaults as values.
pub(super) fn restore(file: &mut File) {
    Restore.visit_file_mut(file);
}

/// Returns the type of an argument. Arguments own scalars.
pub(super) fn owned(ty: &Type) -> &Type {
    match ty {
        Type::Reference(reference) if is_scalar(&reference.elem) => &reference.elem,
        ty => ty,
    }
}

fn is_scalar(ty: &Type) -> bool {
    matches!(ty, Type::Path(TypePath { qself: None, path, .. }) if is_at_scalars(path))
}

/// Whether a path is `crate::scalars::…`.
fn is_at_scalars(path: &Path) -> bool {
    path.segments.len() == 3
        && path.segments.iter().zip(["crate", "scalars"]).all(|(segment, name)| segment.ident == name)
}

struct Restore;

impl VisitMut for Restore {
    fn visit_path_mut(&mut self, path: &mut Path) {
        visit_path_mut(self, path);
        if is_at_scalars(path)
            && let Some(last) = path.segments.last_mut()
            && let Some(name) = last.ident.to_string().strip_suffix(SUFFIX)
        {
            last.ident = syn::Ident::new(name, last.ident.span());
        }
    }

    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        visit_expr_mut(self, expression);
        if let Some(value) = default_value(expression) {
            *expression = value;
        }
    }
}

/// Returns the value of `::serde_json::from_str::<crate::scalars::…>("…").unwrap()`.
fn default_value(expression: &Expr) -> Option<Expr> {
    let Expr::MethodCall(unwrap) = expression else { return None };
    let Expr::Call(call) = unwrap.receiver.as_ref() else { return None };
    let Expr::Path(function) = call.func.as_ref() else { return None };
    let PathArguments::AngleBracketed(arguments) = &function.path.segments.last()?.arguments else { return None };
    let Some(GenericArgument::Type(ty)) = arguments.args.first().filter(|_| unwrap.method == "unwrap") else {
        return None;
    };
    let Some(Expr::Lit(syn::ExprLit { lit: Lit::Str(json), .. })) = call.args.first() else { return None };
    if !is_scalar(ty) {
        return None;
    }
    match serde_json::from_str(&json.value()).ok()? {
        Value::String(text) => Some(parse_quote!(#ty::new(#text))),
        Value::Number(number) => {
            let number = number.as_i64()?;
            Some(parse_quote!(#ty::new(#number)))
        }
        _ => None,
    }
}
