//! The parts of multipart bodies on the page of a namespace.

use super::{cell, table, type_link};
use crate::emit::operation::Call;
use crate::emit::rust::multipart::fields;
use crate::ir::{Api, Body};
use crate::markdown;

/// Returns a table of the parts, or nothing if the document does not describe them. `up` is the relative path to the folder
/// `docs`.
pub(super) fn section(api: &Api, call: &Call<'_>, up: &str) -> String {
    let Some(form) = call.operation.body.as_ref().and_then(Body::form) else { return String::new() };
    let rows: Vec<_> = fields(call, form)
        .iter()
        .map(|field| {
            let name = if field.required { field.ident.to_string() } else { format!(".{}(…)", field.ident) };
            let ty = syn::parse2(field.argument_type()).map(|ty| type_link(api, &ty, up)).unwrap_or_default();
            let part = markdown::code(&field.part.name).replace('|', "\\|");
            let part = match field.header {
                Some(header) => format!("{part}, header {}", markdown::code(header)),
                None => part,
            };
            let content_type = match field.header {
                Some(_) => String::new(),
                None => content_types(field.part.content_type.as_ref(), &field.part.listed),
            };
            let about = field.description.map(cell).unwrap_or_default();
            let about = if field.part.deprecated { format!("**Deprecated.** {about}") } else { about };
            vec![markdown::code(&name), ty, part, content_type, about]
        })
        .collect();
    let name = &form.type_name;
    format!(
        "### Body\n\n`funcs::{name}` has the parts of the multipart body. `{name}::new` takes the required ones, and setters the \
         others. A file is anything that converts to `uploads::File`: `File::new(name, content)`, with the feature `fs` \
         `File::open(path)`, or bytes and each `uploads::Body` alone. `.content_type(…)` and `.header(…, …)` of a file override what the API \
         describes. `funcs::Multipart` is the untyped form, for parts that the API does not describe.\n\n{}\n",
        table(&["Argument", "Type", "Part", "Content Type", "Description"], &rows)
    )
}

fn content_types(default: Option<&String>, listed: &[String]) -> String {
    let names = if listed.is_empty() { default.into_iter().collect::<Vec<_>>() } else { listed.iter().collect() };
    names.into_iter().map(|name| markdown::code(name).replace('|', "\\|")).collect::<Vec<_>>().join(", ")
}
