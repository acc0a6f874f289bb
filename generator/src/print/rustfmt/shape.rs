//! The space that is left for a construct, and the widths of text.

use super::{MAX_WIDTH, TAB};

/// The space that is left: rustfmt's `Shape`, for block indentation.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    /// The width that is left on the first line.
    pub(super) width: usize,
    /// The indentation of the lines after it.
    pub(super) indent: usize,
    /// How far the first line is filled beyond the indentation.
    pub(super) offset: usize,
}

impl Shape {
    /// A whole line.
    pub(super) fn indented(indent: usize) -> Self {
        Self { width: MAX_WIDTH.saturating_sub(indent), indent, offset: 0 }
    }

    /// The lines of a block inside.
    pub(super) fn block(self) -> Self {
        Self::indented(self.indent + TAB)
    }

    /// Reserves width for what follows.
    pub(super) fn sub_width(self, width: usize) -> Option<Self> {
        Some(Self { width: self.width.checked_sub(width)?, ..self })
    }

    /// Skips what is already on the line.
    pub(super) fn offset_left(self, width: usize) -> Option<Self> {
        Self { offset: self.offset + width, ..self }.sub_width(width)
    }

    pub(super) fn used_width(self) -> usize {
        self.indent + self.offset
    }

    /// The width that is reserved for what follows.
    pub(super) fn rhs_overhead(self) -> usize {
        MAX_WIDTH.saturating_sub(self.used_width() + self.width)
    }
}

/// A line break and the indentation after it.
pub(super) fn newline(indent: usize) -> String {
    format!("\n{}", " ".repeat(indent))
}

pub(super) fn width(text: &str) -> usize {
    text.chars().count()
}

pub(super) fn first_line_width(text: &str) -> usize {
    text.lines().next().map_or(0, width)
}

pub(super) fn last_line_width(text: &str) -> usize {
    text.rsplit('\n').next().map_or(0, width)
}

/// How far a text fills the line that it ends on, beyond what was used before.
pub(super) fn extra_offset(text: &str, shape: Shape) -> usize {
    if text.contains('\n') { last_line_width(text).saturating_sub(shape.used_width()) } else { width(text) }
}

/// Whether a text fits where the shape begins.
pub(super) fn fits(text: &str, shape: Shape) -> bool {
    if first_line_width(text) > shape.width {
        return false;
    }
    let is_longest = !text.lines().skip(1).any(|line| width(line) > MAX_WIDTH);
    !text.contains('\n') || (is_longest && last_line_width(text) <= shape.used_width() + shape.width)
}

/// Whether the last line consists of closing delimiters, so that more can follow it.
pub(super) fn is_extendable(text: &str) -> bool {
    let last = text.rsplit('\n').next().unwrap_or(text);
    last.chars().all(|character| matches!(character, '(' | ')' | ']' | '}' | '?' | '>') || character.is_whitespace())
}
