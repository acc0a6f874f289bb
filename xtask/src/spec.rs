//! The document as a file: reads it and asks the generator about it. What the document means is not known here.

use std::cell::RefCell;
use std::fs;
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::sync::Once;

use anyhow::{Context as _, Result, anyhow};
use generator::Input;
use generator::diagnostics::Diagnostics;

use crate::workspace;

/// A document that was read.
#[derive(Debug, Clone)]
pub struct Spec {
    /// Its path as messages show it.
    pub shown: String,
    /// Its text.
    pub text: String,
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
        let shown = workspace::shown(path);
        let bytes = fs::read(path).with_context(|| format!("cannot read the document {shown}"))?;
        let text = String::from_utf8(bytes).map_err(|error| {
            anyhow!("the document {shown} is not UTF-8 text (from byte {} on)", error.utf8_error().valid_up_to())
        })?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        // It stands in the first line of each file, and must not end it.
        let name = name.replace(char::is_control, "?");
        Ok(Self { shown, text, name })
    }

    /// A document that stands in no file.
    pub(crate) fn of_text(name: &str, text: String) -> Self {
        Self { shown: name.to_owned(), text, name: name.to_owned() }
    }

    /// Asks the generator. The inner result is its own answer.
    ///
    /// # Errors
    ///
    /// The generator panicked, which is a defect of it.
    pub fn ask<T>(&self, stage: impl FnOnce(&Input<'_>) -> Result<T, Diagnostics>) -> Result<Result<T, Diagnostics>> {
        let input = Input { name: &self.name, text: &self.text };
        quietly(|| stage(&input)).map_err(|message| {
            anyhow!("the generator {message}\nhelp: report this as a defect of the generator, with the document")
        })
    }
}

thread_local! {
    /// What the panics of this thread say while they are not to be shown, and `None` while they are.
    static UNSHOWN: RefCell<Option<String>> = const { RefCell::new(None) };
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
    use std::cell::Cell;

    use super::*;

    thread_local! {
        static SHOWN: Cell<usize> = const { Cell::new(0) };
    }

    fn panics(_: &Input<'_>) -> Result<(), Diagnostics> {
        panic!("no such schema");
    }

    fn catches_a_panic(input: &Input<'_>) -> Result<(), Diagnostics> {
        panic::catch_unwind(|| panics(input)).unwrap_or(Ok(()))
    }

    #[test]
    fn panics_are_silent_while_generating_and_only_then() {
        panic::set_hook(Box::new(|_| SHOWN.set(SHOWN.get() + 1)));
        let spec = Spec { shown: "spec.yaml".to_owned(), text: String::new(), name: "spec.yaml".to_owned() };
        assert!(spec.ask(catches_a_panic).unwrap().is_ok());
        let error = spec.ask(panics).unwrap_err().to_string();
        assert!(error.starts_with("the generator panicked at xtask/src/spec.rs:"), "{error}");
        assert!(error.contains(":\nno such schema\nhelp: report this"), "{error}");
        assert_eq!(SHOWN.get(), 0);
        panic::catch_unwind(|| panic!("elsewhere")).unwrap_err();
        assert_eq!(SHOWN.get(), 1);
    }
}
