//! Finds the object members in a JSON text that cannot be read into a `serde_json::Value`.
//!
//! The whole text is checked against the grammar of RFC 8259, so that leaving out a part never makes an invalid text
//! valid. Nothing here is recursive, whatever the depth of the text.

use std::fmt::Write as _;
use std::ops::Range;

/// How many nested arrays and objects the decoder accepts.
const DEPTH: usize = 127;

/// How deep a member may be that is left out. The values that replace it, to find out whether the type has it, are up
/// to two levels deep.
const MEMBER_DEPTH: usize = DEPTH - 2;

/// The longest path, in bytes. The rest is cut off.
const PATH: usize = 500;

/// Returns the innermost members that cannot be read, in the order of the text. None is inside another. Each includes
/// one of the commas around it, if there is one. `None` if the text is not JSON, or if what cannot be read is not in a
/// member.
///
/// There may be almost as many as a tenth of the bytes of the text, so little is kept of each.
pub(crate) fn members(text: &[u8]) -> Option<Vec<Range<usize>>> {
    let mut scan = Scan::new(text, &[]);
    scan.run()?;
    Some(scan.found)
}

/// Returns the paths of the first `most` members.
pub(crate) fn paths(text: &[u8], members: &[Range<usize>], most: usize) -> Vec<String> {
    let names: Vec<usize> =
        members.iter().take(most).filter_map(|member| Some(parts(text, member)?.name.start)).collect();
    let mut scan = Scan::new(text, &names);
    // The text is known to be JSON.
    let _ = scan.run();
    scan.paths
}

/// The positions of the parts of a member.
pub(crate) struct Parts {
    pub(crate) name: Range<usize>,
    pub(crate) value: Range<usize>,
    /// Whether the name itself cannot be read.
    pub(crate) is_unnamed: bool,
}

/// Returns the parts of a member that was found.
pub(crate) fn parts(text: &[u8], member: &Range<usize>) -> Option<Parts> {
    let mut scan = Scan::new(text, &[]);
    scan.at = member.start;
    // The comma is before the member, after it, or missing.
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
    /// The arrays and objects around this position, as far as the decoder accepts them.
    levels: Vec<Level>,
    /// For each deeper array or object, whether it is an object.
    deeper: Vec<bool>,
    found: Vec<Range<usize>>,
    /// The starts of the names of the members whose paths are wanted, in the order of the text.
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
    member: Option<OpenMember>,
    /// Whether an earlier member of this object is kept.
    has_kept: bool,
    /// The position of the comma before this member.
    comma: usize,
}

/// A member that has not ended yet.
struct OpenMember {
    name: Range<usize>,
    is_unreadable: bool,
    /// How many members were found before it.
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

    /// Returns whether the innermost array or object ends here.
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
            object.member = Some(OpenMember { name, is_unreadable: !is_readable, found_before });
        }
        Some(Expected::Value)
    }

    fn separator_or_end(&mut self) -> Option<Expected> {
        // White space after a value is included in its range, which does no harm.
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
        // If no earlier member is kept, the comma after a member is removed with it, else the comma before it.
        if let Some(member) = removed.and_then(|index| self.found.get_mut(index)) {
            member.end = self.at;
        }
        Some(if self.is_in_object() { Expected::Name } else { Expected::Value })
    }

    /// Ends a member. Returns its index in `found` if it is removed and no earlier member of its object is kept.
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

    /// Marks the innermost member around this position as unreadable.
    fn blame(&mut self) -> Option<()> {
        let innermost = self.levels.iter_mut().take(MEMBER_DEPTH).rev().find_map(|level| match level {
            Level::Object(object) => object.member.as_mut(),
            Level::Array(_) => None,
        });
        innermost?.is_unreadable = true;
        Some(())
    }

    /// Returns the path of the member with this name in the innermost object.
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

/// The parts of the grammar.
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

    /// Reads a number. Returns whether it is finite.
    fn number(&mut self) -> Option<bool> {
        let start = self.at;
        // The minus sign may be missing.
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

    /// Reads a string. Returns whether it is valid Unicode.
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

    /// Reads an escape whose backslash has been read. Returns whether it is one half of a surrogate pair without the
    /// other.
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

/// Returns a name without its quotes and, if possible, with its escapes decoded.
fn plain(name: &[u8]) -> String {
    serde_json::from_slice(name).unwrap_or_else(|_| {
        let name = name.strip_prefix(b"\"").unwrap_or(name);
        String::from_utf8_lossy(name.strip_suffix(b"\"").unwrap_or(name)).into_owned()
    })
}
