//! The hand-written sources. A client carries them as they are, but for what its API has no use for.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::components::Component;
use crate::emit::{Content, Source};

macro_rules! sources {
    ($($name:literal)*) => {
        &[$(($name, include_str!(concat!("../../../runtime/src/", $name, ".rs")))),*]
    };
}

/// All files of the runtime beside its root; a test holds the list to the folder.
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

/// The files that nothing in the API needs.
fn left_out(needs: &BTreeSet<Component>) -> BTreeSet<&'static str> {
    let files = |need: &Component| need.files().iter().copied();
    let needed: BTreeSet<_> = needs.iter().flat_map(files).collect();
    Component::ALL.iter().flat_map(files).filter(|file| !needed.contains(file)).collect()
}

/// The text without the lines that declare these modules or hand on what is in them: each is a line of its own.
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
    fn for_an_api_that_needs_all_the_sources_are_as_they_are() {
        let copied = emit(&Component::ALL.into());
        assert_eq!(copied.len(), SOURCES.len() + 1);
        for source in copied {
            assert!(matches!(source.content, Content::Verbatim(Cow::Borrowed(_))), "{}", source.path);
        }
    }

    /// The needs that have a file; none have one that is always there.
    fn needs_of(file: &str) -> Vec<Component> {
        Component::ALL.into_iter().filter(|need| need.files().contains(&file)).collect()
    }

    fn module_after<'a>(start: &str, line: &'a str) -> Option<&'a str> {
        line.strip_prefix(start)?.split(|c: char| !c.is_alphanumeric() && c != '_').next()
    }

    #[test]
    fn what_needs_name_is_there_to_be_left_out() {
        for file in Component::ALL.iter().flat_map(|need| need.files()) {
            assert!(SOURCES.iter().any(|(name, _)| name == file), "there is no {file}");
            assert!(ROOT.lines().any(|line| line == format!("mod {file};")), "{file} is declared in a line of its own");
        }
    }

    #[test]
    fn what_is_left_out_is_declared_and_handed_on_in_lines_of_their_own() {
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
    fn no_gap_is_left_where_lines_are_left_out() {
        for source in emit(&BTreeSet::new()) {
            let Content::Verbatim(text) = source.content else { continue };
            assert!(!text.contains("\n\n\n") && !text.starts_with('\n') && !text.ends_with("\n\n"), "{}", source.path);
        }
    }

    #[test]
    fn no_file_uses_one_that_may_be_left_out_while_it_is_not() {
        for (name, text) in SOURCES {
            let own = needs_of(name);
            let lines = text.lines().filter(|line| !line.starts_with("pub use super::"));
            for used in lines.flat_map(|line| line.split("super::").skip(1)).filter_map(|rest| module_after("", rest)) {
                let needs = needs_of(used);
                let is_there = needs.is_empty() || !own.is_empty() && own.iter().all(|need| needs.contains(need));
                assert!(is_there, "{name} uses {used}");
            }
        }
    }
}
