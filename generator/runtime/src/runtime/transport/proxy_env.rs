//! Checks the proxy settings of the environment. The HTTP library uses them, but ignores an invalid value and then connects
//! directly, so such a value is an error here.

use std::env::{self, VarError};

use crate::runtime::error::Error;

/// The variables, as curl uses them. Of each pair, the first one that is set applies.
const VARIABLES: [[&str; 2]; 3] =
    [["HTTP_PROXY", "http_proxy"], ["HTTPS_PROXY", "https_proxy"], ["ALL_PROXY", "all_proxy"]];

/// Checks that no proxy setting would be ignored.
///
/// # Errors
///
/// Fails if a variable is set to anything other than the URL of a proxy. The error contains the name of the variable, but not
/// its value, which may contain a password.
pub(crate) fn check() -> Result<(), Error> {
    // In a CGI program `HTTP_PROXY` may come from the header of a request, so the HTTP library ignores the variables there.
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
                "it is not the URL of a proxy; set it to one such as http://proxy.example.com:3128, or unset it";
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

/// Whether the port is a number. The URL parser accepts any characters after the host.
fn has_valid_port(authority: &str) -> bool {
    let host = authority.rsplit('@').next().unwrap_or_default();
    let after_address = host.rsplit(']').next().unwrap_or_default();
    after_address.split_once(':').is_none_or(|(_, port)| port.parse::<u16>().is_ok())
}
