//! Reads progenitor's output: the types as they are, and of each method only its signature.

use std::collections::BTreeMap;

use syn::visit_mut::{VisitMut, visit_type_mut};
use syn::{FnArg, GenericArgument, ImplItem, ImplItemFn, Item, PathArguments, ReturnType, Type};

use super::{Answer, Signature};
use crate::ir::{Api, BodyContent, Operation, ResponseType};

pub(super) fn read(file: syn::File, api: &Api) -> Result<Answer, String> {
    let mut methods = BTreeMap::new();
    let mut types = Vec::new();
    for item in file.items {
        match item {
            Item::Mod(module) if module.ident == "types" => {
                types = module.content.map(|(_, items)| items).unwrap_or_default();
            }
            Item::Impl(block) => {
                for item in block.items {
                    if let ImplItem::Fn(method) = item {
                        methods.insert(method.sig.ident.to_string(), method);
                    }
                }
            }
            _ => {}
        }
    }
    let mut signatures = Vec::with_capacity(api.operations.len());
    for (index, operation) in api.operations.iter().enumerate() {
        let method = methods.get(&format!("op{index}"));
        let method = method.ok_or_else(|| format!("progenitor left out the operation `{}`", operation.id))?;
        let mut signature = signature(method, operation)
            .ok_or_else(|| format!("progenitor's method for `{}` has an unknown form", operation.id))?;
        let several = (0..operation.success.replies.len()).map(|number| methods.get(&format!("op{index}r{number}")));
        signature.replies = several.map(|method| output(&method?.sig.output)).collect();
        let value_of = |name: String| output(&methods.get(&name)?.sig.output);
        signature.item = value_of(format!("op{index}i"));
        signature.part = value_of(format!("op{index}s"));
        let failures = 0..operation.failures.len();
        signature.failures = failures.map(|number| value_of(format!("op{index}f{number}"))).collect();
        signatures.push(signature);
    }
    let types = syn::File { shebang: None, frontmatter: None, attrs: Vec::new(), items: types };
    Ok(Answer { types, signatures })
}

fn signature(method: &ImplItemFn, operation: &Operation) -> Option<Signature> {
    let mut arguments = BTreeMap::new();
    for argument in &method.sig.inputs {
        if let FnArg::Typed(argument) = argument
            && let syn::Pat::Ident(name) = argument.pat.as_ref()
        {
            arguments.insert(name.ident.to_string(), argument.ty.as_ref());
        }
    }
    let params = (0..operation.params.len()).map(|index| arguments.get(&format!("p{index}")).map(|ty| slice(ty)));
    Some(Signature {
        params: params.collect::<Option<_>>()?,
        body: operation.body.as_ref().and_then(|body| match body.content {
            BodyContent::Json | BodyContent::Form(_) => arguments.get("body").map(|ty| owned(ty)),
            BodyContent::Multipart => Some(syn::parse_quote!(crate::funcs::Multipart)),
            BodyContent::Text => Some(syn::parse_quote!(::std::string::String)),
            BodyContent::Bytes => Some(syn::parse_quote!(bytes::Bytes)),
        }),
        replies: Vec::new(),
        item: None,
        part: None,
        failures: Vec::new(),
        output: (operation.success.content == ResponseType::Json).then(|| output(&method.sig.output)).flatten(),
    })
}

/// A borrowed list as a slice, which is all that is read of it.
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

/// The type without anything borrowed, in whatever it stands.
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

/// The `T` of `-> Result<ResponseValue<T>, …>`.
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
