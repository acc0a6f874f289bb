//! The credentials of a client and where a request carries them.
//!
//! They are checked when the client is built, and added to a request just before it is sent.

pub(crate) mod credential;

use std::pin::pin;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::{AUTHORIZATION, HeaderName, HeaderValue};

use self::credential::{Credential, Provider, Source};
use crate::runtime::error::Error;
use crate::runtime::error::kind::ErrorKind;
use crate::runtime::error::mask::Mask;
use crate::runtime::request::{RequestWriter, is_of_connection};
use crate::runtime::retry::deadline::Limit;

/// A security scheme: how a credential is sent.
#[derive(Debug)]
pub struct SecurityScheme {
    /// The name of the scheme in the API's description.
    pub name: &'static str,
    /// The name of the setting on the builder of a client, for errors.
    pub setting: &'static str,
    /// The part of a request that carries the credential.
    pub placement: Placement,
}

/// The part of a request that carries a credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placement {
    /// The header with this name.
    Header(&'static str),
    /// The query parameter with this name.
    Query(&'static str),
    /// The cookie with this name.
    Cookie(&'static str),
    /// The header `Authorization: Bearer …`.
    Bearer,
    /// The header `Authorization: Basic …`.
    Basic,
}

/// The placeholder for a credential in a preview.
const PLACEHOLDER: &str = "[redacted]";

/// The prefix of the header of the Basic scheme.
const BASIC: &str = "Basic ";

/// The credentials of a client.
pub(crate) struct Auth {
    schemes: &'static [SecurityScheme],
    entries: Vec<Entry>,
}

struct Entry {
    scheme: &'static str,
    setting: &'static str,
    slot: Slot,
    value: Value,
}

/// The checked place of a credential.
enum Slot {
    Header { name: HeaderName, prefix: &'static str },
    Query(&'static str),
    Cookie(&'static str),
}

enum Value {
    Fixed {
        /// The credential as it is sent, without the prefix of the scheme.
        encoded: String,
        /// The whole header value. Empty if the credential is not sent in a header.
        header: HeaderValue,
        /// Other strings that must be masked, such as the password alone.
        secrets: Vec<String>,
    },
    Provider {
        provider: Provider,
        encode: fn(&str) -> String,
    },
}

impl Auth {
    /// Creates the credentials of these schemes. None of them is set yet.
    pub(crate) fn new(schemes: &'static [SecurityScheme]) -> Self {
        Self { schemes, entries: Vec::new() }
    }

    /// Sets the credential of a scheme, instead of one that was set before.
    pub(crate) fn set(&mut self, scheme: &SecurityScheme, credential: &Credential) -> Result<(), Error> {
        let slot = slot(scheme)?;
        let value = value(scheme, &slot, credential)?;
        self.entries.retain(|entry| entry.scheme != scheme.name);
        self.entries.push(Entry { scheme: scheme.name, setting: scheme.setting, slot, value });
        Ok(())
    }

    /// Returns the names of the settings of credentials that are set.
    pub(crate) fn settings(&self) -> impl Iterator<Item = &'static str> {
        self.entries.iter().map(|entry| entry.setting)
    }

    /// Checks that all credentials of at least one alternative are set.
    pub(crate) fn check(&self, security: &[&[&str]]) -> Result<(), Error> {
        self.choose(security).map(drop)
    }

    /// Adds the credentials of an operation to its request. Returns the strings that providers have returned, to be masked.
    pub(crate) async fn apply(
        &self,
        security: &[&[&str]],
        request: &mut RequestWriter,
        limit: &Limit,
    ) -> Result<Vec<String>, Error> {
        let mut secrets = Vec::new();
        for entry in self.choose(security)? {
            match &entry.value {
                Value::Fixed { encoded, header, .. } => entry.place(request, encoded, header),
                Value::Provider { provider, encode } => {
                    // Boxed, so that the futures of calls without a provider are smaller.
                    let credential = Box::pin(call_provider(provider, limit)).await?;
                    let encoded = encode(&credential);
                    let header = entry
                        .slot
                        .header(&encoded)
                        .ok_or_else(|| invalid("a credential with characters other than visible ASCII"))?;
                    entry.place(request, &encoded, &header);
                    secrets.extend(entry.slot.password(&credential));
                    secrets.extend([credential, encoded]);
                }
            }
        }
        Ok(secrets)
    }

    /// Records what the places of credentials contain, so that changes by a hook can be undone.
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

    /// Adds a placeholder where [`apply`](Self::apply) adds a credential.
    pub(crate) fn preview(&self, security: &[&[&str]], request: &mut RequestWriter) -> Result<(), Error> {
        for entry in self.choose(security)? {
            entry.place(request, PLACEHOLDER, &HeaderValue::from_static(PLACEHOLDER));
        }
        Ok(())
    }

    /// Adds all fixed credentials to a mask.
    pub(crate) fn mask(&self, mask: &mut Mask) {
        for entry in &self.entries {
            if let Value::Fixed { encoded, secrets, .. } = &entry.value {
                mask.add_credential(encoded);
                mask.add_all(secrets);
            }
        }
    }

    /// Returns the first alternative whose credentials are all set. An empty alternative needs no credential.
    fn choose<'s>(&self, security: &'s [&'s [&'s str]]) -> Result<impl Iterator<Item = &Entry>, Error> {
        let complete = |together: &&&[&str]| together.iter().all(|name| self.entry(name).is_some());
        let chosen: &[&str] = match security.iter().find(complete) {
            Some(chosen) => chosen,
            None if security.is_empty() => &[],
            None => {
                let together = |names: &&[&str]| {
                    let names: Vec<_> = names.iter().map(|name| format!("`{}`", self.setting(name))).collect();
                    names.join(" and ")
                };
                let names: Vec<String> = security.iter().map(together).collect();
                let message = format!("the operation requires {}", names.join(" or "));
                return Err(Error::configuration("credential", message));
            }
        };
        Ok(chosen.iter().filter_map(|name| self.entry(name)))
    }

    /// Returns the name of the setting of a scheme.
    fn setting<'s>(&self, scheme: &'s str) -> &'s str {
        self.schemes.iter().find(|own| own.name == scheme).map_or(scheme, |own| own.setting)
    }

    fn entry(&self, scheme: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.scheme == scheme)
    }
}

/// What the places of credentials contained before a hook was called.
///
/// Cookies are not recorded: the cookie of a credential is added after the hook, and replaces a `cookie` header of the hook.
#[derive(Default)]
pub(crate) struct Places {
    headers: Vec<(HeaderName, Option<HeaderValue>)>,
    /// The query parameters of credentials that the query did not have.
    free_query: Vec<&'static str>,
}

impl Places {
    /// Undoes the changes of a hook to these places.
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
    /// Adds the credential to a request. A header that the request already has takes precedence.
    fn place(&self, request: &mut RequestWriter, encoded: &str, header: &HeaderValue) {
        match &self.slot {
            Slot::Header { name, .. } => {
                request.headers_mut().entry(name).or_insert_with(|| header.clone());
            }
            Slot::Query(name) => request.push_query(name, encoded),
            Slot::Cookie(name) => request.push_cookie(name, encoded),
        }
    }
}

impl Slot {
    /// Returns the password of a credential of the Basic scheme that was set as one string.
    fn password(&self, credential: &str) -> Option<String> {
        let is_basic = matches!(self, Self::Header { prefix: BASIC, .. });
        credential.split_once(':').filter(|_| is_basic).map(|(_, password)| password.to_owned())
    }

    /// Returns the header value, marked as sensitive so that it is not printed. `None` if the credential has invalid
    /// characters. Outside of headers every string is valid, and the value is empty.
    fn header(&self, encoded: &str) -> Option<HeaderValue> {
        let Self::Header { prefix, .. } = self else {
            return Some(HeaderValue::from_static(""));
        };
        // A header may have other characters too, but their encoding is not defined (RFC 9110, section 5.5).
        let ascii = encoded.is_ascii().then_some(encoded)?;
        let mut value = HeaderValue::from_str(&format!("{prefix}{ascii}")).ok()?;
        value.set_sensitive(true);
        Some(value)
    }
}

fn slot(scheme: &SecurityScheme) -> Result<Slot, Error> {
    Ok(match scheme.placement {
        Placement::Header(name) => {
            let name = HeaderName::from_bytes(name.as_bytes())
                .map_err(|_| Error::configuration(scheme.setting, "the name of its header is invalid"))?;
            if is_of_connection(&name) {
                return Err(Error::configuration(scheme.setting, "its header is one of the connection"));
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
    let invalid = |reason| Error::configuration(scheme.setting, reason);
    let encode = if scheme.placement == Placement::Basic { encode_basic } else { trimmed };
    let (plain, mut secrets) = match &credential.source {
        Source::Provider(provider) => {
            return Ok(Value::Provider { provider: provider.clone(), encode });
        }
        Source::Fixed(plain) => (plain.clone(), slot.password(plain).into_iter().collect()),
        Source::Basic { user, password } if scheme.placement == Placement::Basic => {
            if user.contains(':') {
                return Err(invalid("the user name must not contain a colon"));
            }
            (format!("{user}:{password}"), vec![password.clone()])
        }
        Source::Basic { .. } => {
            return Err(invalid("must be one string, not a user name and a password"));
        }
    };
    if plain.trim().is_empty() {
        return Err(invalid("must not be empty"));
    }
    let encoded = encode(&plain);
    let header = slot.header(&encoded).ok_or_else(|| invalid("has characters other than visible ASCII"))?;
    secrets.push(plain);
    Ok(Value::Fixed { encoded, header, secrets })
}

/// Removes white space around a key, which keys from files and terminals often have.
fn trimmed(key: &str) -> String {
    key.trim().to_owned()
}

fn encode_basic(user_and_password: &str) -> String {
    STANDARD.encode(user_and_password)
}

/// Calls a provider within the time limit of the attempt, so that a provider that hangs does not make the call hang.
async fn call_provider(provider: &Provider, limit: &Limit) -> Result<String, Error> {
    let too_slow = || Error::new(ErrorKind::Timeout(limit.kind()), "the credential provider took too long");
    if limit.passed().is_some() {
        return Err(too_slow());
    }
    let outcome = limit.over(pin!(provider())).await.map_err(|_| too_slow())?;
    let credential = outcome
        .map_err(|error| Error::new(ErrorKind::Credential, "the credential provider failed").with_source(error))?;
    if credential.trim().is_empty() { Err(invalid("an empty credential")) } else { Ok(credential) }
}

fn invalid(credential: &str) -> Error {
    Error::new(ErrorKind::Credential, format!("the credential provider returned {credential}"))
}
