//! Finds the members of objects in a JSON text that cannot be read into a `serde_json::Value`.
//!
//! The text is checked to the end by the grammar of RFC 8259, so that leaving out a part never makes valid what was not.
//! Nothing here is recursive, whatever the depth of the text.

use std::fmt::Write as _;
use std::ops::Range;

/// How many arrays and objects inside each other the decoder takes.
const DEPTH: usize = 127;

/// How deep a member may be that is left out. What takes its place to find out whether it is known, is two levels deep.
const MEMBER_DEPTH: usize = DEPTH - 2;

/// How long a path may become, in bytes, before the rest of it is cut off.
const PATH: usize = 500;

/// The innermost members that cannot be read, in the order of the text, none inside another. Each is with one of the commas
/// around it, if there is one. `None` if the text is not JSON, or what cannot be read is in no member.
///
/// There may be almost as many as a tenth of the bytes of the text, so what is kept of each is small.
pub(crate) fn members(text: &[u8]) -> Option<Vec<Range<usize>>> {
    let mut scan = Scan::new(text, &[]);
    scan.run()?;
    Some(scan.found)
}

/// The paths of the first members, no more than a number of them.
pub(crate) fn paths(text: &[u8], members: &[Range<usize>], most: usize) -> Vec<String> {
    let names: Vec<usize> =
        members.iter().take(most).filter_map(|member| Some(parts(text, member)?.name.start)).collect();
    let mut scan = Scan::new(text, &names);
    // The text was found to be JSON before.
    let _ = scan.run();
    scan.paths
}

/// Where the parts of a member are.
pub(crate) struct Parts {
    pub(crate) name: Range<usize>,
    pub(crate) value: Range<usize>,
    /// Whether the name itself cannot be read.
    pub(crate) is_unnamed: bool,
}

/// The parts of a member that was found.
pub(crate) fn parts(text: &[u8], member: &Range<usize>) -> Option<Parts> {
    let mut scan = Scan::new(text, &[]);
    scan.at = member.start;
    // The comma is on either side, or missing.
    let _ = scan.take(b',');
    scan.skip_space();
    let start = scan.at;
    let is_unnamed = !scan.string()?;
    let name = start..scan.at;
    scan.skip_space();
    scan.take(b':')?;
    scan.skip_space();
    let has_comma = text.get(..member.end)?.ends_with(b",");
    Some(Parts { name, value: scan.at..member.end - usize::from(has_comma), is_unnamed })
}

struct Scan<'a> {
    text: &'a [u8],
    at: usize,
    /// The arrays and objects around this place, as far as the decoder takes them.
    levels: Vec<Level>,
    /// Which of the others are objects.
    deeper: Vec<bool>,
    found: Vec<Range<usize>>,
    /// Where the names begin of the members whose paths are wanted, in the order of the text.
    wanted: &'a [usize],
    paths: Vec<String>,
}

/// An array or an object that has not ended yet.
enum Level {
    /// The index of the item.
    Array(usize),
    Object(Object),
}

#[derive(Default)]
struct Object {
    member: Option<Begun>,
    /// Whether a member before this one stays.
    has_kept: bool,
    /// Where the comma before this member is.
    comma: usize,
}

/// A member that has not ended yet.
struct Begun {
    name: Range<usize>,
    is_unreadable: bool,
    /// How many members had been found before it.
    found_before: usize,
}

/// What the grammar allows next.
enum Expected {
    Value,
    ItemOrEnd,
    Name,
    NameOrEnd,
    SeparatorOrEnd,
}

impl<'a> Scan<'a> {
    fn new(text: &'a [u8], wanted: &'a [usize]) -> Self {
        Self { text, at: 0, levels: Vec::new(), deeper: Vec::new(), found: Vec::new(), wanted, paths: Vec::new() }
    }

    fn run(&mut self) -> Option<()> {
        let mut expected = Expected::Value;
        loop {
            self.skip_space();
            expected = match expected {
                Expected::ItemOrEnd | Expected::NameOrEnd if self.ends() => self.close()?,
                Expected::Value | Expected::ItemOrEnd => self.value()?,
                Expected::Name | Expected::NameOrEnd => self.name()?,
                Expected::SeparatorOrEnd if self.levels.is_empty() => {
                    return (self.at == self.text.len()).then_some(());
                }
                Expected::SeparatorOrEnd => self.separator_or_end()?,
            }
        }
    }

    fn value(&mut self) -> Option<Expected> {
        let is_readable = match self.peek()? {
            b'{' => return self.open(true),
            b'[' => return self.open(false),
            b'"' => self.string()?,
            b't' => self.word(b"true")?,
            b'f' => self.word(b"false")?,
            b'n' => self.word(b"null")?,
            _ => self.number()?,
        };
        if !is_readable {
            self.blame()?;
        }
        Some(Expected::SeparatorOrEnd)
    }

    fn open(&mut self, is_object: bool) -> Option<Expected> {
        self.at += 1;
        if self.levels.len() == DEPTH {
            self.blame()?;
            self.deeper.push(is_object);
        } else {
            self.levels.push(if is_object { Level::Object(Object::default()) } else { Level::Array(0) });
        }
        Some(if is_object { Expected::NameOrEnd } else { Expected::ItemOrEnd })
    }

    /// Whether the innermost array or object ends here.
    fn ends(&self) -> bool {
        self.peek() == Some(if self.is_in_object() { b'}' } else { b']' })
    }

    fn is_in_object(&self) -> bool {
        self.deeper.last().copied().unwrap_or(matches!(self.levels.last(), Some(Level::Object(_))))
    }

    fn close(&mut self) -> Option<Expected> {
        self.at += 1;
        if self.deeper.pop().is_none() {
            self.levels.pop()?;
        }
        Some(Expected::SeparatorOrEnd)
    }

    fn name(&mut self) -> Option<Expected> {
        let start = self.at;
        let is_readable = self.string()?;
        let name = start..self.at;
        self.skip_space();
        self.take(b':')?;
        if let Some((first, others)) = self.wanted.split_first()
            && *first == start
        {
            self.wanted = others;
            self.paths.push(self.path(&name));
        }
        let found_before = self.found.len();
        if self.deeper.is_empty()
            && let Some(Level::Object(object)) = self.levels.last_mut()
        {
            object.member = Some(Begun { name, is_unreadable: !is_readable, found_before });
        }
        Some(Expected::Value)
    }

    fn separator_or_end(&mut self) -> Option<Expected> {
        // White space behind a value does not belong to it, but does not matter to it either.
        let (end, is_end) = (self.at, self.ends());
        let removed = if self.deeper.is_empty() { self.end_member(end) } else { None };
        if is_end {
            return self.close();
        }
        self.take(b',')?;
        if self.deeper.is_empty() {
            match self.levels.last_mut()? {
                Level::Array(index) => *index += 1,
                Level::Object(object) => object.comma = end,
            }
        }
        // The first members go with the comma that follows them, the others with the one before.
        if let Some(member) = removed.and_then(|place| self.found.get_mut(place)) {
            member.end = self.at;
        }
        Some(if self.is_in_object() { Expected::Name } else { Expected::Value })
    }

    /// Ends a member. The result is its place among what was found, if it goes and none before it in its object stays.
    fn end_member(&mut self, end: usize) -> Option<usize> {
        let Some(Level::Object(object)) = self.levels.last_mut() else { return None };
        let member = object.member.take()?;
        if !member.is_unreadable {
            object.has_kept = true;
            return None;
        }
        let has_kept = object.has_kept;
        let start = if has_kept { object.comma } else { member.name.start };
        self.found.truncate(member.found_before);
        self.found.push(start..end);
        (!has_kept).then(|| self.found.len() - 1)
    }

    /// The innermost member around this place cannot be read.
    fn blame(&mut self) -> Option<()> {
        let innermost = self.levels.iter_mut().take(MEMBER_DEPTH).rev().find_map(|level| match level {
            Level::Object(object) => object.member.as_mut(),
            Level::Array(_) => None,
        });
        innermost?.is_unreadable = true;
        Some(())
    }

    /// The path of the member of this name in the innermost object.
    fn path(&self, name: &Range<usize>) -> String {
        let mut path = String::new();
        for level in &self.levels {
            match level {
                Level::Array(index) => {
                    // Writing to a string does not fail.
                    let _ = write!(path, "[{index}]");
                }
                Level::Object(object) => {
                    let name = object.member.as_ref().map_or(name, |member| &member.name);
                    let name = self.text.get(name.start..name.end.min(name.start + PATH)).unwrap_or_default();
                    let dot = if path.is_empty() { "" } else { "." };
                    let _ = write!(path, "{dot}{}", plain(name));
                }
            }
            if path.len() > PATH {
                let end = (0..=PATH).rev().find(|end| path.is_char_boundary(*end));
                path.truncate(end.unwrap_or_default());
                path.push('…');
                break;
            }
        }
        path
    }
}

/// How the parts of the grammar are read.
impl Scan<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.at += 1)
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn word(&mut self, word: &[u8]) -> Option<bool> {
        let is_here = self.text.get(self.at..)?.starts_with(word);
        self.at += word.len();
        is_here.then_some(true)
    }

    /// Whether the number is finite.
    fn number(&mut self) -> Option<bool> {
        let start = self.at;
        // A minus is the only thing here that may be missing.
        let _ = self.take(b'-');
        match self.peek()? {
            b'0' => self.at += 1,
            _ => self.digits()?,
        }
        if self.take(b'.').is_some() {
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        let text = std::str::from_utf8(self.text.get(start..self.at)?).ok()?;
        Some(text.parse::<f64>().ok()?.is_finite())
    }

    fn digits(&mut self) -> Option<()> {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        (self.at > start).then_some(())
    }

    /// Whether the string is Unicode.
    fn string(&mut self) -> Option<bool> {
        self.take(b'"')?;
        let start = self.at;
        let mut has_lone_surrogate = false;
        loop {
            let byte = self.peek()?;
            self.at += 1;
            match byte {
                b'"' => break,
                b'\\' => has_lone_surrogate |= self.escape()?,
                ..b' ' => return None,
                _ => {}
            }
        }
        Some(!has_lone_surrogate && std::str::from_utf8(self.text.get(start..self.at)?).is_ok())
    }

    /// Whether the escape, whose backslash has been read, is one half of a surrogate pair without the other.
    fn escape(&mut self) -> Option<bool> {
        let kind = self.peek()?;
        self.at += 1;
        match kind {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Some(false),
            b'u' => match self.unit()? {
                0xD800..0xDC00 => {
                    let is_followed = self.text.get(self.at..)?.starts_with(b"\\u");
                    if !is_followed {
                        return Some(true);
                    }
                    self.at += 2;
                    let second = self.unit()?;
                    Some(!(0xDC00..0xE000).contains(&second))
                }
                0xDC00..0xE000 => Some(true),
                _ => Some(false),
            },
            _ => None,
        }
    }

    fn unit(&mut self) -> Option<u32> {
        let digits = self.text.get(self.at..self.at + 4)?;
        self.at += 4;
        digits.iter().try_fold(0, |unit, digit| Some(unit * 16 + char::from(*digit).to_digit(16)?))
    }
}

/// A name without its quotes and, where that is possible, without escapes.
fn plain(name: &[u8]) -> String {
    serde_json::from_slice(name).unwrap_or_else(|_| {
        let name = name.strip_prefix(b"\"").unwrap_or(name);
        String::from_utf8_lossy(name.strip_suffix(b"\"").unwrap_or(name)).into_owned()
    })
}
