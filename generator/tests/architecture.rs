//! Holds the generator's modules to the table in ARCHITECTURE.md.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, also where a helper of it finds the fault"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use syn::visit::{Visit, visit_path, visit_use_path};

fn manifest_dir() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The table: each module with those it may use, in the order of its rows.
fn allowed() -> Vec<(String, BTreeSet<String>)> {
    let text = fs::read_to_string(manifest_dir().join("../ARCHITECTURE.md")).expect("ARCHITECTURE.md is there");
    let (_, table) = text.split_once("| module | may use |").expect("the table is there");
    let rows = table.lines().skip(2).take_while(|line| line.starts_with('|'));
    let names = |cell: &str| cell.split('`').skip(1).step_by(2).map(str::to_owned).collect::<BTreeSet<_>>();
    rows.map(|row| {
        let cells: Vec<&str> = row.split('|').collect();
        (names(cells[1]).into_iter().next().expect("a row names its module"), names(cells[2]))
    })
    .collect()
}

/// The first words behind `crate::` in a file: the modules it uses.
#[derive(Default)]
struct Uses(BTreeSet<String>);

impl<'ast> Visit<'ast> for Uses {
    fn visit_use_path(&mut self, path: &'ast syn::UsePath) {
        if path.ident == "crate" {
            self.tree(&path.tree);
        } else {
            visit_use_path(self, path);
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let mut segments = path.segments.iter();
        if segments.next().is_some_and(|first| first.ident == "crate")
            && let Some(module) = segments.next()
        {
            self.0.insert(module.ident.to_string());
        }
        visit_path(self, path);
    }
}

impl Uses {
    fn tree(&mut self, tree: &syn::UseTree) {
        match tree {
            syn::UseTree::Path(path) => {
                self.0.insert(path.ident.to_string());
            }
            syn::UseTree::Name(name) => {
                self.0.insert(name.ident.to_string());
            }
            syn::UseTree::Group(group) => group.items.iter().for_each(|item| self.tree(item)),
            _ => {}
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

/// Each module of the crate with the modules it uses outside of its tests.
fn used() -> BTreeMap<String, BTreeSet<String>> {
    let src = manifest_dir().join("src");
    let mut used: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in sources(&src) {
        let relative = file.strip_prefix(&src).expect("it is below src").with_extension("");
        let module = relative.components().next().expect("it has a name").as_os_str().to_string_lossy().into_owned();
        if module == "lib" || relative.ends_with("tests") {
            continue;
        }
        let text = fs::read_to_string(&file).expect("the file can be read");
        let mut found = Uses::default();
        found.visit_file(&syn::parse_file(&text).expect("the file is Rust"));
        let is_module = |name: &String| *name != module && src.join(format!("{name}.rs")).exists();
        let modules: Vec<_> = found.0.into_iter().filter(is_module).collect();
        used.entry(module).or_default().extend(modules);
    }
    used
}

#[test]
fn modules_use_only_what_the_table_allows() {
    let allowed: BTreeMap<_, _> = allowed().into_iter().collect();
    let used = used();
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

#[test]
fn dependencies_point_one_way() {
    let mut above: BTreeSet<String> = BTreeSet::new();
    for (module, uses) in allowed() {
        let ahead: Vec<_> = uses.difference(&above).collect();
        assert!(ahead.is_empty(), "`{module}` uses {ahead:?}, which stand below it in the table");
        above.insert(module);
    }
}

#[test]
fn only_one_module_names_progenitor() {
    for (module, path, text) in modules() {
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
    let order: Vec<_> = allowed().into_iter().map(|(module, _)| module).collect();
    let lower = order.iter().position(|module| module == "lower").expect("the table has `lower`");
    let after: Vec<_> =
        order[lower + 1..].iter().filter(|module| !["lenient", "inspect"].contains(&module.as_str())).collect();
    assert!(after.len() > 3, "{after:?}");
    for (module, path, text) in modules().into_iter().filter(|(module, ..)| after.contains(&module)) {
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

/// The source files of the crate, each with its module.
fn modules() -> Vec<(String, PathBuf, String)> {
    let src = manifest_dir().join("src");
    let files = sources(&src).into_iter().map(|path| {
        let relative = path.strip_prefix(&src).expect("it is below src").with_extension("");
        let module = relative.components().next().expect("it has a name").as_os_str().to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).expect("the file can be read");
        (module, path, text)
    });
    files.collect()
}
