//! Writes the generated files into a folder: all of them, or none.
//!
//! The new files are first written into a temporary folder in the target, with a plan that lists them and the files to remove. Then
//! renames move the old files away and the new ones into place. If a rename fails, the earlier ones are undone. If the process is
//! killed, [`recover`] completes the plan, or discards the temporary folder if it has no complete plan. Files that do not
//! differ are not touched.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow, bail};
use generator::tree::CrateTree;

use crate::drift::{Drift, State};
use crate::owned::is_below;
use crate::paths::shown;

/// The temporary folder.
pub(crate) const STAGING: &str = ".clientsmith-staging";

/// A rename on the file system; tests pass one that fails.
pub type Rename<'a> = &'a mut dyn FnMut(&Path, &Path) -> io::Result<()>;

/// Writes the tree into the folder. `drift` is their difference.
///
/// # Errors
///
/// The folder contains files that must not be changed, or a file operation fails. The folder is then unchanged.
pub fn replace(folder: &Path, tree: &CrateTree, drift: &Drift<'_>) -> Result<()> {
    replace_with(folder, tree, drift, &mut |from, to| fs::rename(from, to))
}

/// Like [`replace`], with a custom rename function.
///
/// # Errors
///
/// As for [`replace`]. If undoing the renames fails as well, the error says how to complete them.
pub fn replace_with(folder: &Path, tree: &CrateTree, drift: &Drift<'_>, rename: Rename<'_>) -> Result<()> {
    reject_foreign(folder, drift)?;
    if drift.is_empty() {
        return Ok(());
    }
    let absent = absent_folders(folder);
    let outcome = stage(folder, tree, drift).and_then(|staging| staging.install(rename));
    if outcome.is_err() {
        // Fails for a folder that is not empty, so it removes only folders created here.
        for folder in absent {
            let _ = fs::remove_dir(folder);
        }
    }
    outcome.with_context(|| format!("cannot replace {}", shown(folder)))
}

/// Locks a folder until the returned file is dropped. `None` if the folder does not exist yet, or if the system cannot lock
/// folders.
///
/// # Errors
///
/// Another process has locked it.
pub fn lock(folder: &Path) -> Result<Option<File>> {
    let Ok(file) = File::open(folder) else { return Ok(None) };
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => bail!("another process is generating into {}", shown(folder)),
        Err(TryLockError::Error(_)) => Ok(None),
        Ok(()) => Ok(Some(file)),
    }
}

/// Completes or discards what a run that was killed has left in the folder. Returns whether it completed anything.
///
/// # Errors
///
/// A file operation fails.
pub fn recover(folder: &Path) -> Result<bool> {
    let staging = Staging { folder: folder.to_path_buf(), path: folder.join(STAGING) };
    match fs::symlink_metadata(&staging.path) {
        Err(_) => return Ok(false),
        Ok(metadata) if metadata.is_dir() => {}
        Ok(_) => {
            bail!("{} is not a folder\nhelp: delete it; the program needs a folder of this name", shown(&staging.path))
        }
    }
    let is_complete = exists(&staging.plan());
    if is_complete {
        staging.install(&mut |from, to| fs::rename(from, to))?;
    } else {
        staging.remove()?;
    }
    Ok(is_complete)
}

/// Checks that the folder contains no files that must not be changed.
///
/// # Errors
///
/// There are such files. The error lists them and tells how to proceed.
pub fn reject_foreign(folder: &Path, drift: &Drift<'_>) -> Result<()> {
    let foreign: Vec<_> = drift.foreign().collect();
    let Some((_, first)) = foreign.first() else { return Ok(()) };
    let help = first.help();
    let lines: Vec<String> = foreign.iter().map(|(path, why)| format!("  {} {why}", shown(path))).collect();
    bail!(
        "{} contains files that were not generated, so nothing was written:\n{}\nhelp: {help}",
        shown(folder),
        lines.join("\n")
    )
}

/// The folder and its ancestors that do not exist, the innermost first.
fn absent_folders(folder: &Path) -> Vec<PathBuf> {
    let absent = folder.ancestors().take_while(|path| !path.as_os_str().is_empty() && !exists(path));
    absent.map(Path::to_path_buf).collect()
}

/// The temporary folder and its target.
struct Staging {
    folder: PathBuf,
    path: PathBuf,
}

/// A step of a plan.
enum Step {
    Remove(PathBuf),
    Install(PathBuf),
}

/// Writes the new files and the plan into the temporary folder.
fn stage(folder: &Path, tree: &CrateTree, drift: &Drift<'_>) -> Result<Staging> {
    fs::create_dir_all(folder).with_context(|| format!("cannot create the folder {}", shown(folder)))?;
    let folder = folder.canonicalize()?;
    if folder.parent().is_none() {
        bail!("cannot replace the root of a file system");
    }
    let staging = Staging { path: folder.join(STAGING), folder };
    let written = staging.write(tree, drift);
    if written.is_err() {
        let _ = fs::remove_dir_all(&staging.path);
    }
    written.map(|()| staging)
}

impl Staging {
    fn write(&self, tree: &CrateTree, drift: &Drift<'_>) -> Result<()> {
        let mut plan = String::new();
        let is_removed = |state: &State<'_>| matches!(state, State::Stale { .. });
        for entry in drift.entries.iter().filter(|entry| is_removed(&entry.state)) {
            plan.push_str(&format!("remove {}\n", slashed(&entry.path)));
        }
        for entry in drift.entries.iter().filter(|entry| !is_removed(&entry.state)) {
            let name = slashed(&entry.path);
            let text = tree.get(&name).with_context(|| format!("{name} was not generated"))?;
            let path = self.new_files().join(&entry.path);
            let folder = path.parent().unwrap_or(&path);
            let written = fs::create_dir_all(folder).and_then(|()| fs::write(&path, text));
            written.with_context(|| format!("cannot write {}", path.display()))?;
            plan.push_str(&format!("install {name}\n"));
        }
        // The plan is complete as soon as it has its name.
        let unfinished = self.path.join("plan.tmp");
        let written = fs::create_dir_all(&self.path).and_then(|()| fs::write(&unfinished, plan));
        written
            .and_then(|()| fs::rename(&unfinished, self.plan()))
            .with_context(|| format!("cannot write {}", unfinished.display()))
    }

    fn plan(&self) -> PathBuf {
        self.path.join("plan")
    }

    /// Where the old files are moved to.
    fn old_files(&self) -> PathBuf {
        self.path.join("old")
    }

    /// Where the new files are written.
    fn new_files(&self) -> PathBuf {
        self.path.join("new")
    }

    fn steps(&self) -> Result<Vec<Step>> {
        let path = self.plan();
        let plan = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let step = |line: &str| match line.split_once(' ') {
            Some((_, file)) if !is_below(file) || self.leads_outside(Path::new(file)) => {
                bail!("{} names a file outside of the folder: {file:?}", path.display())
            }
            Some(("remove", path)) => Ok(Step::Remove(PathBuf::from(path))),
            Some(("install", path)) => Ok(Step::Install(PathBuf::from(path))),
            _ => bail!("{} has an unknown step", path.display()),
        };
        plan.lines().map(step).collect()
    }

    /// Whether a link leads from the folder of a file out of the target.
    fn leads_outside(&self, file: &Path) -> bool {
        let around = file.ancestors().skip(1).find(|path| exists(&self.folder.join(path)));
        let around = around.and_then(|path| self.folder.join(path).canonicalize().ok());
        let folder = self.folder.canonicalize().ok();
        !around.zip(folder).is_some_and(|(around, folder)| around.starts_with(folder))
    }

    /// Makes the steps of the plan that have not been made yet, and removes the temporary folder. If a step fails, undoes those
    /// before.
    fn install(&self, rename: Rename<'_>) -> Result<()> {
        let steps = self.steps()?;
        let mut done = Vec::new();
        let outcome = steps.iter().try_for_each(|step| self.make(step, &mut done, rename));
        if let Err(error) = outcome {
            return Err(self.undo(&steps, &done, rename, error));
        }
        self.remove().context("all files were replaced, but the temporary folder cannot be removed")
    }

    fn make(&self, step: &Step, done: &mut Vec<(PathBuf, PathBuf)>, rename: Rename<'_>) -> Result<()> {
        let (Step::Remove(path) | Step::Install(path)) = step;
        let (target, new, old) = (self.folder.join(path), self.new_files().join(path), self.old_files().join(path));
        let is_made = matches!(step, Step::Install(_)) && !exists(&new);
        if is_made {
            return Ok(());
        }
        if target.is_file() {
            create_parent(&old)?;
            rename_one(&target, &old, done, rename)?;
        }
        match step {
            Step::Remove(path) => self.remove_empty_folders(path),
            Step::Install(_) => {
                create_parent(&target)?;
                rename_one(&new, &target, done, rename)?;
            }
        }
        Ok(())
    }

    /// Removes the folders of a file that was removed, if they are empty now.
    fn remove_empty_folders(&self, file: &Path) {
        for folder in file.ancestors().skip(1).filter(|folder| !folder.as_os_str().is_empty()) {
            if fs::remove_dir(self.folder.join(folder)).is_err() {
                break;
            }
        }
    }

    /// Undoes renames, the last one first, and removes the temporary folder. If one cannot be undone, everything is kept, so that
    /// the next run completes the plan.
    fn undo(
        &self,
        steps: &[Step],
        done: &[(PathBuf, PathBuf)],
        rename: Rename<'_>,
        error: anyhow::Error,
    ) -> anyhow::Error {
        // Folders that were created for new files. They can have the paths of old files.
        for Step::Remove(path) | Step::Install(path) in steps {
            self.remove_empty_folders(path);
        }
        for (from, to) in done.iter().rev() {
            let undone = create_parent(from).and_then(|()| rename(to, from).map_err(anyhow::Error::from));
            if let Err(again) = undone {
                let kept = self.old_files();
                return error.context(format!(
                    "the folder is partially replaced ({again}); the old files are kept in {}; the next run completes the \
                     replacement",
                    kept.display()
                ));
            }
            if let Ok(file) = to.strip_prefix(&self.folder) {
                self.remove_empty_folders(file);
            }
        }
        match self.remove() {
            Ok(()) => error,
            Err(again) => error.context(again),
        }
    }

    /// Removes the temporary folder, the plan first: without it, the rest is discarded by the next run.
    fn remove(&self) -> Result<()> {
        let plan = self.plan();
        let removed = if exists(&plan) { fs::remove_file(&plan) } else { Ok(()) };
        let removed = removed.and_then(|()| fs::remove_dir_all(&self.path));
        removed.map_err(|error| anyhow!("cannot remove {}: {error}", self.path.display()))
    }
}

fn create_parent(path: &Path) -> Result<()> {
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder).with_context(|| format!("cannot create the folder {}", folder.display()))
}

fn rename_one(from: &Path, to: &Path, done: &mut Vec<(PathBuf, PathBuf)>, rename: Rename<'_>) -> Result<()> {
    rename(from, to).map_err(|error| anyhow!("cannot rename {} to {}: {error}", from.display(), to.display()))?;
    done.push((from.to_path_buf(), to.to_path_buf()));
    Ok(())
}

/// Returns a path with `/` as the separator.
fn slashed(path: &Path) -> String {
    path.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/")
}

fn exists(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}
