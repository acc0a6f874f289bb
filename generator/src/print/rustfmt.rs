//! Prints a file as rustfmt formats it with default settings (style edition 2024), for the syntax that the crate root and
//! the examples use.
//!
//! It follows rustfmt's own steps: whatever fits on a line is on one line, within the limits of `use_small_heuristics`, and
//! a construct that is too long tries one alternative after the other. Names keep those of rustfmt where there is one.
//! Syntax that is not covered is reported rather than printed, so that the caller can use the general printer.

mod arguments;
mod blocks;
mod chains;
mod closures;
mod expressions;
mod inline;
mod items;
mod shape;

use std::cell::Cell;

/// The longest line.
const MAX_WIDTH: usize = 100;
/// The width of an indentation.
const TAB: usize = 4;
/// The most that the arguments of a call may take on a line, if there are several.
const CALL_WIDTH: usize = 60;
/// The most that the items of an array may take on a line, if there are several.
const ARRAY_WIDTH: usize = 60;
/// The most that a chain of several calls may take on a line.
const CHAIN_WIDTH: usize = 60;
/// The most that the fields of a struct may take on a line.
const STRUCT_WIDTH: usize = 18;
/// The most that `if` and `else` may take on a line.
const IF_WIDTH: usize = 50;
/// The most that the items of an attribute may take on a line.
const ATTRIBUTE_WIDTH: usize = 70;
/// The longest item of a list that has several items in a line although it does not fit on one.
const SHORT_ITEM: usize = 10;

/// Prints a file, if all of its syntax is covered.
pub(super) fn file(file: &syn::File) -> Option<String> {
    let printer = Printer::default();
    let text = printer.file(file);
    (!printer.is_incomplete.get()).then_some(text)
}

/// Prints the statements of a function without indentation, if all of their syntax is covered.
pub(super) fn statements(statements: &[syn::Stmt]) -> Option<String> {
    let printer = Printer::default();
    let lines: Vec<String> = statements.iter().map(|statement| printer.statement(statement, 0)).collect();
    let text = lines.into_iter().flat_map(|line| [line, "\n".to_owned()]).collect();
    (!printer.is_incomplete.get()).then_some(text)
}

/// What the printing of a file has to remember.
#[derive(Default)]
struct Printer {
    /// Whether there was syntax that is not covered.
    is_incomplete: Cell<bool>,
    /// Whether chains must not have several lines.
    one_line_chains: Cell<bool>,
    /// Whether chains may be wider than a line, because no layout of the statement is narrow enough.
    may_overflow: Cell<bool>,
}

impl Printer {
    /// Reports syntax that is not covered.
    fn incomplete<T>(&self) -> Option<T> {
        self.is_incomplete.set(true);
        None
    }
}
