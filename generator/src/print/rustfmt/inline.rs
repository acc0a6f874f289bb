//! Syntax that is always printed on one line: paths, types, patterns and attributes. `None` means that it is not covered.

use quote::ToTokens;
use syn::{
    AngleBracketedGenericArguments, AttrStyle, Attribute, FnArg, GenericArgument, Meta, Pat, Path, PathArguments,
    ReceiverKind, ReturnType, Safety, Signature, Type, TypeParamBound, Visibility,
};

use super::shape::width;
use super::{ATTRIBUTE_WIDTH, TAB};

fn all<'a, T: 'a>(items: impl IntoIterator<Item = &'a T>, print: impl Fn(&T) -> Option<String>) -> Option<Vec<String>> {
    items.into_iter().map(print).collect()
}

/// A path, with `::` before generic arguments if it is an expression.
pub(super) fn path(path: &Path, separator: &str) -> Option<String> {
    let segments = all(&path.segments, |segment| {
        let arguments = match &segment.arguments {
            PathArguments::None => String::new(),
            PathArguments::AngleBracketed(arguments) => format!("{separator}{}", generics(arguments)?),
            PathArguments::Parenthesized(arguments) => {
                format!("({}){}", all(&arguments.inputs, |input| ty(&input.ty))?.join(", "), output(&arguments.output)?)
            }
        };
        Some(format!("{}{arguments}", segment.ident))
    });
    let leading = if path.leading_colon.is_some() { "::" } else { "" };
    Some(format!("{leading}{}", segments?.join("::")))
}

pub(super) fn generics(arguments: &AngleBracketedGenericArguments) -> Option<String> {
    let arguments = all(&arguments.args, |argument| match argument {
        GenericArgument::Type(argument) => ty(argument),
        GenericArgument::Lifetime(lifetime) => Some(lifetime.to_string()),
        GenericArgument::AssocType(associated) => Some(format!("{} = {}", associated.ident, ty(&associated.ty)?)),
        _ => None,
    });
    Some(format!("<{}>", arguments?.join(", ")))
}

pub(super) fn ty(of: &Type) -> Option<String> {
    Some(match of {
        Type::Path(of) if of.qself.is_none() => path(&of.path, "")?,
        Type::Reference(of) => {
            let lifetime = of.lifetime.as_ref().map(|lifetime| format!("{lifetime} ")).unwrap_or_default();
            let mutability = if of.mutability.is_some() { "mut " } else { "" };
            format!("&{lifetime}{mutability}{}", ty(&of.elem)?)
        }
        Type::Slice(of) => format!("[{}]", ty(&of.elem)?),
        Type::Tuple(of) if of.elems.len() != 1 => format!("({})", all(&of.elems, ty)?.join(", ")),
        Type::ImplTrait(of) => format!("impl {}", bounds(&of.bounds)?),
        Type::TraitObject(of) => format!("dyn {}", bounds(&of.bounds)?),
        _ => return None,
    })
}

fn bounds<'a>(bounds: impl IntoIterator<Item = &'a TypeParamBound>) -> Option<String> {
    let bounds = all(bounds, |bound| match bound {
        TypeParamBound::Trait(bound) if bound.lifetimes.is_none() => path(&bound.path, ""),
        TypeParamBound::Lifetime(lifetime) => Some(lifetime.to_string()),
        _ => None,
    });
    Some(bounds?.join(" + "))
}

pub(super) fn pattern(of: &Pat) -> Option<String> {
    Some(match of {
        Pat::Ident(of) if of.by_ref.is_none() && of.subpat.is_none() => {
            format!("{}{}", if of.mutability.is_some() { "mut " } else { "" }, of.ident)
        }
        Pat::Lit(of) => of.lit.to_token_stream().to_string(),
        Pat::Or(of) => all(&of.cases, pattern)?.join(" | "),
        Pat::Path(of) if of.qself.is_none() => path(&of.path, "::")?,
        Pat::Tuple(of) if of.elems.len() != 1 => format!("({})", all(&of.elems, pattern)?.join(", ")),
        Pat::TupleStruct(of) => format!("{}({})", path(&of.path, "::")?, all(&of.elems, pattern)?.join(", ")),
        Pat::Struct(of) if of.fields.is_empty() && of.rest.is_some() => format!("{} {{ .. }}", path(&of.path, "::")?),
        Pat::Type(of) => format!("{}: {}", pattern(&of.pat)?, ty(&of.ty)?),
        Pat::Wild(_) => "_".to_owned(),
        _ => return None,
    })
}

pub(super) fn visibility(of: &Visibility) -> Option<String> {
    match of {
        Visibility::Inherited => Some(String::new()),
        Visibility::Public(_) => Some("pub ".to_owned()),
        Visibility::Restricted(of) if of.in_token.is_none() => Some(format!("pub({}) ", path(&of.path, "")?)),
        Visibility::Restricted(_) => None,
    }
}

fn output(of: &ReturnType) -> Option<String> {
    match of {
        ReturnType::Default => Some(String::new()),
        ReturnType::Type(_, of) => Some(format!(" -> {}", ty(of)?)),
    }
}

/// A function up to its body, with a line for each argument if it would not fit otherwise.
pub(super) fn signature(of: &Signature, start: &str, indent: usize) -> Option<String> {
    if of.constness.is_some()
        || !matches!(of.safety, Safety::Default)
        || of.abi.is_some()
        || of.generics.where_clause.is_some()
    {
        return None;
    }
    let asyncness = if of.asyncness.is_some() { "async " } else { "" };
    let params = all(&of.generics.params, |param| match param {
        syn::GenericParam::Type(param) if param.bounds.is_empty() => Some(param.ident.to_string()),
        syn::GenericParam::Type(param) => Some(format!("{}: {}", param.ident, bounds(&param.bounds)?)),
        _ => None,
    })?;
    let params = if params.is_empty() { String::new() } else { format!("<{}>", params.join(", ")) };
    let inputs = all(&of.inputs, |input| match input {
        FnArg::Receiver(receiver) => match &receiver.kind {
            ReceiverKind::Value if receiver.mutability.is_none() => Some("self".to_owned()),
            ReceiverKind::Value => Some("mut self".to_owned()),
            ReceiverKind::Reference(_, None, None) => Some("&self".to_owned()),
            ReceiverKind::Reference(_, None, Some(_)) => Some("&mut self".to_owned()),
            _ => None,
        },
        FnArg::Typed(input) => Some(format!("{}: {}", pattern(&input.pat)?, ty(&input.ty)?)),
    })?;
    let head = format!("{start}{asyncness}fn {}{params}", of.ident);
    let output = output(&of.output)?;
    let line = format!("{head}({}){output}", inputs.join(", "));
    if indent + width(&line) + 2 <= super::MAX_WIDTH {
        return Some(line);
    }
    let (outer, inner) = (" ".repeat(indent), " ".repeat(indent + TAB));
    let inner = inner.as_str();
    let inputs: String = inputs.iter().flat_map(|input| [inner, input.as_str(), ",\n"]).collect();
    Some(format!("{head}(\n{inputs}{outer}){output}"))
}

/// The attributes before an item, with the line breaks after them.
pub(super) fn attributes(of: &[Attribute], indent: usize) -> Option<String> {
    all(of, |attribute| Some(format!("{}\n{}", self::attribute(attribute)?, " ".repeat(indent))))
        .map(|lines| lines.concat())
}

fn attribute(of: &Attribute) -> Option<String> {
    if let Meta::NameValue(value) = &of.meta
        && value.path.is_ident("doc")
        && let syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) = &value.value
    {
        return Some(format!("///{}", text.value()));
    }
    let sign = if matches!(of.style, AttrStyle::Inner(_)) { "#!" } else { "#" };
    Some(format!("{sign}[{}]", meta(&of.meta)?))
}

fn meta(of: &Meta) -> Option<String> {
    match of {
        Meta::Path(of) => path(of, ""),
        Meta::NameValue(of) => match &of.value {
            syn::Expr::Lit(value) => Some(format!("{} = {}", path(&of.path, "")?, value.lit.to_token_stream())),
            _ => None,
        },
        Meta::List(of) => {
            let parse = syn::punctuated::Punctuated::<Meta, syn::Token![,]>::parse_terminated;
            let items = all(&of.parse_args_with(parse).ok()?, meta)?;
            let (name, line) = (path(&of.path, "")?, items.join(", "));
            let fits = width(&line) <= ATTRIBUTE_WIDTH;
            let separator = format!(",\n{}", " ".repeat(TAB));
            Some(if fits { format!("{name}({line})") } else { format!("{name}(\n    {}\n)", items.join(&separator)) })
        }
    }
}
