//! Finds the source position of every value in YAML or JSON, by its pointer.

use std::collections::BTreeMap;

use saphyr_parser::{Event, Parser, Span as ScanSpan};

use super::{Pointer, Span};

/// The positions read from a source.
#[derive(Default)]
pub(super) struct Places {
    /// The position of every value. The value of a key has the position of the key.
    pub(super) spans: BTreeMap<Pointer, Span>,
    /// Where the source exceeds the nesting limit.
    pub(super) too_deep: Option<Span>,
    /// The first duplicate key of a mapping, with the position of its second occurrence.
    pub(super) duplicate: Option<(String, Span)>,
}

/// The maximum nesting depth. `serde_json` and `serde_yaml` read no deeper documents.
pub(super) const DEPTH: usize = 120;

/// Reads the positions of all values, up to the first YAML syntax error. `source` is the index of the source.
///
/// `serde_yaml` accepts closing brackets that are indented less than the value around them. The parser used here does not
/// (YAML 1.2, section 7.4), so after an error it reads the source again with such brackets indented.
pub(super) fn read(text: &str, source: usize) -> Places {
    read_until_error(text, source)
        .unwrap_or_else(|places| read_until_error(&with_brackets_indented(text), source).unwrap_or(places))
}

/// Reads the positions of all values. Returns those before the first YAML syntax error if there is one.
fn read_until_error(text: &str, source: usize) -> Result<Places, Places> {
    let mut reader = Reader::default();
    for event in Parser::new_from_str(text) {
        let Ok((event, place)) = event else { return Err(reader.places) };
        if reader.open.len() > DEPTH {
            reader.places.too_deep = Some(span(&place, source));
            break;
        }
        reader.event(&event, span(&place, source));
    }
    Ok(reader.places)
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

#[derive(Default)]
struct Reader {
    places: Places,
    open: Vec<Container>,
}

/// A mapping or sequence that has not ended yet.
enum Container {
    /// `key` is set between a key and its value.
    Mapping {
        at: Pointer,
        key: Option<(Pointer, Span)>,
    },
    Sequence {
        at: Pointer,
        index: usize,
    },
    /// A mapping or sequence that is itself a key. Values in it have no pointer.
    Key {
        depth: usize,
    },
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
            Event::Scalar(..) | Event::Alias(_) => {
                self.start(place);
            }
            Event::MappingStart(..) | Event::SequenceStart(..) if self.awaits_key() => {
                self.open.push(Container::Key { depth: 1 });
            }
            Event::MappingStart(..) => {
                let at = self.start(place);
                self.open.push(Container::Mapping { at, key: None });
            }
            Event::SequenceStart(..) => {
                let at = self.start(place);
                self.open.push(Container::Sequence { at, index: 0 });
            }
            Event::MappingEnd | Event::SequenceEnd => {
                self.open.pop();
            }
            _ => {}
        }
    }

    fn awaits_key(&self) -> bool {
        matches!(self.open.last(), Some(Container::Mapping { key: None, .. }))
    }

    fn set_key(&mut self, name: &str, place: Span) {
        if let Some(Container::Mapping { at, key }) = self.open.last_mut() {
            let pointer = at.join_key(name);
            if name != "<<" && self.places.spans.contains_key(&pointer) {
                self.places.duplicate.get_or_insert((name.to_owned(), place));
            }
            *key = Some((pointer, place));
        }
    }

    /// Records the position of a value that starts here, and returns its pointer.
    fn start(&mut self, place: Span) -> Pointer {
        let (at, place) = match self.open.last_mut() {
            Some(Container::Mapping { key, at }) => key.take().unwrap_or_else(|| (at.clone(), place)),
            Some(Container::Sequence { at, index }) => {
                *index += 1;
                (at.join(*index - 1), place)
            }
            Some(Container::Key { .. }) | None => (Pointer::root(), place),
        };
        self.places.spans.entry(at.clone()).or_insert(place);
        at
    }
}
