//! Example values of multipart bodies.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::value::Values;
use crate::emit::operation::Call;
use crate::emit::rust::multipart::{FormField, fields};
use crate::ir::{FormPart, MultipartForm, PartHeaderValue};

impl Values<'_> {
    /// A multipart body with its required parts, or with its first part if none is required.
    pub(super) fn of_form(self, call: &Call<'_>, form: &MultipartForm) -> TokenStream {
        let fields = fields(call, form);
        let name = format_ident!("{}", form.type_name);
        let required: Vec<_> =
            fields.iter().filter(|field| field.required).map(|field| self.of_form_field(field)).collect();
        let first = fields.iter().find(|field| !field.part.deprecated).filter(|_| required.is_empty());
        let setter = first.map(|field| {
            let (ident, value) = (&field.ident, self.of_form_field(field));
            quote!(.#ident(#value))
        });
        quote!(funcs::#name::new(#(#required),*) #setter)
    }

    fn of_form_field(self, field: &FormField<'_>) -> TokenStream {
        let value = match (field.header, field.part.content.slot()) {
            (None, None) => file(field.part),
            (None, Some(slot)) => {
                let example = field.part.example.as_ref().filter(|_| !field.repeated);
                self.of_named(&field.item_type(), &field.part.name, example)
                    .unwrap_or_else(|| self.read_json(slot, example))
            }
            (Some(header), _) => {
                let slots = field.part.headers.iter().find_map(|known| match known.value {
                    PartHeaderValue::Field { slot, .. } if known.name == header => Some(slot),
                    _ => None,
                });
                let read = || slots.map(|slot| self.read_json(slot, None));
                self.of_named(&field.item_type(), header, None).or_else(read).unwrap_or_default()
            }
        };
        if field.repeated { quote!([#value]) } else { value }
    }
}

/// A file of the first media type that the document lists.
fn file(part: &FormPart) -> TokenStream {
    let name = &part.name;
    let content_type = part.listed.iter().find(|name| !name.contains('*'));
    let content_type = content_type.map(|content_type| quote!(.content_type(#content_type)));
    quote!(uploads::File::new(#name, "content") #content_type)
}
