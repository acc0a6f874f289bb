//! How paths are shown in messages.

use std::env;
use std::path::{Path, PathBuf};

/// A path as shown in messages: relative to the current folder if it is inside it, and without control characters.
#[must_use]
pub fn shown(path: &Path) -> String {
    let below = env::current_dir().ok().and_then(|here| path.strip_prefix(here).ok().map(Path::to_path_buf));
    let path = match below {
        Some(below) if below.as_os_str().is_empty() => PathBuf::from("."),
        Some(below) => below,
        None => path.to_path_buf(),
    };
    path.to_string_lossy().replace(char::is_control, "?")
}
