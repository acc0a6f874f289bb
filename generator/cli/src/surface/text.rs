//! Writes syntax on one line, as people write it.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};
use quote::ToTokens;

/// Returns tokens as one line of Rust.
pub(super) fn line(tokens: &impl ToTokens) -> String {
    let mut line = Line::default();
    line.stream(tokens.to_token_stream());
    line.text
}

#[derive(Default)]
struct Line {
    text: String,
    /// The last token was `:`, `-` or another sign that the next token may complete.
    joint: Option<char>,
}

impl Line {
    fn stream(&mut self, tokens: TokenStream) {
        for token in tokens {
            match token {
                TokenTree::Group(group) => {
                    let (open, close) = match group.delimiter() {
                        Delimiter::Parenthesis => ("(", ")"),
                        Delimiter::Bracket => ("[", "]"),
                        Delimiter::Brace => (" { ", " }"),
                        Delimiter::None => ("", ""),
                    };
                    self.text.push_str(open);
                    self.joint = None;
                    self.stream(group.stream());
                    self.text = self.text.trim_end_matches([',', ' ']).to_owned();
                    self.text.push_str(close);
                }
                TokenTree::Ident(word) => self.word(&word.to_string()),
                TokenTree::Literal(literal) => self.word(&literal.to_string()),
                TokenTree::Punct(punct) => self.punct(punct.as_char(), punct.spacing()),
            }
        }
    }

    fn word(&mut self, word: &str) {
        self.joint = None;
        if self.text.ends_with(|last: char| last.is_alphanumeric() || "_>)]".contains(last)) {
            self.text.push(' ');
        }
        self.text.push_str(word);
    }

    fn punct(&mut self, sign: char, spacing: Spacing) {
        match (self.joint, sign) {
            (Some(':'), ':') => {
                self.text = self.text.trim_end().to_owned();
                self.text.push(':');
            }
            (Some('-'), '>') => self.text.push_str("> "),
            (_, '>') => {
                self.text = self.text.trim_end_matches([',', ' ']).to_owned();
                self.text.push('>');
            }
            (_, '-') if spacing == Spacing::Joint => self.text.push_str(" -"),
            (_, '+' | '=') => self.text.push_str(&format!(" {sign} ")),
            (_, ',' | ';') => self.text.push_str(&format!("{sign} ")),
            (_, ':') if spacing == Spacing::Alone => self.text.push_str(": "),
            (_, '&' | '\'' | '?')
                if self.text.ends_with(|last: char| last.is_alphanumeric() || ">)]".contains(last)) =>
            {
                self.text.push_str(&format!(" {sign}"));
            }
            _ => self.text.push(sign),
        }
        self.joint = (spacing == Spacing::Joint).then_some(sign);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_and_signatures_are_written_as_in_source() {
        for text in [
            "Option<&'a str>",
            "std::collections::HashMap<String, Vec<types::Pet>>",
            "Box<dyn Fn(u8, &str) -> Result<(), Error> + Send + 'a>",
            "[u8; 4]",
            "impl Into<String>",
            "<T as Trait>::Output",
        ] {
            let parsed: syn::Type = syn::parse_str(text).unwrap();
            assert_eq!(line(&parsed), text);
        }
        let signature = "pub async fn get<'a, T: Into<String> + ?Sized>(mut self, id: &'a str) -> Self where T: Copy";
        let parsed: syn::ItemFn = syn::parse_str(&format!("{signature} {{}}")).unwrap();
        let (vis, sig) = (&parsed.vis, &parsed.sig);
        assert_eq!(line(&quote::quote!(#vis #sig)), signature);
    }
}
