//! Lists in delimiters: arguments, arrays and tuples. The last item may overflow, such as a closure.

use syn::Expr;

use super::shape::{Shape, extra_offset, first_line_width, last_line_width, newline, width};
use super::{ARRAY_WIDTH, CALL_WIDTH, Printer, SHORT_ITEM};

/// A list of expressions.
pub(super) struct List<'a> {
    /// What is before the opening delimiter.
    head: &'a str,
    delimiters: (char, char),
    items: Vec<&'a Expr>,
    /// The most that several items may take on a line.
    limit: usize,
    /// Whether a comma follows the last item if that has a line of its own.
    has_trailing_comma: bool,
    /// Whether it is a macro whose first argument is a format string.
    is_format: bool,
}

impl<'a> List<'a> {
    pub(super) fn call(head: &'a str, items: impl IntoIterator<Item = &'a Expr>) -> Self {
        Self {
            head,
            delimiters: ('(', ')'),
            items: items.into_iter().collect(),
            limit: CALL_WIDTH,
            has_trailing_comma: true,
            is_format: false,
        }
    }

    pub(super) fn array(items: impl IntoIterator<Item = &'a Expr>) -> Self {
        Self { delimiters: ('[', ']'), limit: ARRAY_WIDTH, ..Self::call("", items) }
    }

    pub(super) fn in_macro(head: &'a str, items: impl IntoIterator<Item = &'a Expr>, is_format: bool) -> Self {
        Self { has_trailing_comma: false, is_format, ..Self::call(head, items) }
    }
}

/// How the items are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tactic {
    Horizontal,
    Vertical,
    /// As many items in a line as fit.
    Mixed,
    /// The first item in a line, and all others in the next.
    AfterFirst,
}

impl Printer {
    pub(super) fn list(&self, list: &List<'_>, shape: Shape) -> Option<String> {
        let (open, close) = list.delimiters;
        let Some((tail, others)) = list.items.split_last() else { return Some(format!("{}{open}{close}", list.head)) };
        let one_line_width = shape.width.saturating_sub(extra_offset(list.head, shape) + 2);
        let one_line = shape.offset_left(last_line_width(list.head) + 1).and_then(|shape| shape.sub_width(1));
        let one_line = one_line.unwrap_or(Shape { width: 0, ..shape });
        let nested = shape.block().sub_width(1).unwrap_or(Shape { width: 0, ..shape.block() });

        let others: Vec<String> = others.iter().map(|item| self.expression(item, nested)).collect::<Option<_>>()?;
        let overflowed = self.overflowed(list, tail, &others, one_line);
        let limit = list.limit.min(one_line_width);
        let first_line = overflowed.as_ref().map(|text| text.lines().next().unwrap_or_default());
        let (tactic, tail) = match &overflowed {
            Some(text) if fits_on_line(&others, first_line.unwrap_or_default(), limit) => {
                // A nested call has little width to overflow into; on its own line it may fit.
                let alone = (others.is_empty() && text.matches('\n').count() == 1)
                    .then(|| self.expression(tail, nested))
                    .flatten()
                    .filter(|alone| !alone.contains('\n'));
                (Tactic::Horizontal, alone.unwrap_or_else(|| text.clone()))
            }
            _ => {
                let text = self.expression(tail, nested)?;
                (tactic(list, &others, &text, limit, one_line_width), text)
            }
        };
        let items: Vec<&str> = others.iter().chain([&tail]).map(String::as_str).collect();
        let text = written(list, &items, tactic, nested);
        let left = shape.width.saturating_sub(last_line_width(list.head));
        let head = list.head;
        Some(if tactic == Tactic::Horizontal && first_line_width(&text) < left {
            format!("{head}{open}{text}{close}")
        } else {
            format!("{head}{open}{}{text}{}{close}", newline(nested.indent), newline(shape.indent))
        })
    }

    /// Prints the last item so that it starts in the line of the others and continues below, if it may.
    fn overflowed(&self, list: &List<'_>, tail: &Expr, others: &[String], one_line: Shape) -> Option<String> {
        let is_combined = others.is_empty() && width(list.head) < super::TAB;
        if !is_combined && !can_overflow(tail, list.items.len()) {
            return None;
        }
        let shape = if others.is_empty() && !is_nested_call(tail) {
            one_line
        } else {
            let offset = others.iter().map(|item| 2 + width(item)).sum();
            Shape { width: list.limit.min(one_line.width), ..one_line }.offset_left(offset)?
        };
        let earlier = self.one_line_chains.get();
        if !is_combined && is_method_call(tail) {
            self.one_line_chains.set(true);
        }
        let text = match tail {
            Expr::Closure(_) if list.items.iter().filter(|item| matches!(item, Expr::Closure(_))).count() > 1 => None,
            Expr::Closure(closure) => self.last_closure(closure, shape),
            _ => self.expression(tail, shape),
        };
        self.one_line_chains.set(earlier);
        text
    }
}

fn fits_on_line(others: &[String], tail: &str, limit: usize) -> bool {
    let total: usize = others.iter().map(|item| width(item) + 2).sum();
    total + width(tail) <= limit && !others.iter().any(|item| item.contains('\n')) && !tail.contains('\n')
}

fn tactic(list: &List<'_>, others: &[String], tail: &str, limit: usize, one_line_width: usize) -> Tactic {
    let fits_alone = others.is_empty() && one_line_width != 0 && !tail.contains('\n') && width(tail) <= one_line_width;
    if fits_alone || fits_on_line(others, tail, limit) {
        return Tactic::Horizontal;
    }
    let is_short = || others.iter().all(|item| width(item) <= SHORT_ITEM) && width(tail) <= SHORT_ITEM;
    if list.is_format {
        let are_simple = list.items.iter().skip(1).all(|item| is_simple(item));
        return if list.items.len() > 1 && are_simple { Tactic::AfterFirst } else { Tactic::Vertical };
    }
    if list.items.iter().all(|item| is_simple(item)) && is_short() { Tactic::Mixed } else { Tactic::Vertical }
}

fn written(list: &List<'_>, items: &[&str], tactic: Tactic, nested: Shape) -> String {
    let comma = if list.has_trailing_comma { "," } else { "" };
    let line = newline(nested.indent);
    match tactic {
        Tactic::Horizontal => items.join(", "),
        Tactic::Vertical => items.join(&format!(",{line}")) + comma,
        Tactic::Mixed => mixed(items, nested) + comma,
        Tactic::AfterFirst => match items.split_first() {
            Some((first, others)) => format!("{first},{line}{}{comma}", others.join(", ")),
            None => String::new(),
        },
    }
}

/// As many items in each line as fit, with a comma after each but the tail.
pub(super) fn mixed(items: &[&str], nested: Shape) -> String {
    let (mut text, mut used) = (String::new(), 0);
    for (index, item) in items.iter().enumerate() {
        let needed = width(item) + 1;
        if index > 0 {
            text.push(',');
            if used + 1 + needed > nested.width {
                text.push_str(&newline(nested.indent));
                used = 0;
            } else {
                text.push(' ');
                used += 1;
            }
        }
        text.push_str(item);
        used += needed;
    }
    text
}

/// Whether the last of some items may start in the line of the others and continue below.
fn can_overflow(expr: &Expr, count: usize) -> bool {
    match expr {
        Expr::Async(_) | Expr::Block(_) | Expr::Closure(_) => true,
        Expr::Array(_)
        | Expr::Call(_)
        | Expr::ForLoop(_)
        | Expr::If(_)
        | Expr::Loop(_)
        | Expr::Macro(_)
        | Expr::Match(_)
        | Expr::MethodCall(_)
        | Expr::Struct(_)
        | Expr::Tuple(_)
        | Expr::While(_) => count == 1,
        Expr::Cast(inner) => can_overflow(&inner.expr, count),
        Expr::Reference(inner) => can_overflow(&inner.expr, count),
        Expr::Try(inner) => can_overflow(&inner.expr, count),
        Expr::Unary(inner) => can_overflow(&inner.expr, count),
        _ => false,
    }
}

pub(super) fn body_can_overflow(expr: &Expr) -> bool {
    can_overflow(expr, 1)
}

fn is_nested_call(expr: &Expr) -> bool {
    match expr {
        Expr::Call(_) | Expr::Macro(_) => true,
        Expr::Cast(inner) => is_nested_call(&inner.expr),
        Expr::Reference(inner) => is_nested_call(&inner.expr),
        Expr::Try(inner) => is_nested_call(&inner.expr),
        Expr::Unary(inner) => is_nested_call(&inner.expr),
        _ => false,
    }
}

fn is_method_call(expr: &Expr) -> bool {
    match expr {
        Expr::MethodCall(_) => true,
        Expr::Cast(inner) => is_method_call(&inner.expr),
        Expr::Reference(inner) => is_method_call(&inner.expr),
        Expr::Try(inner) => is_method_call(&inner.expr),
        Expr::Unary(inner) => is_method_call(&inner.expr),
        _ => false,
    }
}

/// Whether an item is so simple that several of them may share a line.
fn is_simple(expr: &Expr) -> bool {
    match expr {
        Expr::Lit(_) => true,
        Expr::Path(path) => path.qself.is_none() && path.path.segments.len() <= 1,
        Expr::Cast(inner) => is_simple(&inner.expr),
        Expr::Field(inner) => is_simple(&inner.base),
        Expr::Index(inner) => is_simple(&inner.expr) && is_simple(&inner.index),
        Expr::Reference(inner) => is_simple(&inner.expr),
        Expr::Repeat(inner) => is_simple(&inner.expr) && is_simple(&inner.len),
        Expr::Try(inner) => is_simple(&inner.expr),
        Expr::Unary(inner) => is_simple(&inner.expr),
        _ => false,
    }
}
