//! Reads files as they are in a commit, with the program `git`.

use std::io::{self, ErrorKind, Write as _};
use std::path::{Component, Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

use anyhow::{Context as _, Result, bail};

/// A commit of a repository.
#[derive(Debug, Clone)]
pub struct Revision {
    commit: String,
    /// The folder of the repository.
    root: PathBuf,
}

/// What a path is in a commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// A file.
    File,
    /// A folder.
    Folder,
}

impl Revision {
    /// Finds a commit by anything that `git rev-parse` accepts, in the repository around a path. `None` if there is no repository,
    /// or no such commit in it.
    ///
    /// # Errors
    ///
    /// Git cannot be started.
    pub fn find(name: &str, path: &Path) -> Result<Option<Self>> {
        let Some(path) = absolute(path).filter(|_| !name.starts_with('-')) else { return Ok(None) };
        let folder = path.ancestors().find(|path| path.is_dir()).unwrap_or(Path::new("."));
        let Some(root) = git(folder, &["rev-parse", "--show-toplevel"])? else { return Ok(None) };
        let root = PathBuf::from(String::from_utf8_lossy(&root).trim_end_matches(['\n', '\r']));
        let commit = git(folder, &["rev-parse", "--verify", "--quiet", &format!("{name}^{{commit}}")])?;
        let root = root.canonicalize().unwrap_or(root);
        Ok(commit.map(|commit| Self { commit: String::from_utf8_lossy(&commit).trim().to_owned(), root }))
    }

    /// Returns what a path is. `None` if it does not exist.
    ///
    /// # Errors
    ///
    /// Git cannot be started.
    pub fn entry(&self, path: &Path) -> Result<Option<Entry>> {
        let Some(object) = self.object(path) else { return Ok(None) };
        let output = git(&self.root, &["cat-file", "-t", &object])?;
        Ok(output.and_then(|kind| match kind.trim_ascii() {
            b"blob" => Some(Entry::File),
            b"tree" => Some(Entry::Folder),
            _ => None,
        }))
    }

    /// Returns the content of a file.
    ///
    /// # Errors
    ///
    /// The file does not exist in the commit, or git cannot be started.
    pub fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let object = self.object(path).ok_or(ErrorKind::NotFound)?;
        match git(&self.root, &["cat-file", "blob", &object]) {
            Ok(content) => content.ok_or_else(|| ErrorKind::NotFound.into()),
            Err(error) => Err(io::Error::other(format!("{error:#}"))),
        }
    }

    /// Returns the text files below a folder that are wanted, with their paths relative to it.
    ///
    /// # Errors
    ///
    /// Git fails.
    pub fn files(&self, folder: &Path, is_wanted: impl Fn(&str) -> bool) -> Result<Vec<(String, String)>> {
        let Some(object) = self.object(folder) else { return Ok(Vec::new()) };
        let listed =
            git(&self.root, &["ls-tree", "-r", "-z", "--name-only", "--full-tree", &object])?.unwrap_or_default();
        let listed = String::from_utf8_lossy(&listed).into_owned();
        let names: Vec<&str> = listed.split('\0').filter(|name| !name.contains('\n') && is_wanted(name)).collect();
        let separator = if object.ends_with(':') { "" } else { "/" };
        let objects = names.iter().map(|name| format!("{object}{separator}{name}\n"));
        let contents = batch(&self.root, objects.collect::<String>())?;
        if contents.len() != names.len() {
            bail!("git returned {} of {} files", contents.len(), names.len());
        }
        let files = names.into_iter().zip(contents);
        Ok(files.filter_map(|(name, content)| Some((name.to_owned(), String::from_utf8(content).ok()?))).collect())
    }

    /// The name of a file or folder in git. `None` if it is outside of the repository.
    fn object(&self, path: &Path) -> Option<String> {
        let path = absolute(path)?;
        let parts = path.strip_prefix(&self.root).ok()?.iter().map(|part| part.to_str()).collect::<Option<Vec<_>>>()?;
        Some(format!("{}:{}", self.commit, parts.join("/")))
    }
}

/// Returns the absolute path without links and `..`. The path need not exist.
fn absolute(path: &Path) -> Option<PathBuf> {
    let path = std::env::current_dir().ok()?.join(path);
    let existing = path.ancestors().find_map(|ancestor| Some((ancestor, ancestor.canonicalize().ok()?)))?;
    let mut absolute = existing.1;
    for part in path.strip_prefix(existing.0).ok()?.components() {
        match part {
            Component::ParentDir => _ = absolute.pop(),
            Component::Normal(name) => absolute.push(name),
            _ => {}
        }
    }
    Some(absolute)
}

/// Runs git. `None` if it reports a failure.
fn git(folder: &Path, arguments: &[&str]) -> Result<Option<Vec<u8>>> {
    let output = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .context("cannot start git")?;
    Ok(output.status.success().then_some(output.stdout))
}

/// Reads many objects with one process.
fn batch(folder: &Path, objects: String) -> Result<Vec<Vec<u8>>> {
    let mut command = Command::new("git");
    command.arg("-C").arg(folder).args(["cat-file", "--batch"]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut running = command.spawn().context("cannot start git")?;
    let input = running.stdin.take();
    // Git answers while it reads, so both sides would wait if one thread wrote everything first.
    let writer = thread::spawn(move || input.map_or(Ok(()), |mut input| input.write_all(objects.as_bytes())));
    let output = running.wait_with_output().context("cannot read from git")?;
    let _ = writer.join();
    let mut rest = output.stdout.as_slice();
    let mut contents = Vec::new();
    while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
        let (head, after) = rest.split_at(end);
        let size = String::from_utf8_lossy(head).rsplit(' ').next().and_then(|size| size.parse::<usize>().ok());
        let size = size.with_context(|| format!("git says {:?}", String::from_utf8_lossy(head)))?;
        let after = after.get(1..).unwrap_or_default();
        contents.push(after.get(..size).context("git ended early")?.to_vec());
        rest = after.get(size + 1..).unwrap_or_default();
    }
    Ok(contents)
}
