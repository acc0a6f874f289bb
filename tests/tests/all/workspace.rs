//! Generated clients, and programs that use them, as crates of one workspace that cargo works on.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use generator::tree::CrateTree;

use crate::repository;

/// Some crates, most of them generated, with one target folder for all workspaces.
pub(crate) struct Workspace {
    pub(crate) root: PathBuf,
    pub(crate) members: Vec<String>,
}

impl Workspace {
    /// `name` is that of its folder.
    pub(crate) fn new(name: &str) -> Self {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        Self { root, members: Vec::new() }
    }

    /// Files that are as they should be stay untouched, so that what was compiled once need not be again.
    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.root.join(path);
        if fs::read_to_string(&path).is_ok_and(|own| own == text) {
            return;
        }
        fs::create_dir_all(path.parent().expect("it has a folder")).expect("the folder can be made");
        fs::write(&path, text).expect("the file can be written");
    }

    pub(crate) fn add(&mut self, name: &str, tree: &CrateTree) {
        for (path, text) in tree.iter() {
            self.write(&format!("{name}/{path}"), text);
        }
        self.members.push(name.to_owned());
    }

    /// One folder for all workspaces, so that what they have in common is compiled once.
    pub(crate) fn target(&self) -> PathBuf {
        self.root.with_file_name("fixtures-target")
    }

    /// Runs cargo over all members, with what is locked for this repository and nothing from the network.
    pub(crate) fn cargo(&self, command: &[&str], options: &[&str]) {
        let members = self.members.join("\", \"");
        // What is compiled once and not again; others have the disk, too.
        let profile = "[profile.dev]\ndebug = false\nincremental = false";
        self.write("Cargo.toml", &format!("[workspace]\nresolver = \"3\"\nmembers = [\"{members}\"]\n\n{profile}\n"));
        let lock = fs::read_to_string(repository().join("Cargo.lock")).expect("the lock file is there");
        fs::write(self.root.join("Cargo.lock"), lock).expect("the file can be written");
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(command).args(options).args(["--offline", "--quiet"]).current_dir(&self.root);
        cargo.env("CARGO_TARGET_DIR", self.target()).env("RUSTFLAGS", "-Dwarnings").env("RUSTDOCFLAGS", "-Dwarnings");
        let output = cargo.output().expect("cargo runs");
        let [out, err] = [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text));
        assert!(output.status.success(), "{out}{err}");
    }
}
