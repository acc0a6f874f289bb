//! Progenitor, and the only place that knows it.
//!
//! It is asked for what it is good at: the Rust types of schemas, and the Rust types of what an operation takes and gives.
//! `question` writes a document that asks just that, in forms progenitor reads without fault; `answer` reads what
//! it writes. The requests themselves are made by `emit` and the runtime.

mod answer;
mod culprits;
mod defaults;
mod question;
mod reduce;

pub(crate) use reduce::numbered;

use std::panic::{AssertUnwindSafe, catch_unwind};

use openapiv3::OpenAPI;
use progenitor_impl::{GenerationSettings, Generator};

use self::culprits::Unit;
use crate::circles::Circles;
use crate::diagnostics::catalogue::{BACK_END, ENDLESS_SCHEMA, NOT_OPENAPI};
use crate::diagnostics::{Code, Diagnostics};
use crate::document::{Document, Pointer};
use crate::ir::Api;
use crate::walk::operations;

/// What progenitor makes of an API.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The content of its `types` module.
    pub types: syn::File,
    /// One for each of [`Api::operations`].
    pub signatures: Vec<Signature>,
}

/// The Rust types of an operation. Types of the API are written `types::Name`; borrowed ones have the lifetime `'a`.
#[derive(Debug, Clone, Default)]
pub struct Signature {
    /// One for each of [`crate::ir::Operation::params`], never an `Option`.
    pub params: Vec<syn::Type>,
    /// Owned.
    pub body: Option<syn::Type>,
    /// `None` when nothing is read out of a reply.
    pub output: Option<syn::Type>,
    /// One for each of the operation's several replies; `None` when it is not JSON.
    pub replies: Vec<Option<syn::Type>>,
    /// One item of a page.
    pub item: Option<syn::Type>,
    /// One part of the operation's stream; `None` when it is text.
    pub part: Option<syn::Type>,
    /// One for each of the operation's failures; `None` when its body is not described.
    pub failures: Vec<Option<syn::Type>>,
}

/// Asks progenitor for the types of an API.
///
/// # Errors
///
/// `E031` for what is not OpenAPI 3.0 to `openapiv3`, `E032` for what progenitor refuses or panics at, each at the schema or
/// operation it is about; `E030` for schemas that have no end.
pub fn run(document: &Document, api: &Api) -> Result<Answer, Diagnostics> {
    let mut question = question::write(document, api);
    let endless = endless(&question);
    if !endless.is_empty() {
        let mut found = Diagnostics::default();
        for name in endless {
            let message = format!("schema `{name}` contains itself through `allOf` or `not`");
            found.report(document, &ENDLESS_SCHEMA, &schema_place(&name), message);
        }
        return Err(found);
    }
    let refused = match generate(&question) {
        Ok(file) => return read(document, api, file),
        Err(refusal) => refusal,
    };
    let culprits = culprits::find(&mut question);
    if culprits.is_empty() {
        Err(fault(document, &Pointer::root(), &refused, "the document"))
    } else {
        Err(report(document, api, culprits))
    }
}

/// The schemas that progenitor would follow for ever.
fn endless(question: &serde_json::Value) -> Vec<String> {
    let schemas = question.pointer("/components/schemas").and_then(serde_json::Value::as_object);
    schemas.map(|schemas| Circles::of(schemas).endless()).unwrap_or_default()
}

/// Why a question has no answer.
#[derive(Debug)]
struct Refusal {
    code: &'static Code,
    /// What progenitor does, as a verb before what it does it to.
    verb: &'static str,
    why: String,
}

fn generate(question: &serde_json::Value) -> Result<syn::File, Refusal> {
    let refusal = |code, verb, why: &dyn std::fmt::Display| Refusal { code, verb, why: why.to_string() };
    let spec: OpenAPI = serde::Deserialize::deserialize(question)
        .map_err(|error| refusal(&NOT_OPENAPI, "openapiv3 does not read", &error))?;
    let tokens =
        catch_unwind(AssertUnwindSafe(|| Generator::new(&GenerationSettings::default()).generate_tokens(&spec)));
    let tokens = match tokens {
        Ok(Ok(tokens)) => tokens,
        Ok(Err(error)) => return Err(refusal(&BACK_END, "progenitor refuses", &error)),
        Err(panic) => return Err(refusal(&BACK_END, "progenitor gave up on", &panic_text(panic.as_ref()))),
    };
    syn::parse2(tokens).map_err(|error| refusal(&BACK_END, "progenitor writes what is not Rust for", &error))
}

fn read(document: &Document, api: &Api, file: syn::File) -> Result<Answer, Diagnostics> {
    answer::read(file, api).map_err(|why| {
        let refusal = Refusal { code: &BACK_END, verb: "progenitor's answer is not understood for", why };
        fault(document, &Pointer::root(), &refusal, "the document")
    })
}

fn report(document: &Document, api: &Api, refused: Vec<(Unit, Refusal)>) -> Diagnostics {
    let mut found = Diagnostics::default();
    let sites = operations(document);
    for (unit, refusal) in refused {
        found.extend(match unit {
            Unit::Schema(name) => fault(document, &schema_place(&name), &refusal, &format!("the schema `{name}`")),
            Unit::Operation(path) => {
                // A reply of an operation is asked for as `/op3r1`.
                let number = path.trim_start_matches("/op").split('r').next().and_then(|number| number.parse().ok());
                let index: usize = number.unwrap_or_default();
                let place = sites.get(index).map_or_else(Pointer::root, |site| site.node.pointer().clone());
                let name = api.operations.get(index).map_or("", |operation| &operation.id);
                fault(document, &place, &refusal, &format!("the operation `{name}`"))
            }
        });
    }
    found
}

fn schema_place(name: &str) -> Pointer {
    Pointer::root().join("components").join("schemas").join(name)
}

fn fault(document: &Document, place: &Pointer, refusal: &Refusal, what: &str) -> Diagnostics {
    let mut found = Diagnostics::default();
    let why = shortened(&refusal.why);
    found.report(document, refusal.code, place, format!("{} {what}: {why}", refusal.verb));
    found
}

/// Panics show whole schemas as Rust has them, which helps nobody.
fn shortened(why: &str) -> String {
    const SHOWN: usize = 160;
    let line = why.split_whitespace().collect::<Vec<_>>().join(" ");
    let shown: String = line.chars().take(SHOWN).collect();
    if shown.len() < line.len() { format!("{shown} …") } else { line }
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message").to_owned()
}
