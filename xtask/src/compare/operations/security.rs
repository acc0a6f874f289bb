//! Compares security requirements, and where credentials are sent.

use std::collections::BTreeSet;

use generator::document::Pointer;

use super::Site;
use crate::compare::client::{Operation, Placement};
use crate::compare::place::Place;
use crate::compare::rules;
use crate::compare::types::Comparer;

impl<'d> Comparer<'d, '_, '_> {
    pub(super) fn security(&mut self, site: &Site<'d>, operation: &Operation) {
        let stated = site.place.get("security").or_else(|| site.root.get("security"));
        let around = stated.as_ref().map_or_else(|| site.place.pointer.clone(), |stated| stated.pointer.clone());
        let alternatives: Vec<_> = stated.into_iter().flat_map(|stated| stated.items()).collect();
        let names = |place: &Place<'d>| place.entries().map(|(name, _)| name.to_owned()).collect::<BTreeSet<_>>();
        let sent: Vec<BTreeSet<String>> =
            operation.security.iter().map(|names| names.iter().cloned().collect()).collect();
        for alternative in &alternatives {
            let expected = names(alternative);
            if !sent.contains(&expected) {
                let mut places = vec![alternative.pointer.clone()];
                places.extend(alternative.entries().map(|(_, place)| place.pointer));
                places.extend(expected.iter().map(|name| scheme(name)));
                self.findings.add(&places, format!("{} is accepted", words(&expected)), "nothing");
            }
        }
        let stated: Vec<_> = alternatives.iter().map(names).collect();
        for found in sent.iter().filter(|found| !stated.contains(found)) {
            if rules::is_added_alternative(found, &stated, &site.root) {
                continue;
            }
            let mut places = vec![around.clone()];
            places.extend(stated.iter().flatten().chain(found).map(|name| scheme(name)));
            self.findings.add(&places, format!("not that {} is accepted", words(found)), "that it is");
        }
    }

    /// Compares where the credential of each scheme is sent.
    pub(crate) fn schemes(&mut self, root: &Place<'d>) {
        let declared = root.at(&["components", "securitySchemes"]);
        for (name, stated) in declared.iter().flat_map(Place::entries).filter(|(name, _)| !name.starts_with("x-")) {
            let Some(place) = stated.resolved() else { continue };
            let expected = placement(&place);
            let found = self.client.schemes.get(name);
            if found != expected.as_ref() {
                let places = [stated.pointer.clone(), place.pointer.clone()];
                let word =
                    |placement: Option<&Placement>| placement.map_or_else(|| "none".to_owned(), ToString::to_string);
                let (says, client) = (word(expected.as_ref()), word(found));
                self.findings.add(&places, format!("the credential is {says}"), format!("it is {client}"));
            }
        }
    }
}

/// Where the document says that the credential is sent. OAuth 2 and OpenID Connect tokens are bearer tokens (RFC 6750).
fn placement(scheme: &Place<'_>) -> Option<Placement> {
    let name = || scheme.text("name").unwrap_or_default().to_owned();
    match (scheme.text("type")?, scheme.text("in").unwrap_or_default()) {
        ("apiKey", "header") => Some(Placement::Header(name())),
        ("apiKey", "query") => Some(Placement::Query(name())),
        ("apiKey", "cookie") => Some(Placement::Cookie(name())),
        ("oauth2" | "openIdConnect", _) => Some(Placement::Bearer),
        ("http", _) if scheme.text("scheme")?.eq_ignore_ascii_case("bearer") => Some(Placement::Bearer),
        ("http", _) if scheme.text("scheme")?.eq_ignore_ascii_case("basic") => Some(Placement::Basic),
        _ => None,
    }
}

fn scheme(name: &str) -> Pointer {
    Pointer::root().join("components").join("securitySchemes").join(name)
}

fn words(names: &BTreeSet<String>) -> String {
    if names.is_empty() {
        return "no credential".to_owned();
    }
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" with ")
}
