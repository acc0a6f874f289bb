//! Generates the Rust types of schemas with progenitor. No other module depends on it.
//!
//! Progenitor is used for what it does well: the Rust types of schemas. `request` writes a document with the named
//! types of an API and the type of each slot, in forms that progenitor handles reliably. `response` reads the types
//! from the generated code, which `code` parses. `emit` and the runtime provide the code that sends requests.

mod bisect;
mod code;
mod defaults;
mod request;
mod response;
mod scalars;
mod strip;

pub(crate) use defaults::placeholder_name;

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;

use openapiv3::OpenAPI;
use progenitor_impl::Generator;
use serde_json::Value;

use self::bisect::Part;
use self::request::Request;
use crate::cycles::Cycles;
use crate::diagnostics::catalogue::{BACK_END, ENDLESS_SCHEMA, NOT_OPENAPI};
use crate::diagnostics::{Code, Diagnostic, Diagnostics};
use crate::document::Location;
use crate::ir::{Api, Slot, SlotMap};
use crate::macros;

/// The Rust types of an API.
#[derive(Debug, Clone)]
pub struct Types {
    /// The named types.
    pub file: syn::File,
    /// The type of each slot. Named types are written `types::Name`; borrowed types have the lifetime `'a`.
    pub slots: SlotMap<syn::Type>,
    /// Where to find items in the file. It is built at the first use, which is after the passes.
    index: OnceLock<Index>,
}

/// Positions of items in a file, by the names of their types.
#[derive(Debug, Clone, Default)]
struct Index {
    structs: HashMap<String, usize>,
    /// Structs, enums and aliases.
    definitions: HashMap<String, usize>,
    /// The blocks of functions of a type, without those of traits.
    blocks: HashMap<String, Vec<usize>>,
    /// The list of a type's methods, and these methods once they are needed.
    lists: HashMap<String, (usize, OnceLock<Option<syn::ItemImpl>>)>,
}

impl Types {
    pub(crate) fn new(file: syn::File, slots: SlotMap<syn::Type>) -> Self {
        Self { file, slots, index: OnceLock::new() }
    }

    fn index(&self) -> &Index {
        self.index.get_or_init(|| {
            let mut index = Index::default();
            for (position, item) in self.file.items.iter().enumerate() {
                if let Some(name) = defined(item) {
                    index.definitions.entry(name.to_string()).or_insert(position);
                }
                match item {
                    syn::Item::Struct(item) => _ = index.structs.insert(item.ident.to_string(), position),
                    syn::Item::Impl(block) if block.trait_.is_none() => {
                        let syn::Type::Path(path) = block.self_ty.as_ref() else { continue };
                        let Some(name) = path.path.get_ident() else { continue };
                        index.blocks.entry(name.to_string()).or_default().push(position);
                    }
                    item => {
                        if let Some(name) = macros::with_methods(item) {
                            index.lists.insert(name.to_string(), (position, OnceLock::new()));
                        }
                    }
                }
            }
            index
        })
    }

    /// Returns the struct, enum or alias with a name. The types must not change afterwards.
    pub(crate) fn definition_of(&self, name: &str) -> Option<&syn::Item> {
        self.file.items.get(*self.index().definitions.get(name)?)
    }

    /// Returns a struct. The types must not change afterwards.
    pub(crate) fn struct_of(&self, name: &str) -> Option<&syn::ItemStruct> {
        match self.file.items.get(*self.index().structs.get(name)?)? {
            syn::Item::Struct(item) => Some(item),
            _ => None,
        }
    }

    /// Returns the functions of a type, without those of traits. The types must not change afterwards.
    pub(crate) fn functions_of(&self, name: &str) -> impl Iterator<Item = &syn::ImplItemFn> {
        let positions = self.index().blocks.get(name).map(Vec::as_slice).unwrap_or_default();
        let items = positions.iter().filter_map(|position| self.file.items.get(*position));
        let blocks = items.filter_map(|item| if let syn::Item::Impl(block) = item { Some(block) } else { None });
        self.listed(name).into_iter().chain(blocks).flat_map(|block| &block.items).filter_map(|item| match item {
            syn::ImplItem::Fn(function) => Some(function),
            _ => None,
        })
    }

    /// Returns the methods that a type has by a list.
    fn listed(&self, name: &str) -> Option<&syn::ItemImpl> {
        let (position, block) = self.index().lists.get(name)?;
        let expand = || self.file.items.get(*position).map(macros::expanded).unwrap_or_default().pop();
        block.get_or_init(expand).as_ref()
    }
}

/// Returns the name of the struct, enum or alias that an item defines.
pub(crate) fn defined(item: &syn::Item) -> Option<&syn::Ident> {
    match item {
        syn::Item::Struct(item) => Some(&item.ident),
        syn::Item::Enum(item) => Some(&item.ident),
        syn::Item::Type(item) => Some(&item.ident),
        _ => None,
    }
}

impl std::ops::Index<Slot> for Types {
    type Output = syn::Type;

    fn index(&self, slot: Slot) -> &syn::Type {
        &self.slots[slot]
    }
}

/// Generates the types of an API.
///
/// # Errors
///
/// `E030` for schemas that contain themselves without end, `E031` for what `openapiv3` rejects as OpenAPI 3.0, and
/// `E032` for what progenitor rejects or panics on. The last two name the schemas and operations that cause the error.
pub fn types(api: &Api) -> Result<Types, Diagnostics> {
    let mut request = Request::of(api);
    let endless = Cycles::of(request.schemas()).endless();
    if !endless.is_empty() {
        let mut diagnostics = Diagnostics::default();
        for name in endless {
            let message = format!("schema `{name}` contains itself through `allOf` or `not`");
            diagnostics.report_at(&ENDLESS_SCHEMA, schema_location(api, &name), message);
        }
        return Err(diagnostics);
    }
    let refusal = match generate(request.document()) {
        Ok(file) => return response::read(file, api, &request).map_err(|why| defect(&why)),
        Err(refusal) => refusal,
    };
    let parts = bisect::find(&mut request);
    let mut diagnostics = Diagnostics::default();
    for (part, refusal) in &parts {
        match part {
            Part::Schema(name) => {
                diagnostics.report_at(
                    refusal.code,
                    schema_location(api, name),
                    refusal.message(&format!("the schema `{name}`")),
                );
            }
            Part::Type(index) => {
                for slot in request.slots_of(*index, api) {
                    let message = refusal.message(&format!("the operation `{}`", slot.operation));
                    diagnostics.report_at(refusal.code, Some(&slot.location), message);
                }
            }
        }
    }
    if parts.is_empty() {
        diagnostics.report_at(refusal.code, None, refusal.message("the document"));
    }
    Err(diagnostics)
}

fn schema_location<'a>(api: &'a Api, name: &str) -> Option<&'a Location> {
    api.types.get(name).map(|definition| &definition.location)
}

fn defect(why: &str) -> Diagnostics {
    Diagnostic::of_generator(&BACK_END, format!("the code that progenitor generates has an unexpected form: {why}"))
        .into()
}

/// Why progenitor generates no types for a document.
#[derive(Debug)]
struct Refusal {
    code: &'static Code,
    /// What happened, as a phrase that precedes the name of the rejected part.
    verb: &'static str,
    why: String,
}

impl Refusal {
    /// Returns the message for a part of the document. It is cut short, because panics print whole schemas as Rust
    /// values.
    fn message(&self, what: &str) -> String {
        const SHOWN: usize = 160;
        let line = self.why.split_whitespace().collect::<Vec<_>>().join(" ");
        let shown: String = line.chars().take(SHOWN).collect();
        let rest = if shown.len() < line.len() { " …" } else { "" };
        format!("{} {what}: {shown}{rest}", self.verb)
    }
}

fn generate(document: Value) -> Result<syn::File, Refusal> {
    let refusal = |code, verb, why: &dyn std::fmt::Display| Refusal { code, verb, why: why.to_string() };
    let spec: OpenAPI =
        serde_json::from_value(document).map_err(|error| refusal(&NOT_OPENAPI, "openapiv3 cannot read", &error))?;
    let tokens = catch_unwind(AssertUnwindSafe(|| Generator::new(&scalars::settings()).generate_tokens(&spec)));
    let tokens = match tokens {
        Ok(Ok(tokens)) => tokens,
        Ok(Err(error)) => return Err(refusal(&BACK_END, "progenitor rejects", &error)),
        Err(panic) => return Err(refusal(&BACK_END, "progenitor panicked on", &panic_text(panic.as_ref()))),
    };
    drop(spec);
    code::parse(tokens).map_err(|error| refusal(&BACK_END, "progenitor generates invalid Rust for", &error))
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message").to_owned()
}
