//! Lists the documents in a folder, with a name and a content hash for each.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use clientsmith::paths::shown;

/// A document in the folder.
#[derive(Debug, Clone)]
pub(crate) struct File {
    /// Its file name, without the extension if that is unique.
    pub(crate) name: String,
    pub(crate) path: PathBuf,
    /// A hash of the document and the generator.
    pub(crate) key: String,
}

/// The files in a folder with the extension yaml, yml or json, sorted by name.
pub(crate) fn paths(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot list {}", shown(folder)))?;
    let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    paths.retain(|path| path.is_file() && is_document(path));
    paths.sort();
    if paths.is_empty() {
        bail!("{} contains no file with the extension yaml, yml or json", shown(folder));
    }
    Ok(paths)
}

/// The documents in a folder, sorted by name. `program` is the generator.
pub(crate) fn list(folder: &Path, program: &Path) -> Result<Vec<File>> {
    let paths = paths(folder)?;
    let mut stems: BTreeMap<String, usize> = BTreeMap::new();
    for path in &paths {
        *stems.entry(text(path.file_stem())).or_default() += 1;
    }
    let mut of_program = DefaultHasher::new();
    fs::read(program).with_context(|| format!("cannot read {}", shown(program)))?.hash(&mut of_program);
    let file = |path: PathBuf| {
        let stem = text(path.file_stem());
        let name = if stems.get(&stem) == Some(&1) { stem } else { text(path.file_name()) };
        let bytes = fs::read(&path).with_context(|| format!("cannot read {}", shown(&path)))?;
        Ok(File { name, path, key: key(of_program.clone(), &bytes) })
    };
    paths.into_iter().map(file).collect()
}

fn is_document(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ["yaml", "yml", "json"].iter().any(|known| ending == *known))
}

fn text(name: Option<&OsStr>) -> String {
    name.unwrap_or_default().to_string_lossy().replace(char::is_control, "?")
}

fn key(mut hasher: DefaultHasher, document: &[u8]) -> String {
    document.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}
