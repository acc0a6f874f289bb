//! The hand-written sources, which every client carries as they are.

use super::{Content, Source};

macro_rules! sources {
    ($($name:literal)*) => {
        &[$((concat!("src/runtime/", $name, ".rs"), include_str!(concat!("../../runtime/src/", $name, ".rs")))),*]
    };
}

/// All files of the runtime beside its root; a test holds the list to the folder.
const SOURCES: &[(&str, &str)] = sources! {
    "amend" "any" "any_writer" "api_error" "attempt" "auth" "backoff" "base64" "blocking" "body" "budget" "call" "config" "core"
    "deadline" "error" "error_kind" "events" "face" "hooks" "json_path" "lent" "lines" "long_running" "mask" "mock" "mock/answer" "mock/received"
    "mock/route" "mock/script" "multipart" "nullable" "operation" "operation_error" "options" "pace" "page_walk" "pages" "paging"
    "param" "path" "policy" "preview" "repeat" "reply" "response" "retry" "retry_after" "retry_codes" "retry_config" "secret"
    "server" "server_message" "states" "stream" "streamed" "string_enum" "trace" "transport" "unfold" "union" "uuid_text" "wait"
    "wait_options" "watch" "writer"
};

const ROOT: (&str, &str) = ("src/runtime.rs", include_str!("../../runtime/src/lib.rs"));

pub(super) fn emit() -> impl Iterator<Item = Source> {
    std::iter::once(&ROOT)
        .chain(SOURCES)
        .map(|(path, text)| Source { path: (*path).to_owned(), content: Content::Verbatim(text) })
}
