//! Decides which cargo feature enables each namespace.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::ir::{Namespace, NamespaceFeature, Operation};
use crate::naming::reserved::FEATURES;
use crate::naming::unique;

/// The most features for namespaces. The package registry accepts 300 features of a crate.
const MOST: usize = 256;

/// The feature of the namespaces with the fewest operations, if there are too many namespaces.
const OTHERS: &str = "other-namespaces";

/// The longest name of a feature, in bytes.
const LONGEST: usize = 60;

/// Gives each top-level namespace a feature, and its operations and nested namespaces the same one. An API with one namespace has no
/// features for it: they could enable nothing less than everything.
pub(super) fn features(root: &mut Namespace, operations: &mut [Operation]) -> Vec<NamespaceFeature> {
    if root.children.len() < 2 {
        return Vec::new();
    }
    let needed = always_needed(operations);
    let is_bound = |namespace: &&mut Namespace| namespace.path.first().is_none_or(|name| !needed.contains(name));
    let mut bound: Vec<&mut Namespace> = root.children.iter_mut().filter(is_bound).collect();
    let sizes: Vec<_> = bound.iter().map(|namespace| (namespace.ident.as_str(), size(namespace))).collect();
    let names = names(&sizes);
    let mut features: Vec<NamespaceFeature> = Vec::new();
    for (namespace, name) in bound.iter_mut().zip(names) {
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

/// Returns the name of the feature of each namespace, given as names and numbers of operations.
fn names(namespaces: &[(&str, usize)]) -> Vec<String> {
    let mut largest: Vec<usize> = (0..namespaces.len()).collect();
    largest.sort_by_key(|index| Reverse(namespaces.get(*index).map(|(_, size)| *size)));
    let small: BTreeSet<usize> = largest.into_iter().skip(MOST).collect();
    let mut taken: BTreeSet<String> = FEATURES.iter().map(|name| (*name).to_owned()).collect();
    taken.insert(OTHERS.to_owned());
    let name = |(index, (ident, _)): (usize, &(&str, usize))| {
        if small.contains(&index) {
            return OTHERS.to_owned();
        }
        let name: String = ident.trim_end_matches('_').replace('_', "-").chars().take(LONGEST).collect();
        unique(if taken.contains(&name) { format!("{name}-api") } else { name }, &mut taken)
    };
    namespaces.iter().enumerate().map(name).collect()
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

/// Returns the top-level namespaces that operations of the client itself need, because these start jobs that are polled there.
fn always_needed(operations: &[Operation]) -> BTreeSet<String> {
    let loose = operations.iter().filter(|operation| operation.group.is_empty());
    let results = loose.filter_map(|operation| operations.get(operation.long_running.as_ref()?.result));
    results.filter_map(|result| result.group.first().cloned()).collect()
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

    #[test]
    fn names_of_other_features_get_a_suffix() {
        let all = ["time", "type_", "user_groups", "full", "reqwest"].map(|name| (name, 1));
        assert_eq!(names(&all), ["time-api", "type", "user-groups", "full-api", "reqwest-api"]);
    }

    #[test]
    fn the_smallest_namespaces_share_a_feature_if_there_are_too_many() {
        let idents: Vec<_> = (0..400).map(|index| format!("n{index}")).collect();
        let growing: Vec<_> = idents.iter().enumerate().map(|(size, ident)| (ident.as_str(), size)).collect();
        let same: Vec<_> = idents.iter().map(|ident| (ident.as_str(), 1)).collect();
        for (all, first) in [(growing, "n144"), (same, "n0")] {
            let names = names(&all);
            assert_eq!(names.iter().filter(|name| *name == OTHERS).count(), 400 - MOST);
            assert_eq!(names.iter().find(|name| *name != OTHERS).map(String::as_str), Some(first));
            assert_eq!(names.into_iter().collect::<BTreeSet<_>>().len(), MOST + 1);
        }
    }
}
