//! Parses the code that progenitor generates, item by item. All its tokens and their syntax at once take more memory than
//! anything else in a run.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use syn::{File, Item, ItemMod};

/// Parses what [`super::response`] reads: the items of the module `types`, and the signatures of methods.
///
/// # Errors
///
/// The code is not valid Rust.
pub(super) fn parse(code: TokenStream) -> syn::Result<File> {
    let mut items = Vec::new();
    for mut item in Items::of(code) {
        let Some(TokenTree::Group(body)) = item.pop_if(|last| matches!(last, TokenTree::Group(_))) else { continue };
        let content = body.stream();
        // The content is the only owner of its tokens, so they are not copied.
        drop(body);
        if has_word(&item, "mod") && has_word(&item, "types") {
            item.push(braces(TokenStream::new()));
            let module: ItemMod = syn::parse2(item.into_iter().collect())?;
            let content = module.content.map(|(brace, _)| Ok::<_, syn::Error>((brace, parse_all(content)?)));
            items.push(Item::Mod(ItemMod { content: content.transpose()?, ..module }));
        } else if has_word(&item, "impl") {
            item.push(braces(without_bodies(content)));
            items.push(syn::parse2(item.into_iter().collect())?);
        }
    }
    Ok(File { shebang: None, frontmatter: None, attrs: Vec::new(), items })
}

fn parse_all(code: TokenStream) -> syn::Result<Vec<Item>> {
    let mut all = Vec::new();
    for item in Items::of(code) {
        all.extend(syn::parse2::<File>(item.into_iter().collect())?.items);
    }
    Ok(all)
}

/// Replaces the bodies of methods by empty ones.
fn without_bodies(methods: TokenStream) -> TokenStream {
    let is_body = |token: &TokenTree| matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
    methods.into_iter().map(|token| if is_body(&token) { braces(TokenStream::new()) } else { token }).collect()
}

fn braces(content: TokenStream) -> TokenTree {
    Group::new(Delimiter::Brace, content).into()
}

fn has_word(item: &[TokenTree], word: &str) -> bool {
    item.iter().any(|token| matches!(token, TokenTree::Ident(ident) if ident == word))
}

/// The tokens of items: of one at a time, or of several if it is not clear where one ends.
struct Items(proc_macro2::token_stream::IntoIter);

impl Items {
    fn of(code: TokenStream) -> Self {
        Self(code.into_iter())
    }
}

impl Iterator for Items {
    type Item = Vec<TokenTree>;

    fn next(&mut self) -> Option<Vec<TokenTree>> {
        let mut item = Vec::new();
        for token in self.0.by_ref() {
            let is_end = match &token {
                TokenTree::Group(group) => group.delimiter() == Delimiter::Brace && !ends_with_semicolon(&item),
                TokenTree::Punct(punct) => punct.as_char() == ';',
                TokenTree::Ident(_) | TokenTree::Literal(_) => false,
            };
            item.push(token);
            if is_end {
                return Some(item);
            }
        }
        (!item.is_empty()).then_some(item)
    }
}

/// Whether braces after these tokens may be followed by more of the same item: those of an import or of a value.
fn ends_with_semicolon(item: &[TokenTree]) -> bool {
    let is_assignment = |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == '=');
    has_word(item, "use") || item.iter().any(is_assignment)
}

#[cfg(test)]
mod tests {
    use quote::{ToTokens, quote};

    use super::*;

    #[test]
    fn items_are_parsed_one_by_one() {
        let code = quote! {
            use a::{b, c};
            pub mod types {
                use x::{y, z};
                const N: Pair = Pair { a: 1 };
                pub type T = [u8; { 1 + 1 }];
                pub struct Unit;
                #[derive(Debug)]
                pub struct Pair { pub a: u8 }
                impl<const N: usize> From<[u8; N]> for Pair where u8: Into<u8> { fn from(a: [u8; N]) -> Self { Pair { a: a[0] } } }
                impl Iterator<Item = u8> for Pair {}
                pub mod error { pub struct Inner(u8); }
                thread_local! { static X: u8 = 1; }
            }
            pub struct Client { a: u8 }
            impl Client { pub async fn get(&self) -> Result<u8, ()> { if true { Ok(1) } else { Err(()) } } }
        };
        let whole: File = syn::parse2(code.clone()).expect("it is Rust");
        let parsed = parse(code).expect("it is Rust");
        let [Item::Mod(types), Item::Impl(client)] = parsed.items.as_slice() else { panic!("{parsed:?}") };
        assert_eq!(Item::Mod(types.clone()), whole.items[1]);
        let method = quote!(impl Client { pub async fn get(&self) -> Result<u8, ()> {} });
        assert_eq!(client.to_token_stream().to_string(), method.to_string());
    }

    #[test]
    fn code_that_is_not_rust_is_rejected() {
        assert!(parse(quote!(pub mod types { struct; })).is_err());
        assert!(parse(quote!(impl {})).is_err());
    }
}
