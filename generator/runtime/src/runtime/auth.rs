//! Credentials in their places: checked when a client is built, put into a request just before it is sent.

pub(crate) mod credential;

use std::pin::pin;

use reqwest::header::{AUTHORIZATION, HeaderName, HeaderValue};

use self::credential::{Credential, Provider, Source};
use crate::runtime::encoding::base64;
use crate::runtime::error::Error;
use crate::runtime::error::kind::ErrorKind;
use crate::runtime::error::mask::Mask;
use crate::runtime::request::{RequestWriter, is_of_connection};
use crate::runtime::retry::deadline::Limit;

/// One way to send a credential.
#[derive(Debug)]
pub struct SecurityScheme {
    /// Its name in the API's description.
    pub name: &'static str,
    /// Where the credential stands in a request.
    pub placement: Placement,
}

/// Where a credential stands in a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placement {
    /// In the header of this name.
    Header(&'static str),
    /// In the query, under this name.
    Query(&'static str),
    /// In the cookie of this name.
    Cookie(&'static str),
    /// As `Authorization: Bearer …`.
    Bearer,
    /// As `Authorization: Basic …`.
    Basic,
}

/// What stands in a preview where the credential would.
const PREVIEWED: &str = "[redacted]";

/// What precedes a credential of the Basic scheme in its header.
const BASIC: &str = "Basic ";

/// The credentials of a client.
#[derive(Default)]
pub(crate) struct Auth {
    entries: Vec<Entry>,
}

struct Entry {
    scheme: &'static str,
    slot: Slot,
    value: Value,
}

/// Where a credential goes.
enum Slot {
    Header { name: HeaderName, prefix: &'static str },
    Query(&'static str),
    Cookie(&'static str),
}

enum Value {
    /// The text as it stands in its place, ready as a header where it is one.
    Fixed {
        text: String,
        header: HeaderValue,
        secrets: Vec<String>,
    },
    Provider {
        provider: Provider,
        encode: fn(&str) -> String,
    },
}

impl Auth {
    /// Adds the credential of a scheme; an earlier one goes.
    pub(crate) fn set(&mut self, scheme: &SecurityScheme, credential: &Credential) -> Result<(), Error> {
        let slot = slot(scheme)?;
        let value = value(scheme, &slot, credential)?;
        self.entries.retain(|entry| entry.scheme != scheme.name);
        self.entries.push(Entry { scheme: scheme.name, slot, value });
        Ok(())
    }

    /// The names of the schemes that have a credential.
    pub(crate) fn schemes(&self) -> impl Iterator<Item = &'static str> {
        self.entries.iter().map(|entry| entry.scheme)
    }

    /// Whether the operation's credentials are all there, in at least one alternative.
    pub(crate) fn check(&self, security: &[&[&str]]) -> Result<(), Error> {
        self.choose(security).map(drop)
    }

    /// Puts the credentials of an operation into its request, and tells those that were asked for.
    pub(crate) async fn apply(
        &self,
        security: &[&[&str]],
        request: &mut RequestWriter,
        limit: &Limit,
    ) -> Result<Vec<String>, Error> {
        let mut provided = Vec::new();
        for entry in self.choose(security)? {
            match &entry.value {
                Value::Fixed { text, header, .. } => entry.place(request, text, header),
                Value::Provider { provider, encode } => {
                    // Apart, so that calls without a provider are not larger for it.
                    let text = Box::pin(ask(provider, limit)).await?;
                    let encoded = encode(&text);
                    let header = entry
                        .slot
                        .header(&encoded)
                        .ok_or_else(|| unusable("has characters other than visible ASCII"))?;
                    entry.place(request, &encoded, &header);
                    provided.extend(entry.slot.password(&text));
                    provided.extend([text, encoded]);
                }
            }
        }
        Ok(provided)
    }

    /// Returns what is in the places of credentials, before a hook can change it.
    pub(crate) fn places_in(&self, request: &RequestWriter) -> Places {
        let mut places = Places::default();
        for entry in &self.entries {
            match &entry.slot {
                Slot::Header { name, .. } => places.headers.push((name.clone(), request.headers().get(name).cloned())),
                Slot::Query(name) if !request.has_query(name) => places.free_query.push(name),
                Slot::Query(_) | Slot::Cookie(_) => {}
            }
        }
        places
    }

    /// As [`apply`](Self::apply), but with a placeholder.
    pub(crate) fn preview(&self, security: &[&[&str]], request: &mut RequestWriter) -> Result<(), Error> {
        for entry in self.choose(security)? {
            entry.place(request, PREVIEWED, &HeaderValue::from_static(PREVIEWED));
        }
        Ok(())
    }

    /// Every fixed credential, to be masked.
    pub(crate) fn mask(&self, mask: &mut Mask) {
        for entry in &self.entries {
            if let Value::Fixed { text, secrets, .. } = &entry.value {
                mask.add_credential(text);
                mask.add_all(secrets);
            }
        }
    }

    /// The first alternative whose credentials are all set. An empty alternative is a call without any.
    fn choose<'s>(&self, security: &'s [&'s [&'s str]]) -> Result<impl Iterator<Item = &Entry>, Error> {
        let complete = |together: &&&[&str]| together.iter().all(|name| self.entry(name).is_some());
        let chosen: &[&str] = match security.iter().find(complete) {
            Some(chosen) => chosen,
            None if security.is_empty() => &[],
            None => {
                let names: Vec<String> = security.iter().map(|together| together.join(" and ")).collect();
                let message = format!("the operation needs {}", names.join(" or "));
                return Err(Error::configuration("credential", message));
            }
        };
        Ok(chosen.iter().filter_map(|name| self.entry(name)))
    }

    fn entry(&self, scheme: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.scheme == scheme)
    }
}

/// What was in the places of credentials before a hook was called. A cookie needs none: cookies replace the header.
#[derive(Default)]
pub(crate) struct Places {
    headers: Vec<(HeaderName, Option<HeaderValue>)>,
    /// Parameters that the query did not have.
    free_query: Vec<&'static str>,
}

impl Places {
    /// Undoes what a hook has changed in these places.
    pub(crate) fn restore(self, request: &mut RequestWriter) {
        for (name, value) in self.headers {
            match value {
                Some(value) => drop(request.headers_mut().insert(name, value)),
                None => drop(request.headers_mut().remove(name)),
            }
        }
        for name in self.free_query {
            request.drop_query(name);
        }
    }
}

impl Entry {
    /// A header that the user or a hook has set stands.
    fn place(&self, request: &mut RequestWriter, text: &str, header: &HeaderValue) {
        match &self.slot {
            Slot::Header { name, .. } => {
                request.headers_mut().entry(name).or_insert_with(|| header.clone());
            }
            Slot::Query(name) => request.push_query(name, text),
            Slot::Cookie(name) => request.push_cookie(name, text),
        }
    }
}

impl Slot {
    /// The password in a credential of the Basic scheme that was given as one string.
    fn password(&self, text: &str) -> Option<String> {
        let is_basic = matches!(self, Self::Header { prefix: BASIC, .. });
        text.split_once(':').filter(|_| is_basic).map(|(_, password)| password.to_owned())
    }

    /// The header, marked so that nobody prints it. Outside of headers any text will do.
    fn header(&self, text: &str) -> Option<HeaderValue> {
        let Self::Header { prefix, .. } = self else {
            return Some(HeaderValue::from_static(""));
        };
        // A header takes other characters, too, but no two programs agree on their encoding (RFC 9110, section 5.5).
        let ascii = text.is_ascii().then_some(text)?;
        let mut value = HeaderValue::from_str(&format!("{prefix}{ascii}")).ok()?;
        value.set_sensitive(true);
        Some(value)
    }
}

fn slot(scheme: &SecurityScheme) -> Result<Slot, Error> {
    Ok(match scheme.placement {
        Placement::Header(name) => {
            let name = HeaderName::from_bytes(name.as_bytes())
                .map_err(|_| Error::configuration(scheme.name, "not a header's name"))?;
            if is_of_connection(&name) {
                return Err(Error::configuration(scheme.name, "a header of the connection"));
            }
            Slot::Header { name, prefix: "" }
        }
        Placement::Query(name) => Slot::Query(name),
        Placement::Cookie(name) => Slot::Cookie(name),
        Placement::Bearer => Slot::Header { name: AUTHORIZATION, prefix: "Bearer " },
        Placement::Basic => Slot::Header { name: AUTHORIZATION, prefix: BASIC },
    })
}

fn value(scheme: &SecurityScheme, slot: &Slot, credential: &Credential) -> Result<Value, Error> {
    let refused = |reason| Error::configuration(scheme.name, reason);
    let encode = if scheme.placement == Placement::Basic { encode_basic } else { trimmed };
    let (plain, mut secrets) = match &credential.source {
        Source::Provider(provider) => {
            return Ok(Value::Provider { provider: provider.clone(), encode });
        }
        Source::Fixed(text) => (text.clone(), slot.password(text).into_iter().collect()),
        Source::Basic { user, password } if scheme.placement == Placement::Basic => {
            if user.contains(':') {
                return Err(refused("a user must not contain a colon"));
            }
            (format!("{user}:{password}"), vec![password.clone()])
        }
        Source::Basic { .. } => {
            return Err(refused("it takes one text rather than a user and a password"));
        }
    };
    if plain.trim().is_empty() {
        return Err(refused("it is empty"));
    }
    let text = encode(&plain);
    let header = slot.header(&text).ok_or_else(|| refused("it has characters other than visible ASCII"))?;
    secrets.push(plain);
    Ok(Value::Fixed { text, header, secrets })
}

/// White space around a key comes with it from files and terminals.
fn trimmed(key: &str) -> String {
    key.trim().to_owned()
}

fn encode_basic(user_and_password: &str) -> String {
    base64::encode(user_and_password.as_bytes())
}

/// Asking counts as a part of the attempt: a provider that hangs does not hang the call.
async fn ask(provider: &Provider, limit: &Limit) -> Result<String, Error> {
    let too_slow = || Error::new(ErrorKind::Timeout(limit.kind()), "the credential did not come in time");
    if limit.passed().is_some() {
        return Err(too_slow());
    }
    let answer = limit.over(pin!(provider())).await.map_err(|_| too_slow())?;
    let text = answer.map_err(|error| {
        Error::new(ErrorKind::Credential, "the credential could not be obtained").with_source(error)
    })?;
    if text.trim().is_empty() { Err(unusable("is empty")) } else { Ok(text) }
}

fn unusable(reason: &str) -> Error {
    Error::new(ErrorKind::Credential, format!("the credential that was provided {reason}"))
}
