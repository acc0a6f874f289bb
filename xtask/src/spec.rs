//! The document as a file: reads it and asks the generator about it. What the document means is not known here.

use std::cell::RefCell;
use std::fs;
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::sync::Once;
use std::thread;

use anyhow::{Context as _, Result, anyhow};
use generator::Input;
use generator::diagnostics::Diagnostics;
use generator::document::Source;

use crate::workspace;

/// A document that was read.
#[derive(Debug, Clone)]
pub struct Spec {
    /// Its path as messages show it.
    pub shown: String,
    /// Its text.
    pub text: String,
    /// Whether operations that nothing can be made of are left out.
    pub is_lenient: bool,
    /// The overlays to apply to it, each as messages show its path, and its text.
    overlays: Vec<(String, String)>,
    /// The last part of its path. The marker in generated files has this alone, so that the same document gives the
    /// same bytes in every folder.
    name: String,
}

impl Spec {
    /// Reads a document.
    ///
    /// # Errors
    ///
    /// The file cannot be read, or is no UTF-8 text.
    pub fn read(path: &Path) -> Result<Self> {
        let (shown, text) = read_text("document", path)?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        // It stands in the first line of each file, and must not end it.
        let name = name.replace(char::is_control, "?");
        Ok(Self { shown, text, is_lenient: false, overlays: Vec::new(), name })
    }

    /// Reads an overlay, which is applied after those that were read before.
    ///
    /// # Errors
    ///
    /// The file cannot be read, or is no UTF-8 text.
    pub fn read_overlay(&mut self, path: &Path) -> Result<()> {
        self.overlays.push(read_text("overlay", path)?);
        Ok(())
    }

    /// The texts that messages can point into: the document, then its overlays.
    #[must_use]
    pub fn sources(&self) -> Vec<Source<'_>> {
        [Source { name: &self.shown, text: &self.text }].into_iter().chain(self.overlays()).collect()
    }

    fn overlays(&self) -> impl Iterator<Item = Source<'_>> {
        self.overlays.iter().map(|(name, text)| Source { name, text })
    }

    /// Asks the generator. The inner result is its own answer.
    ///
    /// # Errors
    ///
    /// The generator panicked, which is a defect of it.
    pub fn ask<T: Send>(
        &self,
        stage: impl FnOnce(&Input<'_>) -> Result<T, Diagnostics> + Send,
    ) -> Result<Result<T, Diagnostics>> {
        let overlays: Vec<_> = self.overlays().collect();
        let input = Input { name: &self.name, text: &self.text, overlays: &overlays, is_lenient: self.is_lenient };
        with_room(|| quietly(|| stage(&input)))?.map_err(|message| {
            anyhow!("the generator {message}\nhelp: report this as a defect of the generator, with the document")
        })
    }
}

fn read_text(kind: &str, path: &Path) -> Result<(String, String)> {
    let shown = workspace::shown(path);
    let bytes = fs::read(path).with_context(|| format!("cannot read the {kind} {shown}"))?;
    let text = String::from_utf8(bytes).map_err(|error| {
        anyhow!("the {kind} {shown} is not UTF-8 text (from byte {} on)", error.utf8_error().valid_up_to())
    })?;
    Ok((shown, text))
}

thread_local! {
    /// What the panics of this thread say while they are not to be shown, and `None` while they are.
    static UNSHOWN: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Runs something with enough of a stack for any document, whatever the system gives a process.
fn with_room<T: Send>(work: impl FnOnce() -> T + Send) -> Result<T> {
    const STACK: usize = 64 << 20;
    thread::scope(|scope| {
        let running = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work).context("no thread")?;
        running.join().map_err(|_| anyhow!("the generator's thread did not end well"))
    })
}

/// Runs something that may panic, also inside of it, without a word on standard error; the error is the panic that left
/// it. The hook is one for the whole process and so is installed once; the silence is this thread's alone.
fn quietly<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let earlier = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            let is_shown = UNSHOWN.with_borrow_mut(|unshown| unshown.as_mut().map(|text| *text = info.to_string()));
            if is_shown.is_none() {
                earlier(info);
            }
        }));
    });
    UNSHOWN.set(Some(String::new()));
    let answer = panic::catch_unwind(AssertUnwindSafe(work));
    let said = UNSHOWN.take();
    answer.map_err(|_| said.unwrap_or_default())
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
    fn panics_are_silent_while_generating_and_only_then() {
        panic::set_hook(Box::new(|_| _ = SHOWN.fetch_add(1, Ordering::Relaxed)));
        let name = "spec.yaml".to_owned();
        let spec = Spec { shown: name.clone(), text: String::new(), is_lenient: false, overlays: Vec::new(), name };
        assert!(spec.ask(catches_a_panic).unwrap().is_ok());
        let error = spec.ask(panics).unwrap_err().to_string();
        assert!(error.starts_with("the generator panicked at xtask/src/spec.rs:"), "{error}");
        assert!(error.contains(":\nno such schema\nhelp: report this"), "{error}");
        assert_eq!(SHOWN.load(Ordering::Relaxed), 0);
        panic::catch_unwind(|| panic!("elsewhere")).unwrap_err();
        assert_eq!(SHOWN.load(Ordering::Relaxed), 1);
    }
}
