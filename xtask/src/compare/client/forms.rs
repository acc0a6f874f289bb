//! The types of multipart bodies: the parts that they add, and the fields that these come from.

use std::collections::BTreeMap;

use syn::visit::{self, Visit};
use syn::{Expr, Fields, FnArg, GenericArgument, Item, ItemImpl, Pat, PathArguments, Type};

use super::syntax::{function, implemented, text};
use super::value_type::ValueType;

/// A part that a multipart body adds.
#[derive(Debug, Clone)]
pub(crate) struct FormPart {
    pub(crate) name: String,
    pub(crate) is_required: bool,
    /// The type of the value of a part. `None` for files, and for bytes that the caller encodes.
    pub(crate) ty: Option<ValueType>,
    /// Whether it is written as JSON.
    pub(crate) is_json: bool,
    /// Whether each item of a list is a part.
    pub(crate) is_repeated: bool,
}

/// The parts of the type of a body, by the name of the type.
pub(super) fn read(items: &[Item]) -> BTreeMap<String, Vec<FormPart>> {
    let blocks = || items.iter().filter_map(|item| if let Item::Impl(block) = item { Some(block) } else { None });
    let fields = |name: &str| {
        items.iter().find_map(|item| match item {
            Item::Struct(item) if item.ident == name => Some(&item.fields),
            _ => None,
        })
    };
    let forms = blocks().filter_map(|block| {
        let name = source(block)?;
        let own = |block: &&ItemImpl| implemented(block).is_some_and(|(of, ty)| of.is_empty() && ty == name);
        let mut added = Added {
            required: blocks().find(own).map(required).unwrap_or_default(),
            fields: fields(&name)?,
            field: None,
            parts: Vec::new(),
            is_repeated: false,
        };
        added.visit_block(function(block, "from")?);
        Some((name, added.parts))
    });
    forms.collect()
}

/// The type that an `impl` converts to a multipart body.
fn source(block: &ItemImpl) -> Option<String> {
    let is_form = implemented(block).is_some_and(|(of, ty)| of == "From" && ty == "Multipart");
    let (path, _) = block.trait_.as_ref().filter(|_| is_form).map(|(path, of)| (path, of))?;
    let PathArguments::AngleBracketed(arguments) = &path.segments.last()?.arguments else { return None };
    match arguments.args.first()? {
        GenericArgument::Type(Type::Path(path)) => Some(path.path.segments.last()?.ident.to_string()),
        _ => None,
    }
}

/// The names of the arguments of the constructor.
fn required(block: &ItemImpl) -> Vec<String> {
    let new = block.items.iter().find_map(|item| match item {
        syn::ImplItem::Fn(function) if function.sig.ident == "new" => Some(&function.sig),
        _ => None,
    });
    let names = new.into_iter().flat_map(|new| &new.inputs).filter_map(|input| match input {
        FnArg::Typed(typed) => match typed.pat.as_ref() {
            Pat::Ident(pattern) => Some(pattern.ident.to_string()),
            _ => None,
        },
        FnArg::Receiver(_) => None,
    });
    names.collect()
}

/// Collects the parts that a conversion adds.
struct Added<'a> {
    required: Vec<String>,
    fields: &'a Fields,
    /// The field that the code around reads.
    field: Option<String>,
    is_repeated: bool,
    parts: Vec<FormPart>,
}

impl Added<'_> {
    fn part(&mut self, name: String, method: &str, value: Option<&Expr>) {
        let Some(field) = self.field.clone().or_else(|| field_of(value?)) else { return };
        let declared = self.fields.iter().find(|known| known.ident.as_ref().is_some_and(|ident| *ident == field));
        let ty = declared.map(|declared| match ValueType::of(&declared.ty) {
            ValueType::List(inner) if self.is_repeated => *inner,
            ValueType::Option(inner) => *inner,
            ty => ty,
        });
        self.parts.push(FormPart {
            name,
            is_required: self.required.contains(&field),
            is_json: method == "json",
            ty: ty.filter(|_| ["text", "joined", "json"].contains(&method)),
            is_repeated: self.is_repeated,
        });
    }
}

impl<'ast> Visit<'ast> for Added<'_> {
    fn visit_expr_if(&mut self, node: &'ast syn::ExprIf) {
        if let Expr::Let(condition) = node.cond.as_ref() {
            self.field = field_of(&condition.expr);
            self.visit_block(&node.then_branch);
            self.field = None;
        }
    }

    fn visit_expr_for_loop(&mut self, node: &'ast syn::ExprForLoop) {
        self.field = field_of(&node.expr);
        self.is_repeated = true;
        self.visit_block(&node.body);
        self.is_repeated = false;
        self.field = None;
    }

    fn visit_expr_method_call(&mut self, node: &'ast syn::ExprMethodCall) {
        let method = node.method.to_string();
        match part_name(&node.receiver) {
            Some(name) if node.args.len() >= 2 && method != "header" => self.part(name, &method, node.args.get(1)),
            _ => visit::visit_expr_method_call(self, node),
        }
    }
}

/// The name of the part that a chain of calls starts with.
fn part_name(receiver: &Expr) -> Option<String> {
    match receiver {
        Expr::MethodCall(call) => part_name(&call.receiver),
        Expr::Call(call) => call.args.first().and_then(text),
        _ => None,
    }
}

/// The field that an expression reads.
fn field_of(value: &Expr) -> Option<String> {
    match value {
        Expr::Reference(reference) => field_of(&reference.expr),
        Expr::Field(field) => match &field.member {
            syn::Member::Named(name) => Some(name.to_string()),
            syn::Member::Unnamed(_) => None,
        },
        _ => None,
    }
}
