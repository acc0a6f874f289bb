//! Runs the program in a temporary folder, as the owner of an API does.

#![allow(dead_code, reason = "each test program uses a part of it")]

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// A document with one operation and one warning (W060: the server is not encrypted).
pub const PETS: &str = r##"openapi: 3.0.3
info: {title: Pets, version: "1"}
servers: [{url: "http://pets.example.com"}]
paths:
  /pets:
    get:
      operationId: listPets
      responses:
        "200": {description: All pets., content: {application/json: {schema: {$ref: "#/components/schemas/Pets"}}}}
components:
  schemas:
    Pets: {type: object, properties: {count: {type: integer}}}
"##;

/// A temporary folder in which the program runs.
pub struct Folder(pub TempDir);

/// The exit code and the two streams of a run.
pub struct Run {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Folder {
    /// A folder with a document and nothing else.
    pub fn new() -> Self {
        let folder = Self(TempDir::new().unwrap());
        folder.write("pets.yaml", PETS);
        folder
    }

    /// A folder with a configuration and the generated crate.
    pub fn generated(configuration: &str) -> Self {
        let folder = Self::new();
        folder.write("clientsmith.toml", &format!("document = \"pets.yaml\"\n{configuration}"));
        folder.run(&["generate"]).ends_with(0);
        folder
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    pub fn run(&self, arguments: &[&str]) -> Run {
        self.run_with(arguments, "")
    }

    /// Runs the program with a standard input.
    pub fn run_with(&self, arguments: &[&str], input: &str) -> Run {
        let mut command = Command::new(env!("CARGO_BIN_EXE_clientsmith"));
        command.args(arguments).current_dir(self.0.path()).env_remove("NO_COLOR");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // A program that does not read its input closes it.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Run { code: status.code(), out: text(stdout), err: text(stderr) }
    }
}

impl Run {
    #[track_caller]
    pub fn ends_with(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "stdout:\n{}\nstderr:\n{}", self.out, self.err);
        self
    }

    #[track_caller]
    pub fn says(self, part: &str) -> Self {
        assert!(self.out.contains(part) || self.err.contains(part), "{part:?} is not in:\n{}\n{}", self.out, self.err);
        self
    }
}
