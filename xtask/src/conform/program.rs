//! The source of the program that makes the calls of a client.

use generator::ir::{
    Api, BodyContent, FormPart, MultipartForm, Operation, Param, PartContent, ResponseType, StreamPart,
};
use generator::progenitor::Types;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::Type;

/// The module that all programs share.
pub(crate) const SUPPORT: &str = include_str!("program/support.rs");

/// Writes the source of the program.
pub(crate) fn source(api: &Api, types: &Types) -> String {
    let (client, core) = (format_ident!("{}", api.client.name), format_ident!("{}Core", api.client.name));
    let credentials = api.client.schemes.iter().map(|scheme| {
        let (name, method) = (&scheme.ident, format_ident!("{}", scheme.ident));
        quote!(if let Some(value) = job.credential(#name) { builder = builder.#method(value); })
    });
    let arms = api.operations.iter().flat_map(|operation| arms(operation, types));
    let program = quote! {
        #![allow(deprecated, unused_mut, unused_variables, dead_code, unreachable_patterns)]

        mod support;

        use support::{Arguments, Headers, Job, Unfit};

        #[tokio::main(flavor = "current_thread")]
        async fn main() {
            let job = Job::read();
            let mut builder = client::#client::builder().server_url(job.server.as_str());
            builder = builder.retry_config(client::RetryConfig::none());
            #(#credentials)*
            let client = builder.build();
            for arguments in &job.calls {
                let mut headers = Headers::new();
                let outcome = match &client {
                    Ok(client) => call(client.core(), arguments, &mut headers).await,
                    Err(error) => Ok(support::not_called(error)),
                };
                let outcome = outcome.unwrap_or_else(|why| support::not_called(&why.0));
                println!("{}", support::report(outcome, headers));
            }
        }

        async fn call(
            core: &client::#core,
            arguments: &Arguments,
            headers: &mut Headers,
        ) -> Result<client::serde_json::Value, Unfit> {
            if let Some(link) = &arguments.link {
                let call = core.raw_request(client::Method::GET, link.as_str()).bytes();
                return Ok(match support::opened(call.send_with_response().await, headers) {
                    Ok(value) => support::bytes(&value),
                    Err(error) => support::failed(&error),
                });
            }
            Ok(match arguments.function.as_str() {
                #(#arms)*
                other => return Err(Unfit(format!("there is no function `{other}`"))),
            })
        }
    };
    program.to_string()
}

/// The arms of an operation: one for each media type of its response.
fn arms(operation: &Operation, types: &Types) -> Vec<TokenStream> {
    let call = call(operation, types);
    let name = &operation.function_ident;
    let report = report(operation, operation.success.content);
    let opened = quote!(support::opened(call.send_with_response().await, headers));
    let mut arms = vec![quote!(#name => { #call match #opened { #report } })];
    arms.extend(operation.pagination.as_ref().map(|_| {
        let name = format!("{name}.pages");
        quote!(#name => {
            #call
            let (mut pages, mut values) = (call.pages(), Vec::new());
            while let Some(page) = pages.next().await {
                match page {
                    Ok(page) => values.push(page),
                    Err(error) => return Ok(support::failed(&error)),
                }
            }
            support::encoded(&values)
        })
    }));
    arms.extend(operation.streaming.as_ref().map(|streaming| stream_arm(name, &call, streaming.part)));
    for alternative in &operation.alternatives {
        let name = format!("{name}.{}", alternative.ident);
        let (method, report) = (format_ident!("{}", alternative.ident), report_of(alternative.content));
        let opened = quote!(support::opened(call.#method().send_with_response().await, headers));
        arms.push(quote!(#name => { #call match #opened { #report } }));
    }
    arms
}

/// The arm that reads a stream to its end and reports the list of what its parts carry.
fn stream_arm(name: &str, call: &TokenStream, part: StreamPart) -> TokenStream {
    let name = format!("{name}.stream");
    let value = match part {
        StreamPart::Text | StreamPart::Json(_) => quote!(item.data),
        StreamPart::Whole { .. } | StreamPart::Line(_) => quote!(item),
    };
    quote!(#name => {
        #call
        let (mut stream, mut values) = match call.stream().await {
            Ok(stream) => (stream, Vec::new()),
            Err(error) => return Ok(support::failed(&error)),
        };
        while let Some(item) = stream.next().await {
            match item {
                Ok(item) => values.push(support::value(&#value)?),
                Err(error) => return Ok(support::failed(&error)),
            }
        }
        support::encoded(&values)
    })
}

/// The statements that make the call.
fn call(operation: &Operation, types: &Types) -> TokenStream {
    let function = format_ident!("{}", operation.function_ident);
    let params: Vec<_> = operation.params.iter().filter(|param| param.global.is_none()).collect();
    let required = params.iter().filter(|param| param.required).map(|param| argument(param, &types[param.slot]));
    let body = operation.body.as_ref().map(|body| (body.required, value_of_body(&body.content, types)));
    let required_body = body.as_ref().filter(|(required, _)| *required).map(|(_, value)| value);
    let arguments = required.chain(required_body.cloned());
    let setters = params.iter().filter(|param| !param.required).map(|param| {
        let (name, setter, value) =
            (&param.ident, format_ident!("{}", param.ident), argument(param, &types[param.slot]));
        quote!(if arguments.has(#name) { call = call.#setter(#value); })
    });
    let optional_body = body
        .as_ref()
        .filter(|(required, _)| !required)
        .map(|(_, value)| quote!(if arguments.has_body() { call = call.body(#value); }));
    let choice = operation.body.as_ref().and_then(|body| body.choice.as_ref()).map(|choice| {
        let (name, setter) = (&choice.ident, format_ident!("{}", choice.ident));
        quote!(if arguments.has(#name) { call = call.#setter(arguments.text(#name)?); })
    });
    quote! {
        let mut call = client::funcs::#function(core, #(#arguments),*);
        #(#setters)*
        #optional_body
        #choice
        if let Some(accept) = &arguments.accept {
            call = call.header("accept", accept.as_str());
        }
    }
}

fn argument(param: &Param, ty: &Type) -> TokenStream {
    let name = &param.ident;
    if let Some(scalar) = scalar(ty) {
        return quote!(arguments.owned::<client::scalars::#scalar>(#name)?);
    }
    let method: Ident = match ty {
        Type::Reference(reference) => match reference.elem.as_ref() {
            Type::Slice(_) => format_ident!("list"),
            Type::Path(path) if path.path.is_ident("str") => format_ident!("text"),
            _ => format_ident!("borrowed"),
        },
        _ => format_ident!("owned"),
    };
    quote!(arguments.#method(#name)?)
}

/// Returns the name of a scalar. Arguments of such a type are generic, so the type of a value has to be stated.
fn scalar(ty: &Type) -> Option<&Ident> {
    let Type::Path(path) = ty else { return None };
    let segments = path.path.segments.iter();
    segments.skip_while(|segment| segment.ident != "scalars").nth(1).map(|segment| &segment.ident)
}

fn value_of_body(content: &BodyContent, types: &Types) -> TokenStream {
    if let BodyContent::Json(slot) | BodyContent::Xml(slot) = content
        && let Some(scalar) = scalar(&types[*slot])
    {
        return quote!(arguments.body::<client::scalars::#scalar>()?);
    }
    match content {
        BodyContent::Json(_) | BodyContent::Xml(_) | BodyContent::Form { .. } | BodyContent::Text => {
            quote!(arguments.body()?)
        }
        BodyContent::Bytes => quote!(arguments.bytes()?),
        BodyContent::Multipart(Some(form)) => value_of_form(form, types),
        BodyContent::Multipart(None) => quote! {{
            let mut form = client::funcs::Multipart::new();
            for part in arguments.parts()? {
                let text = || String::from_utf8_lossy(&part.content).into_owned();
                form = match (&part.file_name, &part.media_type) {
                    (Some(file), media_type) => form.file(
                        &part.name, file, media_type.as_deref().unwrap_or("application/octet-stream"), &part.content,
                    ),
                    (None, Some(media_type)) => form.part_of(&part.name, media_type, &part.content),
                    (None, None) => form.text(&part.name, &text()),
                };
            }
            form
        }},
    }
}

/// A form with a field for each part. Its files have the content type of the request only if the document does not state one.
fn value_of_form(form: &MultipartForm, types: &Types) -> TokenStream {
    let name = format_ident!("{}", form.type_name);
    let value = |part: &FormPart| {
        let name = &part.name;
        let Some(slot) = part.content.slot() else {
            // This is the default of files.
            let is_stated =
                part.listed.is_empty() && part.content_type.as_ref().is_some_and(|ty| ty != "application/octet-stream");
            let content_type = (!is_stated).then(|| quote!(.content_type(part.media_type.unwrap_or_default())));
            let files = quote!(arguments.named(#name)?.into_iter().map(|part| {
                let file = match part.file_name {
                    Some(name) => client::uploads::File::new(name, part.content),
                    None => client::uploads::File::from(part.content),
                };
                file #content_type
            }).collect::<Vec<_>>());
            return if part.repeated { files } else { quote!(support::first(#files, #name)?) };
        };
        let of = match &types[slot] {
            // Arguments of these types are generic.
            Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == "String") => {
                quote!(::<String>)
            }
            ty => scalar(ty).map(|scalar| quote!(::<client::scalars::#scalar>)).unwrap_or_default(),
        };
        match part.content {
            PartContent::Joined(_, separator) => quote!(arguments.joined_part #of(#name, #separator)?),
            _ if part.repeated => quote!(arguments.part_list #of(#name)?),
            _ => quote!(arguments.part #of(#name)?),
        }
    };
    let required = form.parts.iter().filter(|part| part.required).map(value);
    let setters = form.parts.iter().filter(|part| !part.required).map(|part| {
        let (name, setter, value) = (&part.name, format_ident!("{}", part.ident), value(part));
        quote!(if arguments.has_part(#name)? { form = form.#setter(#value); })
    });
    quote! {{
        let mut form = client::funcs::#name::new(#(#required),*);
        #(#setters)*
        form
    }}
}

/// The arms that report the result of a call.
fn report(operation: &Operation, content: ResponseType) -> TokenStream {
    let (ResponseType::Several, Some(name)) = (content, &operation.success.type_name) else {
        return report_of(content);
    };
    let name = format_ident!("{name}");
    let arms = operation.success.responses.iter().map(|response| {
        let variant = format_ident!("{}", response.ident);
        match encode(response.content) {
            Some(encoded) => quote!(Ok(client::funcs::#name::#variant(value)) => #encoded,),
            None => quote!(Ok(client::funcs::#name::#variant) => support::empty(),),
        }
    });
    quote!(#(#arms)* Ok(_) => return Err(Unfit("the response has an unknown variant".to_owned())), Err(error) => support::failed(&error),)
}

fn report_of(content: ResponseType) -> TokenStream {
    let encoded = encode(content).unwrap_or_else(|| quote!(support::empty()));
    quote!(Ok(value) => #encoded, Err(error) => support::failed(&error),)
}

/// The expression that encodes a result again. `None` if there is nothing to encode.
fn encode(content: ResponseType) -> Option<TokenStream> {
    match content {
        ResponseType::Json(_) | ResponseType::Xml(_) => Some(quote!(support::encoded(&value))),
        ResponseType::Text => Some(quote!(support::text(&value))),
        ResponseType::Bytes => Some(quote!(support::bytes(&value))),
        ResponseType::Empty | ResponseType::Several => None,
    }
}
