//! The files that turn the code into a crate: the manifest, the licences, the settings of rustfmt, and the
//! runtime files that the API needs.

pub(super) mod licences;
pub(super) mod manifest;
pub(super) mod own_dependencies;
pub(super) mod parts;
pub(super) mod runtime;
pub(super) mod runtime_components;
pub(super) mod rustfmt;

use super::Source;
use crate::ir::Api;
use crate::progenitor::Types;

pub(super) fn emit(api: &Api, types: &Types) -> Vec<Source> {
    let mut sources = vec![manifest::emit(api, types), rustfmt::emit()];
    sources.extend(licences::emit(api));
    sources.extend(runtime::emit(&runtime_components::Component::of(api)));
    sources
}
