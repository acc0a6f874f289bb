//! The sources of the runtime: the part of every client that does not depend on its API. The generator copies them unchanged.

/// The definitions of media types, which the generator and clients share.
#[path = "runtime/encoding/media_type.rs"]
pub mod media_type;

/// The parser of multipart bodies, which the mock server and the test kit of clients share.
#[path = "runtime/multipart/parse.rs"]
pub mod multipart;

macro_rules! sources {
    ($($name:literal)*) => {
        &[$(($name, include_str!(concat!("runtime/", $name, ".rs")))),*]
    };
}

/// All files of the runtime except its root, by their paths below `runtime`, without the extension. A test compares the list with the folder.
pub const SOURCES: &[(&str, &str)] = sources! {
    "auth" "auth/credential" "blocking" "blocking/iter" "call" "call/attempt" "call/config" "call/core" "call/functions" "call/hooks"
    "call/maybe_owned" "call/operation" "call/options" "call/plan" "call/preview" "call/raw_request" "call/response"
    "call/retry_loop" "call/unfold" "decode" "decode/json_path" "decode/lossy" "decode/lossy_scan" "decode/nullable"
    "decode/object" "decode/object/methods" "decode/object/reader" "decode/shape" "decode/string_enum" "decode/tag" "decode/union" "downloads" "downloads/blocking"
    "downloads/file" "downloads/range" "downloads/reading" "downloads/request" "encoding" "encoding/json_pointer" "encoding/json_text"
    "encoding/media_type" "encoding/percent" "encoding/xml_text" "error" "error/api_error" "error/kind" "error/mask" "error/occurrences"
    "error/problems" "error/sent_body" "error/server_message" "headers" "jobs" "jobs/blocking" "jobs/error" "jobs/limiter" "jobs/meta"
    "jobs/options" "jobs/poll" "jobs/poll_loop" "jobs/states" "jobs/wait" "mock" "mock/answer" "mock/received"
    "mock/route" "mock/script" "multipart" "multipart/file" "multipart/parse" "multipart/part" "multipart/received" "pages" "pages/meta" "pages/walk" "request" "request/edit"
    "request/path" "request/server" "request/uuid" "retry"
    "retry/backoff" "retry/budget" "retry/codes" "retry/config" "retry/deadline" "retry/policy" "retry/retry_after"
    "scalars" "scalars/bytes" "scalars/chrono" "scalars/date_time" "scalars/integer" "scalars/jiff" "scalars/macros" "scalars/net"
    "scalars/rust_decimal" "scalars/time" "scalars/unix_time" "scalars/url" "scalars/uuid" "streams" "streams/events" "streams/lines" "streams/meta" "styles" "styles/reserved" "styles/writer" "trace" "transport"
    "transport/body" "transport/clients" "transport/connecting" "transport/failure" "transport/proxy_env"
    "transport/response" "uploads" "uploads/file" "uploads/sent" "uploads/stream"
    "values" "values/finite" "values/json_object" "values/param" "values/redacted" "xml" "xml/read" "xml/tree" "xml/write"
};

/// The root, `runtime.rs`, which declares the modules and exports their items.
pub const ROOT: &str = include_str!("runtime.rs");
