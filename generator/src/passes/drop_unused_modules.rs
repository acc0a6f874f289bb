//! Drops progenitor's `error` and `defaults` modules from a file that does not use them.
//!
//! ```text
//! pub mod error { pub struct ConversionError … }    →     (nothing, unless a type of the file converts with it)
//! ```

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::visit::{Visit, visit_path};
use syn::{File, Item, Macro, MetaList, Path, UseTree};

use crate::ir::Api;

pub(super) fn run(_: &Api, file: &mut File) -> usize {
    let before = file.items.len();
    for name in ["error", "defaults"] {
        let is_module = |item: &Item| matches!(item, Item::Mod(module) if module.ident == name);
        if !file.items.iter().any(is_module) {
            continue;
        }
        let mut uses = Uses { module: name, found: false };
        let is_used = file.items.iter().filter(|item| !is_module(item)).any(|item| {
            uses.visit_item(item);
            uses.found
        });
        file.items.retain(|item| is_used || !is_module(item));
    }
    before - file.items.len()
}

/// Looks for paths through a module, in code and in the strings of attributes. A module of the same name in another one, such as
/// `std::error`, is not meant.
struct Uses<'a> {
    module: &'a str,
    found: bool,
}

impl Uses<'_> {
    /// Looks in tokens that are not parsed. Printing them is slow, so this is not done for whole items.
    fn visit_tokens(&mut self, tokens: &TokenStream) {
        let text = tokens.to_string();
        let is_own = |start: usize| {
            let before = text.get(..start).unwrap_or_default().trim_end();
            before.ends_with("self ::") || !before.ends_with("::")
        };
        let path = format!("{} ::", self.module);
        self.found |=
            text.match_indices(&path).any(|(start, _)| is_own(start)) || text.contains(&format!("\"{}::", self.module));
    }
}

impl<'ast> Visit<'ast> for Uses<'_> {
    fn visit_path(&mut self, path: &'ast Path) {
        let mut names = path.segments.iter().map(|segment| &segment.ident).peekable();
        names.next_if(|first| *first == "self");
        self.found |= path.leading_colon.is_none()
            && names.next().is_some_and(|own| own == self.module)
            && names.next().is_some();
        visit_path(self, path);
    }

    fn visit_meta_list(&mut self, list: &'ast MetaList) {
        self.visit_tokens(&list.tokens);
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        self.visit_tokens(&call.tokens);
    }

    fn visit_use_tree(&mut self, tree: &'ast UseTree) {
        self.visit_tokens(&tree.to_token_stream());
    }
}
