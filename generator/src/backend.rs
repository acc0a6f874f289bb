//! Progenitor, and the only place that knows it.
//!
//! It is asked for what it is good at: the Rust types of schemas, and the Rust types of what an operation takes and gives.
//! `question` writes a document that asks just that, in forms progenitor reads without fault; `answer` reads what
//! it writes. The requests themselves are made by `emit` and the runtime.

mod answer;
mod defaults;
mod question;
mod reduce;

pub(crate) use reduce::numbered;

use std::panic::{AssertUnwindSafe, catch_unwind};

use openapiv3::OpenAPI;
use progenitor_impl::{GenerationSettings, Generator};

use crate::diagnostics::catalogue::{BACK_END, NOT_OPENAPI};
use crate::diagnostics::{Code, Diagnostics};
use crate::document::{Document, Pointer};
use crate::ir::Api;

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
/// `E031` when the document is not OpenAPI 3.0 for `openapiv3`, `E032` when progenitor refuses it or panics.
pub fn run(document: &Document, api: &Api) -> Result<Answer, Diagnostics> {
    ask(document, api, &question::write(document, api))
}

fn ask(document: &Document, api: &Api, question: &serde_json::Value) -> Result<Answer, Diagnostics> {
    let spec: OpenAPI = serde::Deserialize::deserialize(question)
        .map_err(|error| fault(document, &NOT_OPENAPI, &format!("the document is not OpenAPI 3.0: {error}")))?;
    let tokens =
        catch_unwind(AssertUnwindSafe(|| Generator::new(&GenerationSettings::default()).generate_tokens(&spec)));
    let tokens = match tokens {
        Ok(Ok(tokens)) => tokens,
        Ok(Err(error)) => return Err(fault(document, &BACK_END, &format!("progenitor refuses the document: {error}"))),
        Err(panic) => {
            let message = panic_text(panic.as_ref());
            return Err(fault(document, &BACK_END, &format!("progenitor gave up on the document: {message}")));
        }
    };
    let file = syn::parse2(tokens)
        .map_err(|error| fault(document, &BACK_END, &format!("progenitor wrote what is not Rust: {error}")))?;
    answer::read(file, api).map_err(|message| fault(document, &BACK_END, &message))
}

fn fault(document: &Document, code: &'static Code, message: &str) -> Diagnostics {
    let mut found = Diagnostics::default();
    let line: String = message.split_whitespace().collect::<Vec<_>>().join(" ");
    let short: String = line.chars().take(300).collect();
    found.report(document, code, &Pointer::root(), short);
    found
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message").to_owned()
}
