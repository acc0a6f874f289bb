//! The proxy settings of the environment. The HTTP library reads them, but ignores a value that it cannot read, and then
//! connects directly: such a value is refused here.

use std::env::{self, VarError};

use crate::runtime::error::Error;

/// The variables, as curl knows them. Of each pair the first that is set counts.
const VARIABLES: [[&str; 2]; 3] =
    [["HTTP_PROXY", "http_proxy"], ["HTTPS_PROXY", "https_proxy"], ["ALL_PROXY", "all_proxy"]];

/// Refuses a proxy that would be ignored.
///
/// # Errors
/// If a variable is set to something other than a proxy's address. The error names the variable and not the value, which may
/// hold a password.
pub(crate) fn check() -> Result<(), Error> {
    // A CGI program's `HTTP_PROXY` may come from a request's header, so the HTTP library reads none of them there.
    if env::var_os("REQUEST_METHOD").is_some() {
        return Ok(());
    }
    for name in VARIABLES.into_iter().filter_map(|names| names.into_iter().find(|name| env::var_os(name).is_some())) {
        let is_usable = match env::var(name) {
            Ok(value) => value.is_empty() || is_proxy(&value),
            Err(VarError::NotPresent) => true,
            Err(VarError::NotUnicode(_)) => false,
        };
        if !is_usable {
            let message =
                "it is not a proxy's address; set it to one such as http://proxy.example.com:3128, or unset it";
            return Err(Error::configuration(name, message));
        }
    }
    Ok(())
}

fn is_proxy(value: &str) -> bool {
    let Ok(uri) = value.parse::<http::Uri>() else { return false };
    let is_known =
        matches!(uri.scheme_str(), None | Some("http" | "https" | "socks4" | "socks4a" | "socks5" | "socks5h"));
    is_known && uri.authority().is_some_and(|authority| has_valid_port(authority.as_str()))
}

/// The parser of addresses accepts any text after the host.
fn has_valid_port(authority: &str) -> bool {
    let host = authority.rsplit('@').next().unwrap_or_default();
    let after_address = host.rsplit(']').next().unwrap_or_default();
    after_address.split_once(':').is_none_or(|(_, port)| port.parse::<u16>().is_ok())
}
