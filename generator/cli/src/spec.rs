//! A document and its overlays as files: reads them and runs the generator on them.

use std::cell::RefCell;
use std::ffi::OsStr;
use std::fs;
use std::io::{self, ErrorKind, Read as _};
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::sync::Once;
use std::thread;

use anyhow::{Context as _, Result, anyhow, bail};
use generator::customise::Customisation;
use generator::diagnostics::Diagnostics;
use generator::document::Source;
use generator::{Input, Settings};

use crate::paths;

/// Returns the content of a file.
pub type Read<'a> = &'a dyn Fn(&Path) -> io::Result<Vec<u8>>;

/// Reads the files of the file system.
pub const READ: Read<'static> = &|path| fs::read(path);
/// The path that means standard input.
pub const STDIN: &str = "-";

/// A file that a document refers to.
#[derive(Debug, Clone)]
struct PartFile {
    /// Its path relative to the folder of the document.
    name: String,
    /// Its path as shown in messages.
    shown: String,
    text: String,
}

/// A document that was read.
#[derive(Debug, Clone)]
pub struct Spec {
    /// Its path as shown in messages.
    pub shown: String,
    /// Its content.
    pub text: String,
    /// Whether operations that cannot be generated are left out.
    pub is_lenient: bool,
    /// The overlays to apply to it: the path as shown in messages, and the content.
    overlays: Vec<(String, String)>,
    /// The other files that it refers to.
    files: Vec<PartFile>,
    /// The configuration: its path as shown in messages, and its content.
    configuration: Option<(String, String)>,
    /// What it replaces and renames.
    customisations: Vec<Customisation>,
    /// Its file name. The marker in generated files contains only this, so that the same document gives the same bytes in
    /// every folder.
    name: String,
}

impl Spec {
    /// Reads a document from a file, or from standard input ([`STDIN`]). The files that a document from standard input refers to
    /// are relative to the current folder.
    ///
    /// # Errors
    ///
    /// The file cannot be read or is not UTF-8.
    pub fn read(path: &Path) -> Result<Self> {
        Self::read_with(path, READ)
    }

    /// Reads a document with a function that returns the content of a file.
    ///
    /// # Errors
    ///
    /// As [`Spec::read`].
    pub fn read_with(path: &Path, read: Read<'_>) -> Result<Self> {
        let is_stdin = path == Path::new(STDIN);
        let (shown, text) =
            if is_stdin { ("<stdin>".to_owned(), read_stdin()?) } else { read_text("document", path, read)? };
        let file = if is_stdin { OsStr::new("stdin") } else { path.file_name().unwrap_or_default() };
        // It is part of the first line of each file, so it must not contain a newline.
        let name = file.to_string_lossy().replace(char::is_control, "?");
        let files = read_files(&name, &text, path.parent().unwrap_or(Path::new("")), read)?;
        Ok(Self { files, ..Self::of_text(&name, text) }.shown_as(shown))
    }

    /// Reads an overlay, which is applied after those read before.
    ///
    /// # Errors
    ///
    /// The file cannot be read or is not UTF-8.
    pub fn read_overlay(&mut self, path: &Path) -> Result<()> {
        self.read_overlay_with(path, READ)
    }

    /// Reads an overlay with a function that returns the content of a file.
    ///
    /// # Errors
    ///
    /// As [`Spec::read_overlay`].
    pub fn read_overlay_with(&mut self, path: &Path, read: Read<'_>) -> Result<()> {
        self.overlays.push(read_text("overlay", path, read)?);
        Ok(())
    }

    /// Adds an overlay that is not in a file.
    pub fn add_overlay(&mut self, name: &str, text: String) {
        self.overlays.push((name.to_owned(), text));
    }

    /// Sets the configuration, which diagnostics can refer to, and what it replaces and renames.
    pub fn set_configuration(&mut self, shown: &str, text: String, customisations: Vec<Customisation>) {
        self.configuration = Some((shown.to_owned(), text));
        self.customisations = customisations;
    }

    fn shown_as(self, shown: String) -> Self {
        Self { shown, ..self }
    }

    /// The sources that diagnostics can refer to: the document, its overlays, the other files, and the configuration.
    #[must_use]
    pub fn sources(&self) -> Vec<Source<'_>> {
        let files = self.files.iter().map(|file| Source { name: &file.shown, text: &file.text });
        let configuration = self.configuration.iter().map(|(name, text)| Source { name, text });
        let document = Source { name: &self.shown, text: &self.text };
        [document].into_iter().chain(self.overlays()).chain(files).chain(configuration).collect()
    }

    fn overlays(&self) -> impl Iterator<Item = Source<'_>> {
        self.overlays.iter().map(|(name, text)| Source { name, text })
    }

    /// A document that is not in a file.
    #[must_use]
    pub fn of_text(name: &str, text: String) -> Self {
        Self {
            shown: name.to_owned(),
            text,
            is_lenient: false,
            overlays: Vec::new(),
            files: Vec::new(),
            configuration: None,
            customisations: Vec::new(),
            name: name.to_owned(),
        }
    }

    /// Runs a function of the generator on the document. The inner result is that of the function.
    ///
    /// # Errors
    ///
    /// The generator panicked, which is a bug.
    pub fn run<T: Send>(
        &self,
        stage: impl FnOnce(&Input<'_>) -> Result<T, Diagnostics> + Send,
    ) -> Result<Result<T, Diagnostics>> {
        let overlays: Vec<_> = self.overlays().collect();
        let files: Vec<_> = self.files.iter().map(|file| Source { name: &file.name, text: &file.text }).collect();
        let input = Input {
            name: &self.name,
            text: &self.text,
            files: &files,
            overlays: &overlays,
            is_lenient: self.is_lenient,
            settings: Settings { customisations: &self.customisations, ..Settings::default() },
        };
        with_large_stack(|| without_panic_output(|| stage(&input)))?.map_err(|message| {
            anyhow!("the generator {message}\nhelp: report this as a bug in the generator, with the document")
        })
    }
}

/// Reads the files that a document refers to, and those that they refer to. Files that do not exist are left out: the generator
/// reports the references to them.
fn read_files(name: &str, text: &str, folder: &Path, read: Read<'_>) -> Result<Vec<PartFile>> {
    let mut files: Vec<PartFile> = Vec::new();
    let mut open: Vec<String> = generator::referenced_files(name, text).into_iter().collect();
    while let Some(next) = open.pop() {
        let path = folder.join(&next);
        if next == name
            || files.iter().any(|file| file.name == next)
            || read(&path).is_err_and(|error| is_missing(&error))
        {
            continue;
        }
        let (shown, text) = read_text("document", &path, read)?;
        open.extend(generator::referenced_files(&next, &text));
        files.push(PartFile { name: next, shown, text });
    }
    Ok(files)
}

/// Whether a reference leads to something other than a file.
fn is_missing(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::IsADirectory | ErrorKind::NotADirectory)
}

fn read_text(kind: &str, path: &Path, read: Read<'_>) -> Result<(String, String)> {
    let shown = paths::shown(path);
    if let Some(help) = url_help(path) {
        bail!("the {kind} {shown} is a URL, and this program does not access the network\nhelp: {help}");
    }
    let bytes = read(path).with_context(|| format!("cannot read the {kind} {shown}"))?;
    let text = decode(bytes).map_err(|problem| anyhow!("the {kind} {shown} is {problem}"))?;
    Ok((shown, text))
}

fn read_stdin() -> Result<String> {
    let mut bytes = Vec::new();
    io::stdin().lock().read_to_end(&mut bytes).context("cannot read standard input")?;
    decode(bytes).map_err(|problem| anyhow!("the document <stdin> is {problem}"))
}

/// Returns the help about a URL in the place of a path. `None` if it is a path.
#[must_use]
pub fn url_help(path: &Path) -> Option<String> {
    let url = path.to_str()?;
    if !["http://", "https://"].iter().any(|scheme| url.to_ascii_lowercase().starts_with(scheme)) {
        return None;
    }
    let end = url.split(['?', '#']).next().unwrap_or_default();
    let is_json = Path::new(end).extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
    let file = if is_json { "openapi.json" } else { "openapi.yaml" };
    Some(format!("download it first: curl -fsSL -o {file} {}", crate::cli::quoted(path)))
}

/// Decodes UTF-8. The error completes a sentence about the text.
fn decode(bytes: Vec<u8>) -> Result<String, String> {
    let convert = |from| format!("{from}, not UTF-8\nhelp: convert it: iconv -f {from} -t UTF-8 FILE > openapi.yaml");
    let start = bytes.get(..4).unwrap_or(&bytes);
    match start {
        [0xff, 0xfe, 0, 0] | [0, 0, 0xfe, 0xff] => return Err(convert("UTF-32")),
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => return Err(convert("UTF-16")),
        [0, _, 0, _] => return Err(convert("UTF-16BE")),
        [_, 0, _, 0] => return Err(convert("UTF-16LE")),
        [0x1f, 0x8b, ..] => return Err("compressed with gzip\nhelp: decompress it first: gunzip".to_owned()),
        _ => {}
    }
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let line = error.as_bytes().iter().take(valid).filter(|byte| **byte == b'\n').count() + 1;
        format!("not valid UTF-8 (line {line}, byte {valid})\nhelp: save it as UTF-8")
    })
}

thread_local! {
    /// The message of the last panic of this thread while panics are hidden, and `None` while they are shown.
    static HIDDEN: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Runs a function with a stack that is large enough for any document, independent of the default of the system.
fn with_large_stack<T: Send>(work: impl FnOnce() -> T + Send) -> Result<T> {
    const STACK: usize = 64 << 20;
    thread::scope(|scope| {
        let running =
            thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work).context("cannot start a thread")?;
        running.join().map_err(|_| anyhow!("the generator's thread panicked"))
    })
}

/// Runs a function without printing its panics to standard error. The error is the message of the panic that ended it. The
/// panic hook is global, so it is installed once; it hides only the panics of threads that run this function.
fn without_panic_output<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            let is_shown = HIDDEN.with_borrow_mut(|hidden| hidden.as_mut().map(|text| *text = info.to_string()));
            if is_shown.is_none() {
                previous(info);
            }
        }));
    });
    HIDDEN.set(Some(String::new()));
    let result = panic::catch_unwind(AssertUnwindSafe(work));
    let message = HIDDEN.take();
    result.map_err(|_| message.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    static SHOWN: AtomicUsize = AtomicUsize::new(0);

    fn panics(_: &Input<'_>) -> Result<(), Diagnostics> {
        panic!("no such schema");
    }

    fn catches_a_panic(input: &Input<'_>) -> Result<(), Diagnostics> {
        panic::catch_unwind(|| panics(input)).unwrap_or(Ok(()))
    }

    #[test]
    fn panics_are_hidden_only_while_generating() {
        panic::set_hook(Box::new(|_| _ = SHOWN.fetch_add(1, Ordering::Relaxed)));
        let spec = Spec::of_text("spec.yaml", String::new());
        assert!(spec.run(catches_a_panic).unwrap().is_ok());
        let error = spec.run(panics).unwrap_err().to_string();
        assert!(error.starts_with("the generator panicked at generator/cli/src/spec.rs:"), "{error}");
        assert!(error.contains(":\nno such schema\nhelp: report this"), "{error}");
        assert_eq!(SHOWN.load(Ordering::Relaxed), 0);
        panic::catch_unwind(|| panic!("elsewhere")).unwrap_err();
        assert_eq!(SHOWN.load(Ordering::Relaxed), 1);
    }
}
