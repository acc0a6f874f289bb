//! A complete run of a job for examples: the response to the start, the states on the way, and the final state.

use proc_macro2::TokenStream;
use serde_json::{Value, json};

use super::value::Values;
use crate::emit::operation::Call;
use crate::emit::syntax::{Form, form};
use crate::ir::{Api, Criterion, Expression, Kind, Member};
use crate::progenitor::Types;

/// The run of the first pair of operations whose values can be built with the constructors of the API's types.
pub(crate) struct Scenario<'a> {
    pub(crate) start: Call<'a>,
    pub(crate) result: Call<'a>,
    /// The value that the start returns.
    pub(crate) started: TokenStream,
    /// The states before the end, in document order.
    pub(crate) running: Vec<TokenStream>,
    /// The state of success.
    pub(crate) done: TokenStream,
}

impl<'a> Scenario<'a> {
    pub(crate) fn of(api: &'a Api, types: &'a Types) -> Option<Self> {
        let starts = (0..api.operations.len()).filter(|index| api.operation(*index).long_running.is_some());
        starts.map(|index| Call::of(api, types, index)).find_map(|start| Self::of_start(api, types, start))
    }

    fn of_start(api: &'a Api, types: &'a Types, start: Call<'a>) -> Option<Self> {
        let link = start.operation.long_running.as_ref()?;
        let result = Call::of(api, types, link.result);
        let values = Values { api, types };
        let done = link.done.as_ref()?;
        let (tag, members) = union_of(api, &result)?;
        let over = last_states(&result, tag);
        let running = members.iter().filter(|member| member.tag != done.tag && !over.contains(&member.tag.as_str()));
        Some(Self {
            started: started(values, &start)?,
            running: running.map(|member| values.of_member(member)).collect::<Option<_>>()?,
            done: values.of_member(done)?,
            start,
            result,
        })
    }
}

/// What the start returns: with every field that the link to the result reads, optional ones too.
fn started(values: Values<'_>, start: &Call<'_>) -> Option<TokenStream> {
    let ty = start.json_output()?;
    let Form::Own(name) = form(ty) else { return values.of(ty) };
    let example = values.api.types.get(&name.to_string()).and_then(|definition| definition.example.clone());
    let mut example = example.unwrap_or_else(|| json!({}));
    for (_, expression) in &start.operation.long_running.as_ref()?.arguments {
        if let (Expression::ResponseBody(pointer), Value::Object(fields)) = (expression, &mut example) {
            let name = pointer.trim_start_matches('/');
            if name.contains('/') {
                // No setter is made for a part of a field.
                return None;
            }
            fields.entry(name).or_insert_with(|| json!(format!("<{name}>")));
        }
    }
    values.of_example(ty, &example)
}

/// Returns the tag of the union of states, and its members.
fn union_of<'a>(api: &'a Api, result: &Call<'_>) -> Option<(&'a str, &'a [Member])> {
    let ty = result.json_output()?;
    let Form::Own(name) = form(ty) else { return None };
    let definition = api.types.get(&name.to_string())?;
    match &definition.kind {
        Kind::Union { tag, members, .. } => Some((tag, members)),
        _ => None,
    }
}

/// Returns the tags of the states in which the job is over.
fn last_states<'a>(result: &Call<'a>, tag: &str) -> Vec<&'a str> {
    let Some(polling) = &result.operation.polling else { return Vec::new() };
    let at_tag = format!("/{tag}");
    let criteria = polling.success.iter().chain(&polling.failure);
    let values = criteria.filter_map(|criterion| match criterion {
        Criterion::BodyIn { pointer, values } if *pointer == at_tag => Some(values),
        _ => None,
    });
    values.flatten().map(String::as_str).collect()
}
