//! Reads the items of a crate that users can name.

use std::collections::{BTreeMap, BTreeSet};

use syn::{Attribute, Fields, ImplItem, Item as Syntax, ReturnType, Visibility};

use super::canonical::Scope;
use super::declared::{self, Declared};
use super::lifetimes;
use super::modules::{Module, feature, is_hidden, is_public, join};
use super::names::{Meaning, Names};
use super::values;
use super::{Argument, Callable, Flags, Item, Kind, Member, MemberKind, Operation, text};

/// Reads all public items, by the paths under which users know them.
pub(super) fn read(modules: &[Module], names: &Names) -> BTreeMap<String, Item> {
    let mut reader = Reader { names, definitions: BTreeMap::new(), others: BTreeMap::new() };
    for module in modules {
        let scope = Scope { names, module: &module.path };
        for syntax in &module.items {
            reader.define(syntax, scope, module);
        }
    }
    for module in modules {
        let scope = Scope { names, module: &module.path };
        for syntax in &module.items {
            if let Syntax::Impl(block) = syntax {
                let own = feature(&block.attrs);
                reader.implement(block, scope, own.as_deref().or(module.feature.as_deref()));
            } else if let Some(declared) = declared::read(syntax) {
                reader.add_declared(declared, scope);
            }
        }
    }
    reader.finish()
}

struct Reader<'a> {
    names: &'a Names,
    /// The items by the paths of their definitions. A function has `()` after its name, as a module can have the same.
    definitions: BTreeMap<String, Item>,
    /// Implementations for types of other crates.
    others: BTreeMap<String, Item>,
}

impl Reader<'_> {
    fn define(&mut self, syntax: &Syntax, scope: Scope<'_>, module: &Module) {
        let Some((name, mut item, attributes)) = item(syntax, scope) else { return };
        item.flags = flags(attributes);
        item.flags.feature = item.flags.feature.or_else(|| module.feature.clone());
        item.traits = derives(attributes);
        let call = if item.kind == Kind::Function { "()" } else { "" };
        self.definitions.insert(format!("{}{call}", join(scope.module, &name)), item);
    }

    /// Adds what a macro states about a type.
    fn add_declared(&mut self, declared: Declared, scope: Scope<'_>) {
        let Some(item) = self.definitions.get_mut(&join(scope.module, &declared.name)) else { return };
        item.traits.extend(declared.traits.iter().map(|&implemented| implemented.to_owned()));
        for (name, ty) in declared.types {
            let ty = Member::new(MemberKind::AssociatedType, (*ty).to_owned(), 0);
            item.members.insert((*name).to_owned(), ty);
        }
        for (field, key) in declared.keys {
            let is_renamed = key != field.trim_start_matches("r#");
            if let Some(member) = item.members.get_mut(&field).filter(|_| is_renamed) {
                member.wire_name = Some(key);
            }
        }
    }

    fn implement(&mut self, block: &syn::ItemImpl, scope: Scope<'_>, feature: Option<&str>) {
        let implemented = block.trait_.as_ref().map(|(path, _)| path);
        if let Some(path) = implemented {
            let is_private = matches!(
                self.names.resolve(scope.module, &path.segments.iter().map(|part| part.ident.to_string()).collect::<Vec<_>>()),
                Some((Meaning::Own(definition), _)) if self.names.public(&definition).is_none()
            );
            if is_private {
                return;
            }
        }
        let generics = bounds(&without_lifetimes(&block.generics), scope);
        let Some(definition) = scope.definition(&block.self_ty) else {
            if let Some(path) = implemented {
                let text = format!("impl {} for {}{generics}", scope.trait_name(path), scope.ty(&block.self_ty));
                self.others.insert(text, Item::new(Kind::Implementation));
            }
            return;
        };
        if self.names.public(&definition).is_none() {
            return;
        }
        let Some(item) = self.definitions.get_mut(&definition) else { return };
        match implemented {
            Some(path) => {
                let name = scope.trait_name(path);
                associated_types(block, &name, scope, item);
                item.operation = operation(block).or(item.operation.take());
                item.traits.insert(format!("{name}{generics}"));
            }
            None => {
                let ty = scope.ty_without_lifetimes(&block.self_ty);
                let is_for_one_argument = ty.contains("::") && ty.contains('<');
                let item = if is_for_one_argument {
                    self.others.entry(ty).or_insert_with(|| Item::new(Kind::Implementation))
                } else {
                    item
                };
                methods(block, scope, feature, item);
            }
        }
    }

    /// Puts each item under the paths of users.
    fn finish(self) -> BTreeMap<String, Item> {
        let mut items = self.others;
        for (path, meaning) in &self.names.exports {
            match meaning {
                Meaning::External(external) => {
                    items.insert(path.clone(), Item { header: external.clone(), ..Item::new(Kind::Export) });
                }
                Meaning::Own(definition) => {
                    for call in ["", "()"] {
                        let Some(item) = self.definitions.get(&format!("{definition}{call}")) else { continue };
                        let main = self.names.public(definition).unwrap_or(path);
                        let item = if main == path {
                            item.clone()
                        } else {
                            Item { header: format!("{main}{call}"), ..Item::new(Kind::Export) }
                        };
                        items.insert(format!("{path}{call}"), item);
                    }
                }
            }
        }
        items
    }
}

/// Reads an item without its implementations.
fn item<'a>(syntax: &'a Syntax, scope: Scope<'_>) -> Option<(String, Item, &'a [Attribute])> {
    let of = |kind: Kind, header: String| Item { header, ..Item::new(kind) };
    let (name, item, attributes, visibility) = match syntax {
        Syntax::Struct(syntax) => {
            let mut item = of(Kind::Struct, bounds(&syntax.generics, scope));
            (item.members, item.has_private_fields) = fields(&syntax.fields, scope);
            (&syntax.ident, item, &syntax.attrs, &syntax.vis)
        }
        Syntax::Enum(syntax) => {
            let mut item = of(Kind::Enum, bounds(&syntax.generics, scope));
            for (index, variant) in syntax.variants.iter().enumerate().filter(|(_, variant)| !is_hidden(&variant.attrs))
            {
                item.members.insert(variant.ident.to_string(), self::variant(variant, index, scope));
            }
            (&syntax.ident, item, &syntax.attrs, &syntax.vis)
        }
        Syntax::Type(syntax) => {
            let header = format!("{}{}", bounds(&syntax.generics, scope), scope.ty(&syntax.ty));
            (&syntax.ident, of(Kind::Alias, header), &syntax.attrs, &syntax.vis)
        }
        Syntax::Trait(syntax) => {
            let definition = visible(syntax);
            let header = scope.text(&definition, |resolver, item| {
                syn::visit_mut::VisitMut::visit_item_trait_mut(resolver, item);
            });
            (&syntax.ident, of(Kind::Trait, header), &syntax.attrs, &syntax.vis)
        }
        Syntax::Fn(syntax) => {
            let mut item = of(Kind::Function, signature(&syntax.sig, scope));
            item.callable = callable(&syntax.sig, scope);
            (&syntax.sig.ident, item, &syntax.attrs, &syntax.vis)
        }
        Syntax::Const(syntax) => (&syntax.ident, of(Kind::Constant, scope.ty(&syntax.ty)), &syntax.attrs, &syntax.vis),
        Syntax::Static(syntax) => (&syntax.ident, of(Kind::Constant, scope.ty(&syntax.ty)), &syntax.attrs, &syntax.vis),
        Syntax::Mod(syntax) => (&syntax.ident, of(Kind::Module, String::new()), &syntax.attrs, &syntax.vis),
        _ => return None,
    };
    let is_named = !matches!(visibility, Visibility::Inherited) || syntax_is_module(syntax);
    is_named.then(|| (name.to_string(), item, attributes.as_slice()))
}

/// What users see of a trait: without docs, hidden items and the code of default methods.
fn visible(definition: &syn::ItemTrait) -> syn::ItemTrait {
    let mut definition = definition.clone();
    definition.attrs.clear();
    definition.items.retain(|item| match item {
        syn::TraitItem::Fn(item) => !is_hidden(&item.attrs),
        syn::TraitItem::Type(item) => !is_hidden(&item.attrs),
        syn::TraitItem::Const(item) => !is_hidden(&item.attrs),
        _ => true,
    });
    for item in &mut definition.items {
        match item {
            syn::TraitItem::Fn(item) => {
                item.attrs.clear();
                item.default = item.default.take().map(|_| syn::parse_quote!({}));
            }
            syn::TraitItem::Type(item) => item.attrs.clear(),
            syn::TraitItem::Const(item) => item.attrs.clear(),
            _ => {}
        }
    }
    definition
}

fn syntax_is_module(syntax: &Syntax) -> bool {
    matches!(syntax, Syntax::Mod(_))
}

/// Reads the public fields, and whether there are others.
fn fields(fields: &Fields, scope: Scope<'_>) -> (BTreeMap<String, Member>, bool) {
    let mut members = BTreeMap::new();
    let mut has_private = false;
    for (index, field) in fields.iter().enumerate() {
        if !is_public(&field.vis, &field.attrs) {
            has_private = true;
            continue;
        }
        let name = field.ident.as_ref().map_or_else(|| index.to_string(), ToString::to_string);
        let mut member = Member::new(MemberKind::Field, scope.ty(&field.ty), index);
        (member.flags, member.wire_name) = (flags(&field.attrs), wire_name(&field.attrs));
        members.insert(name, member);
    }
    (members, has_private)
}

fn variant(variant: &syn::Variant, index: usize, scope: Scope<'_>) -> Member {
    let mut fields = variant.fields.clone();
    for field in &mut fields {
        field.attrs.clear();
    }
    let payload = scope.text(&fields, |resolver, fields| {
        syn::visit_mut::VisitMut::visit_fields_mut(resolver, fields);
    });
    let mut member = Member::new(MemberKind::Variant, payload, index);
    (member.flags, member.wire_name) = (flags(&variant.attrs), wire_name(&variant.attrs));
    member
}

/// Adds the associated types of an implementation, such as what awaiting a call returns.
fn associated_types(block: &syn::ItemImpl, name: &str, scope: Scope<'_>, item: &mut Item) {
    for part in &block.items {
        if let ImplItem::Type(associated) = part {
            let member = Member::new(MemberKind::AssociatedType, scope.ty(&associated.ty), 0);
            item.members.insert(format!("{name}::{}", associated.ident), member);
        }
    }
}

/// Returns what generated code states about an operation in a constant.
fn operation(block: &syn::ItemImpl) -> Option<Operation> {
    let meta = block.items.iter().find_map(|part| match part {
        ImplItem::Const(constant) if constant.ident == "META" => Some(&constant.expr),
        _ => None,
    })?;
    let syn::Expr::Struct(meta) = meta else { return None };
    let field = |name: &str| {
        let field = meta.fields.iter().find(|field| matches!(&field.member, syn::Member::Named(own) if own == name));
        field.map(|field| &field.expr)
    };
    let method = text::line(field("method")?);
    let method = method.rsplit("::").next().unwrap_or_default().trim_matches(|sign: char| !sign.is_alphanumeric());
    let path = text::line(field("path")?);
    Some(Operation {
        request: format!("{method} {}", path.trim_matches('"')),
        accept: field("accept").and_then(|accept| strings(accept).into_iter().next()),
        security: field("security")
            .map(elements)
            .unwrap_or_default()
            .into_iter()
            .map(strings)
            .map(BTreeSet::from_iter)
            .collect(),
    })
}

/// Returns the elements of a reference to an array.
fn elements(expression: &syn::Expr) -> Vec<&syn::Expr> {
    match expression {
        syn::Expr::Reference(reference) => elements(&reference.expr),
        syn::Expr::Array(array) => array.elems.iter().collect(),
        _ => Vec::new(),
    }
}

/// Returns the strings in an array, or in `Some(…)`.
fn strings(expression: &syn::Expr) -> Vec<String> {
    match expression {
        syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => vec![text.value()],
        syn::Expr::Call(call) => call.args.iter().flat_map(strings).collect(),
        _ => elements(expression).into_iter().flat_map(strings).collect(),
    }
}

fn methods(block: &syn::ItemImpl, scope: Scope<'_>, feature_of_block: Option<&str>, item: &mut Item) {
    for part in &block.items {
        let (name, mut member, attributes) = match part {
            ImplItem::Fn(method) if is_public(&method.vis, &method.attrs) => {
                if method.sig.ident == "as_str" {
                    values::read(&method.block, &mut item.members);
                }
                let mut member = Member::new(MemberKind::Method, signature(&method.sig, scope), 0);
                member.callable = callable(&method.sig, scope);
                (format!("{}()", method.sig.ident), member, &method.attrs)
            }
            ImplItem::Const(constant) if is_public(&constant.vis, &constant.attrs) => {
                let member = Member::new(MemberKind::Constant, scope.ty(&constant.ty), 0);
                (constant.ident.to_string(), member, &constant.attrs)
            }
            _ => continue,
        };
        member.flags = flags(attributes);
        member.flags.feature = member.flags.feature.or_else(|| feature_of_block.map(str::to_owned));
        item.members.insert(name, member);
    }
}

/// Returns a signature without its name and the names of its arguments, which callers do not depend on.
fn signature(signature: &syn::Signature, scope: Scope<'_>) -> String {
    let mut signature = signature.clone();
    lifetimes::unify(&mut signature);
    let asyncness = if signature.asyncness.is_some() { "async " } else { "" };
    let inputs = signature.inputs.iter().map(|input| match input {
        syn::FnArg::Receiver(receiver) => receiver_text(receiver),
        syn::FnArg::Typed(argument) => scope.ty(&argument.ty),
    });
    let inputs = inputs.collect::<Vec<_>>().join(", ");
    let output = match &signature.output {
        ReturnType::Default => String::new(),
        ReturnType::Type(_, ty) => format!(" -> {}", scope.ty(ty)),
    };
    let (parameters, clause) = generics(&signature.generics, scope);
    format!("{asyncness}fn{parameters}({inputs}){output}{clause}")
}

/// Callers do not depend on whether a receiver is `mut`.
fn receiver_text(receiver: &syn::Receiver) -> String {
    let mut receiver = receiver.clone();
    receiver.mutability = None;
    text::line(&receiver)
}

/// Returns the parts of a signature for messages, without lifetimes.
fn callable(signature: &syn::Signature, scope: Scope<'_>) -> Callable {
    let typed = signature.inputs.iter().filter_map(|input| match input {
        syn::FnArg::Typed(argument) => Some(argument),
        syn::FnArg::Receiver(_) => None,
    });
    let argument = |argument: &syn::PatType| Argument {
        name: text::line(&argument.pat),
        ty: scope.ty_without_lifetimes(&argument.ty),
    };
    let output = match &signature.output {
        ReturnType::Default => "()".to_owned(),
        ReturnType::Type(_, ty) => scope.ty_without_lifetimes(ty),
    };
    Callable { arguments: typed.map(argument).collect(), output }
}

/// Implementations for a type with lifetimes are for all lifetimes.
fn without_lifetimes(generics: &syn::Generics) -> syn::Generics {
    let mut generics = generics.clone();
    let parameters = std::mem::take(&mut generics.params).into_iter();
    generics.params = parameters.filter(|parameter| !matches!(parameter, syn::GenericParam::Lifetime(_))).collect();
    if generics.params.is_empty() {
        (generics.lt_token, generics.gt_token) = (None, None);
    }
    generics
}

/// Returns type parameters with all their bounds.
fn bounds(of: &syn::Generics, scope: Scope<'_>) -> String {
    let (parameters, clause) = generics(of, scope);
    format!("{parameters}{clause}")
}

/// Returns type parameters, and the `where` clause with a space before it.
fn generics(of: &syn::Generics, scope: Scope<'_>) -> (String, String) {
    let mut generics = of.clone();
    let clause = generics.where_clause.take();
    let parameters = scope.text(&generics, |resolver, generics| {
        syn::visit_mut::VisitMut::visit_generics_mut(resolver, generics);
    });
    let clause = clause.map(|clause| {
        scope.text(&clause, |resolver, clause| syn::visit_mut::VisitMut::visit_where_clause_mut(resolver, clause))
    });
    let clause = clause.map(|clause| format!(" {}", clause.trim_end_matches([',', ' '])));
    (parameters, clause.unwrap_or_default())
}

fn flags(attributes: &[Attribute]) -> Flags {
    let has = |name: &str| attributes.iter().any(|attribute| attribute.path().is_ident(name));
    Flags {
        is_non_exhaustive: has("non_exhaustive"),
        is_deprecated: has("deprecated"),
        is_must_use: has("must_use"),
        feature: feature(attributes),
    }
}

/// Returns the traits that are derived.
fn derives(attributes: &[Attribute]) -> std::collections::BTreeSet<String> {
    let mut traits = std::collections::BTreeSet::new();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("derive")) {
        let parse = syn::punctuated::Punctuated::<syn::Path, syn::Token![,]>::parse_terminated;
        for path in attribute.parse_args_with(parse).into_iter().flatten() {
            // The names of macros are separate from those of items.
            traits.insert(text::line(&path));
        }
    }
    traits
}

/// Returns the name that is sent and received, from `#[serde(rename = "…")]`.
fn wire_name(attributes: &[Attribute]) -> Option<String> {
    let mut name = None;
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("serde")) {
        // Other settings of serde end the parse after the name, which comes first.
        let _ = attribute.parse_nested_meta(|meta| {
            let value = meta.value()?.parse::<syn::LitStr>()?;
            if meta.path.is_ident("rename") {
                name = Some(value.value());
            }
            Ok(())
        });
    }
    name
}
