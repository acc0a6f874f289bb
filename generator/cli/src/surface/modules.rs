//! The modules of a crate, found as the compiler finds them: from `src/lib.rs` along its `mod` declarations.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use syn::{Attribute, Item, Visibility};

/// A module.
pub(super) struct Module {
    /// Its path from the crate root, such as `api::pets`. Empty for the root.
    pub(super) path: String,
    pub(super) items: Vec<Item>,
    /// Whether code that is compiled without these features does not have it.
    pub(super) feature: Option<String>,
}

/// Finds all modules of a crate, each after the one that declares it. Modules for tests are left out, and modules without a file
/// are empty: the owner of a crate may write them.
///
/// # Errors
///
/// A file is not Rust.
pub(super) fn find(files: &BTreeMap<&str, &str>) -> Result<Vec<Module>> {
    let root = parse("src/lib.rs", files)?.unwrap_or_default();
    let mut modules = vec![Module { path: String::new(), items: root, feature: None }];
    let mut next = 0;
    while let Some(module) = modules.get_mut(next) {
        let mut children = Vec::new();
        for item in &mut module.items {
            let Item::Mod(declared) = item else { continue };
            if is_for_tests(&declared.attrs) {
                continue;
            }
            let path = join(&module.path, &declared.ident.to_string());
            let items = match declared.content.take() {
                Some((_, mut items)) => {
                    generator::macros::expand(&mut items);
                    items
                }
                None => file_of(&path, files)?,
            };
            let feature = feature(&declared.attrs).or_else(|| module.feature.clone());
            children.push(Module { path, items, feature });
        }
        modules.extend(children);
        next += 1;
    }
    Ok(modules)
}

/// Returns the path of an item in a module.
pub(super) fn join(module: &str, name: &str) -> String {
    if module.is_empty() { name.to_owned() } else { format!("{module}::{name}") }
}

fn file_of(module: &str, files: &BTreeMap<&str, &str>) -> Result<Vec<Item>> {
    let folder = format!("src/{}", module.replace("::", "/").replace("r#", ""));
    let parsed = match parse(&format!("{folder}.rs"), files)? {
        None => parse(&format!("{folder}/mod.rs"), files)?,
        found => found,
    };
    Ok(parsed.unwrap_or_default())
}

fn parse(path: &str, files: &BTreeMap<&str, &str>) -> Result<Option<Vec<Item>>> {
    let Some(text) = files.get(path) else { return Ok(None) };
    let mut file = syn::parse_file(text).with_context(|| format!("{path} is not Rust"))?;
    generator::macros::expand(&mut file.items);
    Ok(Some(file.items))
}

/// Whether an item only exists in tests.
pub(super) fn is_for_tests(attributes: &[Attribute]) -> bool {
    conditions(attributes).any(|condition| condition == "test" || condition == "doctest")
}

/// The feature that an item needs, if its condition is a single feature.
pub(super) fn feature(attributes: &[Attribute]) -> Option<String> {
    conditions(attributes).find_map(|condition| {
        let name = condition.strip_prefix("feature = \"")?.strip_suffix('"')?;
        Some(name.to_owned())
    })
}

fn conditions(attributes: &[Attribute]) -> impl Iterator<Item = String> {
    attributes.iter().filter(|attribute| attribute.path().is_ident("cfg")).filter_map(|attribute| {
        let list = attribute.meta.require_list().ok()?;
        Some(super::text::line(&list.tokens))
    })
}

/// Whether users can name an item, as far as its own visibility is concerned.
pub(super) fn is_public(visibility: &Visibility, attributes: &[Attribute]) -> bool {
    matches!(visibility, Visibility::Public(_)) && !is_hidden(attributes) && !is_for_tests(attributes)
}

/// Whether an item is `#[doc(hidden)]`, which excludes it from the public API.
pub(super) fn is_hidden(attributes: &[Attribute]) -> bool {
    let lists = attributes.iter().filter(|attribute| attribute.path().is_ident("doc"));
    lists
        .filter_map(|attribute| attribute.meta.require_list().ok())
        .any(|list| super::text::line(&list.tokens) == "hidden")
}
