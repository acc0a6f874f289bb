//! Reads types: their full paths, and their arguments, such as `T` in `Option<T>`.

use syn::{GenericArgument, PathArguments, Type, TypePath};

/// Whether a type has this full path, such as `::std::string::String`, with any arguments.
pub(super) fn is_at(ty: &Type, path: &[&str]) -> bool {
    let Type::Path(TypePath { qself: None, path: found, .. }) = ty else { return false };
    found.leading_colon.is_some()
        && found.segments.len() == path.len()
        && found.segments.iter().zip(path).all(|(segment, name)| segment.ident == name)
}

/// Whether a type is a scalar of the runtime.
pub(super) fn is_scalar(ty: &Type) -> bool {
    let Type::Path(TypePath { qself: None, path, .. }) = ty else { return false };
    path.segments.len() == 3
        && path.segments.iter().zip(["crate", "scalars"]).all(|(segment, name)| segment.ident == name)
}

/// The path of strings.
pub(super) const STRING: &[&str] = &["std", "string", "String"];
/// The path of JSON values.
pub(super) const JSON: &[&str] = &["serde_json", "Value"];

/// Returns the argument of a type of this name.
pub(super) fn argument_of<'a>(ty: &'a Type, name: &str) -> Option<&'a Type> {
    let Type::Path(path) = ty else { return None };
    path.path.segments.last().filter(|segment| segment.ident == name)?;
    arguments_of(ty).next()
}

/// Returns the arguments of a type that are types.
pub(super) fn arguments_of(ty: &Type) -> impl Iterator<Item = &Type> {
    let last = match ty {
        Type::Path(path) => path.path.segments.last(),
        _ => None,
    };
    let arguments = last.and_then(|last| match &last.arguments {
        PathArguments::AngleBracketed(arguments) => Some(&arguments.args),
        _ => None,
    });
    arguments.into_iter().flatten().filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}
