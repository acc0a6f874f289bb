//! The types of a client: fields, the values of enums, and the members of unions.

use std::collections::BTreeMap;

use proc_macro2::TokenTree;
use syn::visit::{self, Visit};
use syn::{Attribute, Expr, Fields, Item, ItemEnum, ItemImpl, ItemStruct};

use super::syntax::{
    arms, calls, cases, constant, created, field, function, implemented, path_name, pattern_name, pattern_text,
    structs, text,
};
use super::value_type::ValueType;

/// A type of the API.
#[derive(Debug)]
pub(crate) enum TypeDef {
    Struct(Struct),
    /// A type with the values of another one.
    Wrapper(ValueType),
    Enum(Strings),
    Union(Union),
}

/// A struct.
#[derive(Debug)]
pub(crate) struct Struct {
    pub(crate) fields: Vec<Field>,
    /// The values of the other properties, if they are kept.
    pub(crate) others: Option<ValueType>,
}

/// A field of a struct.
#[derive(Debug)]
pub(crate) struct Field {
    /// The name on the wire.
    pub(crate) name: String,
    pub(crate) ty: ValueType,
    /// Whether a value without the field is rejected.
    pub(crate) is_required: bool,
    /// Whether a value without the field has a default instead.
    pub(crate) has_default: bool,
}

/// A string of a list.
#[derive(Debug)]
pub(crate) struct Strings {
    /// The values that are sent.
    pub(crate) sent: Vec<String>,
    /// The values that are read.
    pub(crate) read: Vec<String>,
}

/// An enum whose variants have values.
#[derive(Debug)]
pub(crate) struct Union {
    pub(crate) variants: Vec<Variant>,
    pub(crate) tagged: Option<Tagged>,
    /// The name of the constant by which the members are distinguished, if there is no tag.
    pub(crate) dispatch: Option<String>,
    /// The constant that is sent with each variant, if its type does not contain it.
    pub(crate) sent: BTreeMap<String, Sent>,
}

/// A member of a union, other than unknown values.
#[derive(Debug)]
pub(crate) struct Variant {
    pub(crate) name: String,
    pub(crate) ty: ValueType,
}

/// How a tag selects the member.
#[derive(Debug)]
pub(crate) struct Tagged {
    pub(crate) property: String,
    /// What is read.
    pub(crate) arms: Vec<Arm>,
}

/// A constant that a union sends with a member.
#[derive(Debug)]
pub(crate) struct Sent {
    pub(crate) property: String,
    pub(crate) value: String,
}

/// A value of the tag.
#[derive(Debug)]
pub(crate) struct Arm {
    pub(crate) value: String,
    pub(crate) variant: String,
    /// Whether the type of the member has no field for the tag.
    pub(crate) is_without_tag: bool,
}

pub(super) fn read(items: &[Item]) -> BTreeMap<String, TypeDef> {
    let mut blocks: BTreeMap<String, Vec<(String, &ItemImpl)>> = BTreeMap::new();
    for item in items {
        if let Item::Impl(block) = item
            && let Some((name, ty)) = implemented(block)
        {
            blocks.entry(ty).or_default().push((name, block));
        }
    }
    let mut types = BTreeMap::new();
    let lists: BTreeMap<String, List> = items.iter().filter_map(list).collect();
    for item in items {
        match item {
            Item::Struct(item) => {
                let name = item.ident.to_string();
                let ty = of_struct(item, lists.get(&name));
                types.insert(name, ty);
            }
            Item::Type(item) => _ = types.insert(item.ident.to_string(), TypeDef::Wrapper(ValueType::of(&item.ty))),
            Item::Enum(item) => {
                let name = item.ident.to_string();
                let blocks = blocks.get(&name).map(Vec::as_slice).unwrap_or_default();
                types.insert(name, of_enum(item, blocks));
            }
            _ => {}
        }
    }
    types
}

fn of_struct(item: &ItemStruct, list: Option<&List>) -> TypeDef {
    let is_rest = |field: &syn::Field| match list {
        Some(list) => field.ident.as_ref().is_some_and(|ident| list.rest.as_deref() == Some(&*ident.to_string())),
        None => serde(&field.attrs).contains_key("flatten"),
    };
    match &item.fields {
        Fields::Unnamed(fields) => {
            TypeDef::Wrapper(fields.unnamed.first().map_or(ValueType::Unit, |field| ValueType::of(&field.ty)))
        }
        fields => TypeDef::Struct(Struct {
            fields: fields
                .iter()
                .filter(|field| !is_rest(field))
                .filter_map(|field| match list {
                    Some(list) => list.field(field),
                    None => of_field(field),
                })
                .collect(),
            others: fields.iter().find(|field| is_rest(field)).map(|field| match ValueType::of(&field.ty) {
                ValueType::Map(value) => *value,
                _ => ValueType::Any,
            }),
        }),
    }
}

/// The fields of a struct in `object::fields!`.
struct List {
    /// The key and the kind of each field.
    fields: BTreeMap<String, (String, String)>,
    /// The field that keeps all others.
    rest: Option<String>,
}

impl List {
    fn field(&self, field: &syn::Field) -> Option<Field> {
        let (key, kind) = self.fields.get(&field.ident.as_ref()?.to_string())?;
        let ty = ValueType::of(&field.ty);
        let has_default = kind == "default";
        Some(Field { name: key.clone(), is_required: kind == "required" || kind == "nullable", has_default, ty })
    }
}

/// Reads a call of `object::fields!`, with the name of its struct.
fn list(item: &Item) -> Option<(String, List)> {
    let Item::Macro(call) = item else { return None };
    if call.mac.path.segments.last()?.ident != "fields" {
        return None;
    }
    let mut tokens = call.mac.tokens.clone().into_iter();
    let (TokenTree::Ident(name), TokenTree::Group(entries)) = (tokens.next()?, tokens.next()?) else { return None };
    let entries: Vec<TokenTree> = entries.stream().into_iter().collect();
    let mut list = List { fields: BTreeMap::new(), rest: None };
    for entry in entries.split(|token| matches!(token, TokenTree::Punct(comma) if comma.as_char() == ',')) {
        match entry {
            [TokenTree::Ident(field), _, TokenTree::Literal(key), TokenTree::Ident(kind), ..] => {
                let key = syn::parse_str::<syn::LitStr>(&key.to_string()).ok()?.value();
                list.fields.insert(field.to_string(), (key, kind.to_string()));
            }
            [.., TokenTree::Ident(rest)] => list.rest = Some(rest.to_string()),
            _ => {}
        }
    }
    Some((name.to_string(), list))
}

/// A field of a struct that derives the traits of serde.
fn of_field(field: &syn::Field) -> Option<Field> {
    let attributes = serde(&field.attrs);
    let name = field.ident.as_ref()?.to_string();
    let name = attributes.get("rename").cloned().unwrap_or_else(|| name.trim_start_matches("r#").to_owned());
    let ty = ValueType::of(&field.ty);
    let has_default = attributes.contains_key("default");
    // Serde reads an absent option as `None`, unless another function reads it.
    let is_absent_none = matches!(ty, ValueType::Option(_)) && !attributes.contains_key("deserialize_with");
    // An option that is left out when it is `None` has no other default.
    let is_left_out = attributes.contains_key("skip_serializing_if");
    Some(Field { name, is_required: !has_default && !is_absent_none, has_default: has_default && !is_left_out, ty })
}

/// The arguments of all `#[serde(…)]`.
fn serde(attributes: &[Attribute]) -> BTreeMap<String, String> {
    let mut arguments = BTreeMap::new();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("serde")) {
        // Other forms than `name` and `name = "value"` do not occur on fields.
        let _ = attribute.parse_nested_meta(|meta| {
            let name = meta.path.get_ident().map(ToString::to_string).unwrap_or_default();
            let value = meta.value().ok().and_then(|value| value.parse::<syn::LitStr>().ok());
            arguments.insert(name, value.map(|value| value.value()).unwrap_or_default());
            Ok(())
        });
    }
    arguments
}

fn of_enum(item: &ItemEnum, blocks: &[(String, &ItemImpl)]) -> TypeDef {
    let block =
        |name: &'static str| blocks.iter().filter(move |(implemented, _)| implemented == name).map(|(_, block)| *block);
    let strings = block("").find_map(|block| function(block, "as_str"));
    if let Some(strings) = strings {
        let from_text = block("").find_map(|block| function(block, "from_text"));
        let read = from_text.or_else(|| block("From").find_map(|block| function(block, "from")));
        return TypeDef::Enum(Strings {
            sent: arms(strings).into_iter().filter_map(|arm| text(&arm.body)).collect(),
            read: read.map(arms).into_iter().flatten().filter_map(|arm| pattern_text(&arm.pat)).collect(),
        });
    }
    let tagged = block("Union").next().map(tagged);
    let sent = block("Serialize").find_map(|block| function(block, "serialize")).map(sent).unwrap_or_default();
    let choose = block("Deserialize").find_map(|block| function(block, "deserialize")).and_then(dispatch);
    let is_known = |variant: &&syn::Variant| variant.ident != "Unknown" || !is_unknown(variant);
    let variant = |variant: &syn::Variant| Variant {
        name: variant.ident.to_string(),
        ty: variant.fields.iter().next().map_or(ValueType::Unit, |field| ValueType::of(&field.ty)),
    };
    TypeDef::Union(Union {
        variants: item.variants.iter().filter(is_known).map(variant).collect(),
        tagged,
        dispatch: choose,
        sent,
    })
}

/// Whether a variant holds values that the document does not describe.
fn is_unknown(variant: &syn::Variant) -> bool {
    variant.fields.iter().next().is_some_and(|field| ValueType::of(&field.ty) == ValueType::Any)
}

fn tagged(block: &ItemImpl) -> Tagged {
    let property = constant(block, "PROPERTY").and_then(text).unwrap_or_default();
    let mut read = Vec::new();
    for arm in function(block, "read").map(arms).into_iter().flatten() {
        let Some(variant) = created(&arm.body) else { continue };
        let is_without_tag = calls(&arm.body).iter().any(|(name, _)| name == "member_without_tag")
            || structs(&arm.body)
                .iter()
                .any(|member| field(member, "keeps_tag").and_then(literal).as_deref() == Some("false"));
        let values = cases(&arm.pat).into_iter().filter_map(pattern_text);
        read.extend(values.map(|value| Arm { value, variant: variant.clone(), is_without_tag }));
    }
    Tagged { property, arms: read }
}

/// The constants that are written, by variant.
fn sent(block: &syn::Block) -> BTreeMap<String, Sent> {
    // A union with one tag makes one writer before the `match`, others make one in each arm.
    let shared = block.stmts.iter().find_map(|statement| match statement {
        syn::Stmt::Local(local) => written_property(&local.init.as_ref()?.expr),
        _ => None,
    });
    let mut sent = BTreeMap::new();
    for arm in arms(block) {
        let written = calls(&arm.body).into_iter().find(|(name, _)| name == "tagged");
        let value = written.and_then(|(_, arguments)| arguments.first().and_then(|first| literal(first)));
        let property = written_property(&arm.body).or_else(|| shared.clone());
        let Some((property, value)) = property.zip(value) else { continue };
        for name in cases(&arm.pat).into_iter().filter_map(pattern_name) {
            sent.insert(name, Sent { property: property.clone(), value: value.clone() });
        }
    }
    sent
}

/// The property of `Writer::new(serializer, "property")`.
fn written_property(value: &Expr) -> Option<String> {
    struct Writer(Option<String>);
    impl<'ast> Visit<'ast> for Writer {
        fn visit_expr_call(&mut self, node: &'ast syn::ExprCall) {
            if path_name(&node.func).as_deref() == Some("new") {
                self.0 = node.args.iter().nth(1).and_then(text);
            }
            visit::visit_expr_call(self, node);
        }
    }
    let mut writer = Writer(None);
    writer.visit_expr(value);
    writer.0
}

/// A literal as the tag that is read.
fn literal(value: &Expr) -> Option<String> {
    match value {
        Expr::Lit(literal) => match &literal.lit {
            syn::Lit::Str(text) => Some(text.value()),
            syn::Lit::Int(number) => Some(number.base10_digits().to_owned()),
            syn::Lit::Bool(value) => Some(value.value.to_string()),
            _ => None,
        },
        Expr::Unary(unary) => literal(&unary.expr).map(|number| format!("-{number}")),
        _ => None,
    }
}

/// The constant that `union::choose` gets.
fn dispatch(block: &syn::Block) -> Option<String> {
    let last = block.stmts.last()?;
    let syn::Stmt::Expr(Expr::Call(call), _) = last else { return None };
    (path_name(&call.func)? == "choose").then(|| path_name(call.args.iter().nth(1)?)).flatten()
}
