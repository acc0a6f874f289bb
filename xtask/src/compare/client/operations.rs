//! The operations of a client: what they send, and how they decode responses.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use syn::visit::{self, Visit};
use syn::{Block, Expr, ExprIf, Fields, Item, ItemImpl, Pat};

use super::forms::{self, FormPart};
use super::syntax::{
    arms, as_struct, associated, calls, cases, constant, created, field, function, implemented, list, literal_text,
    optional, path_name, text,
};
use super::value_type::ValueType;

/// An operation of the client.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) id: String,
    pub(crate) method: String,
    pub(crate) path: String,
    /// What `encode` writes into the path, with `{}` for each value.
    pub(crate) written_path: String,
    pub(crate) arguments: Vec<Argument>,
    pub(crate) body: Option<Body>,
    /// The alternatives, each with the names of its schemes.
    pub(crate) security: Vec<Vec<String>>,
    /// What is decoded from a successful response, by the media types that can be requested.
    pub(crate) decoded: Vec<Decoded>,
    /// The types of error bodies, by status.
    pub(crate) errors: Vec<(String, ValueType)>,
    pub(crate) stream: Option<Stream>,
}

/// A value that a call sends outside its body.
#[derive(Debug)]
pub(crate) struct Argument {
    /// The name on the wire; in the path, the name of the field.
    pub(crate) name: String,
    /// `path`, `query`, `header` or `cookie`.
    pub(crate) location: &'static str,
    pub(crate) is_required: bool,
    /// The type; `None` if it is a constant of the path.
    pub(crate) ty: Option<ValueType>,
}

/// The body of a request.
#[derive(Debug)]
pub(crate) struct Body {
    pub(crate) media_type: String,
    pub(crate) is_required: bool,
    pub(crate) ty: ValueType,
    /// The parts, if the body is multipart and has a type of its own.
    pub(crate) form: Option<Vec<FormPart>>,
    /// Whether the caller can set another media type.
    pub(crate) is_choice: bool,
}

/// What is decoded from a successful response.
#[derive(Debug)]
pub(crate) struct Decoded {
    pub(crate) accept: Option<String>,
    /// The statuses that are expected; nothing if any 2XX status is.
    pub(crate) statuses: Vec<String>,
    /// The types by their statuses: `2XX` if there is only one.
    pub(crate) types: Vec<(String, ValueType)>,
}

/// The items of a streamed response.
#[derive(Debug)]
pub(crate) struct Stream {
    pub(crate) media_type: String,
    pub(crate) item: ValueType,
}

/// The status of a type that is decoded whatever the status is.
const ANY_STATUS: &str = "any";

pub(super) fn read(items: &[Item]) -> Result<Vec<Operation>> {
    let sources = Sources::of(items);
    let mut operations: Vec<(String, Operation)> = Vec::new();
    let mut alternatives = Vec::new();
    for (name, block) in sources.blocks("Operation") {
        match sources.base(name) {
            Some(base) => alternatives.push((base, sources.decoded(block)?)),
            None => operations.push((name.to_owned(), sources.operation(name, block)?)),
        }
    }
    for (base, decoded) in alternatives {
        if let Some((_, operation)) = operations.iter_mut().find(|(name, _)| *name == base) {
            operation.decoded.push(decoded);
        }
    }
    Ok(operations.into_iter().map(|(_, operation)| operation).collect())
}

/// The items of the modules with the operations.
struct Sources<'a> {
    structs: BTreeMap<String, &'a Fields>,
    enums: BTreeMap<String, BTreeMap<String, ValueType>>,
    /// The types of multipart bodies.
    forms: BTreeMap<String, Vec<FormPart>>,
    /// Each with the names of its trait and its type.
    blocks: Vec<(String, String, &'a ItemImpl)>,
}

impl<'a> Sources<'a> {
    fn of(items: &'a [Item]) -> Self {
        let mut sources =
            Self { structs: BTreeMap::new(), enums: BTreeMap::new(), forms: forms::read(items), blocks: Vec::new() };
        for item in items {
            match item {
                Item::Struct(item) => _ = sources.structs.insert(item.ident.to_string(), &item.fields),
                Item::Enum(item) => _ = sources.enums.insert(item.ident.to_string(), variants(item)),
                Item::Impl(block) => {
                    let named = implemented(block).map(|(name, ty)| (name, ty, block));
                    sources.blocks.extend(named);
                }
                _ => {}
            }
        }
        sources
    }

    fn blocks(&self, name: &str) -> impl Iterator<Item = (&str, &'a ItemImpl)> {
        let blocks = self.blocks.iter().filter(move |(implemented, ..)| implemented == name);
        blocks.map(|(_, ty, block)| (ty.as_str(), *block))
    }

    /// The operation that this one repeats with another media type.
    fn base(&self, name: &str) -> Option<String> {
        match self.structs.get(name) {
            Some(Fields::Unnamed(fields)) => match fields.unnamed.first().map(|field| ValueType::of(&field.ty))? {
                ValueType::Named(base) | ValueType::Other(base) => Some(base),
                _ => None,
            },
            _ => None,
        }
    }

    fn operation(&self, name: &str, block: &ItemImpl) -> Result<Operation> {
        let meta = constant(block, "META").and_then(as_struct).with_context(|| format!("{name} has no properties"))?;
        let part = |key: &str| field(meta, key).with_context(|| format!("{name} has no {key}"));
        let security =
            list(part("security")?).into_iter().map(|names| list(names).into_iter().filter_map(text).collect());
        let encode = function(block, "encode").with_context(|| format!("{name} has no `encode`"))?;
        let mut request = Request::of(encode, self.structs.get(name).copied());
        if let Some(body) = request.body.as_mut().filter(|body| body.media_type == "multipart/form-data") {
            body.form = self.form(name);
        }
        Ok(Operation {
            id: text(part("id")?).unwrap_or_default(),
            method: method(part("method")?).unwrap_or_default(),
            path: text(part("path")?).unwrap_or_default(),
            written_path: request.path,
            arguments: request.arguments,
            body: request.body,
            security: security.collect(),
            decoded: vec![self.decoded(block)?],
            errors: self.errors(name),
            stream: self.stream(name),
        })
    }

    fn decoded(&self, block: &ItemImpl) -> Result<Decoded> {
        let meta = constant(block, "META").and_then(as_struct).context("an operation has no properties")?;
        let output = associated(block, "Output").context("an operation has no output")?;
        let decode = function(block, "decode").context("an operation has no `decode`")?;
        let output = ValueType::of(output);
        let variants = match &output {
            ValueType::Named(name) => self.enums.get(name),
            _ => None,
        };
        let types = match variants {
            Some(variants) => by_status(decode, variants),
            None => vec![(ANY_STATUS.to_owned(), output)],
        };
        let accept = field(meta, "accept").and_then(optional).and_then(text);
        Ok(Decoded { accept, statuses: expected(decode), types })
    }

    /// The parts of the type of the body, which is named after the operation.
    fn form(&self, name: &str) -> Option<Vec<FormPart>> {
        let is_own = |ty: &str| {
            let number = ty.strip_prefix(name).and_then(|rest| rest.strip_prefix("Form"));
            number.is_some_and(|number| number.chars().all(|digit| digit.is_ascii_digit()))
        };
        self.forms.iter().find(|(ty, _)| is_own(ty)).map(|(_, parts)| parts.clone())
    }

    /// The variants of the enum of error bodies, which is named after the operation.
    fn errors(&self, name: &str) -> Vec<(String, ValueType)> {
        let of_name =
            self.blocks("").filter(|(ty, _)| ty.strip_prefix(name).is_some_and(|rest| rest.starts_with("Error")));
        let found = of_name.filter_map(|(ty, block)| Some((self.enums.get(ty)?, function(block, "of")?)));
        found.flat_map(|(variants, of)| by_status(of, variants)).collect()
    }

    fn stream(&self, name: &str) -> Option<Stream> {
        let (_, block) = self.blocks("Streamed").find(|(ty, _)| *ty == name)?;
        let meta = constant(block, "STREAM").and_then(as_struct)?;
        let media_type = field(meta, "media_type").and_then(text)?;
        Some(Stream { media_type, item: ValueType::of(associated(block, "Item")?) })
    }
}

fn variants(item: &syn::ItemEnum) -> BTreeMap<String, ValueType> {
    let ty =
        |variant: &syn::Variant| variant.fields.iter().next().map_or(ValueType::Unit, |field| ValueType::of(&field.ty));
    item.variants.iter().map(|variant| (variant.ident.to_string(), ty(variant))).collect()
}

/// The types that a function decodes by status. A function without `match` decodes one for every other status.
fn by_status(block: &Block, variants: &BTreeMap<String, ValueType>) -> Vec<(String, ValueType)> {
    let found = |value: &Expr| created(value).and_then(|name| variants.get(&name).cloned());
    let all = arms(block);
    if all.is_empty() {
        let last = block.stmts.last().and_then(|statement| match statement {
            syn::Stmt::Expr(value, _) => found(value),
            _ => None,
        });
        return last.map(|ty| ("default".to_owned(), ty)).into_iter().collect();
    }
    let mut types = Vec::new();
    for arm in all {
        let Some(ty) = found(&arm.body) else { continue };
        types.extend(cases(&arm.pat).into_iter().map(|case| (status(case), ty.clone())));
    }
    types
}

/// The status of a pattern, as documents write it.
fn status(pattern: &Pat) -> String {
    match pattern {
        Pat::Lit(literal) => number(&literal.lit),
        Pat::Range(range) => {
            let start = range.start.as_deref().and_then(|start| match start {
                Expr::Lit(literal) => number(&literal.lit).chars().next(),
                _ => None,
            });
            format!("{}XX", start.unwrap_or('?'))
        }
        _ => "default".to_owned(),
    }
}

fn number(literal: &syn::Lit) -> String {
    match literal {
        syn::Lit::Int(number) => number.base10_digits().to_owned(),
        other => literal_text(other).unwrap_or_default(),
    }
}

/// The statuses that `expect_status` lists.
fn expected(block: &Block) -> Vec<String> {
    let Some(syn::Stmt::Expr(first, _)) = block.stmts.first() else { return Vec::new() };
    let listed = calls(first).into_iter().find(|(name, _)| name == "expect_status");
    let listed = listed.and_then(|(_, arguments)| arguments.first().map(|first| list(first)));
    let digits = |value: &Expr| match value {
        Expr::Lit(literal) => Some(number(&literal.lit)),
        _ => None,
    };
    listed.into_iter().flatten().filter_map(digits).collect()
}

/// What `encode` writes.
struct Request<'a> {
    fields: Option<&'a Fields>,
    /// The field that the code around reads, if it does so only when it is set.
    condition: Option<String>,
    path: String,
    arguments: Vec<Argument>,
    body: Option<Body>,
}

impl<'a> Request<'a> {
    fn of(encode: &Block, fields: Option<&'a Fields>) -> Self {
        let mut request = Self { fields, condition: None, path: String::new(), arguments: Vec::new(), body: None };
        request.visit_block(encode);
        request
    }

    fn argument(&mut self, location: &'static str, name: Option<&Expr>, value: Option<&Expr>) {
        let name = name.and_then(text).unwrap_or_default();
        let is_constant = value.is_some_and(|value| text(value).is_some());
        let ty = if is_constant { None } else { self.value_type(value) };
        self.arguments.push(Argument { name, location, is_required: self.condition.is_none(), ty });
    }

    fn body(&mut self, method: &str, media_type: String) {
        let ty = self.field_type("body").unwrap_or(ValueType::Unit);
        let is_choice = ["bytes_as", "upload_as"].contains(&method);
        self.body = Some(Body { media_type, is_required: self.condition.is_none(), ty, form: None, is_choice });
    }

    /// The type of the field that a value is read from.
    fn value_type(&self, value: Option<&Expr>) -> Option<ValueType> {
        let name = self.condition.clone().or_else(|| own_field(value?))?;
        self.field_type(&name)
    }

    /// The type of a field, without the option of a value that need not be sent.
    fn field_type(&self, name: &str) -> Option<ValueType> {
        let field = self.fields?.iter().find(|field| field.ident.as_ref().is_some_and(|ident| ident == name))?;
        match ValueType::of(&field.ty) {
            ValueType::Option(inner) if self.condition.is_some() => Some(*inner),
            ty => Some(ty),
        }
    }
}

impl<'ast> Visit<'ast> for Request<'_> {
    fn visit_expr_if(&mut self, node: &'ast ExprIf) {
        if let Expr::Let(condition) = node.cond.as_ref() {
            self.condition = own_field(&condition.expr);
            self.visit_block(&node.then_branch);
            self.condition = None;
        } else {
            visit::visit_expr_if(self, node);
        }
    }

    fn visit_expr_method_call(&mut self, node: &'ast syn::ExprMethodCall) {
        let mut arguments = node.args.iter();
        let (first, second) = (arguments.next(), arguments.next());
        let method = node.method.to_string();
        let method = method.as_str();
        match method {
            "path" => self.path.push_str(&first.and_then(text).unwrap_or_default()),
            "path_value" | "any_in_path" => {
                self.path.push_str("{}");
                self.argument("path", first, second);
            }
            "query" | "query_list" | "any_in_query" => self.argument("query", first, second),
            "header" | "header_list" | "any_in_header" => self.argument("header", first, second),
            "cookie" | "any_in_cookie" => self.argument("cookie", first, second),
            "json" => self.body(method, "application/json".to_owned()),
            "form" => self.body(method, "application/x-www-form-urlencoded".to_owned()),
            "multipart" => self.body(method, "multipart/form-data".to_owned()),
            "json_as" | "xml" | "bytes" | "upload" => self.body(method, first.and_then(text).unwrap_or_default()),
            "bytes_as" | "upload_as" => self.body(method, first.and_then(chosen).unwrap_or_default()),
            _ => {}
        }
        visit::visit_expr_method_call(self, node);
    }
}

/// The field of `self` that an expression reads.
fn own_field(value: &Expr) -> Option<String> {
    match value {
        Expr::Reference(reference) => own_field(&reference.expr),
        Expr::Field(field) => match &field.member {
            syn::Member::Named(ident) => Some(ident.to_string()),
            syn::Member::Unnamed(_) => None,
        },
        _ => None,
    }
}

/// The media type that is sent if the caller chooses none.
fn chosen(value: &Expr) -> Option<String> {
    calls(value).into_iter().find(|(name, _)| name == "unwrap_or")?.1.first().and_then(|default| text(default))
}

/// The HTTP method in `HttpMethod::Known(Method::GET)` or `HttpMethod::Other("QUERY")`.
fn method(value: &Expr) -> Option<String> {
    let Expr::Call(call) = value else { return None };
    let method = call.args.first()?;
    path_name(method).or_else(|| text(method))
}
