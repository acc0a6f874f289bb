//! The hand-written sources. A client carries them as they are, but for what its API has no use for.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::need::Need;
use super::{Content, Source};

macro_rules! sources {
    ($($name:literal)*) => {
        &[$(($name, include_str!(concat!("../../runtime/src/", $name, ".rs")))),*]
    };
}

/// All files of the runtime beside its root; a test holds the list to the folder.
const SOURCES: &[(&str, &str)] = sources! {
    "amend" "any" "any_writer" "api_error" "attempt" "auth" "backoff" "base64" "blocking" "blocking_wait" "body" "budget" "call" "config" "core"
    "deadline" "error" "error_kind" "events" "face" "hooks" "json_path" "lent" "lines" "long_running" "mask" "mock" "mock/answer" "mock/received"
    "mock/route" "mock/script" "multipart" "nullable" "operation" "operation_error" "options" "pace" "page_walk" "pages" "paging"
    "param" "path" "policy" "preview" "repeat" "reply" "response" "retry" "retry_after" "retry_codes" "retry_config" "secret"
    "server" "server_message" "states" "stream" "streamed" "string_enum" "trace" "transport" "unfold" "union" "uuid_text" "wait"
    "wait_options" "watch" "writer"
};

const ROOT: &str = include_str!("../../runtime/src/lib.rs");

pub(super) fn emit(needs: &BTreeSet<Need>) -> Vec<Source> {
    let left_out = left_out(needs);
    let source =
        |path: String, text: &'static str| Source { path, content: Content::Verbatim(without(text, &left_out)) };
    let carried = SOURCES.iter().filter(|(name, _)| !left_out.contains(name));
    let files = carried.map(|(name, text)| source(format!("src/runtime/{name}.rs"), text));
    std::iter::once(source("src/runtime.rs".to_owned(), ROOT)).chain(files).collect()
}

/// The files that nothing in the API needs.
fn left_out(needs: &BTreeSet<Need>) -> BTreeSet<&'static str> {
    let files = |need: &Need| need.files().iter().copied();
    let needed: BTreeSet<_> = needs.iter().flat_map(files).collect();
    Need::ALL.iter().flat_map(files).filter(|file| !needed.contains(file)).collect()
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
        let copied = emit(&Need::ALL.into());
        assert_eq!(copied.len(), SOURCES.len() + 1);
        for source in copied {
            assert!(matches!(source.content, Content::Verbatim(Cow::Borrowed(_))), "{}", source.path);
        }
    }

    #[test]
    fn what_needs_name_is_there_to_be_left_out() {
        for need in Need::ALL {
            for file in need.files() {
                assert!(SOURCES.iter().any(|(name, _)| name == file), "{need:?} names {file}");
                let declares = |line: &str| line.trim_end() == format!("mod {file};");
                assert!(ROOT.lines().any(declares), "{file} is declared in a line of its own");
            }
        }
    }
}
