//! Splits files that are too long. Names with a common prefix stay together, so that an addition moves little else.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{TokenStream, TokenTree};
use quote::{format_ident, quote};

use super::Source;
use super::syntax::Scope;
use crate::naming::{shortened, snake, unique};

/// The number of lines above which a file is split, if possible.
const LIMIT: usize = 3000;

/// A chunk, which is never split.
#[derive(Debug)]
pub(super) struct Chunk<T> {
    /// The name that determines its file.
    pub(super) name: String,
    /// The number of lines.
    pub(super) lines: usize,
    /// The content.
    pub(super) content: T,
}

/// The chunks of one file.
#[derive(Debug)]
pub(super) struct Part<T> {
    /// The name of the module.
    pub(super) name: String,
    /// The chunks, in their original order.
    pub(super) pieces: Vec<Chunk<T>>,
}

/// Whether all chunks fit into one file.
pub(super) fn fits<T>(pieces: &[Chunk<T>]) -> bool {
    pieces.iter().map(|piece| piece.lines).sum::<usize>() <= LIMIT
}

/// Splits chunks by the first letter of their names, and then by as many words as necessary. `taken` are names that no
/// module may have.
pub(super) fn divide<T>(pieces: Vec<Chunk<T>>, taken: &mut BTreeSet<String>) -> Vec<Part<T>> {
    let mut parts = Vec::new();
    divide_at(0, pieces, &mut parts);
    parts.sort_by(|one: &Part<T>, other| one.name.cmp(&other.name));
    for part in &mut parts {
        let name = if part.name.is_empty() { "others".to_owned() } else { snake(&part.name) };
        part.name = unique(shortened(&name), taken);
    }
    parts
}

/// Returns the prefix of a name at a depth: nothing, the first letter, one word, two words, and so on.
fn beginning(name: &str, depth: usize) -> &str {
    let end = match depth {
        0 => Some(0),
        1 => name.char_indices().nth(1).map(|(end, _)| end),
        _ => name.match_indices('_').nth(depth - 2).map(|(end, _)| end),
    };
    end.and_then(|end| name.get(..end)).unwrap_or(name)
}

/// Splits chunks whose names have the same prefix. The longest groups get their own files until the rest fits into one.
fn divide_at<T>(depth: usize, pieces: Vec<Chunk<T>>, parts: &mut Vec<Part<T>>) {
    let name = pieces.first().map(|piece| beginning(&piece.name, depth).to_owned()).unwrap_or_default();
    let mut groups: BTreeMap<String, Vec<(usize, Chunk<T>)>> = BTreeMap::new();
    let mut rest = 0;
    for (index, piece) in pieces.into_iter().enumerate() {
        rest += piece.lines;
        groups.entry(beginning(&piece.name, depth + 1).to_owned()).or_default().push((index, piece));
    }
    let length = |group: &[(usize, Chunk<T>)]| group.iter().map(|(_, piece)| piece.lines).sum::<usize>();
    let mut longest: Vec<_> = groups.iter().map(|(name, group)| (length(group), name.clone())).collect();
    longest.sort_by(|one, other| other.cmp(one));
    for (lines, beginning) in longest {
        // Equal names cannot be split.
        if rest > LIMIT && beginning != name {
            rest -= lines;
            let group = groups.remove(&beginning).unwrap_or_default();
            divide_at(depth + 1, group.into_iter().map(|(_, piece)| piece).collect(), parts);
        }
    }
    let mut pieces: Vec<_> = groups.into_values().flatten().collect();
    pieces.sort_by_key(|(index, _)| *index);
    if !pieces.is_empty() {
        parts.push(Part { name, pieces: pieces.into_iter().map(|(_, piece)| piece).collect() });
    }
}

/// Returns the declarations of private modules whose items are re-exported.
pub(super) fn flat<T>(parts: &[Part<T>]) -> TokenStream {
    let names: Vec<_> = parts.iter().map(|part| format_ident!("{}", part.name)).collect();
    quote!(#(mod #names;)* #(pub use self::#names::*;)*)
}

/// The methods of a type, in as many files as they need.
pub(super) struct Methods<'a> {
    /// The file of the type relative to the crate, without its extension.
    pub(super) place: String,
    /// The header of the `impl` block.
    pub(super) header: TokenStream,
    /// The imports of a separate block besides `types`.
    pub(super) imports: TokenStream,
    /// The docs of the modules.
    pub(super) docs: &'a str,
    /// The methods, each with the name that determines its file.
    pub(super) all: Vec<(String, TokenStream)>,
}

impl Methods<'_> {
    /// Returns the methods that stay with the type, the modules of the others, and their files. `taken` are names that
    /// no module may have.
    pub(super) fn spread(self, taken: &mut BTreeSet<String>) -> (TokenStream, TokenStream, Vec<Source>) {
        let piece = |(name, content)| Chunk { name, lines: lines_of_method(&content), content };
        let pieces: Vec<_> = self.all.into_iter().map(piece).collect();
        if fits(&pieces) {
            let methods = pieces.into_iter().map(|piece| piece.content);
            return (quote!(#(#methods)*), TokenStream::new(), Vec::new());
        }
        let parts = divide(pieces, taken);
        let names = parts.iter().map(|part| format_ident!("{}", part.name));
        let modules = quote!(#(mod #names;)*);
        let (header, imports) = (self.header, self.imports);
        let sources = parts.into_iter().map(|part| {
            let methods: TokenStream = part.pieces.into_iter().map(|piece| piece.content).collect();
            let types = Scope::of(&methods).has("types").then(|| {
                quote!(
                    use crate::types;
                )
            });
            let path = format!("{}/{}.rs", self.place, part.name);
            Source::rust(path, self.docs, quote!(#imports #types #header { #methods }))
        });
        let sources = sources.collect();
        (TokenStream::new(), modules, sources)
    }
}

/// Estimates the number of lines of a method, most of which are docs.
fn lines_of_method(method: &TokenStream) -> usize {
    const SIGNATURE_AND_BODY: usize = 7;
    let is_attribute = |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == '#');
    method.clone().into_iter().filter(is_attribute).count() + SIGNATURE_AND_BODY
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Splits chunks, given as names and numbers of lines, and returns the names of the modules and of their chunks.
    fn divided(pieces: &[(&str, usize)]) -> Vec<String> {
        let piece = |(name, lines): &(&str, usize)| Chunk { name: (*name).to_owned(), lines: *lines, content: () };
        let mut taken = BTreeSet::from(["error".to_owned()]);
        let parts = divide(pieces.iter().map(piece).collect(), &mut taken);
        let names = |part: &Part<()>| part.pieces.iter().map(|piece| piece.name.clone()).collect::<Vec<_>>().join(" ");
        parts.iter().map(|part| format!("{}: {}", part.name, names(part))).collect()
    }

    #[test]
    fn the_longest_groups_get_separate_files_until_the_rest_fits() {
        let pieces = [("ab", 900), ("cd", 2500), ("ef", 900), ("gh", 900)];
        assert_eq!(divided(&pieces), ["others: ab ef gh", "c: cd"]);
    }

    #[test]
    fn names_are_split_by_as_many_words_as_necessary() {
        let pieces = [("pay_in", 2000), ("pay_out", 2000), ("pet", 10), ("a", 10)];
        assert_eq!(divided(&pieces), ["others: a", "p: pet", "pay: pay_in", "pay_out: pay_out"]);
    }

    #[test]
    fn equal_names_stay_together_and_module_names_are_unique() {
        assert_eq!(divided(&[("same", 2000), ("same", 2000)]), ["same: same same"]);
        assert_eq!(divided(&[("error", 3500), ("in", 3500)]), ["error2: error", "in_: in"]);
    }
}
