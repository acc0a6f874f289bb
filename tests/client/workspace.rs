//! A cargo workspace on disk, with generated crates and crates that use them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use generator::tree::CrateTree;

/// The features of the clients, without TLS: it takes long to compile, and no code of a client depends on it.
const FEATURES: [&str; 3] = ["--no-default-features", "--features", "full,tracing,blocking,test-util"];

/// The dependency on tokio of a program. Its features are those of the clients' dev-dependencies: cargo unifies features, so
/// every command on a workspace compiles the same dependencies, and compiles them once.
pub(crate) const TOKIO: &str = "tokio = { version = \"1.54.1\", default-features = false, features = [\"macros\", \
                                \"rt-multi-thread\", \"sync\", \"test-util\"] }\n";

/// A crate of a workspace.
pub(crate) struct Member {
    folder: String,
    files: BTreeMap<String, String>,
}

impl Member {
    /// A generated client.
    pub(crate) fn client(folder: &str, tree: &CrateTree) -> Self {
        let files = tree.iter().map(|(path, text)| (path.to_owned(), text.to_owned())).collect();
        Self { folder: folder.to_owned(), files }
    }

    /// A crate with these files, as paths and contents.
    pub(crate) fn package(folder: &str, files: Vec<(String, String)>) -> Self {
        Self { folder: folder.to_owned(), files: files.into_iter().collect() }
    }

    /// A crate with one source file; the folder and the package have the name of the file.
    pub(crate) fn user(name: &str, dependencies: &str, path: &str, source: String) -> Self {
        let package = format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n");
        let manifest = format!("{package}\n[dependencies]\n{dependencies}");
        let files = BTreeMap::from([("Cargo.toml".to_owned(), manifest), (path.to_owned(), source)]);
        Self { folder: name.to_owned(), files }
    }

    /// Replaces the name of the package.
    pub(crate) fn renamed(mut self, from: &str, to: &str) -> Self {
        let manifest = self.files.get_mut("Cargo.toml").expect("a crate has a manifest");
        *manifest = manifest.replacen(&format!("name = \"{from}\""), &format!("name = \"{to}\""), 1);
        self
    }
}

/// Crates on disk.
pub(crate) struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// Writes a workspace into a folder of this name.
    ///
    /// Unchanged files of an earlier run are not written again, so that cargo does not recompile them. All other files are
    /// removed, as cargo would compile them too.
    pub(crate) fn write(name: &str, members: &[Member]) -> Self {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let folders: Vec<_> = members.iter().map(|member| member.folder.as_str()).collect();
        let folders = folders.join("\", \"");
        // No debug information or incremental compilation is needed.
        let profile = "[profile.dev]\ndebug = false\nincremental = false";
        let manifest = format!("[workspace]\nresolver = \"3\"\nmembers = [\"{folders}\"]\n\n{profile}\n");
        let lock = fs::read_to_string(crate::root().join("Cargo.lock")).expect("the lock file is there");
        let mut files = BTreeMap::from([(root.join("Cargo.toml"), manifest.as_str())]);
        for member in members {
            let folder = root.join(&member.folder);
            files.extend(member.files.iter().map(|(path, text)| (folder.join(path), text.as_str())));
        }
        remove_others(&root, &files.keys().cloned().collect());
        for (path, text) in &files {
            write_if_changed(path, text);
        }
        // Cargo removes unused packages from the lock file and adds the members.
        fs::write(root.join("Cargo.lock"), lock).expect("the file can be written");
        Self { root }
    }

    /// Runs cargo on all members, offline and with the versions locked in this repository.
    pub(crate) fn cargo(&self, command: &[&str]) {
        let output = self.output(command);
        let [out, err] = [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text));
        assert!(output.status.success(), "{out}{err}");
    }

    /// Runs cargo with these features only.
    #[cfg(feature = "slow")]
    pub(crate) fn cargo_with(&self, features: &str, command: &[&str]) {
        let output = self.output_with(&["--no-default-features", "--features", features], command);
        assert!(output.status.success(), "with {features}: {}", String::from_utf8_lossy(&output.stderr));
    }

    /// Builds members that the compiler rejects. Returns its messages.
    pub(crate) fn errors(&self) -> String {
        let output = self.output(&["build", "--workspace"]);
        assert!(!output.status.success(), "the compiler accepts it");
        String::from_utf8_lossy(&output.stderr).into_owned()
    }

    fn output(&self, command: &[&str]) -> Output {
        self.output_with(&FEATURES, command)
    }

    fn output_with(&self, features: &[&str], command: &[&str]) -> Output {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(command).args(features).args(["--offline", "--quiet"]).current_dir(&self.root);
        cargo.env("CARGO_TARGET_DIR", self.target()).env("RUSTFLAGS", "-Dwarnings").env("RUSTDOCFLAGS", "-Dwarnings");
        let output = cargo.output().expect("cargo runs");
        self.check_lock();
        output
    }

    /// Checks that the crates need no package that this repository does not lock: on a new machine, it has not been downloaded.
    fn check_lock(&self) {
        let packages = |lock: &Path| -> BTreeSet<String> {
            let text = fs::read_to_string(lock).expect("the lock file is there");
            let packages = text.split("\n\n").filter(|package| package.contains("\nsource = "));
            packages.map(|package| package.lines().skip(1).take(2).collect::<Vec<_>>().join(" ")).collect()
        };
        let locked = packages(&crate::root().join("Cargo.lock"));
        let other: Vec<_> = packages(&self.root.join("Cargo.lock")).difference(&locked).cloned().collect();
        assert!(other.is_empty(), "not in the lock file of this repository: {other:?}");
    }

    /// The path of a program built by `cargo build`.
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.target().join("debug").join(name)
    }

    /// One folder for all workspaces, so that their dependencies are compiled once.
    fn target(&self) -> PathBuf {
        self.root.with_file_name("workspaces-target")
    }
}

fn remove_others(folder: &Path, expected: &BTreeSet<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries {
        let path = entry.expect("the folder can be read").path();
        if path.is_dir() {
            remove_others(&path, expected);
        } else if !expected.contains(&path) {
            fs::remove_file(&path).expect("the file can be removed");
        }
    }
}

fn write_if_changed(path: &Path, text: &str) {
    if fs::read_to_string(path).is_ok_and(|earlier| earlier == text) {
        return;
    }
    fs::create_dir_all(path.parent().expect("it has a folder")).expect("the folder can be made");
    fs::write(path, text).expect("the file can be written");
}
