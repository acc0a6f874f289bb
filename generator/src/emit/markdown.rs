//! Markdown pages beside the crate: an index, a page for each namespace with operations and, on request, a page for each type.

mod anchor;
pub(super) mod blocking;
mod features;
mod guides;
mod index;
mod model;
mod multipart;
mod namespace;
mod pages_and_streams;
mod readme;
mod response_headers;
mod retry_config;
mod testing;
mod type_link;

use std::collections::BTreeSet;

use self::type_link::type_link;
use super::rust::test_util::FEATURE;
use super::{Content, Source};
use crate::ir::{Api, Namespace, TypeDef};
use crate::markdown;
use crate::naming::{shortened, unique};
use crate::progenitor::Types;

pub(super) fn emit(api: &Api, types: &Types) -> Vec<Source> {
    let page = |path: String, text: String| Source { path, content: Content::Markdown(text) };
    let groups = groups(api);
    let mut sources = vec![readme::emit(api, types), page("docs/README.md".to_owned(), index::page(api, &groups))];
    for (group, path) in &groups {
        sources.push(page(path.clone(), namespace::page(api, types, group)));
    }
    for definition in with_pages(api) {
        sources.push(page(model_path(api, &definition.name), model::page(api, types, definition)));
    }
    sources.push(page(RETRY_CONFIG.to_owned(), retry_config::page(api)));
    sources.push(page(BLOCKING.to_owned(), blocking::page(api, types)));
    sources.push(page(TESTING.to_owned(), testing::page(api, types)));
    sources.extend(guides::of(api).map(|guide| page(guide.path.to_owned(), guide.page(api, types))));
    sources
}

const RETRY_CONFIG: &str = "docs/lib/retryconfig.md";
const BLOCKING: &str = "docs/lib/blocking.md";
const TESTING: &str = "docs/lib/testing.md";
const SCALARS: &str = "docs/lib/scalars.md";
const UPLOADS: &str = "docs/lib/uploads.md";
const DOWNLOADS: &str = "docs/lib/downloads.md";

/// Returns the paths of all pages relative to the crate, each with the feature that its examples need.
pub(super) fn paths(api: &Api) -> Vec<(String, Option<&'static str>)> {
    let mut paths = vec!["docs/README.md".to_owned()];
    paths.extend(groups(api).into_iter().map(|(_, path)| path));
    paths.extend(with_pages(api).map(|definition| model_path(api, &definition.name)));
    paths.push(RETRY_CONFIG.to_owned());
    let bound = [(BLOCKING, blocking::FEATURE), (TESTING, FEATURE)];
    let bound = bound.map(|(path, feature)| (path.to_owned(), Some(feature)));
    let guides = guides::of(api).map(|guide| (guide.path.to_owned(), Some(guide.feature)));
    paths.into_iter().map(|path| (path, None)).chain(bound).chain(guides).collect()
}

/// Returns the namespaces with operations, each with the path of its page, which is named after the last name.
fn groups(api: &Api) -> Vec<(&Namespace, String)> {
    let mut taken = BTreeSet::new();
    let with_operations = api.root.walk().into_iter().filter(|group| !group.operations.is_empty());
    let named = with_operations.map(|group| {
        let leaf =
            group.path.last().map_or_else(|| "client".to_owned(), |name| crate::naming::snake(name).replace('_', ""));
        let folder = unique(shortened(&leaf), &mut taken);
        (group, format!("docs/sdks/{folder}/README.md"))
    });
    named.collect()
}

/// Returns the types that have a page.
fn with_pages(api: &Api) -> impl Iterator<Item = &TypeDef> {
    api.types.iter().filter(|_| api.package.has_model_pages)
}

fn model_path(api: &Api, name: &str) -> String {
    format!("docs/models/{}.md", api.types.get(name).map_or(name, |definition| &definition.file_stem))
}

/// Returns text as the content of a table cell.
fn cell(text: &str) -> String {
    markdown::line(text).replace('|', "\\|")
}

/// Returns a table with a header and rows of cells.
fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    let line = |cells: &mut dyn Iterator<Item = String>| format!("| {} |\n", cells.collect::<Vec<_>>().join(" | "));
    let mut text = line(&mut head.iter().map(|cell| (*cell).to_owned()));
    text.push_str(&line(&mut head.iter().map(|_| "---".to_owned())));
    for row in rows {
        text.push_str(&line(&mut row.iter().cloned()));
    }
    text
}
