//! Closures: whether the body has braces, and on how many lines it is.

use syn::{Block, Expr, ExprClosure, ReturnType, Stmt};

use super::shape::{Shape, extra_offset, width};
use super::{Printer, inline};

impl Printer {
    pub(super) fn closure(&self, closure: &ExprClosure, shape: Shape) -> Option<String> {
        let (prefix, body_shape) = self.closure_head(closure, shape)?;
        if let Expr::Block(block) = &*closure.body {
            let Some(inner) = only_expression(&block.block) else {
                return Some(format!("{prefix} {}", self.block(&block.block, shape.indent)));
            };
            return if is_block_forced(inner) {
                Some(self.closure_with_block(&prefix, inner, shape))
            } else {
                self.closure_expression(&prefix, inner, body_shape)
                    .or_else(|| Some(self.closure_with_block(&prefix, inner, body_shape)))
            };
        }
        self.closure_expression(&prefix, &closure.body, body_shape)
            .or_else(|| Some(self.closure_with_block(&prefix, &closure.body, body_shape)))
    }

    /// A closure as the last argument of a call.
    pub(super) fn last_closure(&self, closure: &ExprClosure, shape: Shape) -> Option<String> {
        let (prefix, body_shape) = self.closure_head(closure, shape)?;
        let body = match &*closure.body {
            Expr::Block(block) => only_expression(&block.block).unwrap_or(&closure.body),
            body => body,
        };
        if is_block_forced(body) {
            let text = self.closure_with_block(&prefix, body, body_shape);
            let single = self.closure_expression(&prefix, body, body_shape).filter(|single| !single.contains('\n'));
            return single.filter(|_| text.lines().count() <= 7).or(Some(text));
        }
        self.closure(closure, shape)
    }

    /// The closure up to its body, and the space for the body.
    fn closure_head(&self, closure: &ExprClosure, shape: Shape) -> Option<(String, Shape)> {
        if closure.lifetimes.is_some() || closure.constness.is_some() || !matches!(closure.output, ReturnType::Default)
        {
            return self.incomplete();
        }
        let inputs: Option<Vec<String>> = closure.inputs.iter().map(inline::pattern).collect();
        let Some(inputs) = inputs else { return self.incomplete() };
        let asyncness = if closure.asyncness.is_some() { "async " } else { "" };
        let capture = if closure.capture.is_some() { "move " } else { "" };
        let prefix = format!("{asyncness}{capture}|{}|", inputs.join(", "));
        if width(&prefix) > shape.width {
            return self.incomplete();
        }
        let body_shape = shape.offset_left(extra_offset(&prefix, shape) + 1)?;
        Some((prefix, body_shape))
    }

    fn closure_expression(&self, prefix: &str, body: &Expr, shape: Shape) -> Option<String> {
        let text = self.expression(body, shape)?;
        (may_have_several_lines(body) || !text.contains('\n')).then(|| format!("{prefix} {text}"))
    }

    fn closure_with_block(&self, prefix: &str, body: &Expr, shape: Shape) -> String {
        format!("{prefix} {}", self.block_of(&[Stmt::Expr(body.clone(), None)], shape.indent))
    }
}

/// The expression that a block consists of, if there is nothing else in it.
pub(super) fn only_expression(block: &Block) -> Option<&Expr> {
    match block.stmts.as_slice() {
        [Stmt::Expr(expr, None)] => Some(expr),
        _ => None,
    }
}

fn may_have_several_lines(body: &Expr) -> bool {
    match body {
        Expr::Async(_) | Expr::Block(_) | Expr::Loop(_) | Expr::Match(_) | Expr::Struct(_) => true,
        Expr::Cast(inner) => may_have_several_lines(&inner.expr),
        Expr::Reference(inner) => may_have_several_lines(&inner.expr),
        Expr::Try(inner) => may_have_several_lines(&inner.expr),
        Expr::Unary(inner) => may_have_several_lines(&inner.expr),
        _ => false,
    }
}

fn is_block_forced(body: &Expr) -> bool {
    match body {
        Expr::ForLoop(_) | Expr::If(_) | Expr::Loop(_) | Expr::While(_) => true,
        Expr::Cast(inner) => is_block_forced(&inner.expr),
        Expr::Reference(inner) => is_block_forced(&inner.expr),
        Expr::Try(inner) => is_block_forced(&inner.expr),
        Expr::Unary(inner) => is_block_forced(&inner.expr),
        _ => false,
    }
}
