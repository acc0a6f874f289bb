//! Writes the paths that progenitor spells out in full as people write them.
//!
//! ```text
//! ::std::option::Option<::std::string::String>      →     Option<String>
//! ::serde_json::Value                               →     serde_json::Value
//! ```

use proc_macro2::{Literal, Spacing, TokenStream, TokenTree};
use syn::visit_mut::{VisitMut, visit_attribute_mut, visit_path_mut};
use syn::{Attribute, File, Meta, Path};

use crate::ir::Api;

/// What the prelude knows by its last word, with the module it comes from.
const PRELUDE: [(&str, &str); 11] = [
    ("option", "Option"),
    ("string", "String"),
    ("vec", "Vec"),
    ("result", "Result"),
    ("boxed", "Box"),
    ("convert", "From"),
    ("convert", "Into"),
    ("convert", "TryFrom"),
    ("iter", "IntoIterator"),
    ("default", "Default"),
    ("clone", "Clone"),
];

pub(super) fn run(api: &Api, file: &mut File) -> usize {
    let mut pass = ShortenPaths { api, edits: 0 };
    pass.visit_file_mut(file);
    pass.edits
}

struct ShortenPaths<'a> {
    api: &'a Api,
    edits: usize,
}

impl ShortenPaths<'_> {
    /// A type of the API may be called `Option`; then only the whole path means the other one.
    fn is_free(&self, name: &str) -> bool {
        self.api.types.iter().all(|definition| definition.name != name)
    }

    fn is_prelude(&self, path: &Path) -> bool {
        let names: Vec<_> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        let [root, module, name] = names.as_slice() else { return false };
        root == "std" && PRELUDE.contains(&(module, name)) && self.is_free(name)
    }
}

impl VisitMut for ShortenPaths<'_> {
    fn visit_path_mut(&mut self, path: &mut Path) {
        visit_path_mut(self, path);
        if path.leading_colon.take().is_none() {
            return;
        }
        self.edits += 1;
        if self.is_prelude(path) {
            path.segments = path.segments.pop().into_iter().collect();
        }
    }

    fn visit_attribute_mut(&mut self, attribute: &mut Attribute) {
        visit_attribute_mut(self, attribute);
        let Meta::List(list) = &mut attribute.meta else { return };
        let mut shortened = false;
        list.tokens = shorten_tokens(std::mem::take(&mut list.tokens), &mut shortened, self.is_free("Option"));
        self.edits += usize::from(shortened);
    }
}

/// Within an attribute nothing is parsed: paths are `:: serde ::` in tokens and `::std::…` in texts.
fn shorten_tokens(tokens: TokenStream, shortened: &mut bool, option_is_free: bool) -> TokenStream {
    let mut out: Vec<TokenTree> = Vec::new();
    for token in tokens {
        match &token {
            TokenTree::Ident(ident) if (ident == "serde" || ident == "std") && leads_a_path(&out) => {
                out.truncate(out.len() - 2);
                *shortened = true;
                out.push(token);
            }
            TokenTree::Literal(literal)
                if option_is_free && literal.to_string() == "\"::std::option::Option::is_none\"" =>
            {
                *shortened = true;
                out.push(Literal::string("Option::is_none").into());
            }
            _ => out.push(token),
        }
    }
    out.into_iter().collect()
}

/// Whether the tokens end in the `::` that a path begins with.
fn leads_a_path(out: &[TokenTree]) -> bool {
    let [.., TokenTree::Punct(first), TokenTree::Punct(second)] = out else { return false };
    let is_joint = first.as_char() == ':' && first.spacing() == Spacing::Joint && second.as_char() == ':';
    let before = out.len().checked_sub(3).and_then(|index| out.get(index));
    is_joint && !matches!(before, Some(TokenTree::Ident(_)))
}
