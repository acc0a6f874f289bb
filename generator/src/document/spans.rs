//! Finds the source position of every value in YAML or JSON, by its pointer.

mod json;
mod tree;

use saphyr_parser::{Event, Parser, Span as ScanSpan};

pub(super) use self::json::of_json;
pub(super) use self::tree::Tree;
use self::tree::{Builder, Name};
use super::Span;

/// The positions read from a source.
pub(super) struct Places {
    /// The position of every value. The value of a key has the position of the key.
    pub(super) tree: Tree,
    /// Where the source exceeds the nesting limit.
    pub(super) too_deep: Option<Span>,
    /// The first duplicate key of a mapping, with the position of its second occurrence.
    pub(super) duplicate: Option<(String, Span)>,
    /// The position of the first merge key (`<<`).
    pub(super) merge: Option<Span>,
}

/// The maximum nesting depth. `serde_json` and `serde_yaml` read no deeper documents.
pub(super) const DEPTH: usize = 120;

/// Reads the positions of all values, up to the first YAML syntax error. `source` is the index of the source.
///
/// `serde_yaml` accepts closing brackets that are indented less than the value around them. The parser used here does not
/// (YAML 1.2, section 7.4), so after an error it reads the source again with such brackets indented.
pub(super) fn read(text: &str, source: usize) -> Places {
    let (places, is_whole) = read_until_error(text, source);
    if is_whole {
        return places;
    }
    match read_until_error(&with_brackets_indented(text), source) {
        (indented, true) => indented,
        (_, false) => places,
    }
}

/// Reads the positions of all values, or those before the first YAML syntax error. Returns whether there is none.
fn read_until_error(text: &str, source: usize) -> (Places, bool) {
    let mut reader = Reader { tree: Builder::new(source), open: Vec::new(), too_deep: None, merge: None };
    for event in Parser::new_from_str(text) {
        let Ok((event, place)) = event else { return (reader.finish(), false) };
        if reader.open.len() > DEPTH {
            reader.too_deep = Some(span(&place, source));
            break;
        }
        reader.event(&event, span(&place, source));
    }
    (reader.finish(), true)
}

/// Indents the lines that start with a closing bracket, so far that they are in any value. No value starts at a bracket.
fn with_brackets_indented(text: &str) -> String {
    let indented = text.split_inclusive('\n').map(|line| {
        let is_closed = line.trim_start_matches(' ').starts_with(['}', ']']);
        let indentation = if is_closed { 4 * DEPTH } else { 0 };
        format!("{:indentation$}{line}", "")
    });
    indented.collect()
}

fn span(place: &ScanSpan, source: usize) -> Span {
    Span { source, line: place.start.line(), column: place.start.col() + 1 }
}

struct Reader {
    tree: Builder,
    open: Vec<Container>,
    too_deep: Option<Span>,
    merge: Option<Span>,
}

/// A mapping or sequence that has not ended yet.
enum Container {
    /// The name and the position of the last key are set until its value starts.
    Mapping(Option<(Name, Span)>),
    /// The index of the next item.
    Sequence(usize),
    /// A mapping or sequence that is itself a key. Values in it have no pointer.
    Key { depth: usize },
}

impl Reader {
    fn event(&mut self, event: &Event<'_>, place: Span) {
        if let Some(Container::Key { depth }) = self.open.last_mut() {
            match event {
                Event::MappingStart(..) | Event::SequenceStart(..) => *depth += 1,
                Event::MappingEnd | Event::SequenceEnd => {
                    *depth -= 1;
                    if *depth == 0 {
                        self.open.pop();
                        self.set_key("?", place);
                    }
                }
                _ => {}
            }
            return;
        }
        match event {
            Event::Scalar(text, ..) if self.awaits_key() => self.set_key(text, place),
            Event::Scalar(..) | Event::Alias(_) => self.start(place),
            Event::MappingStart(..) | Event::SequenceStart(..) if self.awaits_key() => {
                self.open.push(Container::Key { depth: 1 });
            }
            Event::MappingStart(..) => self.open(Container::Mapping(None), place),
            Event::SequenceStart(..) => self.open(Container::Sequence(0), place),
            Event::MappingEnd | Event::SequenceEnd => {
                self.open.pop();
                if !self.open.is_empty() {
                    self.tree.close();
                }
            }
            _ => {}
        }
    }

    fn awaits_key(&self) -> bool {
        matches!(self.open.last(), Some(Container::Mapping(None)))
    }

    fn set_key(&mut self, name: &str, place: Span) {
        if name == "<<" {
            self.merge.get_or_insert(place);
        }
        let name = self.tree.key(name);
        if let Some(Container::Mapping(key)) = self.open.last_mut() {
            *key = Some((name, place));
        }
    }

    /// Records the position of a mapping or sequence that starts here.
    fn open(&mut self, container: Container, place: Span) {
        self.start(place);
        if !self.open.is_empty() {
            self.tree.open();
        }
        self.open.push(container);
    }

    /// Records the position of a value that starts here.
    fn start(&mut self, place: Span) {
        match self.open.last_mut() {
            Some(Container::Mapping(key)) => {
                if let Some((name, place)) = key.take() {
                    self.tree.add(name, place);
                }
            }
            Some(Container::Sequence(index)) => {
                let name = self.tree.index(*index);
                *index += 1;
                self.tree.add(name, place);
            }
            Some(Container::Key { .. }) | None => self.tree.add_root(place),
        }
    }

    fn finish(self) -> Places {
        let (tree, duplicate) = self.tree.finish();
        Places { tree, too_deep: self.too_deep, duplicate, merge: self.merge }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Pointer;

    #[test]
    fn json_has_the_positions_that_a_parser_of_yaml_finds() {
        let text = "{\r\n \"größe\": [1, -2.5e3, {\"a/b\\\"\\u00e9\": null, \"ü\": \"\u{1f600}\"}, [], [[true]]],\r\t\"\": {},\n\
            \"a\" : {\"x\":\"{\\\\\",\n\"b\"\n:\n\"y\"}}\n";
        let (json, yaml) = (of_json(text, 1), read(text, 1));
        let (mut json, mut yaml) = (json.tree.below(&Pointer::root()), yaml.tree.below(&Pointer::root()));
        json.sort();
        yaml.sort();
        assert_eq!(json, yaml);
        assert_eq!(json.len(), 15);
    }

    #[test]
    fn duplicate_keys_are_found_in_json() {
        let text = "{\"b\": {\"x\": 1},\n \"a\": [{\"y\": 1, \"x\": 2, \"y\": 3}], \"a\": 1, \"\\u0062\": 2}";
        let at = Span { source: 0, line: 2, column: 25 };
        assert_eq!(of_json(text, 0).duplicate, Some(("y".to_owned(), at)));
        assert_eq!(read(text, 0).duplicate, of_json(text, 0).duplicate);
    }
}
