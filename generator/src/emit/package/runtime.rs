//! The handwritten runtime sources. A client contains them unchanged, without the components that its API does not use.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::runtime_components::Component;
use crate::emit::{Content, Source};

macro_rules! sources {
    ($($name:literal)*) => {
        &[$(($name, include_str!(concat!("../../../runtime/src/", $name, ".rs")))),*]
    };
}

/// All files of the runtime except its root. A test compares the list with the folder.
const SOURCES: &[(&str, &str)] = sources! {
    "amend" "any" "any_writer" "api_error" "attempt" "auth" "backoff" "base64" "blocking" "blocking_iter"
    "blocking_wait" "body" "budget" "call" "clients" "config" "connecting" "core" "deadline" "error" "error_kind"
    "events" "face" "failure" "finite" "hooks" "json_path" "json_text" "lent" "lines" "long_running" "mask" "mock"
    "mock/answer" "mock/received" "mock/route" "mock/script" "multipart" "nullable" "occurrences" "operation"
    "operation_error" "options" "pace" "page_walk" "pages" "paging" "param" "path" "pointer" "policy" "preview"
    "proxy_env" "repeat" "reply" "response" "retry" "retry_after" "retry_codes" "retry_config" "secret" "server"
    "server_message" "states" "stream" "streamed" "string_enum" "trace" "transport" "unfold" "union" "unreadable"
    "unreadable_scan" "uuid_text" "wait" "wait_options" "watch" "writer"
};

const ROOT: &str = include_str!("../../../runtime/src/lib.rs");

pub(crate) fn emit(needs: &BTreeSet<Component>) -> Vec<Source> {
    let left_out = left_out(needs);
    let source =
        |path: String, text: &'static str| Source { path, content: Content::Verbatim(without(text, &left_out)) };
    let carried = SOURCES.iter().filter(|(name, _)| !left_out.contains(name));
    let files = carried.map(|(name, text)| source(format!("src/runtime/{name}.rs"), text));
    std::iter::once(source("src/runtime.rs".to_owned(), ROOT)).chain(files).collect()
}

/// Returns the files that no needed component lists.
fn left_out(needs: &BTreeSet<Component>) -> BTreeSet<&'static str> {
    let files = |need: &Component| need.files().iter().copied();
    let needed: BTreeSet<_> = needs.iter().flat_map(files).collect();
    Component::ALL.iter().flat_map(files).filter(|file| !needed.contains(file)).collect()
}

/// Removes the lines that declare these modules or re-export their contents. Each such declaration is on its own line.
fn without(text: &'static str, modules: &BTreeSet<&str>) -> Cow<'static, str> {
    let names_one = |line: &str| {
        let declared = line.strip_prefix("mod ").and_then(|rest| rest.strip_suffix(';'));
        let source = line.strip_prefix("pub use super::").and_then(|rest| rest.split("::").next());
        declared.or(source).is_some_and(|module| modules.contains(module))
    };
    if !text.lines().any(names_one) {
        return Cow::Borrowed(text);
    }
    text.split_inclusive('\n').filter(|line| !names_one(line.trim_end())).collect::<String>().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_api_that_needs_every_component_gets_unchanged_sources() {
        let copied = emit(&Component::ALL.into());
        assert_eq!(copied.len(), SOURCES.len() + 1);
        for source in copied {
            assert!(matches!(source.content, Content::Verbatim(Cow::Borrowed(_))), "{}", source.path);
        }
    }

    /// Returns the components that list a file. Files of every client have none.
    fn needs_of(file: &str) -> Vec<Component> {
        Component::ALL.into_iter().filter(|need| need.files().contains(&file)).collect()
    }

    fn module_after<'a>(start: &str, line: &'a str) -> Option<&'a str> {
        line.strip_prefix(start)?.split(|c: char| !c.is_alphanumeric() && c != '_').next()
    }

    #[test]
    fn every_file_of_a_component_exists_and_can_be_left_out() {
        for file in Component::ALL.iter().flat_map(|need| need.files()) {
            assert!(SOURCES.iter().any(|(name, _)| name == file), "there is no {file}");
            assert!(ROOT.lines().any(|line| line == format!("mod {file};")), "{file} is declared in a line of its own");
        }
    }

    #[test]
    fn optional_modules_are_declared_and_re_exported_on_separate_lines() {
        for text in SOURCES.iter().map(|(_, text)| *text).chain([ROOT]) {
            for (before, line) in std::iter::once("").chain(text.lines()).zip(text.lines()) {
                let module = module_after("mod ", line).or_else(|| module_after("pub use super::", line));
                if module.is_some_and(|module| !needs_of(module).is_empty()) {
                    assert!(line.ends_with(';') && !before.starts_with('#'), "{before}\n{line}");
                }
            }
        }
    }

    #[test]
    fn removed_lines_leave_no_gap() {
        for source in emit(&BTreeSet::new()) {
            let Content::Verbatim(text) = source.content else { continue };
            assert!(!text.contains("\n\n\n") && !text.starts_with('\n') && !text.ends_with("\n\n"), "{}", source.path);
        }
    }

    #[test]
    fn no_file_uses_another_that_can_be_absent() {
        for (name, text) in SOURCES {
            let own = needs_of(name);
            let lines = text.lines().filter(|line| !line.starts_with("pub use super::"));
            for used in lines.flat_map(|line| line.split("super::").skip(1)).filter_map(|rest| module_after("", rest)) {
                let needs = needs_of(used);
                let is_present = needs.is_empty() || !own.is_empty() && own.iter().all(|need| needs.contains(need));
                assert!(is_present, "{name} uses {used}");
            }
        }
    }
}
