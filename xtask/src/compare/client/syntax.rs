//! Reads the few forms of Rust that the generator writes.

use syn::visit::{self, Visit};
use syn::{Arm, Block, Expr, ExprMatch, ExprStruct, ImplItem, ItemImpl, Lit, Member, Pat, Type};

/// The last name of a path.
pub(super) fn last_name(path: &syn::Path) -> String {
    path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default()
}

/// The name of a type that is a path.
pub(super) fn type_name(ty: &Type) -> Option<String> {
    match ty {
        Type::Path(path) => Some(last_name(&path.path)),
        _ => None,
    }
}

/// The trait of an `impl` and the type that it is for. The trait is empty for the methods of the type itself.
pub(super) fn implemented(block: &ItemImpl) -> Option<(String, String)> {
    let name = block.trait_.as_ref().map(|(path, _)| last_name(path)).unwrap_or_default();
    Some((name, type_name(&block.self_ty)?))
}

/// The body of a function of an `impl`.
pub(super) fn function<'a>(block: &'a ItemImpl, name: &str) -> Option<&'a Block> {
    block.items.iter().find_map(|item| match item {
        ImplItem::Fn(function) if function.sig.ident == name => Some(&function.block),
        _ => None,
    })
}

/// The value of a constant of an `impl`.
pub(super) fn constant<'a>(block: &'a ItemImpl, name: &str) -> Option<&'a Expr> {
    block.items.iter().find_map(|item| match item {
        ImplItem::Const(constant) if constant.ident == name => Some(&constant.expr),
        _ => None,
    })
}

/// An associated type of an `impl`.
pub(super) fn associated<'a>(block: &'a ItemImpl, name: &str) -> Option<&'a Type> {
    block.items.iter().find_map(|item| match item {
        ImplItem::Type(ty) if ty.ident == name => Some(&ty.ty),
        _ => None,
    })
}

/// A field of a struct expression.
pub(super) fn field<'a>(value: &'a ExprStruct, name: &str) -> Option<&'a Expr> {
    value.fields.iter().find_map(|field| match &field.member {
        Member::Named(ident) if ident == name => Some(&field.expr),
        _ => None,
    })
}

pub(super) fn as_struct(value: &Expr) -> Option<&ExprStruct> {
    match value {
        Expr::Struct(value) => Some(value),
        _ => None,
    }
}

/// A string literal.
pub(super) fn text(value: &Expr) -> Option<String> {
    match value {
        Expr::Lit(literal) => literal_text(&literal.lit),
        Expr::Reference(reference) => text(&reference.expr),
        Expr::Block(block) => block.block.stmts.last().and_then(statement).and_then(text),
        _ => None,
    }
}

pub(super) fn literal_text(literal: &Lit) -> Option<String> {
    match literal {
        Lit::Str(text) => Some(text.value()),
        _ => None,
    }
}

/// The argument of `Some(…)`; nothing for `None`.
pub(super) fn optional(value: &Expr) -> Option<&Expr> {
    match value {
        Expr::Call(call) => call.args.first(),
        _ => None,
    }
}

/// The items of `&[…]`.
pub(super) fn list(value: &Expr) -> Vec<&Expr> {
    match value {
        Expr::Reference(reference) => list(&reference.expr),
        Expr::Array(array) => array.elems.iter().collect(),
        Expr::Block(block) => block.block.stmts.iter().filter_map(statement).flat_map(list).collect(),
        _ => Vec::new(),
    }
}

fn statement(statement: &syn::Stmt) -> Option<&Expr> {
    match statement {
        syn::Stmt::Expr(value, _) => Some(value),
        _ => None,
    }
}

/// The last name of a value that is a path, such as `Red` of `Color::Red`.
pub(super) fn path_name(value: &Expr) -> Option<String> {
    match value {
        Expr::Path(path) => Some(last_name(&path.path)),
        Expr::Reference(reference) => path_name(&reference.expr),
        _ => None,
    }
}

/// The arms of all `match` expressions in a block, in order.
pub(super) fn arms(block: &Block) -> Vec<&Arm> {
    struct Arms<'a>(Vec<&'a Arm>);
    impl<'ast> Visit<'ast> for Arms<'ast> {
        fn visit_expr_match(&mut self, node: &'ast ExprMatch) {
            self.0.extend(&node.arms);
            visit::visit_expr_match(self, node);
        }
    }
    let mut arms = Arms(Vec::new());
    arms.visit_block(block);
    arms.0
}

/// The alternatives of a pattern.
pub(super) fn cases(pattern: &Pat) -> Vec<&Pat> {
    match pattern {
        Pat::Or(or) => or.cases.iter().collect(),
        one => vec![one],
    }
}

/// The name of the variant that a pattern matches.
pub(super) fn pattern_name(pattern: &Pat) -> Option<String> {
    match pattern {
        Pat::Path(path) => Some(last_name(&path.path)),
        Pat::TupleStruct(pattern) => Some(last_name(&pattern.path)),
        _ => None,
    }
}

/// The string that a pattern matches.
pub(super) fn pattern_text(pattern: &Pat) -> Option<String> {
    match pattern {
        Pat::Lit(literal) => literal_text(&literal.lit),
        _ => None,
    }
}

/// The name of the variant that an expression creates: the first path with two segments that starts with `Self` or a type.
pub(super) fn created(value: &Expr) -> Option<String> {
    struct Created(Option<String>);
    impl<'ast> Visit<'ast> for Created {
        fn visit_expr_path(&mut self, node: &'ast syn::ExprPath) {
            let starts_with_type = node.path.segments.first().is_some_and(|first| {
                let name = first.ident.to_string();
                name.starts_with(char::is_uppercase) && node.path.segments.len() == 2
            });
            if self.0.is_none() && starts_with_type {
                self.0 = Some(last_name(&node.path));
            }
        }
    }
    let mut created = Created(None);
    created.visit_expr(value);
    created.0
}

/// The structs that are written in an expression.
pub(super) fn structs(value: &Expr) -> Vec<&ExprStruct> {
    struct Structs<'a>(Vec<&'a ExprStruct>);
    impl<'ast> Visit<'ast> for Structs<'ast> {
        fn visit_expr_struct(&mut self, node: &'ast ExprStruct) {
            self.0.push(node);
            visit::visit_expr_struct(self, node);
        }
    }
    let mut structs = Structs(Vec::new());
    structs.visit_expr(value);
    structs.0
}

/// The methods that an expression calls, with their arguments; the innermost last.
pub(super) fn calls(value: &Expr) -> Vec<(String, Vec<&Expr>)> {
    struct Calls<'a>(Vec<(String, Vec<&'a Expr>)>);
    impl<'ast> Visit<'ast> for Calls<'ast> {
        fn visit_expr_method_call(&mut self, node: &'ast syn::ExprMethodCall) {
            self.0.push((node.method.to_string(), node.args.iter().collect()));
            visit::visit_expr_method_call(self, node);
        }
    }
    let mut calls = Calls(Vec::new());
    calls.visit_expr(value);
    calls.0
}
