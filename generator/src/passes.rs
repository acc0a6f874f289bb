//! Post-processing of the types that progenitor generated: a table of passes over the syntax tree, one file each.
//!
//! A pass applies decisions of the [`Api`] and makes none. It returns the number of its edits, so that a test can require
//! edits in the pass's fixture: a new version of progenitor cannot disable a pass unnoticed. Passes are idempotent.

mod add_constructors;
mod attributes;
mod box_inside_options;
mod convert_to_requests;
mod convert_wrappers;
mod decide_unions;
mod derive_equality;
mod document_items;
mod drop_unused_modules;
mod extend_types;
mod generics;
mod keep_empty_lists;
mod keep_unknown_fields;
mod make_docs_safe;
mod mark_non_exhaustive;
mod name_fields;
mod name_integers;
mod order_fields;
mod redact_debug;
mod replace_types;
mod send_explicit_nulls;
mod shorten_paths;
mod tag_unions;
#[cfg(test)]
mod tests;
mod write_defaults;
mod write_enums;
mod write_objects;

pub use self::extend_types::{TypeExtra, TypeExtras, extend, is_attribute, is_derive};
pub use self::write_objects::write_objects;
use crate::diagnostics::Diagnostics;
use crate::diagnostics::catalogue::EMPTY_TYPE;
use crate::ir::{Api, Field, Kind, TypeDef};
use crate::progenitor::Types;

/// One pass.
pub struct Pass {
    /// The name, as `inspect` accepts it.
    pub name: &'static str,
    /// Changes the named types, and returns the number of edits.
    run: fn(&Api, &mut syn::File) -> usize,
    /// Changes the type of a slot. `None` if the pass changes definitions only.
    run_on_slot: Option<fn(&Api, &mut syn::Type) -> usize>,
}

impl Pass {
    const fn new(name: &'static str, run: fn(&Api, &mut syn::File) -> usize) -> Self {
        Self { name, run, run_on_slot: None }
    }

    const fn on_slots(mut self, run_on_slot: fn(&Api, &mut syn::Type) -> usize) -> Self {
        self.run_on_slot = Some(run_on_slot);
        self
    }

    /// Runs this pass alone, and returns the number of edits.
    pub fn apply(&self, api: &Api, types: &mut Types) -> usize {
        let mut edits = (self.run)(api, &mut types.file);
        if let Some(run_on_slot) = self.run_on_slot {
            edits += types.slots.values_mut().map(|ty| run_on_slot(api, ty)).sum::<usize>();
        }
        edits
    }
}

/// All passes, in the order in which they run.
///
/// The first four replace whole types, so they precede the passes that change what is in a type. Fields get their
/// names before any pass looks them up by name. `derive_equality`, `write_defaults`, `document_items` and `add_constructors` depend on the
/// final form of the fields; after `add_constructors`, fields do not change. `shorten_paths` is last, because all others write and
/// expect full paths, except in the lists of `add_constructors`, which no other pass reads.
pub const PASSES: &[Pass] = &[
    Pass::new("write_enums", write_enums::run),
    Pass::new("tag_unions", tag_unions::run),
    Pass::new("decide_unions", decide_unions::run),
    Pass::new("replace_types", replace_types::run),
    Pass::new("name_fields", name_fields::run),
    Pass::new("order_fields", order_fields::run),
    Pass::new("box_inside_options", box_inside_options::run),
    Pass::new("keep_empty_lists", keep_empty_lists::run),
    Pass::new("send_explicit_nulls", send_explicit_nulls::run),
    Pass::new("keep_unknown_fields", keep_unknown_fields::run),
    Pass::new("redact_debug", redact_debug::run),
    Pass::new("mark_non_exhaustive", mark_non_exhaustive::run),
    Pass::new("derive_equality", derive_equality::run),
    Pass::new("write_defaults", write_defaults::run),
    Pass::new("make_docs_safe", make_docs_safe::run),
    Pass::new("document_items", document_items::run),
    Pass::new("convert_wrappers", convert_wrappers::run),
    Pass::new("name_integers", name_integers::run),
    Pass::new("add_constructors", add_constructors::run),
    Pass::new("convert_to_requests", convert_to_requests::run),
    Pass::new("drop_unused_modules", drop_unused_modules::run),
    Pass::new("shorten_paths", shorten_paths::run).on_slots(shorten_paths::run_on_type),
];

/// Runs all passes.
pub fn run(api: &Api, types: &mut Types) -> Diagnostics {
    let mut diagnostics = Diagnostics::default();
    for pass in PASSES {
        pass.apply(api, types);
    }
    for item in &types.file.items {
        if let syn::Item::Enum(item) = item
            && item.variants.is_empty()
        {
            let location = definition(api, &item.ident).map(|definition| &definition.location);
            diagnostics.report_at(&EMPTY_TYPE, location, format!("no value can satisfy the schema `{}`", item.ident));
        }
    }
    diagnostics
}

/// Parses the items of a template.
#[expect(clippy::expect_used, reason = "a template is Rust whatever names stand in it, and a snapshot shows each")]
fn items_of(template: proc_macro2::TokenStream) -> Vec<syn::Item> {
    syn::parse2::<syn::File>(template).expect("the template is Rust").items
}

/// Adds the import of a module of the runtime. Types are in Pascal case, so none of them has its name.
fn import_from_runtime(file: &mut syn::File, module: &str) {
    let module = quote::format_ident!("{module}");
    import(file, syn::parse_quote!(use crate::runtime::#module;));
}

/// Adds the import of a module of the data that tells the members of unions apart.
fn import_from_shapes(file: &mut syn::File, module: &str) {
    let module = quote::format_ident!("{module}");
    import(file, syn::parse_quote!(use crate::shapes::#module;));
}

/// Adds an import, unless the file has it.
fn import(file: &mut syn::File, import: syn::Item) {
    if !file.items.contains(&import) {
        let end = file.items.iter().take_while(|item| matches!(item, syn::Item::Use(_))).count();
        file.items.insert(end, import);
    }
}

fn is_struct(kind: &Kind) -> bool {
    matches!(kind, Kind::Struct { .. })
}

/// Returns the definition of the type with this name.
fn definition<'a>(api: &'a Api, ident: &syn::Ident) -> Option<&'a TypeDef> {
    api.types.get(&ident.to_string())
}

/// Returns the fields of a type. Empty unless it is a struct.
fn fields(definition: &TypeDef) -> &[Field] {
    match &definition.kind {
        Kind::Struct { fields } => fields,
        _ => &[],
    }
}

/// Returns the structs of a file, each with its definition.
fn structs<'a>(api: &'a Api, file: &'a mut syn::File) -> impl Iterator<Item = (&'a TypeDef, &'a mut syn::ItemStruct)> {
    file.items.iter_mut().filter_map(|item| match item {
        syn::Item::Struct(item) => {
            Some((definition(api, &item.ident).filter(|definition| is_struct(&definition.kind))?, item))
        }
        _ => None,
    })
}
