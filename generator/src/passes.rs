//! Post-processing of the types that progenitor wrote: a table of passes over the syntax tree, one file each.
//!
//! A pass carries out what stands in the [`Api`] and decides nothing. It says how many edits it made: none where the API
//! says that there is something to do is an error, so that a new version of the back end cannot switch a pass off
//! unnoticed; and when it runs again it makes none.

mod add_constructors;
mod attributes;
mod box_inside_options;
mod document_items;
mod drop_unused_modules;
mod generics;
mod keep_empty_lists;
mod keep_unknown_fields;
mod make_docs_safe;
mod mark_non_exhaustive;
mod name_fields;
mod open_choices;
mod order_fields;
mod redact_debug;
mod send_explicit_nulls;
mod shorten_paths;
mod tag_unions;
#[cfg(test)]
mod tests;
mod write_defaults;
mod write_enums;

use crate::backend::Answer;
use crate::diagnostics::catalogue::{EMPTY_TYPE, PASS_WITHOUT_EFFECT};
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::document::{Document, Pointer};
use crate::ir::{Api, Field, Kind, TypeDef};

/// One step of post-processing.
pub struct Pass {
    /// Its name, as `inspect` takes it.
    pub name: &'static str,
    /// Whether there is something to do for it.
    is_needed: fn(&Api) -> bool,
    /// Does it, and gives the number of edits.
    run: fn(&Api, &mut syn::File) -> usize,
}

/// All passes, in the order in which they run.
pub const PASSES: &[Pass] = &[
    Pass {
        name: "write_enums",
        is_needed: |api| has_kind(api, |kind| matches!(kind, Kind::Enum { .. })),
        run: write_enums::run,
    },
    Pass {
        name: "tag_unions",
        is_needed: |api| has_kind(api, |kind| matches!(kind, Kind::Union { .. })),
        run: tag_unions::run,
    },
    // What is a choice in the document may be an option or another name in Rust.
    Pass { name: "open_choices", is_needed: |_| false, run: open_choices::run },
    Pass { name: "name_fields", is_needed: |_| false, run: name_fields::run },
    Pass { name: "order_fields", is_needed: |_| false, run: order_fields::run },
    Pass { name: "box_inside_options", is_needed: |_| false, run: box_inside_options::run },
    Pass { name: "keep_empty_lists", is_needed: |_| false, run: keep_empty_lists::run },
    Pass {
        name: "send_explicit_nulls",
        is_needed: |api| has_field(api, Field::is_tristate),
        run: send_explicit_nulls::run,
    },
    Pass { name: "keep_unknown_fields", is_needed: has_response_struct, run: keep_unknown_fields::run },
    Pass { name: "redact_debug", is_needed: |api| has_field(api, |field| field.sensitive), run: redact_debug::run },
    Pass { name: "mark_non_exhaustive", is_needed: has_response_struct, run: mark_non_exhaustive::run },
    Pass { name: "write_defaults", is_needed: |_| false, run: write_defaults::run },
    Pass { name: "make_docs_safe", is_needed: |_| false, run: make_docs_safe::run },
    Pass { name: "document_items", is_needed: has_types, run: document_items::run },
    Pass { name: "add_constructors", is_needed: |api| has_kind(api, is_struct), run: add_constructors::run },
    Pass { name: "drop_unused_modules", is_needed: |_| false, run: drop_unused_modules::run },
    Pass { name: "shorten_paths", is_needed: has_types, run: shorten_paths::run },
];

impl Pass {
    /// Runs this one and gives the number of edits.
    pub fn apply(&self, api: &Api, types: &mut syn::File) -> usize {
        (self.run)(api, types)
    }
}

/// Runs all passes.
pub fn run(document: &Document, api: &Api, answer: &mut Answer) -> Diagnostics {
    let mut found = Diagnostics::default();
    for pass in PASSES {
        let edits = pass.apply(api, &mut answer.types);
        if edits == 0 && (pass.is_needed)(api) {
            let message = format!("the pass `{}` found nothing to change", pass.name);
            found.push(Diagnostic::of_generator(&PASS_WITHOUT_EFFECT, message));
        }
    }
    for item in &answer.types.items {
        if let syn::Item::Enum(item) = item
            && item.variants.is_empty()
        {
            let place = Pointer::root().join("components").join("schemas").join(&item.ident);
            found.report(document, &EMPTY_TYPE, &place, format!("no value fits the schema `{}`", item.ident));
        }
    }
    for signature in &mut answer.signatures {
        let types = signature.params.iter_mut().chain(&mut signature.body).chain(&mut signature.output);
        let types = types.chain(signature.replies.iter_mut().flatten());
        types.for_each(|ty| shorten_paths::shorten_type(api, ty));
    }
    found
}

fn has_types(api: &Api) -> bool {
    !api.types.is_empty()
}

/// The items of a template.
#[expect(clippy::expect_used, reason = "a template is Rust whatever names stand in it, and a snapshot shows each")]
fn items_of(template: proc_macro2::TokenStream) -> Vec<syn::Item> {
    syn::parse2::<syn::File>(template).expect("the template is Rust").items
}

fn has_kind(api: &Api, is_wanted: fn(&Kind) -> bool) -> bool {
    api.types.iter().any(|definition| is_wanted(&definition.kind))
}

fn is_struct(kind: &Kind) -> bool {
    matches!(kind, Kind::Struct { .. })
}

fn has_response_struct(api: &Api) -> bool {
    api.types.iter().any(|definition| definition.in_response && is_struct(&definition.kind))
}

fn has_field(api: &Api, is_wanted: fn(&Field) -> bool) -> bool {
    api.types.iter().any(|definition| fields(definition).iter().any(is_wanted))
}

/// The definition of the type with this name.
fn definition<'a>(api: &'a Api, ident: &syn::Ident) -> Option<&'a TypeDef> {
    api.types.get(&ident.to_string())
}

/// The fields of a type; none unless it is a struct.
fn fields(definition: &TypeDef) -> &[Field] {
    match &definition.kind {
        Kind::Struct { fields } => fields,
        _ => &[],
    }
}

/// The structs of a file, each with its definition.
fn structs<'a>(api: &'a Api, file: &'a mut syn::File) -> impl Iterator<Item = (&'a TypeDef, &'a mut syn::ItemStruct)> {
    file.items.iter_mut().filter_map(|item| match item {
        syn::Item::Struct(item) => {
            Some((definition(api, &item.ident).filter(|definition| is_struct(&definition.kind))?, item))
        }
        _ => None,
    })
}
