//! The type of a multipart body, with a field for each part.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Ident, Type};

use super::docs::doc;
use crate::emit::operation::Call;
use crate::emit::syntax::{Form, form, is_scalar};
use crate::ir::{Body, FormPart, MultipartForm, PartContent, PartHeaderValue};
use crate::markdown;

/// A field of the type: a part, or a header of one.
pub(crate) struct FormField<'a> {
    pub(crate) ident: Ident,
    /// The type of a value, without what makes it optional or a list.
    pub(crate) ty: Type,
    pub(crate) required: bool,
    pub(crate) repeated: bool,
    /// Whether its value must not be shown.
    pub(crate) sensitive: bool,
    pub(crate) part: &'a FormPart,
    /// The name of the header.
    pub(crate) header: Option<&'a str>,
    pub(crate) description: Option<&'a str>,
}

/// Returns the fields of the type: each part, followed by its headers.
pub(crate) fn fields<'a>(call: &Call<'a>, form: &'a MultipartForm) -> Vec<FormField<'a>> {
    let mut fields = Vec::new();
    for part in &form.parts {
        fields.push(FormField {
            ident: format_ident!("{}", part.ident),
            ty: match part.content.slot() {
                Some(slot) => call.types[slot].clone(),
                None => syn::parse_quote!(crate::uploads::File),
            },
            required: part.required,
            repeated: part.repeated,
            sensitive: part.sensitive,
            part,
            header: None,
            description: part.description.as_deref(),
        });
        for header in &part.headers {
            if let PartHeaderValue::Field { ident, slot, required, sensitive, description } = &header.value {
                fields.push(FormField {
                    ident: format_ident!("{ident}"),
                    ty: call.types[*slot].clone(),
                    required: *required && part.required,
                    repeated: false,
                    sensitive: part.sensitive || *sensitive,
                    part,
                    header: Some(&header.name),
                    description: description.as_deref(),
                });
            }
        }
    }
    fields
}

impl FormField<'_> {
    /// Returns the type of the field.
    fn field_type(&self) -> TokenStream {
        let ty = &self.ty;
        match (self.repeated, self.required) {
            (true, _) => quote!(Vec<#ty>),
            (false, true) => quote!(#ty),
            (false, false) => quote!(Option<#ty>),
        }
    }

    /// Returns the type of the argument that sets the field.
    pub(crate) fn argument_type(&self) -> TokenStream {
        let one = self.item_type();
        if self.repeated { quote!(impl IntoIterator<Item = #one>) } else { quote!(#one) }
    }

    /// Returns the type of an argument with one value.
    pub(crate) fn item_type(&self) -> Type {
        let ty = &self.ty;
        if self.is_converted() { syn::parse_quote!(impl Into<#ty>) } else { ty.clone() }
    }

    /// Returns the argument as a value of the field that is not optional.
    fn argument_value(&self) -> TokenStream {
        let ident = &self.ident;
        match (self.repeated, self.is_converted()) {
            (true, true) => quote!(#ident.into_iter().map(Into::into).collect()),
            (true, false) => quote!(#ident.into_iter().collect()),
            (false, true) => quote!(#ident.into()),
            (false, false) => quote!(#ident),
        }
    }

    /// Whether arguments are converted to the type.
    fn is_converted(&self) -> bool {
        let is_json =
            matches!(&self.ty, Type::Path(path) if path.path.segments.iter().any(|name| name.ident == "serde_json"));
        let is_file = self.part.content.slot().is_none() && self.header.is_none();
        is_file || is_json || is_scalar(&self.ty) || form(&self.ty) == Form::String
    }

    /// Describes the field.
    pub(crate) fn docs(&self) -> String {
        let about = self.description.map(markdown::safe).filter(|about| !about.is_empty());
        let about = about.map(|about| format!("{about}\n\n")).unwrap_or_default();
        format!("{about}{}", self.what())
    }

    /// Says what the field is sent as.
    fn what(&self) -> String {
        let name = markdown::code(&self.part.name);
        match self.header {
            Some(header) => format!("The header {} of the part {name}.", markdown::code(header)),
            None => format!("{}.", described(self.part, &name)),
        }
    }
}

/// Says what a part is.
fn described(part: &FormPart, name: &str) -> String {
    let media_type = part.content_type.as_deref().map(markdown::code);
    let listed: Vec<_> = part.listed.iter().map(|media_type| markdown::code(media_type)).collect();
    let (parts, files) = if part.repeated { ("The parts", "one file for each item") } else { ("The part", "a file") };
    match (part.content, media_type) {
        (PartContent::File, _) if !listed.is_empty() => format!(
            "{parts} {name}, {files}. The API accepts {}: set it with \
             [`File::content_type`](crate::uploads::File::content_type)",
            listed.join(", ")
        ),
        (PartContent::File, Some(media_type)) => format!("{parts} {name}, {files} ({media_type})"),
        (PartContent::File, None) => format!("{parts} {name}, {files}"),
        (PartContent::FileOrText, _) => {
            format!(
                "{parts} {name}, {files} if it has a name ([`File::new`](crate::uploads::File::new)), otherwise text"
            )
        }
        (PartContent::Joined(_, separator), _) => {
            let separator = match separator {
                ',' => "commas",
                '\t' => "tabs",
                '|' => "vertical bars",
                _ => "spaces",
            };
            format!("The part {name}, which contains the items with {separator} between them")
        }
        (PartContent::Bytes, Some(media_type)) => format!("{parts} {name}, encoded by the caller as {media_type}"),
        (PartContent::Bytes, None) => format!("{parts} {name}, encoded by the caller"),
        (_, media_type) => {
            let each = if part.is_repeated() { ", one for each item" } else { "" };
            let sent = media_type.map(|media_type| format!(", sent as {media_type}")).unwrap_or_default();
            format!("{parts} {name}{each}{sent}")
        }
    }
}

/// Describes the parts in the docs of the operation.
pub(crate) fn docs(call: &Call<'_>) -> String {
    let Some(form) = call.operation.body.as_ref().and_then(Body::form) else { return String::new() };
    let name = &form.type_name;
    let mut docs =
        format!("# Body\n\n[`{name}`](crate::funcs::{name}) has a field for each part that the API describes.\n\n");
    for field in fields(call, form) {
        let (ident, need) = (&field.ident, if field.required { "" } else { " (optional)" });
        let about = field.description.map(markdown::line).filter(|about| !about.is_empty());
        let about = about.unwrap_or_else(|| field.what());
        docs.push_str(&format!("- [`{ident}`](crate::funcs::{name}::{ident}){need}: {about}\n"));
    }
    docs.push_str(
        "\n[`Multipart`](crate::funcs::Multipart) is the untyped form, for parts that the API does not describe.\n\n",
    );
    docs
}

/// Returns the type, or nothing if the body is not a form with described parts.
pub(crate) fn emit(call: &Call<'_>) -> TokenStream {
    let Some(form) = call.operation.body.as_ref().and_then(Body::form) else { return TokenStream::new() };
    let fields = fields(call, form);
    let name = format_ident!("{}", form.type_name);
    let function = &call.operation.function_ident;
    let docs = doc(&format!(
        "The multipart body of [`{function}`].\n\nIts parts are sent in the order of its fields. To send other parts, convert \
         it to a [`Multipart`](crate::funcs::Multipart) and add them, or build one. A value that cannot be sent is an error of the call."
    ));
    let declared = fields.iter().map(|field| {
        let (docs, ident, ty) = (doc(&field.docs()), &field.ident, field.field_type());
        quote!(#docs pub #ident: #ty)
    });
    let is_secret = fields.iter().any(|field| field.sensitive);
    let has_required = fields.iter().any(|field| field.required);
    let derives = [(!is_secret).then_some("Debug"), Some("Clone"), (!has_required).then_some("Default")];
    let derives = derives.into_iter().flatten().map(|name| format_ident!("{name}"));
    let debug = is_secret.then(|| debug(&name, &fields));
    let (new, setters, conversion) = (constructor(&fields), setters(&fields), conversion(&name, form));
    quote! {
        #docs
        #[derive(#(#derives),*)]
        #[non_exhaustive]
        pub struct #name { #(#declared),* }

        impl #name {
            #new
            #setters
        }

        #conversion
        #debug
    }
}

fn constructor(fields: &[FormField<'_>]) -> TokenStream {
    let required: Vec<_> = fields.iter().filter(|field| field.required).collect();
    let arguments = required.iter().map(|field| {
        let (ident, ty) = (&field.ident, field.argument_type());
        quote!(#ident: #ty)
    });
    let values = fields.iter().map(|field| {
        let ident = &field.ident;
        match (field.required, field.repeated) {
            (true, _) => {
                let value = field.argument_value();
                if *ident == value.to_string() { quote!(#ident) } else { quote!(#ident: #value) }
            }
            (false, true) => quote!(#ident: Vec::new()),
            (false, false) => quote!(#ident: None),
        }
    });
    let many = (required.len() > 7)
        .then(|| quote!(#[expect(clippy::too_many_arguments, reason = "the service requires them all")]));
    let docs = if required.is_empty() {
        "Creates the body without parts."
    } else {
        "Creates the body from its required parts."
    };
    let docs = doc(docs);
    quote! {
        #docs
        #[must_use]
        #many
        pub fn new(#(#arguments),*) -> Self { Self { #(#values),* } }
    }
}

fn setters(fields: &[FormField<'_>]) -> TokenStream {
    let setters = fields.iter().filter(|field| !field.required).map(|field| {
        let (docs, ident, ty) = (doc(&field.docs()), &field.ident, field.argument_type());
        let value = field.argument_value();
        let value = if field.repeated { value } else { quote!(Some(#value)) };
        let deprecated = field.part.deprecated.then(|| quote!(#[deprecated = "the API deprecates it"]));
        quote! {
            #docs
            #[must_use]
            #deprecated
            pub fn #ident(mut self, #ident: #ty) -> Self { self.#ident = #value; self }
        }
    });
    quote!(#(#setters)*)
}

/// Returns the conversion to the untyped form.
fn conversion(name: &Ident, form: &MultipartForm) -> TokenStream {
    let parts = form.parts.iter().map(|part| {
        let ident = format_ident!("{}", part.ident);
        let borrow = part.content.slot().map(|_| quote!(&));
        let is_direct = !part.is_repeated() && (part.required || part.repeated);
        let add = add(part, &if is_direct { quote!(#borrow form.#ident) } else { quote!(value) });
        match (part.is_repeated(), is_direct) {
            (true, _) => quote!(for value in #borrow form.#ident { #add }),
            (false, true) => add,
            (false, false) => quote!(if let Some(value) = #borrow form.#ident { #add }),
        }
    });
    quote! {
        impl From<#name> for crate::funcs::Multipart {
            fn from(form: #name) -> Self {
                use crate::runtime::multipart::PartHead;

                let mut parts = Self::new();
                #(#parts)*
                parts
            }
        }
    }
}

/// Returns the statement that adds a part.
fn add(part: &FormPart, value: &TokenStream) -> TokenStream {
    let name = &part.name;
    let content_type = part.content_type.iter().map(|content_type| quote!(.content_type(#content_type)));
    let headers = part.headers.iter().map(|header| {
        let name = &header.name;
        match &header.value {
            PartHeaderValue::Constant(value) => quote!(.header(#name, #value)),
            PartHeaderValue::Field { ident, .. } => {
                let ident = format_ident!("{ident}");
                quote!(.header(#name, &form.#ident))
            }
        }
    });
    let added = match part.content {
        PartContent::Text(_) => quote!(text(&mut parts, #value)),
        PartContent::Joined(_, separator) => quote!(joined(&mut parts, #value, #separator)),
        PartContent::Json(_) => quote!(json(&mut parts, #value)),
        PartContent::File => quote!(file(&mut parts, #value)),
        PartContent::FileOrText => quote!(file_or_text(&mut parts, #value)),
        PartContent::Bytes => quote!(content(&mut parts, #value)),
    };
    let is_content = matches!(part.content, PartContent::File | PartContent::FileOrText | PartContent::Bytes);
    let sensitive = (part.sensitive && is_content).then(|| quote!(.sensitive()));
    quote! {
        PartHead::new(#name) #(#content_type)* #(#headers)* #sensitive .#added;
    }
}

/// Returns a `Debug` implementation without sensitive values.
fn debug(name: &Ident, fields: &[FormField<'_>]) -> TokenStream {
    let text = name.to_string();
    let shown = fields.iter().map(|field| {
        let (ident, label) = (&field.ident, field.ident.to_string());
        let value = if field.sensitive { quote!(&crate::runtime::Redacted) } else { quote!(&self.#ident) };
        quote!(.field(#label, #value))
    });
    quote! {
        impl std::fmt::Debug for #name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(#text)#(#shown)*.finish()
            }
        }
    }
}
