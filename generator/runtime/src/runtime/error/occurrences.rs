//! Finds every occurrence of many values in one string, in time linear in the length of the string and of the values.
//!
//! It is a suffix automaton: each state represents all substrings that end at the same positions, so a value is looked
//! up byte by byte, however often it occurs.

use std::ops::Range;

/// The state of the empty string.
const ROOT: usize = 0;

/// A string, and the values that are marked in it.
pub(crate) struct Occurrences<'a> {
    text: &'a str,
    states: Vec<State>,
    /// For each byte, the state of the string up to and including it.
    prefixes: Vec<usize>,
    /// Occurrences that are marked one by one.
    single: Vec<Range<usize>>,
}

#[derive(Clone, Default)]
struct State {
    /// The length of the longest substring of this state.
    length: usize,
    /// The state of the longest suffix that occurs at more positions. `None` for the root.
    link: Option<usize>,
    /// The next state for each next byte, in the order of the bytes.
    next: Vec<(u8, usize)>,
    /// The length of the longest value that ends in this state.
    value: usize,
}

impl<'a> Occurrences<'a> {
    pub(crate) fn of(text: &'a str) -> Self {
        let mut occurrences =
            Self { text, states: vec![State::default()], prefixes: Vec::with_capacity(text.len()), single: Vec::new() };
        let mut last = ROOT;
        for byte in text.bytes() {
            last = occurrences.append(last, byte);
            occurrences.prefixes.push(last);
        }
        occurrences
    }

    /// Marks every occurrence of a value.
    pub(crate) fn mark(&mut self, value: &str) {
        let mut state = ROOT;
        for byte in value.bytes() {
            match self.step(state, byte) {
                Some(next) => state = next,
                None => return,
            }
        }
        let state = self.state_mut(state);
        state.value = state.value.max(value.len());
    }

    /// Marks those occurrences of a value whose surroundings, the strings before and after them, meet a condition. This searches
    /// the whole string.
    pub(crate) fn mark_where(&mut self, value: &str, is_marked: impl Fn(&str, &str) -> bool) {
        for (start, _) in self.text.char_indices() {
            let (before, rest) = self.text.split_at(start);
            if rest.strip_prefix(value).is_some_and(|after| is_marked(before, after)) {
                self.single.push(start..start + value.len());
            }
        }
    }

    /// Returns the string with a placeholder for all that is marked. Occurrences that overlap get one placeholder.
    pub(crate) fn replaced(mut self, placeholder: &str) -> String {
        let mut replaced = String::with_capacity(self.text.len());
        let mut end = 0;
        for span in self.spans() {
            replaced.push_str(self.text.get(end..span.start).unwrap_or_default());
            replaced.push_str(placeholder);
            end = span.end;
        }
        replaced.push_str(self.text.get(end..).unwrap_or_default());
        replaced
    }

    /// Returns the marked ranges in order. They do not overlap.
    fn spans(&mut self) -> Vec<Range<usize>> {
        self.propagate();
        let mut spans: Vec<Range<usize>> = Vec::new();
        for (end, state) in (1..).zip(&self.prefixes) {
            let length = self.state(*state).value;
            if length == 0 {
                continue;
            }
            let mut start = end - length;
            while let Some(before) = spans.pop_if(|before| before.end > start) {
                start = start.min(before.start);
            }
            spans.push(start..end);
        }
        if self.single.is_empty() { spans } else { joined(spans, &self.single) }
    }

    /// Marks every state whose substrings have a marked value as their suffix.
    fn propagate(&mut self) {
        let mut order: Vec<usize> = (0..self.states.len()).collect();
        order.sort_by_key(|state| self.state(*state).length);
        for state in order {
            let inherited = self.state(state).link.map_or(0, |link| self.state(link).value);
            let state = self.state_mut(state);
            state.value = state.value.max(inherited);
        }
    }

    /// Appends a byte to the string, and returns the state of the whole string.
    fn append(&mut self, last: usize, byte: u8) -> usize {
        let length = self.state(last).length + 1;
        let whole = self.add(State { length, ..State::default() });
        let mut suffix = Some(last);
        while let Some(state) = suffix {
            if let Some(next) = self.step(state, byte) {
                self.state_mut(whole).link = Some(self.state_of_length(state, byte, next));
                return whole;
            }
            self.connect(state, byte, whole);
            suffix = self.state(state).link;
        }
        self.state_mut(whole).link = Some(ROOT);
        whole
    }

    /// Returns the state for a suffix that continues with a byte. If longer substrings share its state, a separate
    /// state is created.
    fn state_of_length(&mut self, suffix: usize, byte: u8, next: usize) -> usize {
        let length = self.state(suffix).length + 1;
        if self.state(next).length == length {
            return next;
        }
        let separate = self.add(State { length, ..self.state(next).clone() });
        self.state_mut(next).link = Some(separate);
        let mut suffix = Some(suffix);
        while let Some(state) = suffix.filter(|state| self.step(*state, byte) == Some(next)) {
            self.connect(state, byte, separate);
            suffix = self.state(state).link;
        }
        separate
    }

    fn add(&mut self, state: State) -> usize {
        self.states.push(state);
        self.states.len() - 1
    }

    fn step(&self, state: usize, byte: u8) -> Option<usize> {
        let next = &self.state(state).next;
        let index = next.binary_search_by_key(&byte, |(byte, _)| *byte).ok()?;
        next.get(index).map(|(_, state)| *state)
    }

    fn connect(&mut self, state: usize, byte: u8, to: usize) {
        let next = &mut self.state_mut(state).next;
        match next.binary_search_by_key(&byte, |(byte, _)| *byte) {
            Ok(index) => next.splice(index..=index, [(byte, to)]).for_each(drop),
            Err(index) => next.insert(index, (byte, to)),
        }
    }

    #[expect(clippy::indexing_slicing, reason = "every number of a state comes from `add`, and no state is removed")]
    fn state(&self, state: usize) -> &State {
        &self.states[state]
    }

    #[expect(clippy::indexing_slicing, reason = "every number of a state comes from `add`, and no state is removed")]
    fn state_mut(&mut self, state: usize) -> &mut State {
        &mut self.states[state]
    }
}

/// Returns both lists in order, with one range for those that overlap.
fn joined(mut spans: Vec<Range<usize>>, others: &[Range<usize>]) -> Vec<Range<usize>> {
    spans.extend_from_slice(others);
    spans.sort_by_key(|span| span.start);
    let mut joined: Vec<Range<usize>> = Vec::with_capacity(spans.len());
    for span in spans {
        match joined.last_mut().filter(|last| span.start < last.end) {
            Some(last) => last.end = last.end.max(span.end),
            None => joined.push(span),
        }
    }
    joined
}
