//! Items and files.

use quote::ToTokens;
use syn::{Fields, ImplItem, Item, ItemConst, ItemImpl, ItemStruct};

use super::arguments::mixed;
use super::shape::{Shape, newline, width};
use super::{MAX_WIDTH, Printer, TAB, inline};
use crate::print::imports;

impl Printer {
    pub(super) fn file(&self, file: &syn::File) -> String {
        let attributes = inline::attributes(&file.attrs, 0);
        let mut text = attributes.unwrap_or_else(|| self.incomplete().unwrap_or_default());
        if !text.is_empty() {
            text.push('\n');
        }
        for (index, item) in file.items.iter().enumerate() {
            let previous = index.checked_sub(1).and_then(|previous| file.items.get(previous));
            if previous.is_some_and(|previous| !imports::stand_together(previous, item)) {
                text.push('\n');
            }
            text.push_str(&self.item(item, 0));
            text.push('\n');
        }
        text
    }

    pub(super) fn item(&self, item: &Item, indent: usize) -> String {
        self.item_text(item, indent).unwrap_or_else(|| self.incomplete().unwrap_or_default())
    }

    fn item_text(&self, item: &Item, indent: usize) -> Option<String> {
        Some(match item {
            Item::Mod(item) if item.content.is_none() => {
                let attributes = inline::attributes(&item.attrs, indent)?;
                format!("{attributes}{}mod {};", inline::visibility(&item.vis)?, item.ident)
            }
            Item::Use(item) => {
                let start = format!("{}use ", inline::visibility(&item.vis)?);
                format!("{}{start}{};", inline::attributes(&item.attrs, indent)?, import(&item.tree, start.len()))
            }
            Item::Const(item) => self.constant(item, indent)?,
            Item::Fn(item) => {
                let signature = inline::signature(&item.sig, &inline::visibility(&item.vis)?, indent)?;
                let attributes = inline::attributes(&item.attrs, indent)?;
                format!("{attributes}{signature} {}", self.block(&item.block, indent))
            }
            Item::Struct(item) => structure(item, indent)?,
            Item::Impl(item) => self.implementation(item, indent)?,
            _ => return None,
        })
    }

    fn constant(&self, item: &ItemConst, indent: usize) -> Option<String> {
        let visibility = inline::visibility(&item.vis)?;
        let start = format!("{visibility}const {}: {} =", item.ident, inline::ty(&item.ty)?);
        let value = self.assigned(&start, &item.expr, Shape::indented(indent).sub_width(1)?)?;
        Some(format!("{}{value};", inline::attributes(&item.attrs, indent)?))
    }

    fn implementation(&self, item: &ItemImpl, indent: usize) -> Option<String> {
        if item.trait_.is_some() || !item.generics.params.is_empty() || item.items.is_empty() {
            return None;
        }
        let inner = indent + TAB;
        let functions = item.items.iter().map(|function| {
            let ImplItem::Fn(function) = function else { return None };
            let signature = inline::signature(&function.sig, &inline::visibility(&function.vis)?, inner)?;
            let attributes = inline::attributes(&function.attrs, inner)?;
            Some(format!("{}{attributes}{signature} {}", newline(inner), self.block(&function.block, inner)))
        });
        let functions: Vec<String> = functions.collect::<Option<_>>()?;
        let attributes = inline::attributes(&item.attrs, indent)?;
        let ty = inline::ty(&item.self_ty)?;
        Some(format!("{attributes}impl {ty} {{{}{}}}", functions.join("\n"), newline(indent)))
    }
}

fn structure(item: &ItemStruct, indent: usize) -> Option<String> {
    let Fields::Named(fields) = &item.fields else { return None };
    if !item.generics.to_token_stream().is_empty() || fields.named.is_empty() {
        return None;
    }
    let inner = indent + TAB;
    let fields = fields.named.iter().map(|field| {
        let name = field.ident.as_ref()?;
        let attributes = inline::attributes(&field.attrs, inner)?;
        let visibility = inline::visibility(&field.vis)?;
        Some(format!("{}{attributes}{visibility}{name}: {},", newline(inner), inline::ty(&field.ty)?))
    });
    let fields: String = fields.collect::<Option<_>>()?;
    let attributes = inline::attributes(&item.attrs, indent)?;
    let visibility = inline::visibility(&item.vis)?;
    Some(format!("{attributes}{visibility}struct {} {{{fields}{}}}", item.ident, newline(indent)))
}

/// An import: on one line, or with as many names in a line as fit. rustfmt keeps two columns free after a list of names.
fn import(tree: &syn::UseTree, start: usize) -> String {
    let line = imports::line(tree);
    match imports::names(tree) {
        Some((path, names)) if start + width(&line) >= MAX_WIDTH - 2 && names.len() > 1 => {
            let inner = Shape { width: MAX_WIDTH - TAB - 1, ..Shape::indented(TAB) };
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            format!("{path}{{{}{},\n}}", newline(TAB), mixed(&names, inner))
        }
        _ => line,
    }
}
