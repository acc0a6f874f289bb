//! Expressions.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{BinOp, Expr, ExprReference, ExprStruct, Macro, Member, Token, UnOp};

use super::arguments::List;
use super::shape::{Shape, newline, width};
use super::{CALL_WIDTH, Printer, STRUCT_WIDTH, TAB, inline};

/// The macros that start with a format string.
const FORMATS: [&str; 5] = ["eprintln!", "format!", "panic!", "print!", "println!"];

impl Printer {
    /// Prints an expression. `None` if it does not fit in any way.
    pub(super) fn expression(&self, expr: &Expr, shape: Shape) -> Option<String> {
        match expr {
            Expr::Lit(literal) => Some(literal.lit.to_token_stream().to_string()),
            Expr::Path(path) if path.qself.is_none() => inline::path(&path.path, "::").or_else(|| self.incomplete()),
            Expr::Call(call) => self.list(&List::call(&self.expression(&call.func, shape)?, &call.args), shape),
            Expr::MethodCall(_) | Expr::Await(_) | Expr::Field(_) | Expr::Try(_) => self.chain(expr, shape),
            Expr::Array(array) => self.list(&List::array(&array.elems), shape),
            Expr::Tuple(tuple) if tuple.elems.len() != 1 => self.list(&List::call("", &tuple.elems), shape),
            Expr::Reference(reference) => self.reference(reference, shape),
            Expr::Unary(unary) => {
                let operator = match unary.op {
                    UnOp::Deref(_) => "*",
                    UnOp::Not(_) => "!",
                    UnOp::Neg(_) => "-",
                    _ => return self.incomplete(),
                };
                Some(format!("{operator}{}", self.expression(&unary.expr, shape.offset_left(1)?)?))
            }
            Expr::Block(block) if block.block.stmts.is_empty() => Some("{}".to_owned()),
            Expr::Closure(closure) => self.closure(closure, shape),
            Expr::Macro(call) => self.macro_call(&call.mac, shape),
            Expr::Struct(literal) => self.struct_literal(literal, shape),
            Expr::If(branch) => self.branch(branch, shape, true),
            Expr::Match(choice) => self.choice(choice, shape),
            Expr::Async(block) => {
                let capture = if block.capture.is_some() { "move " } else { "" };
                Some(format!("async {capture}{}", self.block(&block.block, shape.indent)))
            }
            Expr::Return(value) => match &value.expr {
                None => Some("return".to_owned()),
                Some(value) => Some(format!("return {}", self.expression(value, shape.offset_left(7)?)?)),
            },
            Expr::Break(value) if value.label.is_none() && value.expr.is_none() => Some("break".to_owned()),
            Expr::Let(_) | Expr::Binary(_) | Expr::Assign(_) | Expr::Range(_) => self.on_one_line(expr, shape),
            _ => self.incomplete(),
        }
    }

    fn reference(&self, reference: &ExprReference, shape: Shape) -> Option<String> {
        let operator = if reference.mutability.is_some() { "&mut " } else { "&" };
        let inner = self.expression(&reference.expr, shape.offset_left(width(operator))?)?;
        Some(format!("{operator}{inner}"))
    }

    /// Expressions with operators, which are only covered if they are on one line.
    fn on_one_line(&self, expr: &Expr, shape: Shape) -> Option<String> {
        let part = |expr: &Expr| self.expression(expr, shape).filter(|text| !text.contains('\n'));
        let text = match expr {
            Expr::Binary(pair) => {
                let operator = operator(&pair.op);
                part(&pair.left).zip(part(&pair.right)).map(|(left, right)| format!("{left} {operator} {right}"))
            }
            Expr::Assign(pair) => {
                part(&pair.left).zip(part(&pair.right)).map(|(left, right)| format!("{left} = {right}"))
            }
            Expr::Let(condition) => {
                let pattern = inline::pattern(&condition.pat);
                pattern.zip(part(&condition.expr)).map(|(pattern, value)| format!("let {pattern} = {value}"))
            }
            Expr::Range(range) => {
                let end = |end: &Option<Box<Expr>>| end.as_deref().map_or(Some(String::new()), part);
                let limits = range.limits.to_token_stream().to_string();
                end(&range.start).zip(end(&range.end)).map(|(start, end)| format!("{start}{limits}{end}"))
            }
            _ => None,
        };
        text.filter(|text| width(text) <= shape.width).or_else(|| self.incomplete())
    }

    fn struct_literal(&self, literal: &ExprStruct, shape: Shape) -> Option<String> {
        let Some(name) = inline::path(&literal.path, "::").filter(|_| literal.rest.is_none()) else {
            return self.incomplete();
        };
        let inner = shape.block().sub_width(1)?;
        let field = |field: &syn::FieldValue| match &field.member {
            Member::Named(name) if field.colon_token.is_none() => Some(name.to_string()),
            Member::Named(name) => {
                let start = format!("{name}: ");
                Some(format!("{start}{}", self.expression(&field.expr, inner.offset_left(width(&start))?)?))
            }
            Member::Unnamed(_) => self.incomplete(),
        };
        let fields: Vec<String> = literal.fields.iter().map(field).collect::<Option<_>>()?;
        if fields.is_empty() {
            return Some(format!("{name} {{}}"));
        }
        let line = fields.join(", ");
        if width(&line) <= STRUCT_WIDTH && width(&name) + width(&line) + 5 <= shape.width && !line.contains('\n') {
            return Some(format!("{name} {{ {line} }}"));
        }
        let fields: String =
            fields.into_iter().flat_map(|field| [newline(inner.indent), field, ",".to_owned()]).collect();
        Some(format!("{name} {{{fields}{}}}", newline(shape.indent)))
    }

    /// A macro: with arguments like those of a function, or with any tokens on one line.
    pub(super) fn macro_call(&self, call: &Macro, shape: Shape) -> Option<String> {
        let Some(name) = inline::path(&call.path, "::").map(|name| name + "!") else { return self.incomplete() };
        if !matches!(call.delimiter, syn::MacroDelimiter::Paren(_)) {
            return self.incomplete();
        }
        let Ok(arguments) = Punctuated::<Expr, Token![,]>::parse_terminated.parse2(call.tokens.clone()) else {
            // rustfmt leaves such tokens as they are, so their lines do not depend on the space for them.
            let line = tokens(&call.tokens);
            return Some(if width(&line) <= CALL_WIDTH {
                format!("{name}({line})")
            } else {
                format!(
                    "{name}({})",
                    call.tokens.clone().into_iter().map(|token| on_lines(&token, shape.indent)).collect::<String>()
                )
            });
        };
        let list = List::in_macro(&name, &arguments, FORMATS.contains(&name.as_str()));
        let text = self.list(&list, shape)?;
        // Inside of macros other rules hold, which matter where an argument has several lines.
        let nested = shape.block();
        let is_flat = |argument| self.expression(argument, nested).is_some_and(|text| !text.contains('\n'));
        if arguments.iter().all(is_flat) { Some(text) } else { self.incomplete() }
    }
}

fn operator(of: &BinOp) -> String {
    of.to_token_stream().to_string()
}

/// Tokens on one line, spaced as in JSON.
fn tokens(of: &TokenStream) -> String {
    let mut text = String::new();
    for token in of.clone() {
        let needs_space = text.ends_with([':', ',']);
        match &token {
            TokenTree::Punct(punct) if matches!(punct.as_char(), ':' | ',') => text.push(punct.as_char()),
            _ => {
                if needs_space {
                    text.push(' ');
                }
                text.push_str(&token_tree(&token));
            }
        }
    }
    text
}

fn token_tree(token: &TokenTree) -> String {
    let TokenTree::Group(group) = token else { return token.to_string() };
    let inner = tokens(&group.stream());
    match group.delimiter() {
        proc_macro2::Delimiter::Brace if inner.is_empty() => "{}".to_owned(),
        proc_macro2::Delimiter::Brace => format!("{{ {inner} }}"),
        proc_macro2::Delimiter::Bracket => format!("[{inner}]"),
        proc_macro2::Delimiter::Parenthesis => format!("({inner})"),
        proc_macro2::Delimiter::None => inner,
    }
}

/// A token with a line for each entry, if it is a long group.
fn on_lines(token: &TokenTree, indent: usize) -> String {
    let line = token_tree(token);
    let (TokenTree::Group(group), true) = (token, width(&line) > CALL_WIDTH) else { return line };
    let (start, end) = match group.delimiter() {
        proc_macro2::Delimiter::Brace => ('{', '}'),
        proc_macro2::Delimiter::Bracket => ('[', ']'),
        _ => return line,
    };
    let tokens: Vec<TokenTree> = group.stream().into_iter().collect();
    let is_comma = |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ',');
    let entries = tokens.split(is_comma).filter(|entry| !entry.is_empty()).map(|entry| {
        let (value, key) =
            entry.split_last().map_or((String::new(), entry), |(value, key)| (on_lines(value, indent + TAB), key));
        let key = self::tokens(&key.iter().cloned().collect());
        let space = if key.is_empty() { "" } else { " " };
        format!("{}{key}{space}{value}", newline(indent + TAB))
    });
    format!("{start}{}{}{end}", entries.collect::<Vec<_>>().join(","), newline(indent))
}
