//! How values are written in XML, as data for the runtime.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::shapes::imports;
use crate::emit::Source;
use crate::emit::operation::Call;
use crate::emit::package::runtime_components::Component;
use crate::ir::{Api, Slot, XmlContent, XmlElement, XmlField, XmlName, XmlNode, XmlScalar};

/// Returns a reference to the element of a slot.
pub(super) fn element(call: &Call<'_>, slot: Slot) -> Option<TokenStream> {
    let ident = format_ident!("{}", call.slots.xml(slot)?.ident);
    Some(quote!(&crate::xml::elements::#ident))
}

pub(super) fn emit(api: &Api) -> Vec<Source> {
    if !Component::Xml.is_in(api) {
        return Vec::new();
    }
    let scope = Scope { api, is_inner: false };
    let contents = api.types.iter().filter_map(|definition| {
        let (ident, content) = (format_ident!("{}", definition.const_ident), scope.content(definition.xml.as_ref()?));
        Some(quote!(pub static #ident: Content = #content;))
    });
    let contents: TokenStream = contents.collect();
    let inner_scope = Scope { api, is_inner: true };
    let elements = api.slots.iter().filter_map(|(_, definition)| {
        let xml = definition.xml.as_ref()?;
        let (ident, element) = (format_ident!("{}", xml.ident), inner_scope.element_of(&xml.element));
        Some(quote!(pub static #ident: Element = #element;))
    });
    let elements: TokenStream = elements.collect();
    let (outer, inner) = (imports("xml", &contents), imports("xml", &elements));
    let items = quote!(#outer #contents
        /// The elements of bodies.
        pub mod elements { #inner #elements });
    vec![Source::rust("src/xml.rs", "How values are written in XML.", items)]
}

/// The module that elements are written in.
#[derive(Clone, Copy)]
struct Scope<'a> {
    api: &'a Api,
    /// Whether it is a module of the file.
    is_inner: bool,
}

impl Scope<'_> {
    fn content(self, content: &XmlContent) -> TokenStream {
        match content {
            XmlContent::Any => quote!(Content::Any),
            XmlContent::Scalar(types) => {
                let types = scalars(types);
                quote!(Content::Scalar(#types))
            }
            XmlContent::List(item) => {
                let item = self.element_of(item);
                quote!(Content::List(#item))
            }
            XmlContent::Object { fields, others } => {
                let fields = fields.iter().map(|field| self.field(field));
                let others = match others {
                    Some(others) => {
                        let others = self.reference(others);
                        quote!(Some(#others))
                    }
                    None => quote!(None),
                };
                quote!(Content::Object { fields: &[#(#fields),*], others: #others })
            }
            // An alias of another type.
            XmlContent::Named(_) => {
                let target = self.reference(content);
                quote!(Content::Same(#target))
            }
        }
    }

    fn reference(self, target: &XmlContent) -> TokenStream {
        match target {
            XmlContent::Named(name) => {
                let definition = self.api.types.get(name);
                let name = definition.map(|definition| format_ident!("{}", definition.const_ident));
                if self.is_inner { quote!(&super::#name) } else { quote!(&#name) }
            }
            other => {
                let content = self.content(other);
                quote!(&#content)
            }
        }
    }

    fn element_of(self, XmlElement { name, content }: &XmlElement) -> TokenStream {
        let (name, content) = (self::name(name), self.reference(content));
        quote!(Element { name: #name, content: #content })
    }

    fn field(self, XmlField { key, required, node }: &XmlField) -> TokenStream {
        let node = match node {
            XmlNode::Attribute(name, types) => {
                let (name, types) = (self::name(name), scalars(types));
                quote!(Node::Attribute(#name, #types))
            }
            XmlNode::Text { types, cdata } => {
                let types = scalars(types);
                quote!(Node::Text { types: #types, cdata: #cdata })
            }
            XmlNode::Element(element) => {
                let element = self.element_of(element);
                quote!(Node::Element(#element))
            }
            XmlNode::Items(item) => {
                let item = self.element_of(item);
                quote!(Node::Items(#item))
            }
            XmlNode::Wrapped(name, item) => {
                let (name, item) = (self::name(name), self.element_of(item));
                quote!(Node::Wrapped(#name, #item))
            }
        };
        quote!(Field { key: #key, required: #required, node: #node })
    }
}

fn name(XmlName { local, prefix, namespace }: &XmlName) -> TokenStream {
    if prefix.is_none() && namespace.is_none() {
        return quote!(Name::plain(#local));
    }
    let [prefix, namespace] = [prefix, namespace].map(|text| match text {
        Some(text) => quote!(Some(#text)),
        None => quote!(None),
    });
    quote!(Name { local: #local, prefix: #prefix, namespace: #namespace })
}

fn scalars(types: &[XmlScalar]) -> TokenStream {
    let types = types.iter().map(|ty| match ty {
        XmlScalar::Boolean => quote!(Scalar::Boolean),
        XmlScalar::Number => quote!(Scalar::Number),
        XmlScalar::String => quote!(Scalar::String),
    });
    quote!(&[#(#types),*])
}
