//! Blocks and their statements, branches, matches and loops.

use syn::{Arm, Block, Expr, ExprIf, ExprMatch, Local, Stmt};

use super::arguments::body_can_overflow;
use super::closures::only_expression;
use super::shape::{Shape, first_line_width, fits, is_extendable, newline, width};
use super::{IF_WIDTH, MAX_WIDTH, Printer, TAB, inline};

impl Printer {
    pub(super) fn block(&self, block: &Block, indent: usize) -> String {
        self.block_of(&block.stmts, indent)
    }

    pub(super) fn block_of(&self, statements: &[Stmt], indent: usize) -> String {
        if statements.is_empty() {
            return "{}".to_owned();
        }
        let earlier = self.one_line_chains.replace(false);
        let line = newline(indent + TAB);
        let lines = statements.iter().map(|statement| self.statement(statement, indent + TAB));
        let lines: String = lines.flat_map(|text| [line.clone(), text]).collect();
        self.one_line_chains.set(earlier);
        format!("{{{lines}{}}}", newline(indent))
    }

    /// Prints a statement. If rustfmt can format it in no way, it leaves it as it is, and so it is printed in any way.
    pub(super) fn statement(&self, statement: &Stmt, indent: usize) -> String {
        let text = self.fitting_statement(statement, indent).or_else(|| {
            self.may_overflow.set(true);
            let text = self.fitting_statement(statement, indent);
            self.may_overflow.set(false);
            text
        });
        text.unwrap_or_else(|| {
            let lines = crate::print::by_prettyplease(&quote::quote!(#statement));
            lines.trim_end().lines().collect::<Vec<_>>().join(&newline(indent))
        })
    }

    fn fitting_statement(&self, statement: &Stmt, indent: usize) -> Option<String> {
        let shape = Shape::indented(indent);
        match statement {
            Stmt::Local(local) => self.local(local, shape),
            Stmt::Expr(expr, None) => self.statement_expression(expr, shape),
            Stmt::Expr(expr, Some(_)) => Some(self.statement_expression(expr, shape.sub_width(1)?)? + ";"),
            Stmt::Macro(call) => {
                let end = if call.semi_token.is_some() { ";" } else { "" };
                Some(self.macro_call(&call.mac, shape.sub_width(end.len())?)? + end)
            }
            Stmt::Item(item) => Some(self.item(item, indent)),
        }
    }

    fn statement_expression(&self, expr: &Expr, shape: Shape) -> Option<String> {
        match expr {
            Expr::If(branch) => self.branch(branch, shape, false),
            Expr::Loop(body) if body.label.is_none() => Some(format!("loop {}", self.block(&body.body, shape.indent))),
            Expr::While(body) if body.label.is_none() => {
                Some(self.head("while", &body.cond, shape)? + &self.block(&body.body, shape.indent))
            }
            Expr::ForLoop(body) if body.label.is_none() => {
                let Some(pattern) = inline::pattern(&body.pat) else { return self.incomplete() };
                let head = self.head(&format!("for {pattern} in"), &body.expr, shape)?;
                Some(head + &self.block(&body.body, shape.indent))
            }
            _ => self.expression(expr, shape),
        }
    }

    /// A keyword and what follows it up to the block, which is on a line of its own after several lines.
    fn head(&self, keyword: &str, condition: &Expr, shape: Shape) -> Option<String> {
        let space = Shape::indented(shape.indent).offset_left(width(keyword) + 1)?;
        let text = match condition {
            Expr::Let(condition) => {
                let Some(pattern) = inline::pattern(&condition.pat) else { return self.incomplete() };
                self.assigned(&format!("let {pattern} ="), &condition.expr, space)?
            }
            condition => self.expression(condition, space)?,
        };
        let is_long = text.contains('\n') || width(&text) + 2 > space.width;
        let separator = if is_long && !is_extendable(&text) { newline(shape.indent) } else { " ".to_owned() };
        Some(format!("{keyword} {text}{separator}"))
    }

    fn local(&self, local: &Local, shape: Shape) -> Option<String> {
        let Some(pattern) = inline::pattern(&local.pat) else { return self.incomplete() };
        let start = format!("let {pattern}");
        let Some(init) = &local.init else { return Some(start + ";") };
        let start = start + " =";
        let Some((_, otherwise)) = &init.diverge else {
            return Some(self.assigned(&start, &init.expr, shape.sub_width(1)?)? + ";");
        };
        // Only a block that is on lines of its own for its length or its statement is covered.
        match &**otherwise {
            Expr::Block(block) if only_expression(&block.block).is_none() && !block.block.stmts.is_empty() => {
                let text = self.assigned(&start, &init.expr, shape.sub_width(7)?)?;
                if text.contains('\n') {
                    return self.incomplete();
                }
                Some(format!("{text} else {};", self.block(&block.block, shape.indent)))
            }
            _ => self.incomplete(),
        }
    }

    /// A value after a `=`: behind it, or on the next line if that is shorter.
    pub(super) fn assigned(&self, start: &str, value: &Expr, shape: Shape) -> Option<String> {
        let behind_shape = shape.offset_left(width(start) + 1).unwrap_or(Shape { width: 0, ..shape });
        let behind = self.expression(value, behind_shape);
        if let Some(text) = &behind
            && !text.contains('\n')
            && width(text) <= behind_shape.width
        {
            return Some(format!("{start} {text}"));
        }
        let below_shape = Shape::indented(shape.indent + TAB).sub_width(behind_shape.rhs_overhead())?;
        let below = self.expression(value, below_shape);
        let on_next_line = |text: &str| format!("{start}{}{text}", newline(below_shape.indent));
        match (behind, below) {
            (Some(behind), Some(below)) => Some(if fits(&below, below_shape) && prefers_below(&behind, &below) {
                on_next_line(&below)
            } else {
                format!("{start} {behind}")
            }),
            (None, Some(below)) => Some(on_next_line(&below)),
            (Some(behind), None) => Some(format!("{start} {behind}")),
            (None, None) => None,
        }
    }

    pub(super) fn branch(&self, branch: &ExprIf, shape: Shape, is_value: bool) -> Option<String> {
        if is_value && let Some(line) = self.branch_on_one_line(branch, shape) {
            return Some(line);
        }
        let mut text = self.head("if", &branch.cond, shape)? + &self.block(&branch.then_branch, shape.indent);
        let mut otherwise = branch.else_branch.as_ref().map(|(_, otherwise)| &**otherwise);
        while let Some(expr) = otherwise {
            match expr {
                Expr::If(branch) => {
                    let head = self.head("} else if", &branch.cond, shape)?;
                    text.push_str(head.strip_prefix('}')?);
                    text.push_str(&self.block(&branch.then_branch, shape.indent));
                    otherwise = branch.else_branch.as_ref().map(|(_, otherwise)| &**otherwise);
                }
                Expr::Block(block) => {
                    text.push_str(" else ");
                    text.push_str(&self.block(&block.block, shape.indent));
                    otherwise = None;
                }
                _ => return self.incomplete(),
            }
        }
        Some(text)
    }

    fn branch_on_one_line(&self, branch: &ExprIf, shape: Shape) -> Option<String> {
        let (_, otherwise) = branch.else_branch.as_ref()?;
        let Expr::Block(otherwise) = &**otherwise else { return None };
        let (then, otherwise) = (only_expression(&branch.then_branch)?, only_expression(&otherwise.block)?);
        let part = |expr: &Expr| self.expression(expr, shape);
        let text = format!("if {} {{ {} }} else {{ {} }}", part(&branch.cond)?, part(then)?, part(otherwise)?);
        (width(&text) <= IF_WIDTH.min(shape.width) && !text.contains('\n')).then_some(text)
    }

    pub(super) fn choice(&self, choice: &ExprMatch, shape: Shape) -> Option<String> {
        let space = Shape { width: MAX_WIDTH.saturating_sub(shape.used_width()), ..shape }.offset_left(6)?;
        let value = self.expression(&choice.expr, space)?;
        let is_long = value.contains('\n') || width(&value) + 2 > space.width;
        let line = newline(shape.indent);
        let separator = if is_long && !is_extendable(&value) { line.as_str() } else { " " };
        Some(format!("match {value}{separator}{{{}{line}}}", self.arms(choice, shape.indent)?))
    }

    fn arms(&self, choice: &ExprMatch, indent: usize) -> Option<String> {
        let line = newline(indent + TAB);
        choice.arms.iter().map(|arm| Some(format!("{line}{}", self.arm(arm, indent + TAB)?))).collect()
    }

    fn arm(&self, arm: &Arm, indent: usize) -> Option<String> {
        let shape = Shape::indented(indent);
        let (pattern, guard) = match &arm.pat {
            syn::Pat::Guard(guarded) => (&*guarded.pat, Some(&*guarded.guard)),
            pattern => (pattern, None),
        };
        let Some(mut head) = inline::pattern(pattern) else { return self.incomplete() };
        if let Some(guard) = guard {
            head = format!("{head} if {}", self.expression(guard, shape)?);
        }
        if head.contains('\n') || indent + width(&head) + 5 > MAX_WIDTH {
            return self.incomplete();
        }
        let (body, extends) = match &*arm.body {
            Expr::Block(block) => match only_expression(&block.block) {
                Some(expr) => (expr, body_can_overflow(expr)),
                None => return Some(format!("{head} => {}", self.block(&block.block, indent))),
            },
            expr => (expr, body_can_overflow(expr)),
        };
        let space = shape.offset_left(width(&head) + 4).and_then(|shape| shape.sub_width(1));
        let same = space.and_then(|space| self.arm_body(body, space));
        let budget = space.map_or(0, |space| space.width);
        if let Some(same) = &same
            && !same.contains('\n')
            && width(same) <= budget
        {
            return Some(format!("{head} => {same},"));
        }
        let next = self.arm_body(body, shape.block());
        let end = if matches!(body, Expr::Return(_) | Expr::Break(_)) { ";" } else { "" };
        let in_block = |next: &str| format!("{head} => {{{}{next}{end}{}}}", newline(indent + TAB), newline(indent));
        Some(match (same, next) {
            (Some(same), Some(next)) if prefers_below(&same, &next) => in_block(&next),
            (Some(same), _) if extends && first_line_width(&same) <= budget => format!("{head} => {same},"),
            (Some(same), Some(next)) if same.contains('\n') => in_block(&next),
            (None, Some(next)) => in_block(&next),
            (None, None) => return None,
            (Some(same), _) => format!("{head} => {same},"),
        })
    }

    fn arm_body(&self, body: &Expr, shape: Shape) -> Option<String> {
        self.statement_expression(body, shape)
    }
}

/// Whether a value looks better on the next line.
fn prefers_below(behind: &str, below: &str) -> bool {
    let lines = |text: &str| text.matches('\n').count();
    let ends = |text: &str, end: char| text.lines().next().is_some_and(|line| line.ends_with(end));
    !below.contains('\n')
        || lines(behind) > lines(below) + 1
        || ['(', '{', '['].into_iter().any(|end| ends(behind, end) && !ends(below, end))
}
