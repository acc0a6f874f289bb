//! The headers of responses on the page of a namespace.

use quote::quote;

use super::{cell, table, type_link};
use crate::emit::example::call;
use crate::emit::example::snippet::Snippet;
use crate::emit::operation::Call;
use crate::emit::rust::response_headers::{example, ty};
use crate::ir::Api;
use crate::markdown;

/// Returns a table of the headers and an example, or nothing if the document describes no headers. `up` is the relative path
/// to the folder `docs`.
pub(super) fn section(api: &Api, call: &Call<'_>, up: &str) -> String {
    let Some(described) = &call.operation.response_headers else { return String::new() };
    let rows: Vec<_> = described
        .headers
        .iter()
        .map(|header| {
            let ty = syn::parse2(ty(call, header)).map(|ty| type_link(api, &ty, up)).unwrap_or_default();
            let about = header.description.as_deref().map(cell).unwrap_or_default();
            let about = if header.deprecated { format!("**Deprecated.** {about}") } else { about };
            vec![
                markdown::code(&header.name).replace('|', "\\|"),
                markdown::code(&format!(".{}()", header.ident)),
                ty,
                about,
            ]
        })
        .collect();
    let table = table(&["Header", "Method", "Type", "Description"], &rows);
    let example = example(api, call).map(|statements| {
        let client = call::client(api);
        format!("\n{}", Snippet::new(api, quote!(), quote!(let client = #client; #statements)).page())
    });
    let name = &described.type_name;
    format!(
        "### Response headers\n\n`funcs::{name}::of(&response)` reads the headers. A method returns `None` if the response does not have \
         the header, and an error if the value is not of its type.\n\n{table}{}\n",
        example.unwrap_or_default()
    )
}
