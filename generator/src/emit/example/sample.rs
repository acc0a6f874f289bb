//! A call and a successful response to it, for example programs and tests that need no job.

use proc_macro2::{TokenStream, TokenTree};
use quote::quote;

use super::call::{self, Example};
use super::scenario::Scenario;
use super::value::Values;
use crate::emit::operation::Call;
use crate::emit::syntax::{Form, form};
use crate::ir::{Api, Kind, ResponseType};
use crate::progenitor::Types;

/// An operation with a response that a script of the test kit can send.
pub(crate) struct Sample<'a> {
    pub(crate) call: Call<'a>,
    /// The method of a script that adds the response, with its argument.
    pub(crate) response: TokenStream,
}

impl<'a> Sample<'a> {
    /// Returns the first operation that makes a good example: one that returns a struct or a union, and neither pages nor a
    /// stream. If there is none, returns the first that examples can be written for.
    pub(crate) fn of(api: &'a Api, types: &'a Types) -> Option<Self> {
        let mut first = None;
        for index in 0..api.operations.len() {
            let Some(sample) = Self::of_call(api, Call::of(api, types, index)) else { continue };
            if sample.is_plain() && is_structured(api, &sample.call) {
                return Some(sample);
            }
            first.get_or_insert(sample);
        }
        first
    }

    /// Returns the start of a job.
    pub(crate) fn of_start(scenario: &Scenario<'a>) -> Self {
        let started = &scenario.started;
        let Call { operation, types, slots } = scenario.start;
        let call = Call { operation, types, slots };
        Self { call, response: quote!(respond(#started)) }
    }

    fn of_call(api: &'a Api, call: Call<'a>) -> Option<Self> {
        if call.operation.deprecated {
            return None;
        }
        let Example { setup, call: made } = call::method_call(api, &call, &quote!(client));
        // The lints of a client do not allow `expect` in its example programs.
        if has_word(&quote!(#setup #made), "expect") {
            return None;
        }
        let response = response(Values { api, types: call.types }, &call)?;
        Some(Self { call, response })
    }

    fn is_plain(&self) -> bool {
        self.call.operation.pagination.is_none() && self.call.operation.streaming.is_none()
    }
}

fn response(values: Values<'_>, call: &Call<'_>) -> Option<TokenStream> {
    match call.operation.success.content {
        ResponseType::Json(slot) | ResponseType::Xml(slot) => {
            let ty = &call.types[slot];
            let built = matches!(form(ty), Form::Own(_)).then(|| values.of(ty)).flatten();
            let json = || values.json(slot).map(|json| quote!(json(serde_json::json!(#json))));
            built.map(|value| quote!(respond(#value))).or_else(json)
        }
        ResponseType::Text => Some(quote!(respond("text"))),
        ResponseType::Empty => Some(quote!(respond(()))),
        ResponseType::Bytes | ResponseType::Several => None,
    }
}

/// Whether a call returns a struct or a union, so that most JSON cannot be decoded.
pub(crate) fn is_structured(api: &Api, call: &Call<'_>) -> bool {
    let Some(Form::Own(name)) = call.json_output().map(form) else { return false };
    let definition = api.types.get(&name.to_string());
    definition.is_some_and(|definition| matches!(definition.kind, Kind::Struct { .. } | Kind::Union { .. }))
}

/// Whether code contains an identifier.
fn has_word(code: &TokenStream, word: &str) -> bool {
    code.clone().into_iter().any(|token| match token {
        TokenTree::Group(group) => has_word(&group.stream(), word),
        TokenTree::Ident(ident) => ident == word,
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}
