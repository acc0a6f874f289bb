//! Checks the modules of the generator and of the runtime against the tables in ARCHITECTURE.md.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, also where a helper of it finds the fault"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use syn::visit::{Visit, visit_path};

fn manifest_dir() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A crate whose modules a table in ARCHITECTURE.md lists.
struct Modules {
    /// The heading above the table.
    heading: &'static str,
    /// The folder of the modules.
    folder: &'static str,
    /// What precedes the name of a module in paths.
    prefix: &'static [&'static str],
}

const GENERATOR: Modules = Modules { heading: "### `generator/src`", folder: "src", prefix: &["crate"] };
const RUNTIME: Modules = Modules {
    heading: "### `generator/runtime/src/runtime`",
    folder: "runtime/src/runtime",
    prefix: &["crate", "runtime"],
};

impl Modules {
    fn folder(&self) -> PathBuf {
        manifest_dir().join(self.folder)
    }

    /// The table: each module with those it may use, in the order of its rows.
    fn allowed(&self) -> Vec<(String, BTreeSet<String>)> {
        let text = fs::read_to_string(manifest_dir().join("../ARCHITECTURE.md")).expect("ARCHITECTURE.md is there");
        let (_, section) = text.split_once(self.heading).expect("the heading is there");
        let (_, table) = section.split_once("| module | may use |").expect("the table is there");
        let rows = table.lines().skip(2).take_while(|line| line.starts_with('|'));
        let names = |cell: &str| cell.split('`').skip(1).step_by(2).map(str::to_owned).collect::<BTreeSet<_>>();
        rows.map(|row| {
            let cells: Vec<&str> = row.split('|').collect();
            (names(cells[1]).into_iter().next().expect("a row names its module"), names(cells[2]))
        })
        .collect()
    }

    /// The source files, each with its module.
    fn files(&self) -> Vec<(String, PathBuf, String)> {
        let src = self.folder();
        let files = sources(&src).into_iter().map(|path| {
            let relative = path.strip_prefix(&src).expect("it is below src").with_extension("");
            let module =
                relative.components().next().expect("it has a name").as_os_str().to_string_lossy().into_owned();
            let text = fs::read_to_string(&path).expect("the file can be read");
            (module, path, text)
        });
        files.collect()
    }

    /// Each module with the modules it uses outside of its tests.
    fn used(&self) -> BTreeMap<String, BTreeSet<String>> {
        let src = self.folder();
        let mut used: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (module, path, text) in self.files() {
            if module == "lib" || path.with_extension("").ends_with("tests") {
                continue;
            }
            let mut found = Uses { prefix: self.prefix, modules: BTreeSet::new() };
            found.visit_file(&syn::parse_file(&text).expect("the file is Rust"));
            let is_module = |name: &String| *name != module && src.join(format!("{name}.rs")).exists();
            let modules: Vec<_> = found.modules.into_iter().filter(is_module).collect();
            used.entry(module).or_default().extend(modules);
        }
        used
    }
}

/// The modules that a file uses: the names after the prefix in paths and imports.
struct Uses {
    prefix: &'static [&'static str],
    modules: BTreeSet<String>,
}

impl<'ast> Visit<'ast> for Uses {
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.tree(&item.tree, &mut Vec::new());
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: Vec<_> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.add(&segments);
        visit_path(self, path);
    }
}

impl Uses {
    fn add(&mut self, path: &[String]) {
        if path.iter().zip(self.prefix).all(|(segment, expected)| segment == expected) {
            self.modules.extend(path.get(self.prefix.len()).cloned());
        }
    }

    fn tree(&mut self, tree: &syn::UseTree, before: &mut Vec<String>) {
        match tree {
            syn::UseTree::Path(path) => {
                before.push(path.ident.to_string());
                self.tree(&path.tree, before);
                before.pop();
            }
            syn::UseTree::Group(group) => group.items.iter().for_each(|item| self.tree(item, before)),
            syn::UseTree::Name(syn::UseName { ident }) | syn::UseTree::Rename(syn::UseRename { ident, .. }) => {
                before.push(ident.to_string());
                self.add(before);
                before.pop();
            }
            syn::UseTree::Glob(_) => self.add(before),
        }
    }
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("the entry can be read").path();
        if path.is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

#[test]
fn modules_use_only_what_the_tables_allow() {
    for crate_ in [GENERATOR, RUNTIME] {
        let allowed: BTreeMap<_, _> = crate_.allowed().into_iter().collect();
        let used = crate_.used();
        assert_eq!(
            used.keys().collect::<Vec<_>>(),
            allowed.keys().collect::<Vec<_>>(),
            "the table lists other modules than there are"
        );
        for (module, uses) in &used {
            let excess: Vec<_> = uses.difference(&allowed[module]).collect();
            assert!(excess.is_empty(), "`{module}` uses {excess:?}, which the table does not allow");
            let unused: Vec<_> = allowed[module].difference(uses).collect();
            assert!(unused.is_empty(), "the table allows `{module}` to use {unused:?}, which it does not");
        }
    }
}

#[test]
fn dependencies_point_one_way() {
    for crate_ in [GENERATOR, RUNTIME] {
        let mut above: BTreeSet<String> = BTreeSet::new();
        for (module, uses) in crate_.allowed() {
            let ahead: Vec<_> = uses.difference(&above).collect();
            assert!(ahead.is_empty(), "`{module}` uses {ahead:?}, which are below it in the table");
            above.insert(module);
        }
    }
}

#[test]
fn errors_and_decoding_do_not_depend_on_the_http_client() {
    for (module, path, text) in RUNTIME.files() {
        let mut names = Names::default();
        names.visit_file(&syn::parse_file(&text).expect("the file is Rust"));
        let may = !["encoding", "decode", "error", "scalars", "values"].contains(&module.as_str());
        assert!(may || !names.0.contains("reqwest"), "{} names reqwest", path.display());
    }
}

#[test]
fn only_one_module_names_progenitor() {
    for (module, path, text) in GENERATOR.files() {
        assert!(
            module == "progenitor" || !text.contains("progenitor_impl"),
            "{} names progenitor_impl",
            path.display()
        );
    }
}

/// The stages after `lower` work on the IR. `lenient` and `inspect` are around the stages, not after them.
#[test]
fn no_module_after_lower_names_the_document() {
    let order: Vec<_> = GENERATOR.allowed().into_iter().map(|(module, _)| module).collect();
    let lower = order.iter().position(|module| module == "lower").expect("the table has `lower`");
    let after: Vec<_> =
        order[lower + 1..].iter().filter(|module| !["lenient", "inspect"].contains(&module.as_str())).collect();
    assert!(after.len() > 3, "{after:?}");
    for (module, path, text) in GENERATOR.files().into_iter().filter(|(module, ..)| after.contains(&module)) {
        let mut names = Names::default();
        names.visit_file(&syn::parse_file(&text).expect("the file is Rust"));
        assert!(!names.0.contains("Document"), "{} of `{module}` names `Document`", path.display());
    }
}

/// All identifiers in paths and imports.
#[derive(Default)]
struct Names(BTreeSet<String>);

impl<'ast> Visit<'ast> for Names {
    fn visit_ident(&mut self, ident: &'ast syn::Ident) {
        self.0.insert(ident.to_string());
    }
}
