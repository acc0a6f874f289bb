//! Resolves names as the compiler does: what a path means in a module, and under which paths users reach an item.

use std::collections::{BTreeMap, BTreeSet};

use syn::{Item, UseTree};

use super::modules::{Module, is_public, join};

/// What a name means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Meaning {
    /// An item or a module of this crate, by the path of its definition.
    Own(String),
    /// Something in another crate.
    External(String),
}

/// The names in all modules.
pub(super) struct Names {
    scopes: BTreeMap<String, Scope>,
    /// The shortest public path of each item, by the path of its definition.
    public: BTreeMap<String, String>,
    /// All public paths of items, with what they mean.
    pub(super) exports: BTreeMap<String, Meaning>,
}

#[derive(Default)]
struct Scope {
    /// The items that the module declares.
    declared: BTreeMap<String, bool>,
    imports: Vec<Import>,
}

/// A name that is imported, or all names of a module.
struct Import {
    name: Option<String>,
    path: Vec<String>,
    is_public: bool,
}

/// Imports can refer to each other in circles, if they are wrong.
const MOST_IMPORTS: usize = 16;

impl Names {
    pub(super) fn of(modules: &[Module]) -> Self {
        let scopes = modules.iter().map(|module| (module.path.clone(), scope(&module.items))).collect();
        let mut names = Self { scopes, public: BTreeMap::new(), exports: BTreeMap::new() };
        names.export("", "", &mut BTreeSet::new());
        for (path, meaning) in &names.exports {
            let Meaning::Own(definition) = meaning else { continue };
            let shortest = names.public.entry(definition.clone()).or_insert_with(|| path.clone());
            if path.matches("::").count() < shortest.matches("::").count() {
                shortest.clone_from(path);
            }
        }
        names
    }

    /// Returns the path under which users know an item. `None` if they cannot name it.
    pub(super) fn public(&self, definition: &str) -> Option<&str> {
        self.public.get(definition).map(String::as_str)
    }

    /// Returns what the first segments of a path mean in a module, and how many segments these are. `None` if the path starts
    /// with a name that the module does not have, such as a type parameter or a name of the standard prelude.
    pub(super) fn resolve(&self, module: &str, path: &[String]) -> Option<(Meaning, usize)> {
        self.resolve_within(module, path, MOST_IMPORTS)
    }

    fn resolve_within(&self, module: &str, path: &[String], budget: usize) -> Option<(Meaning, usize)> {
        let budget = budget.checked_sub(1)?;
        let mut place = module.to_owned();
        let mut used = 0;
        let mut meaning = None;
        for segment in path {
            match segment.as_str() {
                "crate" => place = String::new(),
                "self" => {}
                "super" => {
                    let end = place.rfind("::").unwrap_or_default();
                    place.truncate(end);
                }
                name => match self.lookup(&place, name, budget) {
                    Some(Meaning::Own(definition)) => {
                        place.clone_from(&definition);
                        meaning = Some(Meaning::Own(definition));
                    }
                    Some(Meaning::External(external)) => {
                        let rest = path.get(used + 1..).unwrap_or_default();
                        let all: Vec<_> = std::iter::once(external).chain(rest.iter().cloned()).collect();
                        return Some((Meaning::External(all.join("::")), path.len()));
                    }
                    None => break,
                },
            }
            used += 1;
            if !self.scopes.contains_key(&place) {
                break;
            }
        }
        let is_module = used > 0 && meaning.is_none();
        meaning.or_else(|| is_module.then_some(Meaning::Own(place))).map(|meaning| (meaning, used))
    }

    fn lookup(&self, module: &str, name: &str, budget: usize) -> Option<Meaning> {
        let scope = self.scopes.get(module)?;
        if scope.declared.contains_key(name) {
            return Some(Meaning::Own(join(module, name)));
        }
        let named = scope.imports.iter().find(|import| import.name.as_deref() == Some(name));
        if let Some(import) = named {
            return Some(self.target(module, &import.path, budget));
        }
        let globs = scope.imports.iter().filter(|import| import.name.is_none());
        globs.filter_map(|import| self.resolve_within(module, &import.path, budget)).find_map(|(meaning, _)| {
            match meaning {
                Meaning::Own(target) if target != module => self.lookup(&target, name, budget.checked_sub(1)?),
                _ => None,
            }
        })
    }

    /// What an import leads to. Anything outside of this crate is in another crate.
    fn target(&self, module: &str, path: &[String], budget: usize) -> Meaning {
        let first_is_import = path.len() == 1 || path.first().is_some_and(|first| !self.has(module, first));
        let found = if first_is_import && !path.first().is_some_and(|first| is_keyword(first)) {
            None
        } else {
            self.resolve_within(module, path, budget)
        };
        match found {
            Some((meaning, used)) if used == path.len() => meaning,
            _ => Meaning::External(path.join("::")),
        }
    }

    fn has(&self, module: &str, name: &str) -> bool {
        self.scopes.get(module).is_some_and(|scope| scope.declared.contains_key(name))
    }

    /// Adds what users reach through a module under a path.
    fn export(&mut self, module: &str, path: &str, seen: &mut BTreeSet<(String, String)>) {
        if !seen.insert((module.to_owned(), path.to_owned())) || path.matches("::").count() > MOST_IMPORTS {
            return;
        }
        for (name, meaning) in self.exported(module) {
            let path = join(path, &name);
            if let Meaning::Own(definition) = &meaning
                && self.scopes.contains_key(definition)
            {
                self.export(&definition.clone(), &path, seen);
            }
            self.exports.insert(path, meaning);
        }
    }

    /// The public names of a module.
    fn exported(&self, module: &str) -> Vec<(String, Meaning)> {
        let Some(scope) = self.scopes.get(module) else { return Vec::new() };
        let declared = scope.declared.iter().filter(|(_, is_public)| **is_public);
        let mut all: Vec<_> = declared.map(|(name, _)| (name.clone(), Meaning::Own(join(module, name)))).collect();
        for import in scope.imports.iter().filter(|import| import.is_public) {
            let target = self.target(module, &import.path, MOST_IMPORTS);
            match (&import.name, target) {
                (Some(name), target) => all.push((name.clone(), target)),
                (None, Meaning::Own(target)) if target != module => all.extend(self.exported(&target)),
                (None, _) => {}
            }
        }
        all
    }
}

fn is_keyword(segment: &str) -> bool {
    matches!(segment, "crate" | "self" | "super")
}

fn scope(items: &[Item]) -> Scope {
    let mut scope = Scope::default();
    for item in items {
        if let Item::Use(import) = item {
            let is_public = is_public(&import.vis, &import.attrs);
            imports(&import.tree, &mut Vec::new(), is_public, &mut scope.imports);
            continue;
        }
        let (name, visibility, attributes) = match item {
            Item::Struct(item) => (&item.ident, &item.vis, &item.attrs),
            Item::Enum(item) => (&item.ident, &item.vis, &item.attrs),
            Item::Type(item) => (&item.ident, &item.vis, &item.attrs),
            Item::Trait(item) => (&item.ident, &item.vis, &item.attrs),
            Item::Fn(item) => (&item.sig.ident, &item.vis, &item.attrs),
            Item::Const(item) => (&item.ident, &item.vis, &item.attrs),
            Item::Static(item) => (&item.ident, &item.vis, &item.attrs),
            Item::Mod(item) => (&item.ident, &item.vis, &item.attrs),
            _ => continue,
        };
        let is_public = is_public(visibility, attributes);
        *scope.declared.entry(name.to_string()).or_default() |= is_public;
    }
    scope
}

fn imports(tree: &UseTree, path: &mut Vec<String>, is_public: bool, all: &mut Vec<Import>) {
    let mut add = |name: Option<String>, last: Option<String>| {
        let path = path.iter().cloned().chain(last.filter(|last| last != "self")).collect();
        all.push(Import { name, path, is_public });
    };
    match tree {
        UseTree::Path(part) => {
            path.push(part.ident.to_string());
            imports(&part.tree, path, is_public, all);
            path.pop();
        }
        UseTree::Name(name) => {
            let name = name.ident.to_string();
            let own = if name == "self" { path.last().cloned() } else { Some(name.clone()) };
            add(own, Some(name));
        }
        UseTree::Rename(rename) => add(Some(rename.rename.to_string()), Some(rename.ident.to_string())),
        UseTree::Glob(_) => add(None, None),
        UseTree::Group(group) => {
            for tree in &group.items {
                imports(tree, path, is_public, all);
            }
        }
    }
}
