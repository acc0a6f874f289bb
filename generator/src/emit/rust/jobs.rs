//! Job handles: the ids of a job, and the methods that return its state.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Ident, Type};

use super::docs::{article, doc, examples, param_docs, waiting};
use super::retry_policy::grouped;
use crate::emit::operation::Call;
use crate::emit::syntax::{Form, form, is_scalar};
use crate::ir::{Api, Criterion, Expression, LongRunning, Param, Polling};
use crate::progenitor::Types;

/// An operation that starts a job, the one that returns its state, and the link between them.
struct Pair<'a> {
    api: &'a Api,
    start: &'a Call<'a>,
    result: Call<'a>,
    link: &'a LongRunning,
    polling: &'a Polling,
    core: &'a Ident,
}

/// Returns the additional items of an operation that starts a job, or nothing for any other operation.
pub(crate) fn emit(api: &Api, types: &Types, start: &Call<'_>, core: &Ident) -> TokenStream {
    let Some(link) = &start.operation.long_running else { return TokenStream::new() };
    let result = Call::of(api, types, link.result);
    let Some(polling) = &result.operation.polling else { return TokenStream::new() };
    let pair = Pair { api, start, result, link, polling, core };
    let (handle, error, methods) = (pair.handle(), pair.error(), pair.methods());
    let (job, starts) = (pair.job(), pair.starts());
    quote!(#handle #error #methods #job #starts)
}

impl<'a> Pair<'a> {
    fn name(&self) -> Ident {
        format_ident!("{}", self.link.handle)
    }

    /// Returns the ids: the required parameters of the polled operation that are not set on the client.
    fn ids(&self) -> Vec<(Ident, &'a Param, &'a Type)> {
        let own = self.result.params().filter(|(param, _)| param.required && param.global.is_none());
        own.map(|(param, ty)| (id_ident(param), param, ty)).collect()
    }

    fn handle(&self) -> TokenStream {
        let name = self.name();
        let docs = doc(&format!(
            "The handle of a job that [`{}`] has started.\n\nIt contains the ids of the job, and can be serialized with serde \
             to continue in another process. Clones share one polling interval and the outcome of each poll.",
            self.start.operation.function_ident
        ));
        let fields = self.ids().into_iter().map(|(ident, _, ty)| {
            let ty = owned(ty);
            quote!(#ident: #ty)
        });
        let text = self.link.handle.as_str();
        let shown = self.ids().into_iter().map(|(ident, param, _)| {
            let label = ident.to_string();
            let value = if param.sensitive { quote!(&crate::runtime::Redacted) } else { quote!(&self.#ident) };
            quote!(.field(#label, #value))
        });
        quote! {
            #docs
            #[derive(Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
            pub struct #name { #(#fields,)* #[serde(skip)] limiter: PollLimiter }

            #[allow(clippy::missing_fields_in_debug, reason = "the limiter is not part of the value")]
            impl std::fmt::Debug for #name {
                fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    f.debug_struct(#text)#(#shown)*.finish()
                }
            }
        }
    }

    fn methods(&self) -> TokenStream {
        let (name, core) = (self.name(), self.core);
        let ids = self.ids();
        let arguments = ids.iter().map(|(ident, _, ty)| {
            if is_text(ty) {
                quote!(#ident: impl Into<String>)
            } else if is_scalar(ty) {
                quote!(#ident: impl Into<#ty>)
            } else {
                let ty = owned(ty);
                quote!(#ident: #ty)
            }
        });
        let converts = |ty: &Type| is_text(ty) || is_scalar(ty);
        let values =
            ids.iter().map(|(ident, _, ty)| if converts(ty) { quote!(#ident: #ident.into()) } else { quote!(#ident) });
        let getters = ids.iter().map(|(ident, param, ty)| {
            let docs = doc(&param_docs(param));
            let (ty, value) = borrowed(ident, ty);
            quote!(#docs #[must_use] pub fn #ident(&self) -> #ty { #value })
        });
        let times = doc(&format!("{} Set options on the returned value, then `.await` it.", waiting(self.polling)));
        let [poll, wait, states] = [examples::poll, examples::wait, examples::states].map(|example| {
            let example = example(self.api, self.start, &self.result);
            doc(&format!("\n# Example\n\n{example}"))
        });
        quote! {
            impl #name {
                /// Creates the handle of a job from its ids.
                #[must_use]
                pub fn new(#(#arguments),*) -> Self { Self { #(#values,)* limiter: PollLimiter::default() } }

                #(#getters)*

                /// Polls once, after the polling interval and any `Retry-After` have passed.
                ///
                /// The first poll is immediate, unless the response that started the job requires a wait. Clones share
                /// one polling interval and the outcome of each poll. A failed poll is not repeated: poll again, or use
                /// `wait`, which does.
                ///
                /// # Errors
                ///
                /// Fails if the request fails; the job may still be running. Fails without a request if `Retry-After` is longer
                /// than the client's `max_retry_after` (60 s by default). If the handle was deserialized or created from its
                /// ids, only [`Error::unmasked_server_message`] returns the message of the service.
                #poll
                pub async fn poll(&self, client: &(impl AsRef<#core> + Sync)) -> Result<Progress<Self>, Error> {
                    crate::runtime::jobs::poll(self, client.as_ref()).await
                }

                /// Waits until the job ends.
                ///
                #times
                ///
                /// # Errors
                ///
                /// Awaiting it fails if the job fails, polling fails permanently, or the timeout passes. The
                /// [`JobError`](crate::jobs::JobError) contains the handle. If the handle was deserialized or created from
                /// its ids, only [`unmasked_server_message`](crate::jobs::JobError::unmasked_server_message) returns the
                /// message of the service: it may contain secrets of the start that this handle does not know.
                #wait
                pub fn wait<'a>(&'a self, client: &'a impl AsRef<#core>) -> Wait<'a, Self> { Wait::new(self, client.as_ref()) }

                /// Returns the states of the job as a stream.
                ///
                /// # Errors
                ///
                /// The last item may be a [`JobError`](crate::jobs::JobError), as returned by [`wait`](Self::wait).
                #states
                pub fn states<'a>(&'a self, client: &'a impl AsRef<#core>, options: WaitOptions) -> States<'a, Self> {
                    States::new(self, client.as_ref(), options)
                }
            }
        }
    }

    fn job(&self) -> TokenStream {
        let (name, core) = (self.name(), self.core);
        let (function, poll, state) = (self.result.function(), self.result.ty(), self.result.output());
        let values = self.ids().into_iter().map(|(ident, _, ty)| borrowed(&ident, ty).1);
        let success = self.polling.success.iter().map(criterion);
        let failure = self.polling.failure.iter().map(criterion);
        let Polling { delay_ms, interval_ms, limit_count, .. } = self.polling;
        let timeout_ms = interval_ms.saturating_mul(*limit_count);
        let [first_delay, interval, timeout] = [*delay_ms, *interval_ms, timeout_ms].map(grouped);
        let (done, value) = self.done(&state);
        let (id, start_id) = (self.id(), &self.start.operation.id);
        quote! {
            impl Job for #name {
                type Client = #core;
                type Poll<'a> = #poll;
                type State = #state;
                type Done = #done;

                const META: JobMeta = JobMeta {
                    operation_id: #start_id,
                    first_delay_ms: #first_delay,
                    interval_ms: #interval,
                    timeout_ms: #timeout,
                    success: &[#(#success),*],
                    failure: &[#(#failure),*],
                };

                fn poll_call<'a>(&'a self, client: &'a #core) -> Call<'a, #poll> { #function(client, #(#values),*) }

                fn id(&self) -> String { #id }

                fn limiter(&self) -> &PollLimiter { &self.limiter }

                fn done(state: #state) -> Result<#done, #state> { #value }
            }
        }
    }

    /// Returns the expression for the id of the job in logs: what the service has assigned to it.
    fn id(&self) -> TokenStream {
        let is_assigned = |param: &Param| {
            let source = self.link.arguments.iter().find(|(name, _)| *name == param.name);
            matches!(source, Some((_, Expression::ResponseBody(_)))) && !param.sensitive
        };
        let own = self.ids().into_iter().filter(|(_, param, _)| is_assigned(param));
        let values: Vec<_> = own
            .map(|(ident, _, ty)| {
                if is_text(ty) {
                    quote!(self.#ident.clone())
                } else if is_scalar(ty) {
                    quote!(self.#ident.to_string())
                } else {
                    quote!(format!("{:?}", self.#ident))
                }
            })
            .collect();
        match values.as_slice() {
            [] => quote!(String::new()),
            [only] => quote!(#only),
            several => quote!([#(#several),*].join(" ")),
        }
    }

    /// Returns the alias for the error of a wait.
    fn error(&self) -> TokenStream {
        let (name, alias) = (self.name(), format_ident!("{}", self.link.error));
        let docs = doc(&format!("The error of waiting for {} [`{name}`].", article(&name.to_string())));
        quote!(#docs pub type #alias = crate::runtime::jobs::JobError<#name>;)
    }

    /// Returns the type of the final value, and the expression that extracts it from a state.
    fn done(&self, state: &TokenStream) -> (TokenStream, TokenStream) {
        match &self.link.done {
            Some(member) => {
                let (ident, ty) = (format_ident!("{}", member.ident), format_ident!("{}", member.type_name));
                (quote!(types::#ty), quote!(match state { #state::#ident(done) => Ok(done), other => Err(other) }))
            }
            None => (state.clone(), quote!(Ok(state))),
        }
    }

    fn starts(&self) -> TokenStream {
        let (name, core, start) = (self.name(), self.core, self.start.type_name());
        let values = self.ids().into_iter().map(|(_, param, ty)| self.id_value(param, ty));
        quote! {
            impl<'a> StartsJob<'a> for #start<'a> {
                type Job = #name;

                fn client(&self) -> &'a #core { self.client }

                fn job(&self, response: &serde_json::Value) -> Option<#name> { Some(#name::new(#(#values),*)) }
            }
        }
    }

    /// Returns the expression for an id. Links without one have been rejected in `lower`.
    fn id_value(&self, param: &Param, ty: &Type) -> TokenStream {
        let source = self.link.arguments.iter().find(|(name, _)| *name == param.name);
        let target = owned(ty);
        match source.map(|(_, expression)| expression) {
            Some(Expression::Request(name)) => {
                let start = self.start.operation.params.iter().find(|own| own.name == *name);
                let ident = format_ident!("{}", start.map_or(name.as_str(), |own| own.ident.as_str()));
                let of_start = start.map_or(ty, |own| &self.start.types[own.slot]);
                let is_optional = start.is_some_and(|own| !own.required && own.global.is_none());
                if *of_start != *ty {
                    let value = if is_optional { quote!(self.#ident.as_ref()?) } else { quote!(&self.#ident) };
                    return quote!(crate::runtime::jobs::value_of::<#target>(#value)?);
                }
                let value = if is_text(of_start) { quote!(self.#ident) } else { quote!(self.#ident.to_owned()) };
                // Without this optional argument of the start, the job cannot be polled.
                if is_optional { quote!(#value?) } else { value }
            }
            Some(Expression::ResponseBody(pointer)) if is_text(ty) => {
                quote!(crate::runtime::jobs::text_at(response, #pointer)?)
            }
            Some(Expression::ResponseBody(pointer)) => {
                quote!(crate::runtime::jobs::value_at::<#target>(response, #pointer)?)
            }
            None => quote!(None?),
        }
    }
}

/// Method and field names of the handle itself.
const OWN: [&str; 5] = ["limiter", "new", "poll", "states", "wait"];

/// Returns the name of an id in a handle.
fn id_ident(param: &Param) -> Ident {
    if OWN.contains(&param.ident.as_str()) {
        format_ident!("{}_param", param.ident)
    } else {
        format_ident!("{}", param.ident)
    }
}

fn criterion(criterion: &Criterion) -> TokenStream {
    match criterion {
        Criterion::Status(status) => {
            let status = proc_macro2::Literal::u16_unsuffixed(*status);
            quote!(Criterion::Status(#status))
        }
        Criterion::BodyIn { pointer, values } => {
            quote!(Criterion::BodyIn { pointer: #pointer, values: &[#(#values),*] })
        }
    }
}

fn is_text(ty: &Type) -> bool {
    form(ty) == Form::Str
}

/// Returns the type of an id in a handle.
fn owned(ty: &Type) -> TokenStream {
    match ty {
        Type::Reference(_) if is_text(ty) => quote!(String),
        Type::Reference(reference) => match reference.elem.as_ref() {
            Type::Slice(slice) => {
                let item = &slice.elem;
                quote!(Vec<#item>)
            }
            other => quote!(#other),
        },
        other => quote!(#other),
    }
}

/// Returns the type and the expression of an id's getter.
fn borrowed(ident: &Ident, ty: &Type) -> (TokenStream, TokenStream) {
    match ty {
        Type::Reference(reference) => {
            let elem = &reference.elem;
            (quote!(&#elem), quote!(&self.#ident))
        }
        ty if is_scalar(ty) => (quote!(&#ty), quote!(&self.#ident)),
        Type::Path(path) if path.path.get_ident().is_some() => (quote!(#ty), quote!(self.#ident)),
        other => (quote!(#other), quote!(self.#ident.clone())),
    }
}
