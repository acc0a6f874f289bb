//! Decides which cargo feature enables each namespace.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::ir::{Namespace, NamespaceFeature, Operation};
use crate::naming::reserved::FEATURES;
use crate::naming::{shortened, unique};

/// The most features for namespaces. The package registry accepts 300 features of a crate.
const MOST: usize = 256;

/// The feature of the namespaces with the fewest operations, if there are too many namespaces.
const OTHERS: &str = "other-namespaces";

/// Gives each top-level namespace a feature, and its operations and nested namespaces the same one. An API with one namespace has no
/// features for it: they could enable nothing less than everything.
pub(super) fn features(root: &mut Namespace, operations: &mut [Operation]) -> Vec<NamespaceFeature> {
    if root.children.len() < 2 || has_loose_job(operations) {
        return Vec::new();
    }
    let names = names(&root.children);
    let mut features: Vec<NamespaceFeature> = Vec::new();
    for (namespace, name) in root.children.iter_mut().zip(names) {
        set(namespace, &name, operations);
        let namespaces = namespace.path.clone();
        match features.iter_mut().find(|feature| feature.name == name) {
            Some(feature) => feature.namespaces.extend(namespaces),
            None => features.push(NamespaceFeature { name, namespaces, needs: Vec::new() }),
        }
    }
    let mut needs = needs(operations);
    for feature in &mut features {
        feature.needs.extend(needs.remove(&feature.name).into_iter().flatten());
    }
    features.sort_by(|one, other| one.name.cmp(&other.name));
    features
}

/// Returns the name of the feature of each namespace.
fn names(namespaces: &[Namespace]) -> Vec<String> {
    let mut by_size: Vec<usize> = namespaces.iter().map(size).collect();
    by_size.sort_by_key(|size| Reverse(*size));
    let smallest = by_size.get(MOST).copied().unwrap_or_default();
    let has_others = namespaces.len() > MOST;
    let mut taken: BTreeSet<String> = FEATURES.iter().map(|name| (*name).to_owned()).collect();
    taken.insert(OTHERS.to_owned());
    let name = |namespace: &Namespace| {
        if has_others && size(namespace) <= smallest {
            return OTHERS.to_owned();
        }
        let name = shortened(&namespace.ident.trim_end_matches('_').replace('_', "-")).to_owned();
        unique(if taken.contains(&name) { format!("{name}-api") } else { name }, &mut taken)
    };
    namespaces.iter().map(name).collect()
}

/// Returns the number of operations of a namespace and of those below it.
fn size(namespace: &Namespace) -> usize {
    namespace.walk().iter().map(|namespace| namespace.operations.len()).sum()
}

fn set(namespace: &mut Namespace, name: &str, operations: &mut [Operation]) {
    namespace.feature = Some(name.to_owned());
    for index in &namespace.operations {
        if let Some(operation) = operations.get_mut(*index) {
            operation.feature = Some(name.to_owned());
        }
    }
    for child in &mut namespace.children {
        set(child, name, operations);
    }
}

/// Whether an operation of the client itself starts a job that is polled in a namespace. Such an operation needs the namespace.
fn has_loose_job(operations: &[Operation]) -> bool {
    let loose = operations.iter().filter(|operation| operation.group.is_empty());
    let results = loose.filter_map(|operation| operations.get(operation.long_running.as_ref()?.result));
    results.into_iter().any(|result| !result.group.is_empty())
}

/// Returns the features that each feature needs: a job may be started in one namespace and polled in another.
fn needs(operations: &[Operation]) -> BTreeMap<String, BTreeSet<String>> {
    let mut needs: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for operation in operations {
        let result = operation.long_running.as_ref().and_then(|link| operations.get(link.result));
        if let (Some(own), Some(other)) = (&operation.feature, result.and_then(|result| result.feature.as_ref()))
            && own != other
        {
            needs.entry(own.clone()).or_default().insert(other.clone());
        }
    }
    needs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn namespaces(names: impl Iterator<Item = (String, usize)>) -> Vec<Namespace> {
        let namespace = |(name, size): (String, usize)| Namespace {
            path: vec![name.clone()],
            ident: name,
            operations: (0..size).collect(),
            ..Namespace::default()
        };
        names.map(namespace).collect()
    }

    #[test]
    fn names_of_other_features_get_a_suffix() {
        let all = ["time", "type_", "user_groups", "full"].map(|name| (name.to_owned(), 1));
        assert_eq!(names(&namespaces(all.into_iter())), ["time-api", "type", "user-groups", "full-api"]);
    }

    #[test]
    fn the_smallest_namespaces_share_a_feature_if_there_are_too_many() {
        let all = namespaces((0..400).map(|index| (format!("n{index}"), index)));
        let names = names(&all);
        let others = names.iter().take_while(|name| *name == OTHERS).count();
        assert_eq!(others, 400 - MOST);
        assert_eq!(names.into_iter().collect::<BTreeSet<_>>().len(), MOST + 1);
    }
}
