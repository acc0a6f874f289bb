//! Example calls: the client, the arguments, and going through pages and streams.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::Type;

use super::value::{OWN, Values, is_slice, referenced};
use crate::emit::operation::Call;
use crate::ir::{Api, Param};
use crate::naming;

/// A client made with example settings.
pub(crate) fn client(api: &Api) -> TokenStream {
    let client = format_ident!("{}", api.client.name);
    let settings = client_settings(api);
    quote!(#client::builder() #settings .build()?)
}

/// What a builder needs to be told, as a chain of setters.
pub(crate) fn client_settings(api: &Api) -> TokenStream {
    let globals = global_settings(api);
    let credential = api.client.schemes.first().map(|scheme| {
        let ident = format_ident!("{}", scheme.ident);
        match scheme.placement {
            crate::ir::Placement::Basic => quote!(.#ident("<USER>", "<PASSWORD>")),
            _ => {
                let value = placeholder(&scheme.ident);
                quote!(.#ident(#value))
            }
        }
    });
    quote!(#globals #credential)
}

/// The required settings of a builder without its credential, as a chain of setters.
pub(crate) fn global_settings(api: &Api) -> TokenStream {
    let plain_http = api.client.needs_plain_http.then(|| quote!(.allow_plain_http(true)));
    let globals = api.client.globals.iter().filter(|global| global.required).map(|global| {
        let ident = format_ident!("{}", global.ident);
        let value = global.example.clone().unwrap_or_else(|| placeholder(&global.ident));
        quote!(.#ident(#value))
    });
    quote!(#plain_http #(#globals)*)
}

/// An example call: statements that come before it, and the call, not yet awaited.
pub(crate) struct Example {
    pub(crate) setup: TokenStream,
    pub(crate) call: TokenStream,
}

/// A call of an operation through its namespace.
pub(crate) fn method_call(api: &Api, call: &Call<'_>, client: &TokenStream) -> Example {
    method_call_with(api, call, client, &[])
}

/// As [`method_call`], with some texts taken from variables that are named like the parameters.
pub(crate) fn method_call_with(api: &Api, call: &Call<'_>, client: &TokenStream, given: &[&Param]) -> Example {
    let path = call.operation.group.iter().map(|part| format_ident!("{}", naming::snake(part)));
    let method = call.method();
    let (setup, arguments) = arguments(api, call, given);
    Example { setup, call: quote!(#client #(.#path())* .#method(#(#arguments),*)) }
}

/// As [`method_call`], with a body that is a type of the API taken from the variable `body`. Returns the type of that
/// variable too.
pub(crate) fn method_call_given(api: &Api, call: &Call<'_>, client: &TokenStream) -> (Example, Option<TokenStream>) {
    let has_body = call.operation.body.as_ref().is_some_and(|body| body.required);
    let body = call.body().filter(|ty| has_body && is_named(ty));
    if body.is_none() {
        return (method_call(api, call, client), None);
    }
    let path = call.operation.group.iter().map(|part| format_ident!("{}", naming::snake(part)));
    let method = call.method();
    let (setup, mut arguments) = params(api, call, &[]);
    arguments.push(quote!(body));
    (Example { setup, call: quote!(#client #(.#path())* .#method(#(#arguments),*)) }, body.map(|ty| quote!(#ty)))
}

/// As [`method_call`], with a body of bytes that is sent from the variable `body`.
pub(crate) fn upload(api: &Api, call: &Call<'_>, client: &TokenStream) -> Example {
    let path = call.operation.group.iter().map(|part| format_ident!("{}", naming::snake(part)));
    let (method, (setup, mut arguments)) = (call.method(), params(api, call, &[]));
    let is_required = call.operation.body.as_ref().is_some_and(|body| body.required);
    arguments.extend(is_required.then(|| quote!(body)));
    let setter = (!is_required).then(|| quote!(.body(body)));
    Example { setup, call: quote!(#client #(.#path())* .#method(#(#arguments),*) #setter) }
}

/// Whether this is the path of a type of the API, without arguments.
fn is_named(ty: &Type) -> bool {
    let Type::Path(path) = ty else { return false };
    let segments = &path.path.segments;
    segments.len() == 2
        && segments.first().is_some_and(|first| first.ident == "types")
        && segments.iter().all(|segment| segment.arguments.is_none())
}

/// A call of an operation as a function.
pub(crate) fn function_call(api: &Api, call: &Call<'_>, core: &TokenStream) -> Example {
    let function = call.function();
    let (setup, arguments) = arguments(api, call, &[]);
    Example { setup, call: quote!(funcs::#function(#core, #(#arguments),*)) }
}

fn arguments(api: &Api, call: &Call<'_>, given: &[&Param]) -> (TokenStream, Vec<TokenStream>) {
    let values = Values { api, types: call.types };
    let (mut setup, mut arguments) = params(api, call, given);
    if call.operation.body.as_ref().is_some_and(|body| body.required)
        && let Some((before, value)) = values.of_body(call)
    {
        setup.extend(quote!(#before let body = #value;));
        arguments.push(quote!(body));
    }
    (setup, arguments)
}

/// Returns the arguments besides the body.
fn params(api: &Api, call: &Call<'_>, given: &[&Param]) -> (TokenStream, Vec<TokenStream>) {
    let values = Values { api, types: call.types };
    let (mut setup, mut arguments) = (TokenStream::new(), Vec::new());
    for (param, ty) in call.params().filter(|(param, _)| param.required && param.global.is_none()) {
        let ident = format_ident!("{}", param.ident);
        if given.iter().any(|given| given.ident == param.ident) {
            arguments.push(quote!(&#ident));
        } else if referenced(ty).is_some() {
            let value = values.of_param(param, ty);
            let is_own = OWN.contains(&param.ident.as_str());
            let ident = if is_own { format_ident!("{ident}_param") } else { ident };
            setup.extend(quote!(let #ident = #value;));
            arguments.push(quote!(&#ident));
        } else if is_slice(ty) {
            arguments.push(quote!(&[]));
        } else {
            arguments.push(values.of_param(param, ty));
        }
    }
    (setup, arguments)
}

fn placeholder(ident: &str) -> String {
    format!("<YOUR_{}_HERE>", ident.to_uppercase())
}

/// Going through the pages of a call: item by item where items are described.
pub(crate) fn pages(call: &Call<'_>, made: &TokenStream) -> TokenStream {
    if call.item().is_some() {
        quote! {
            let mut items = #made.items();
            while let Some(item) = items.next().await {
                let item = item?;
                println!("{item:?}");
            }
        }
    } else {
        quote! {
            let mut pages = #made.pages();
            while let Some(page) = pages.next().await {
                let page = page?;
                println!("{page:?}");
            }
        }
    }
}

/// Going through the pieces of a response of bytes.
pub(crate) fn download(made: &TokenStream) -> TokenStream {
    quote! {
        let mut download = #made.download().await?;
        while let Some(piece) = download.next().await {
            println!("{} bytes, {} so far", piece?.len(), download.position());
        }
    }
}

/// A download to a file that continues where the one of an earlier run has failed.
pub(crate) fn resume(download: &TokenStream) -> TokenStream {
    quote! {
        use std::io::Write as _;

        let kept = std::fs::read("report.resume.json").ok();
        let point: Option<ResumePoint> = kept.and_then(|json| serde_json::from_slice(&json).ok());

        let file = std::fs::OpenOptions::new().create(true).append(true).open("report.part");
        let mut file = file.expect("the file can be opened");
        file.set_len(point.as_ref().map_or(0, ResumePoint::offset)).expect("the file can be cut off");

        let start = #download;
        let start = match point {
            Some(point) => start.resume_from(point),
            None => start,
        };
        let mut download = match start.await {
            Err(error) if error.kind() == ErrorKind::Body(BodyFailure::Changed) => {
                // The next run begins again.
                std::fs::remove_file("report.resume.json").expect("the file can be removed");
                return Err(error);
            }
            started => started?,
        };
        while let Some(piece) = download.next().await {
            match piece {
                Ok(piece) => file.write_all(&piece).expect("the file can be written"),
                Err(error) => {
                    let json = serde_json::to_vec(&download.resume_point()).expect("it can be serialized");
                    std::fs::write("report.resume.json", json).expect("the file can be written");
                    return Err(error);
                }
            }
        }
        // The file is complete. There is no resume point if this is the first run.
        let _ = std::fs::remove_file("report.resume.json");
    }
}

/// Going through the parts of a call's response.
pub(crate) fn stream(made: &TokenStream) -> TokenStream {
    quote! {
        let mut stream = #made.stream().await?;
        while let Some(part) = stream.next().await {
            let part = part?;
            println!("{part:?}");
        }
    }
}
