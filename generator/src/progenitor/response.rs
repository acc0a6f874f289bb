//! Reads progenitor's code: the named types as they are, and the type of each slot from the signature of a method.

use std::collections::HashMap;

use syn::visit_mut::{VisitMut, visit_type_mut};
use syn::{FnArg, GenericArgument, ImplItem, Item, PathArguments, ReturnType, Signature, Type};

use super::request::{Request, operation_id};
use super::{Types, scalars};
use crate::ir::{Api, SlotMap, SlotRole};

/// Reads the types from a file that progenitor generated.
///
/// # Errors
///
/// Describes what is missing from the file.
pub(super) fn read(mut file: syn::File, api: &Api, request: &Request) -> Result<Types, String> {
    if api.has_scalars {
        scalars::restore(&mut file);
    }
    let mut methods = HashMap::new();
    let mut items = Vec::new();
    for item in file.items {
        match item {
            Item::Mod(module) if module.ident == "types" => {
                items = module.content.map(|(_, items)| items).unwrap_or_default();
            }
            Item::Impl(block) => {
                for item in block.items {
                    if let ImplItem::Fn(method) = item {
                        methods.insert(method.sig.ident.to_string(), method.sig);
                    }
                }
            }
            _ => {}
        }
    }
    let mut types = Vec::new();
    for (index, role, _) in request.types() {
        let id = operation_id(index);
        let signature = methods.get(&id).ok_or_else(|| format!("there is no method `{id}`"))?;
        let ty = match role {
            SlotRole::Argument => argument(signature, "value").map(scalars::owned).map(slice),
            SlotRole::Body => argument(signature, "body").map(owned),
            SlotRole::Response => output(&signature.output),
        };
        types.push(ty.ok_or_else(|| format!("the method `{id}` does not have the expected type"))?);
    }
    let slots = SlotMap::new(&api.slots, types, request.of_slot().to_vec());
    let slots = slots.ok_or_else(|| "a slot has no type".to_owned())?;
    Ok(Types::new(syn::File { shebang: None, frontmatter: None, attrs: Vec::new(), items }, slots))
}

fn argument<'a>(signature: &'a Signature, name: &str) -> Option<&'a Type> {
    signature.inputs.iter().find_map(|argument| match argument {
        FnArg::Typed(argument) => match argument.pat.as_ref() {
            syn::Pat::Ident(ident) if ident.ident == name => Some(argument.ty.as_ref()),
            _ => None,
        },
        FnArg::Receiver(_) => None,
    })
}

/// Converts a borrowed list to a slice, which is all that callers need to provide.
fn slice(ty: &Type) -> Type {
    if let Type::Reference(reference) = ty
        && let Type::Path(path) = reference.elem.as_ref()
        && path.path.segments.last().is_some_and(|segment| segment.ident == "Vec")
        && let Some(item) = first_argument(&reference.elem)
    {
        let lifetime = &reference.lifetime;
        return syn::parse_quote!(& #lifetime [#item]);
    }
    ty.clone()
}

/// Converts a type to an owned type, including its arguments.
fn owned(ty: &Type) -> Type {
    let mut ty = ty.clone();
    Own.visit_type_mut(&mut ty);
    ty
}

struct Own;

impl VisitMut for Own {
    fn visit_type_mut(&mut self, ty: &mut Type) {
        if let Type::Reference(reference) = ty {
            *ty = match reference.elem.as_ref() {
                Type::Path(path) if path.path.is_ident("str") => syn::parse_quote!(::std::string::String),
                elem => elem.clone(),
            };
        }
        visit_type_mut(self, ty);
    }
}

/// Returns the `T` of `-> Result<ResponseValue<T>, …>`.
fn output(output: &ReturnType) -> Option<Type> {
    let ReturnType::Type(_, ty) = output else { return None };
    first_argument(first_argument(ty)?).cloned()
}

fn first_argument(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else { return None };
    let PathArguments::AngleBracketed(arguments) = &path.path.segments.last()?.arguments else {
        return None;
    };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}
