//! Shortens the full paths that progenitor writes to their usual form.
//!
//! ```text
//! ::std::option::Option<::std::string::String>      →     Option<String>
//! ::serde_json::Value                               →     serde_json::Value
//! ```

use proc_macro2::{Literal, TokenStream, TokenTree};
use syn::visit_mut::{VisitMut, visit_attribute_mut, visit_path_mut};
use syn::{Attribute, File, Meta, Path};

use crate::ir::Api;

/// Items of the prelude, with the modules that define them.
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

/// As [`run`], for one type.
pub(super) fn run_on_type(api: &Api, ty: &mut syn::Type) -> usize {
    let mut pass = ShortenPaths { api, edits: 0 };
    pass.visit_type_mut(ty);
    pass.edits
}

/// As [`run`], for one expression.
pub(super) fn run_on_expression(api: &Api, expression: &mut syn::Expr) {
    ShortenPaths { api, edits: 0 }.visit_expr_mut(expression);
}

struct ShortenPaths<'a> {
    api: &'a Api,
    edits: usize,
}

impl ShortenPaths<'_> {
    /// Whether no type of the API has this name. If one is called `Option`, the other needs its full path.
    fn is_free(&self, name: &str) -> bool {
        self.api.types.get(name).is_none()
    }

    /// Whether the last segment of `std::module::name` alone means the same item.
    fn is_prelude(&self, names: &[String]) -> bool {
        let [root, module, name] = names else { return false };
        root == "std" && PRELUDE.contains(&(module, name)) && self.is_free(name)
    }

    /// Shortens a function name in an attribute, such as `"::std::vec::Vec::is_empty"`.
    fn shorten_function(&self, literal: &str) -> Option<String> {
        let literal: String = literal.split_whitespace().collect();
        let path = literal.strip_prefix("\"::")?.strip_suffix('"')?;
        let names: Vec<String> = path.split("::").map(str::to_owned).collect();
        let (function, of) = names.split_last()?;
        let short = of.last().filter(|_| self.is_prelude(of)).map(|ty| format!("{ty}::{function}"));
        Some(short.unwrap_or_else(|| path.to_owned()))
    }

    /// Shortens paths in attributes, which are not parsed: they are `:: serde ::` in tokens and `"::std::…"` in
    /// strings.
    fn shorten_tokens(&mut self, tokens: TokenStream) -> TokenStream {
        let mut out: Vec<TokenTree> = Vec::new();
        for token in tokens {
            match &token {
                TokenTree::Ident(_) if leads_a_path(&out) => {
                    out.truncate(out.len() - 2);
                    self.edits += 1;
                    out.push(token);
                }
                TokenTree::Literal(literal) => match self.shorten_function(&literal.to_string()) {
                    Some(short) => {
                        self.edits += 1;
                        out.push(Literal::string(&short).into());
                    }
                    None => out.push(token),
                },
                _ => out.push(token),
            }
        }
        out.into_iter().collect()
    }
}

impl VisitMut for ShortenPaths<'_> {
    fn visit_path_mut(&mut self, path: &mut Path) {
        visit_path_mut(self, path);
        if path.leading_colon.take().is_none() {
            return;
        }
        self.edits += 1;
        let names: Vec<_> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        if names.get(..3).is_some_and(|begin| self.is_prelude(begin)) {
            let segments = std::mem::take(&mut path.segments);
            path.segments = segments.into_iter().skip(2).collect();
        }
    }

    fn visit_attribute_mut(&mut self, attribute: &mut Attribute) {
        visit_attribute_mut(self, attribute);
        if let Meta::List(list) = &mut attribute.meta {
            list.tokens = self.shorten_tokens(std::mem::take(&mut list.tokens));
        }
    }
}

/// Whether the tokens end with the `::` that starts a path.
fn leads_a_path(out: &[TokenTree]) -> bool {
    let [.., TokenTree::Punct(first), TokenTree::Punct(second)] = out else { return false };
    let are_colons = [first, second].iter().all(|punct| punct.as_char() == ':');
    let before = out.len().checked_sub(3).and_then(|index| out.get(index));
    are_colons && !matches!(before, Some(TokenTree::Ident(_)))
}
