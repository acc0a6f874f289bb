//! Media types, as far as they matter: whether something is JSON.

/// `application/json` and `application/anything+json`, with or without parameters, in any letter case.
pub(crate) fn is_json(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
}
