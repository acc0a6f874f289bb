//! The Rust of a client: the client type, namespaces, functions, types and the test kit.

pub(super) mod alternatives;
pub(super) mod client;
pub(super) mod crate_root;
pub(super) mod docs;
pub(super) mod error_bodies;
pub(super) mod exports;
pub(super) mod functions;
pub(super) mod jobs;
pub(super) mod multipart;
pub(super) mod namespaces;
pub(super) mod pagination;
pub(super) mod response_headers;
pub(super) mod responses;
pub(super) mod retry_policy;
pub(super) mod shapes;
pub(super) mod streaming;
pub(super) mod test_util;
pub(super) mod type_features;
pub(super) mod types;
pub(super) mod xml;

use self::type_features::Features;
use super::Source;
use crate::emit::package::runtime_components::Component;
use crate::ir::Api;
use crate::progenitor::Types;

pub(super) fn emit(api: &Api, types: &Types) -> Vec<Source> {
    let mut sources = exports::emit(api, types, &Component::of(api));
    sources.extend(crate_root::emit(api, types));
    sources.extend(client::emit(api, types));
    let (functions, named) = functions::emit(api, types);
    sources.extend(types::emit(api, types, &Features::new(api, types, &named)));
    sources.extend(shapes::emit(api));
    sources.extend(xml::emit(api));
    sources.extend(namespaces::emit(api, types));
    sources.extend(functions);
    sources.extend(test_util::emit(api, types));
    sources.extend(docs::runtime_examples::emit(api, types));
    sources
}
