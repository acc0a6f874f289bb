//! Standalone functions: the only implementation of each operation, in one file per namespace.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::{ToTokens as _, format_ident, quote};

use super::docs::{choice_docs, doc, function_docs, param_docs};
use super::retry_policy::Policy;
use super::type_features::Named;
use super::{jobs, xml};
use crate::emit::features::{condition, state};
use crate::emit::operation::Call;
use crate::emit::split::{Chunk, divide, fits, flat};
use crate::emit::syntax::{argument_value, is_converted, names_in};
use crate::emit::{Content, Source};
use crate::ir::{
    AnyStyle, Api, Body, BodyContent, Location, Namespace, Param, ParamStyle, PathPart, PercentEncoding, ResponseType,
};
use crate::macros;
use crate::naming::{function_files, shortened, unique};
use crate::print;
use crate::progenitor::Types;

/// Returns the files, and the types that operations name.
pub(super) fn emit(api: &Api, types: &Types) -> (Vec<Source>, Named) {
    let core = format!("{}Core", api.client.name);
    let (mut sources, mut named) = (Vec::new(), Named::new());
    let mut taken = BTreeSet::new();
    let (mut modules, mut exports) = (TokenStream::new(), TokenStream::new());
    for group in api.root.walk().into_iter().filter(|group| !group.operations.is_empty()) {
        let module =
            if group.path.is_empty() { "client".to_owned() } else { crate::naming::snake(&group.path.join(" ")) };
        let module = unique(shortened(&module), &mut taken);
        let (name, condition) = (format_ident!("{module}"), condition(group.feature.as_deref()));
        modules.extend(quote!(#condition mod #name;));
        exports.extend(quote!(#condition pub use self::#name::*;));
        sources.extend(files(api, types, group, &module, &mut named));
    }
    let bodies = api.operations.iter().filter_map(|operation| operation.body.as_ref());
    let has_multipart = bodies.into_iter().any(|body| matches!(body.content, BodyContent::Multipart(_)));
    let multipart = has_multipart.then(|| {
        quote!(
            pub use crate::runtime::multipart::Multipart;
        )
    });
    let docs = format!(
        "Every operation as a function over [`{core}`](crate::{core}).\n\nThe methods of the namespaces call these \
         functions."
    );
    sources.push(Source::rust("src/funcs.rs", docs, quote!(#modules #exports #multipart)));
    (sources, named)
}

/// Returns the file of a group, or several files that form one public module.
fn files(api: &Api, types: &Types, group: &Namespace, module: &str, named: &mut Named) -> Vec<Source> {
    let docs = match group.dotted().as_str() {
        "" => "Operations of the client itself.".to_owned(),
        dotted => format!("Operations of `{dotted}`."),
    };
    let core = format_ident!("{}Core", api.client.name);
    let calls = group.operations.iter().map(|index| Call::of(api, types, *index));
    let pieces: Vec<_> = calls.map(|call| Function::of(api, types, call, &core)).collect();
    for piece in &pieces {
        for name in &piece.content.types {
            named.entry(name.clone()).or_default().insert(piece.content.call.operation.feature.clone());
        }
    }
    let path = format!("src/funcs/{module}");
    if fits(&pieces) {
        return vec![file(format!("{path}.rs"), docs, api, pieces, &core)];
    }
    let parts = divide(pieces, &mut BTreeSet::new());
    let mut sources = vec![Source::rust(format!("{path}.rs"), docs.clone(), flat(&parts))];
    let docs = format!("{docs} They are split into several files.");
    let files =
        parts.into_iter().map(|part| file(format!("{path}/{}.rs", part.name), docs.clone(), api, part.pieces, &core));
    sources.extend(files);
    sources
}

/// All items of an operation.
struct Function<'a> {
    call: Call<'a>,
    /// The printed items, or the items that could not be parsed.
    text: Result<String, TokenStream>,
    /// The types that it names.
    types: BTreeSet<String>,
}

impl<'a> Function<'a> {
    fn of(api: &'a Api, types: &'a Types, call: Call<'a>, core: &syn::Ident) -> Chunk<Self> {
        let items = || {
            let operation = operation_items(api, &call, core);
            let long_running = jobs::emit(api, types, &call, core);
            quote!(#operation #long_running)
        };
        let print = |mut file: syn::File| {
            file.items.iter_mut().for_each(|item| state(item, call.operation.feature.as_deref()));
            print::file(file)
        };
        let tokens = items();
        let named = names_in(&tokens, "types");
        // `render` reports items that cannot be parsed. A copy of all others for that case would take long.
        let text = syn::parse2(tokens).map(print).map_err(|_| items());
        let lines = text.as_ref().map_or(0, |text| text.lines().count() + 1);
        Chunk { name: call.operation.function_ident.clone(), lines, content: Self { call, text, types: named } }
    }
}

fn file(path: String, docs: String, api: &Api, pieces: Vec<Chunk<Function<'_>>>, core: &syn::Ident) -> Source {
    let functions: Vec<_> = pieces.into_iter().map(|piece| piece.content).collect();
    let mut items = imports(api, &functions, core);
    let mut laid_out = Vec::new();
    for function in functions {
        match function.text {
            Ok(text) => laid_out.push(text),
            Err(broken) => items.extend(broken),
        }
    }
    Source { path, content: Content::Rust { docs, items, laid_out } }
}

fn imports(api: &Api, functions: &[Function<'_>], core: &syn::Ident) -> TokenStream {
    let types_import = functions.iter().any(|function| !function.types.is_empty()).then(|| {
        quote!(
            use crate::types;
        )
    });
    let operations: Vec<_> = functions.iter().map(|function| function.call.operation).collect();
    let has_policy = operations.iter().any(|operation| operation.retry.is_some());
    let links: Vec<_> = operations.iter().filter_map(|operation| operation.long_running.as_ref()).collect();
    let policies = has_policy.then_some(function_files::POLICIES).into_iter().flatten();
    let jobs = (!links.is_empty()).then_some(function_files::JOBS).into_iter().flatten();
    let method = operations.iter().any(|operation| is_usual(&operation.http_method)).then_some(function_files::METHOD);
    let uses_lists =
        functions.iter().any(|function| has_setters(&function.call) || function.call.operation.error_type.is_some());
    let lists = uses_lists.then_some(function_files::LISTS).into_iter();
    let names = function_files::CALLS
        .into_iter()
        .chain(lists)
        .chain(method)
        .chain(policies)
        .map(|name| format_ident!("{name}"));
    let job_names = jobs.map(|name| format_ident!("{name}"));
    let jobs = (!links.is_empty()).then(|| quote!(use crate::runtime::jobs::{#(#job_names),*};));
    // The operation that returns the state of a job may be in another file than the one that starts it.
    let elsewhere: BTreeMap<_, _> = links
        .iter()
        .map(|link| api.operation(link.result))
        .filter(|result| !operations.iter().any(|own| own.id == result.id))
        .map(|result| (&result.function_ident, &result.type_name))
        .collect();
    let elsewhere = elsewhere.into_iter().map(|(function, ty)| {
        let (function, ty) = (format_ident!("{function}"), format_ident!("{ty}"));
        quote!(use crate::funcs::{#ty, #function};)
    });
    quote! {
        use crate::client::#core;
        #(#elsewhere)*
        use crate::runtime::{#(#names),*};
        #jobs
        #types_import
    }
}

fn operation_items(api: &Api, call: &Call<'_>, core: &syn::Ident) -> TokenStream {
    let function = function(api, call, core);
    let arguments = arguments(call, core);
    let setters = setters(call);
    let (operation, form) = (implementation(call), super::multipart::emit(call));
    let responses = super::responses::emit(call);
    let headers = super::response_headers::emit(call);
    let failures = super::error_bodies::emit(call);
    let (pages, stream) = (super::pagination::emit(call), super::streaming::emit(call));
    let alternatives = super::alternatives::emit(call);
    quote!(#function #arguments #setters #operation #form #pages #stream #alternatives #responses #headers #failures)
}

fn function(api: &Api, call: &Call<'_>, core: &syn::Ident) -> TokenStream {
    let (name, type_name, ty) = (call.function(), call.type_name(), call.ty());
    let docs = doc(&function_docs(api, call));
    let attributes = call.attributes();
    let required = call.required();
    let arguments = required.iter().map(|(ident, ty)| quote!(#ident: #ty));
    let values = call.params().map(|(param, ty)| {
        let ident = format_ident!("{}", param.ident);
        match param.global {
            Some(index) => {
                let global = api.client.global(index);
                let getter = format_ident!("{}", global.ident);
                let is_wrapped = global.required && !param.required;
                if is_wrapped { quote!(#ident: Some(core.#getter())) } else { quote!(#ident: core.#getter()) }
            }
            None if param.required && is_converted(ty) => {
                let value = argument_value(&ident, ty);
                quote!(#ident: #value)
            }
            None if param.required => quote!(#ident),
            None => quote!(#ident: None),
        }
    });
    let body = call.operation.body.as_ref().zip(call.body()).map(|(body, ty)| match body.required {
        true if is_converted(&ty) => quote!(body: body.into()),
        true => quote!(body),
        false => quote!(body: None),
    });
    let choice = call.operation.body.as_ref().and_then(|body| body.choice.as_ref()).map(|choice| {
        let ident = format_ident!("{}", choice.ident);
        quote!(, #ident: None)
    });
    let client = call.operation.long_running.is_some().then(|| quote!(client: core,));
    let lifetime_field = (!call.borrows()).then(|| quote!(_lifetime: std::marker::PhantomData,));
    let names_lifetime = call.takes_borrowed();
    let ty = if names_lifetime { ty } else { call.header() };
    let (generics, lifetime, call_lifetime) =
        if names_lifetime { (quote!(<'a>), quote!('a), quote!('a)) } else { (quote!(), quote!(), quote!('_)) };
    quote! {
        #docs
        #attributes
        pub fn #name #generics(core: &#lifetime #core, #(#arguments),*) -> Call<#call_lifetime, #ty> {
            Call::new(core.runtime(), #type_name { #client #lifetime_field #(#values,)* #body #choice })
        }
    }
}

fn arguments(call: &Call<'_>, core: &syn::Ident) -> TokenStream {
    let client = call.operation.long_running.is_some().then(|| quote!(client: &'a #core,));
    let ty = call.ty();
    let docs = doc(&format!("The arguments of [`{}`].", call.operation.function_ident));
    let fields = call.params().map(|(param, ty)| {
        let ident = format_ident!("{}", param.ident);
        if is_optional(param) { quote!(#ident: Option<#ty>) } else { quote!(#ident: #ty) }
    });
    let body = call
        .operation
        .body
        .as_ref()
        .zip(call.body())
        .map(|(body, ty)| if body.required { quote!(body: #ty) } else { quote!(body: Option<#ty>) });
    let choice = call.operation.body.as_ref().and_then(|body| body.choice.as_ref()).map(|choice| {
        let ident = format_ident!("{}", choice.ident);
        quote!(, #ident: Option<String>)
    });
    let debug = has_secret(call).then(|| debug(call));
    let lifetime = (!call.borrows()).then(|| quote!(_lifetime: std::marker::PhantomData<&'a ()>,));
    let derive = if debug.is_some() { quote!(#[derive(Clone)]) } else { quote!(#[derive(Debug, Clone)]) };
    quote! {
        #docs
        #derive
        pub struct #ty { #client #lifetime #(#fields,)* #body #choice }
        #debug
    }
}

fn has_secret(call: &Call<'_>) -> bool {
    call.operation.params.iter().any(|param| param.sensitive)
}

/// Returns a `Debug` implementation without sensitive values.
fn debug(call: &Call<'_>) -> TokenStream {
    let (ty, text) = (call.header(), call.type_name().to_string());
    let params = call.operation.params.iter().map(|param| (format_ident!("{}", param.ident), param.sensitive));
    let body = call.operation.body.iter().map(|_| (format_ident!("body"), false));
    let shown = params.chain(body).map(|(ident, is_secret)| {
        let label = ident.to_string();
        let value = if is_secret { quote!(&crate::runtime::Redacted) } else { quote!(&self.#ident) };
        quote!(.field(#label, #value))
    });
    quote! {
        impl std::fmt::Debug for #ty {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(#text)#(#shown)*.finish_non_exhaustive()
            }
        }
    }
}

/// Whether the field is an option. Globals are read from the client; `build` checks that required ones are set.
fn is_optional(param: &Param) -> bool {
    !param.required
}

fn setter_docs(param: &Param) -> String {
    let docs = param_docs(param);
    if param.description.is_some() { docs } else { format!("Sets {docs}") }
}

/// Whether an operation has optional arguments.
fn has_setters(call: &Call<'_>) -> bool {
    let is_set = |body: &Body| !body.required || body.choice.is_some();
    call.params().any(|(param, _)| is_optional(param) && param.global.is_none())
        || call.operation.body.as_ref().is_some_and(is_set)
}

fn setters(call: &Call<'_>) -> TokenStream {
    if !has_setters(call) {
        return TokenStream::new();
    }
    let ty = call.ty();
    let optional = call.params().filter(|(param, _)| is_optional(param) && param.global.is_none());
    let mut setters: Vec<TokenStream> =
        optional.map(|(param, ty)| setter(&format_ident!("{}", param.ident), ty, &setter_docs(param))).collect();
    if let (Some(body), Some(ty)) = (&call.operation.body, call.body())
        && !body.required
    {
        setters.push(setter(&format_ident!("body"), &ty, "Sets the body of the request."));
    }
    setters.extend(call.operation.body.as_ref().and_then(media_setter));
    macros::call("functions", "setters", &quote!(#ty { #(#setters),* })).to_token_stream()
}

/// Returns the setter of the media type of a body, if the caller chooses it.
fn media_setter(body: &Body) -> Option<TokenStream> {
    let choice = body.choice.as_ref()?;
    let ident = format_ident!("{}", choice.ident);
    let docs = doc(&format!(
        "Sets the content type of the body. {}\n\nA content type with characters that are not allowed in headers is an error of the call.",
        choice_docs(body, choice)
    ));
    Some(quote!(#docs #ident: into String))
}

fn setter(ident: &syn::Ident, ty: &syn::Type, docs: &str) -> TokenStream {
    let (docs, kind) = (doc(docs), if is_converted(ty) { quote!(into) } else { quote!(value) });
    quote!(#docs #ident: #kind #ty)
}

fn implementation(call: &Call<'_>) -> TokenStream {
    let (output, meta) = (call.output(), meta(call, call.operation.success.accept.as_deref()));
    let path = call.operation.path.iter().map(|part| match part {
        PathPart::Literal(text) => quote!(request.path(#text);),
        PathPart::Param(index) => write_param(call.operation.param(*index)),
    });
    let others = call.operation.params.iter().filter(|param| param.location != Location::Path).map(write_param);
    let query = call.operation.fixed_query.iter().map(|(name, value)| quote!(request.query(#name, #value);));
    let body = call.operation.body.as_ref().map(|body| {
        if body.required {
            write_body(call, body, &quote!(self.body), &quote!(&self.body))
        } else {
            let write = write_body(call, body, &quote!(body), &quote!(body));
            quote!(if let Some(body) = &self.body { #write })
        }
    });
    let expect_xml = has_xml_response(call).then(|| quote!(crate::runtime::xml::expect_feature()?;));
    let decode = decode(call, call.operation.success.content);
    let header = call.header();
    quote! {
        impl Operation for #header {
            type Output = #output;

            const META: OperationMeta = #meta;

            fn encode(&self, request: &mut RequestWriter) -> Result<(), Error> {
                #(#path)*
                #(#query)*
                #(#others)*
                #expect_xml
                #body
                Ok(())
            }

            fn decode(response: &RawResponse) -> Result<Self::Output, Error> { #decode }
        }
    }
}

/// Returns the body of a function that decodes a response.
pub(super) fn decode(call: &Call<'_>, content: ResponseType) -> TokenStream {
    let statuses = &call.operation.success.statuses;
    let expect = (!statuses.is_empty()).then(|| {
        let statuses = statuses.iter().map(|status| proc_macro2::Literal::u16_unsuffixed(*status));
        quote!(response.expect_status(&[#(#statuses),*])?;)
    });
    match content {
        ResponseType::Json(_) => quote!(#expect response.json()),
        ResponseType::Xml(slot) => {
            let element = xml::element(call, slot);
            quote!(#expect response.xml(#element))
        }
        ResponseType::Text => quote!(#expect response.text()),
        ResponseType::Bytes => quote!(#expect Ok(response.body().clone())),
        ResponseType::Several => {
            let decode = super::responses::decode(call);
            quote!(#expect #decode)
        }
        ResponseType::Empty if statuses.is_empty() => quote!(let _ = response; Ok(())),
        ResponseType::Empty => quote!(#expect Ok(())),
    }
}

/// Whether a successful response is decoded from XML.
fn has_xml_response(call: &Call<'_>) -> bool {
    let success = &call.operation.success;
    let mut contents =
        std::iter::once(success.content).chain(success.responses.iter().map(|response| response.content));
    contents.any(|content| matches!(content, ResponseType::Xml(_)))
}

/// Whether the library has a constant for an HTTP method.
fn is_usual(method: &str) -> bool {
    ["GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE"].contains(&method)
}

/// Returns the properties of an operation whose responses are requested in a media type.
pub(super) fn meta(call: &Call<'_>, accept: Option<&str>) -> TokenStream {
    let operation = call.operation;
    let (id, path, idempotent) = (&operation.id, &operation.template, operation.idempotent);
    let key = match &operation.idempotency_key {
        Some(name) => quote!(Some(#name)),
        None => quote!(None),
    };
    let method = &operation.http_method;
    let method = if is_usual(method) {
        let method = format_ident!("{method}");
        quote!(HttpMethod::Known(Method::#method))
    } else {
        quote!(HttpMethod::Other(#method))
    };
    let accept = match accept {
        Some(accept) => quote!(Some(#accept)),
        None => quote!(None),
    };
    let retry = match &operation.retry {
        Some(retry) => {
            let policy = Policy(retry);
            quote!(Some(#policy))
        }
        None => quote!(None),
    };
    let security = operation.security.iter().map(|alternative| quote!(&[#(#alternative),*]));
    let server = match &operation.server {
        Some(server) => quote!(Some(#server)),
        None => quote!(None),
    };
    quote! {
        OperationMeta {
            id: #id,
            method: #method,
            path: #path,
            accept: #accept,
            idempotent: #idempotent,
            idempotency_key: #key,
            retry: #retry,
            security: &[#(#security),*],
            server: #server,
        }
    }
}

fn write_body(call: &Call<'_>, body: &Body, place: &TokenStream, value: &TokenStream) -> TokenStream {
    let media_type = &body.media_type;
    if let Some(choice) = &body.choice {
        let ident = format_ident!("{}", choice.ident);
        let chosen = quote!(self.#ident.as_deref().unwrap_or(#media_type));
        return match body.content {
            BodyContent::Text => quote!(request.bytes_as(#chosen, #place.clone().into())?;),
            _ if body.sensitive => quote!(request.upload_as(#chosen, &#place.clone().sensitive())?;),
            _ => quote!(request.upload_as(#chosen, #value)?;),
        };
    }
    match &body.content {
        BodyContent::Json(_) if media_type == "application/json" => quote!(request.json(#value)?;),
        BodyContent::Json(_) => quote!(request.json_as(#media_type, #value)?;),
        BodyContent::Xml(slot) => {
            let element = xml::element(call, *slot);
            quote!(request.xml(#media_type, #element, #value)?;)
        }
        BodyContent::Form { styles, .. } => {
            let styles = styles.iter().map(|(name, style)| {
                let style = any_style(*style);
                quote!((#name, crate::runtime::styles::AnyStyle::#style))
            });
            quote!(request.form(#value, &[#(#styles),*])?;)
        }
        BodyContent::Multipart(_) => quote!(request.multipart(#value)?;),
        BodyContent::Text => quote!(request.bytes(#media_type, #place.clone().into());),
        BodyContent::Bytes if body.sensitive => quote!(request.upload(#media_type, &#place.clone().sensitive());),
        BodyContent::Bytes => quote!(request.upload(#media_type, #value);),
    }
}

fn write_param(param: &Param) -> TokenStream {
    let (name, ident) = (&param.name, format_ident!("{}", param.ident));
    let is_list = !matches!(param.style, ParamStyle::Scalar | ParamStyle::Any(_));
    let value = match (is_optional(param), is_list) {
        (true, _) => quote!(value),
        (false, true) => quote!(self.#ident),
        (false, false) => quote!(&self.#ident),
    };
    let write = match (param.location, param.style) {
        (location, ParamStyle::Any(style)) => {
            let method = format_ident!(
                "{}",
                match location {
                    Location::Path => "any_in_path",
                    Location::Query => "any_in_query",
                    Location::Header => "any_in_header",
                    Location::Cookie => "any_in_cookie",
                }
            );
            let style = any_style(style);
            quote!(request.#method(#name, #value, crate::runtime::styles::AnyStyle::#style)?;)
        }
        // Only errors contain the name.
        (Location::Path, _) => {
            let name = &param.ident;
            quote!(request.path_value(#name, #value)?;)
        }
        (Location::Query, ParamStyle::Scalar) => quote!(request.query(#name, #value);),
        (Location::Query, shape) => {
            let style = list_style(shape);
            quote!(request.query_list(#name, #value, crate::runtime::ListStyle::#style);)
        }
        (Location::Header, ParamStyle::Scalar) => quote!(request.header(#name, #value)?;),
        (Location::Header, _) => quote!(request.header_list(#name, #value)?;),
        (Location::Cookie, _) => quote!(request.cookie(#name, #value)?;),
    };
    let write = if param.encoding == PercentEncoding::KeepsReserved {
        let has_commas = matches!(param.style, ParamStyle::Comma | ParamStyle::Any(AnyStyle::Comma));
        quote!(request.reserved(#has_commas, |request| { #write Ok(()) })?;)
    } else {
        write
    };
    if is_optional(param) { quote!(if let Some(value) = &self.#ident { #write }) } else { write }
}

fn list_style(shape: ParamStyle) -> TokenStream {
    match shape {
        ParamStyle::Scalar | ParamStyle::Any(_) | ParamStyle::Comma => quote!(Comma),
        ParamStyle::Exploded => quote!(Exploded),
        ParamStyle::Space => quote!(Space),
        ParamStyle::Tab => quote!(Tab),
        ParamStyle::Pipe => quote!(Pipe),
    }
}

fn any_style(style: AnyStyle) -> TokenStream {
    match style {
        AnyStyle::Exploded => quote!(Exploded),
        AnyStyle::Comma => quote!(Delimited(crate::runtime::ListStyle::Comma)),
        AnyStyle::Space => quote!(Delimited(crate::runtime::ListStyle::Space)),
        AnyStyle::Tab => quote!(Delimited(crate::runtime::ListStyle::Tab)),
        AnyStyle::Pipe => quote!(Delimited(crate::runtime::ListStyle::Pipe)),
        AnyStyle::Deep => quote!(Deep),
        AnyStyle::Json => quote!(Json),
        AnyStyle::Label { explode } => quote!(Label { explode: #explode }),
        AnyStyle::Matrix { explode } => quote!(Matrix { explode: #explode }),
    }
}
