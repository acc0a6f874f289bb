//! Names that generated methods and fields cannot have, because each client has an item of that name.
//!
//! Private methods are reserved too: two inherent methods of a type must have different names whatever their visibility
//! (E0592). A test compares each list with the methods in the sources of the runtime and of generated clients.

#[cfg(test)]
mod tests;

/// Arguments and variables of the generated functions. Parameters cannot have these names.
pub(crate) const ARGUMENTS: [&str; 4] = ["core", "body", "self_", "call"];

/// The features of clients that do not enable namespaces, and the dependencies whose features they enable. Features of namespaces cannot
/// have these names.
pub(crate) const FEATURES: [&str; 21] = [
    "blocking",
    "chrono",
    "client",
    "default",
    "fs",
    "full",
    "gzip",
    "http2",
    "jiff",
    "native-tls",
    "reqwest",
    "rust_decimal",
    "rustls-tls",
    "test-util",
    "time",
    "tokio",
    "tracing",
    "types",
    "url",
    "uuid",
    "xml",
];

/// The methods of a call. Setters of optional parameters cannot have these names. `into_future` is a method of a trait, which
/// a setter would hide.
pub(crate) const CALL_METHODS: [&str; 41] = [
    "arguments",
    "attempt_timeout",
    "blocking",
    "blocking_job",
    "blocking_with_response",
    "change_options",
    "complete",
    "core",
    "download",
    "echoes",
    "execute",
    "extra_query",
    "header",
    "idempotent",
    "into_future",
    "is_idempotent",
    "items",
    "job",
    "max_response_bytes",
    "max_response_values",
    "new",
    "operation_mut",
    "options",
    "options_of_polls",
    "own_options",
    "pages",
    "polling",
    "prepare",
    "preview",
    "retry_codes",
    "retry_config",
    "send",
    "send_with_response",
    "server_url",
    "start",
    "stream",
    "timeout",
    "undecodable",
    "unusable",
    "wait",
    "with_operation",
];

/// The methods and fields of a builder and of a core. Global parameters and security schemes cannot have these names.
pub(crate) const BUILDER_METHODS: [&str; 27] = [
    "allow_plain_http",
    "as_ref",
    "attempt_timeout",
    "build",
    "build_core",
    "carried_by",
    "config",
    "connect_timeout",
    "default_header",
    "default_query",
    "from_env",
    "has_credential",
    "hooks",
    "http_client",
    "max_response_bytes",
    "max_response_values",
    "new",
    "non_idempotent_idle_timeout",
    "raw_request",
    "retry_budget",
    "retry_codes",
    "retry_config",
    "runtime",
    "server_url",
    "timeout",
    "user_agent",
    "wait_options",
];

/// The methods of a client. Its operations and namespaces cannot have these names.
pub(crate) const CLIENT_METHODS: [&str; 5] = ["as_ref", "builder", "core", "from_env", "raw_request"];

/// The methods of the headers of a response, and those of traits that a header would hide.
pub(crate) const HEADERS_METHODS: [&str; 4] = ["clone", "fmt", "new", "of"];

/// The methods of a mock server. Operations cannot have these names there.
pub(crate) const SERVER_METHODS: [&str; 6] = ["assert_done", "builder", "client", "new", "problems", "requests"];
