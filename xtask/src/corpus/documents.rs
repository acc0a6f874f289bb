//! The documents of a folder. Tells them apart by name and by content, and reads no more into them.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::workspace::shown;

/// A document of the folder.
#[derive(Debug, Clone)]
pub(crate) struct File {
    /// Its name without the ending, unless another has that too.
    pub(crate) name: String,
    pub(crate) path: PathBuf,
    /// Another one when the bytes of the document or of the generator change.
    pub(crate) key: String,
}

/// The files of a folder that end in yaml, yml or json, in the order of their names. `program` is what generates.
pub(crate) fn list(folder: &Path, program: &Path) -> Result<Vec<File>> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot list {}", shown(folder)))?;
    let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    paths.retain(|path| path.is_file() && is_document(path));
    paths.sort();
    if paths.is_empty() {
        bail!("{} holds no file that ends in yaml, yml or json", shown(folder));
    }
    let mut stems: BTreeMap<String, usize> = BTreeMap::new();
    for path in &paths {
        *stems.entry(text(path.file_stem())).or_default() += 1;
    }
    let program = fs::read(program).with_context(|| format!("cannot read {}", shown(program)))?;
    let file = |path: PathBuf| {
        let stem = text(path.file_stem());
        let name = if stems.get(&stem) == Some(&1) { stem } else { text(path.file_name()) };
        let bytes = fs::read(&path).with_context(|| format!("cannot read {}", shown(&path)))?;
        Ok(File { name, path, key: key(&program, &bytes) })
    };
    paths.into_iter().map(file).collect()
}

fn is_document(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ["yaml", "yml", "json"].iter().any(|known| ending == *known))
}

fn text(name: Option<&OsStr>) -> String {
    name.unwrap_or_default().to_string_lossy().replace(char::is_control, "?")
}

fn key(program: &[u8], document: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    program.hash(&mut hasher);
    document.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}
