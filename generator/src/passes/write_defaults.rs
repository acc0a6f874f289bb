//! Rewrites the functions for serde defaults as plain functions.
//!
//! ```text
//! default = "defaults::default_u64::<i64, 3>"       →     default = "defaults::i64_3"
//! mod defaults { fn default_u64<T, const V: u64>… }       mod defaults { pub(super) fn i64_3() -> i64 { 3 } }
//! ```

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use syn::visit_mut::VisitMut;
use syn::{Attribute, ExprPath, File, GenericArgument, Item, PathArguments, parse_quote};

use super::attributes::{has_serde_word, serde_arguments, serde_text};
use crate::ir::Api;

pub(super) fn run(_: &Api, file: &mut File) -> usize {
    let mut pass = WriteDefaults::default();
    pass.visit_file_mut(file);
    let functions = pass.functions.values();
    for item in &mut file.items {
        if let Item::Mod(module) = item
            && module.ident == "defaults"
            && let Some((_, items)) = &mut module.content
        {
            module.vis = syn::Visibility::Inherited;
            items.retain(|item| !matches!(item, Item::Fn(function) if is_generic_default(&function.sig.ident)));
            items.extend(functions.clone().map(|function| parse_quote!(#function)));
        }
    }
    pass.edits
}

fn is_generic_default(ident: &syn::Ident) -> bool {
    ident == "default_u64" || ident == "default_i64" || ident == "default_bool" || ident == "default_nzu64"
}

#[derive(Default)]
struct WriteDefaults {
    edits: usize,
    functions: BTreeMap<String, TokenStream>,
}

impl VisitMut for WriteDefaults {
    fn visit_attribute_mut(&mut self, attribute: &mut Attribute) {
        let list = std::slice::from_ref(attribute);
        let Some(call) = serde_text(list, "default").and_then(|text| syn::parse_str::<ExprPath>(&text).ok()) else {
            return;
        };
        let Some((ty, value)) = constant(&call) else { return };
        let name = format!("{ty}_{}", value.replace('-', "minus_"));
        let path = format!("defaults::{name}");
        let others = serde_arguments(list).into_iter().filter(|argument| !argument.path().is_ident("default"));
        let others: Vec<_> = others.collect();
        debug_assert!(!has_serde_word(list, "default"));
        *attribute = parse_quote!(#[serde(#(#others,)* default = #path)]);
        let (ident, ty, value) =
            (format_ident!("{name}"), format_ident!("{ty}"), crate::print::number(&value).parse::<TokenStream>());
        let value = value.unwrap_or_default();
        self.functions.insert(name, quote!(pub(super) fn #ident() -> #ty { #value }));
        self.edits += 1;
    }
}

/// Returns the type and the value of `defaults::default_u64::<i64, 3>` and similar paths.
fn constant(call: &ExprPath) -> Option<(String, String)> {
    let function = call.path.segments.last().filter(|segment| is_generic_default(&segment.ident))?;
    let PathArguments::AngleBracketed(arguments) = &function.arguments else { return None };
    let texts: Vec<String> = arguments.args.iter().map(argument_text).collect();
    match texts.as_slice() {
        [value] => Some(("bool".to_owned(), value.clone())),
        [ty, value] if ty.chars().all(char::is_alphanumeric) => Some((ty.clone(), value.clone())),
        _ => None,
    }
}

fn argument_text(argument: &GenericArgument) -> String {
    argument.to_token_stream().to_string().replace(' ', "")
}
