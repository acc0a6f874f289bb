//! Joins the sources of a client into one file, for programs that generate it in a build script and include it as a module.

use proc_macro2::{Delimiter, Group, Literal, Punct, Spacing, TokenStream, TokenTree};
use quote::ToTokens;
use syn::visit_mut::{self, VisitMut};
use syn::{AttrStyle, Attribute, Expr, Item, ItemMod, Lit, Meta, MetaNameValue};

use crate::tree::{CrateTree, MARKER};
use crate::{emit, print};

/// Returns the client as the content of a module of another crate. `path` is the path of that module from the root of the crate,
/// such as `petstore` or `api::petstore`.
///
/// A build script writes the text to `OUT_DIR`, and the crate includes it:
///
/// ```ignore
/// #[allow(clippy::pedantic, dead_code, unused_imports, reason = "the client is generated, and not all of it is used")]
/// pub mod petstore {
///     include!(concat!(env!("OUT_DIR"), "/petstore.rs"));
/// }
/// ```
///
/// The module has the whole API, so the features `full`, `client`, `types` and those of namespaces are not needed. The other features of
/// the client are features of that crate, which needs the client's dependencies too: both are in the `Cargo.toml` of the tree. The
/// examples in the docs are not tests.
///
/// # Errors
///
/// A source is not Rust, which is a bug in the generator, or `path` is not a path.
pub fn as_module(tree: &CrateTree, path: &str) -> Result<String, syn::Error> {
    let path: syn::Path = syn::parse_str(path)?;
    let root = tree.get("src/lib.rs").unwrap_or_default();
    let mut file = syn::parse_file(root)?;
    file.attrs.clear();
    let parts = emit::parts(tree.get("Cargo.toml").unwrap_or_default());
    let mut join = Join { parts, tree, folder: vec!["src".to_owned()], failure: None, is_code: false };
    join.visit_file_mut(&mut file);
    if let Some(failure) = join.failure {
        return Err(failure);
    }
    let mut rewrite =
        Rewrite { path: path.to_token_stream(), text: path.to_token_stream().to_string().replace(' ', "") };
    let tokens = rewrite.tokens(file.to_token_stream(), false);
    let file = syn::parse2(tokens)?;
    Ok(format!("// {MARKER}clientsmith-generator.\n\n{}", print::file(file)))
}

/// Replaces the declarations of modules by their files.
struct Join<'a> {
    /// The features that enable parts of the API. A module has all of it.
    parts: Vec<String>,
    tree: &'a CrateTree,
    /// The folder of the files of the current module.
    folder: Vec<String>,
    failure: Option<syn::Error>,
    /// Whether the current line of documentation is in a block of code.
    is_code: bool,
}

impl Join<'_> {
    fn load(&self, name: &str) -> Result<Option<syn::File>, syn::Error> {
        let path = format!("{}/{name}.rs", self.folder.join("/"));
        self.tree.get(&path).map(syn::parse_file).transpose()
    }

    /// Whether an attribute is a condition that a module with the whole API meets.
    fn is_met(&self, attribute: &Attribute) -> bool {
        let is_part = |literal: &Lit| matches!(literal, Lit::Str(name) if self.parts.contains(&name.value()));
        let Ok(list) = attribute.meta.require_list() else { return false };
        list.path.is_ident("cfg") && list.parse_args_with(condition).is_ok_and(|features| features.iter().any(is_part))
    }

    fn load_into(&self, module: &mut ItemMod) -> Result<(), syn::Error> {
        if module.content.is_some() {
            return Ok(());
        }
        let file = self.load(&module.ident.to_string().replace("r#", ""))?.unwrap_or_else(|| syn::parse_quote!());
        for mut attribute in file.attrs.into_iter().filter(|attribute| !attribute.path().is_ident("cfg_attr")) {
            // Links in docs are resolved in the module only if these stay inside of it.
            if !attribute.path().is_ident("doc") {
                attribute.style = AttrStyle::Outer;
            }
            module.attrs.push(attribute);
        }
        module.semi = None;
        module.content = Some((syn::token::Brace::default(), file.items));
        Ok(())
    }
}

impl VisitMut for Join<'_> {
    fn visit_file_mut(&mut self, file: &mut syn::File) {
        file.items.retain(|item| !is_for_tests(item));
        visit_mut::visit_file_mut(self, file);
    }

    fn visit_item_mod_mut(&mut self, module: &mut ItemMod) {
        if let Err(failure) = self.load_into(module) {
            self.failure = Some(failure);
            return;
        }
        if let Some((_, items)) = &mut module.content {
            items.retain(|item| !is_for_tests(item));
        }
        self.folder.push(module.ident.to_string().replace("r#", ""));
        visit_mut::visit_item_mod_mut(self, module);
        self.folder.pop();
    }

    fn visit_attributes_mut(&mut self, attributes: &mut Vec<Attribute>) {
        attributes.retain(|attribute| !self.is_met(attribute));
        for attribute in attributes {
            self.visit_attribute_mut(attribute);
        }
    }

    /// Examples are for programs that depend on the crate, so they are not tests of a module.
    fn visit_attribute_mut(&mut self, attribute: &mut Attribute) {
        let Meta::NameValue(meta) = &mut attribute.meta else { return };
        if !meta.path.is_ident("doc") {
            return;
        }
        // Docs in files of their own are examples.
        if matches!(meta.value, Expr::Macro(_)) {
            meta.value = syn::parse_quote!("");
        }
        let Expr::Lit(literal) = &mut meta.value else { return };
        let Lit::Str(text) = &mut literal.lit else { return };
        let value = text.value();
        if value.trim_start().starts_with("```") {
            self.is_code = !self.is_code;
            if self.is_code {
                *text = syn::LitStr::new(" ```ignore", text.span());
            }
        }
    }
}

/// Reads `feature = "a"` or `any(feature = "a", …)`.
fn condition(input: syn::parse::ParseStream<'_>) -> syn::Result<Vec<Lit>> {
    let features = syn::punctuated::Punctuated::<MetaNameValue, syn::Token![,]>::parse_terminated;
    let features = if input.peek(syn::Ident) && input.peek2(syn::token::Paren) {
        let word: syn::Ident = input.parse()?;
        if word != "any" {
            return Err(syn::Error::new(word.span(), "not a list of alternatives"));
        }
        let inner;
        syn::parenthesized!(inner in input);
        features(&inner)?
    } else {
        features(input)?
    };
    let literal = |feature: MetaNameValue| match feature.value {
        Expr::Lit(literal) if feature.path.is_ident("feature") => Some(literal.lit),
        _ => None,
    };
    Ok(features.into_iter().filter_map(literal).collect())
}

fn is_for_tests(item: &Item) -> bool {
    let Item::Mod(module) = item else { return false };
    module.attrs.iter().any(|attribute| {
        let list = attribute.meta.require_list().ok().filter(|list| list.path.is_ident("cfg"));
        list.is_some_and(|list| {
            let condition = list.tokens.to_string();
            condition == "test" || condition.contains("doctest")
        })
    })
}

/// Adds the path of the module after `crate`.
struct Rewrite {
    path: TokenStream,
    /// The path as text.
    text: String,
}

impl Rewrite {
    fn tokens(&mut self, tokens: TokenStream, is_attribute: bool) -> TokenStream {
        let mut out = TokenStream::new();
        let mut tokens = tokens.into_iter().peekable();
        let mut follows_hash = false;
        while let Some(token) = tokens.next() {
            // `#[…]` and `#![…]`.
            let is_hash = matches!(&token, TokenTree::Punct(punct)
                if punct.as_char() == '#' || follows_hash && punct.as_char() == '!');
            match token {
                TokenTree::Ident(word) if word == "crate" => {
                    out.extend([TokenTree::Ident(word)]);
                    let is_path = matches!(tokens.peek(), Some(TokenTree::Punct(next)) if next.as_char() == ':');
                    if is_path {
                        out.extend([':', ':'].map(|sign| TokenTree::Punct(Punct::new(sign, Spacing::Joint))));
                        out.extend(self.path.clone());
                    }
                }
                TokenTree::Group(group) => {
                    let is_attribute = is_attribute || follows_hash && group.delimiter() == Delimiter::Bracket;
                    let mut inner = Group::new(group.delimiter(), self.tokens(group.stream(), is_attribute));
                    inner.set_span(group.span());
                    out.extend([TokenTree::Group(inner)]);
                }
                TokenTree::Literal(literal) if is_attribute => out.extend([TokenTree::Literal(self.literal(literal))]),
                token => out.extend([token]),
            }
            follows_hash = is_hash;
        }
        out
    }

    /// Attributes of serde and links in docs contain paths as strings.
    fn literal(&self, literal: Literal) -> Literal {
        let Lit::Str(text) = Lit::new(literal.clone()) else { return literal };
        let value = text.value();
        if value.contains("crate::") {
            Literal::string(&value.replace("crate::", &format!("crate::{}::", self.text)))
        } else {
            literal
        }
    }
}
