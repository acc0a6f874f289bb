//! The responses of the small API in `operations`, and its URL.

use test_server::{Act, Server, json};

/// The URL of the API on a server.
pub fn api(server: &Server) -> String {
    format!("{}/api", server.url())
}

pub fn started() -> Act {
    Act::Send(json("201 Created", r#"{"status":"started","operationId":"op-1"}"#))
}

pub fn seen() -> Act {
    Act::Send(json("200 OK", r#"{"status":"done"}"#))
}

/// Loads no certificates, which takes longer than most tests. Servers without TLS need none.
pub fn without_certificates(http: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
    #[cfg(feature = "rustls-tls")]
    let http = http.tls_backend_rustls().tls_certs_only([]);
    http
}
