//! Chains of method calls, fields, `.await` and `?`.

use syn::{Expr, ExprMethodCall, Member};

use super::arguments::List;
use super::shape::{Shape, first_line_width, fits, is_extendable, last_line_width, newline, width};
use super::{CHAIN_WIDTH, Printer, TAB, inline};

enum Link<'a> {
    Await,
    Call(&'a ExprMethodCall),
    Field(&'a Member),
}

/// A link with the question marks after it.
struct Child<'a> {
    link: Link<'a>,
    tries: usize,
}

/// The expression that a chain starts with, its question marks, and the links.
fn split(mut expr: &Expr) -> (&Expr, usize, Vec<Child<'_>>) {
    let (mut children, mut tries) = (Vec::new(), 0);
    loop {
        let (link, inner) = match expr {
            Expr::Try(inner) => {
                tries += 1;
                expr = &inner.expr;
                continue;
            }
            Expr::Await(inner) => (Link::Await, &*inner.base),
            Expr::Field(inner) => (Link::Field(&inner.member), &*inner.base),
            Expr::MethodCall(inner) => (Link::Call(inner), &*inner.receiver),
            root => {
                children.reverse();
                return (root, tries, children);
            }
        };
        children.push(Child { link, tries });
        tries = 0;
        expr = inner;
    }
}

impl Printer {
    pub(super) fn chain(&self, expr: &Expr, shape: Shape) -> Option<String> {
        let (root, root_tries, children) = split(expr);
        let mut text = self.expression(root, shape.sub_width(root_tries)?)? + &"?".repeat(root_tries);
        if children.is_empty() {
            return Some(text);
        }
        let is_only_child = children.len() == 1;
        let mut is_block = is_block_like(root) && text.contains('\n');
        let mut children = children.as_slice();
        // The first calls stay with a root that is no longer than the indentation.
        while width(&text) <= TAB.saturating_sub(shape.offset) && !text.contains('\n') {
            let Some((first, others)) = children.split_first() else { break };
            let Some(link) = self.child(first, shape.offset_left(width(&text))?) else { break };
            text.push_str(&link);
            is_block = is_extendable(&text);
            children = others;
        }
        let Some((last, others)) = children.split_last() else { return self.checked(text, shape) };
        let indent = if is_block { shape.indent } else { shape.indent + TAB };
        let child_shape = Shape::indented(indent);
        let mut rewrites = vec![text];
        for child in others {
            rewrites.push(self.child(child, child_shape)?);
        }
        let (last, is_one_line) = self.last_child(last, &rewrites, is_block, is_only_child, (shape, child_shape))?;
        rewrites.push(last);
        if !is_one_line && self.one_line_chains.get() {
            return None;
        }
        let text = rewrites.join(&if is_one_line { String::new() } else { newline(indent) });
        self.checked(text, shape)
    }

    fn checked(&self, text: String, shape: Shape) -> Option<String> {
        (self.may_overflow.get() || fits(&text, shape)).then_some(text)
    }

    /// Prints the last link, and decides whether all links are on one line.
    fn last_child(
        &self,
        last: &Child<'_>,
        rewrites: &[String],
        is_block: bool,
        is_only_child: bool,
        (shape, child_shape): (Shape, Shape),
    ) -> Option<(String, bool)> {
        let root = rewrites.first()?;
        let may_extend = is_block && is_extendable(root);
        let before = if may_extend { last_line_width(root) } else { rewrites.iter().map(|text| width(text)).sum() };
        let almost_total = before + last.tries;
        let budget = if is_only_child { shape.width } else { shape.width.min(CHAIN_WIDTH) };
        let budget = budget.saturating_sub(almost_total);
        let all_in_one_line = rewrites.iter().all(|text| !text.contains('\n')) && budget > 0;
        let own_line = child_shape.sub_width(shape.rhs_overhead() + last.tries)?;
        if !all_in_one_line && !may_extend {
            return Some((self.child(last, own_line)?, false));
        }
        let one_line = shape.sub_width(last.tries)?.offset_left(almost_total);
        let Some(overflowed) = one_line.and_then(|shape| self.child(last, shape)) else {
            return Some((self.child(last, own_line)?, false));
        };
        let lines = overflowed.lines().count();
        let could_fit = first_line_width(&overflowed) <= budget;
        let is_one_line = could_fit && all_in_one_line;
        if could_fit && lines >= 5 {
            return Some((overflowed, all_in_one_line));
        }
        match self.child(last, own_line) {
            Some(below) if !could_fit => Some((below, false)),
            Some(below) if below.lines().count() >= lines => Some((overflowed, is_one_line)),
            Some(below) => Some((below, false)),
            None => Some((overflowed, is_one_line)),
        }
    }

    fn child(&self, child: &Child<'_>, shape: Shape) -> Option<String> {
        let shape = shape.sub_width(child.tries)?;
        let text = match child.link {
            Link::Await => ".await".to_owned(),
            Link::Field(Member::Named(name)) => format!(".{name}"),
            Link::Field(Member::Unnamed(index)) => format!(".{}", index.index),
            Link::Call(call) => {
                let generics = call.turbofish.as_ref().map(|generics| self.turbofish(generics)).unwrap_or_default();
                self.list(&List::call(&format!(".{}{generics}", call.method), &call.args), shape)?
            }
        };
        Some(text + &"?".repeat(child.tries))
    }

    fn turbofish(&self, generics: &syn::AngleBracketedGenericArguments) -> String {
        inline::generics(generics).map_or_else(|| self.incomplete().unwrap_or_default(), |text| format!("::{text}"))
    }
}

/// Whether a root with several lines ends like a block, so that the links are not indented.
fn is_block_like(root: &Expr) -> bool {
    match root {
        Expr::Array(_)
        | Expr::Async(_)
        | Expr::Block(_)
        | Expr::Call(_)
        | Expr::ForLoop(_)
        | Expr::If(_)
        | Expr::Loop(_)
        | Expr::Macro(_)
        | Expr::Match(_)
        | Expr::Struct(_)
        | Expr::While(_) => true,
        Expr::Binary(inner) => is_block_like(&inner.right),
        Expr::Closure(inner) => is_block_like(&inner.body),
        Expr::Index(inner) => is_block_like(&inner.index),
        Expr::Paren(inner) => is_block_like(&inner.expr),
        Expr::Unary(inner) => is_block_like(&inner.expr),
        _ => false,
    }
}
