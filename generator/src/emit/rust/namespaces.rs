//! Namespaces: handles without cost, in modules that are nested like the groups of the document.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::docs::{doc, method_docs};
use crate::emit::Source;
use crate::emit::features::{condition, requirement, requirement_docs};
use crate::emit::operation::Call;
use crate::emit::split::Methods;
use crate::emit::syntax::Scope;
use crate::ir::{Api, Namespace};
use crate::markdown;
use crate::progenitor::Types;

pub(crate) fn emit(api: &Api, types: &Types) -> Vec<Source> {
    if api.root.children.is_empty() {
        return Vec::new();
    }
    let modules = modules(&api.root);
    let docs = "The namespaces of the client: the groups of operations in the API.";
    let mut sources = vec![Source::rust("src/api.rs", docs, modules)];
    for group in api.root.walk().into_iter().skip(1) {
        sources.extend(namespace(api, types, group));
    }
    sources
}

fn modules(group: &Namespace) -> TokenStream {
    let is_root = group.path.is_empty();
    let modules = group.children.iter().map(|child| {
        let ident = format_ident!("{}", child.ident);
        let condition = is_root.then(|| condition(child.feature.as_deref())).flatten();
        quote!(#condition pub mod #ident;)
    });
    quote!(#(#modules)*)
}

fn namespace(api: &Api, types: &Types, group: &Namespace) -> Vec<Source> {
    let place = group.path.iter().map(|part| crate::naming::snake(part)).collect::<Vec<_>>().join("/");
    let requirement = requirement(group.feature.as_deref()).map_or_else(String::new, |text| format!("\n\n{text}"));
    let module_docs = format!("The operations of `{}`.", group.dotted());
    let name = format_ident!("{}", group.type_name);
    let core = format_ident!("{}Core", api.client.name);
    let modules = modules(group);
    let docs = match &group.description {
        Some(description) => format!("`{}`: {}", group.dotted(), markdown::safe(description)),
        None => format!("The operations of `{}`.", group.dotted()),
    };
    let docs = doc(&format!("{docs}\n\nBorrows the client, and costs nothing to create.{requirement}"));
    let children = group
        .children
        .iter()
        .map(|child| child_method(child, &quote!(self), &quote!(self.core), &quote!('a), &quote!()));
    let children = quote!(#(#children)*);
    let calls = group.operations.iter().map(|index| Call::of(api, types, *index));
    let methods = calls
        .map(|call| (call.operation.method_ident.clone(), method(api, &call, &quote!(self), &quote!(self.core))))
        .collect();
    let spread = Methods {
        place: format!("src/api/{place}"),
        header: quote!(impl<'a> #name<'a>),
        imports: quote!(use super::#name; use crate::funcs; use crate::runtime::Call;),
        docs: &format!("{module_docs} They are split into several files."),
        all: methods,
    };
    let mut taken = group.children.iter().map(|child| child.ident.clone()).collect();
    let (methods, more_modules, mut sources) = spread.spread(&mut taken);
    let has_types = Scope::of(&methods).has("types");
    let types_import = has_types.then(|| {
        quote!(
            use crate::types;
        )
    });
    let imports = (!methods.is_empty()).then(|| {
        quote!(
            use crate::funcs;
            use crate::runtime::Call;
        )
    });
    let is_empty = children.is_empty() && methods.is_empty();
    let block = (!is_empty).then(|| quote!(impl<'a> #name<'a> { #children #methods }));
    let items = quote! {
        #modules
        #more_modules
        use crate::client::#core;
        #imports
        #types_import

        #docs
        #[derive(Debug, Clone, Copy)]
        pub struct #name<'a> { pub(crate) core: &'a #core }

        #block
    };
    sources.push(Source::rust(format!("src/api/{place}.rs"), format!("{module_docs}{requirement}"), items));
    sources
}

/// Returns the method that leads to a group.
pub(crate) fn child_method(
    child: &Namespace,
    receiver: &TokenStream,
    core: &TokenStream,
    lifetime: &TokenStream,
    prefix: &TokenStream,
) -> TokenStream {
    let (ident, name) = (format_ident!("{}", child.ident), format_ident!("{}", child.type_name));
    let docs = match &child.description {
        Some(description) => markdown::safe(description),
        None => format!("The operations of `{}`.", child.dotted()),
    };
    let docs = doc(&docs);
    let is_top = child.path.len() == 1;
    let feature = child.feature.as_ref().filter(|_| is_top);
    let (condition, requirement) = (condition(feature.map(String::as_str)), requirement_docs(feature));
    quote! {
        #docs
        #requirement
        #condition
        #[must_use]
        pub fn #ident(#receiver) -> #prefix #ident::#name<#lifetime> { #prefix #ident::#name { core: #core } }
    }
}

/// Returns the method that makes a call.
pub(crate) fn method(api: &Api, call: &Call<'_>, receiver: &TokenStream, core: &TokenStream) -> TokenStream {
    let (method, function, ty) = (call.method(), call.function(), call.type_name());
    let ty = quote!(funcs::#ty<'a>);
    let docs = doc(&method_docs(api, call));
    let requirement = requirement_docs(call.operation.feature.as_ref());
    let attributes = call.attributes();
    let expect = call
        .operation
        .deprecated
        .then(|| quote!(#[expect(deprecated, reason = "the function is deprecated together with the method")]));
    let required = call.required();
    let arguments = required.iter().map(|(ident, ty)| quote!(#ident: #ty));
    let values = required.iter().map(|(ident, _)| ident);
    quote! {
        #docs
        #requirement
        #attributes
        #expect
        pub fn #method(#receiver, #(#arguments),*) -> Call<'a, #ty> {
            funcs::#function(#core, #(#values),*)
        }
    }
}
