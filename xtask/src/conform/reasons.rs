//! Why some scenarios fail.

/// Scenarios by the start of their names, and what their documents cannot express.
const REASONS: [(&str, &str); 3] = [
    ("Parameters_Path_optional", "A path parameter is always required in OpenAPI, but the scenario leaves it out"),
    (
        "Routes_PathParameters_ReservedExpansion_",
        "The document does not state that reserved characters are allowed, and OpenAPI 3.0 and 3.1 cannot state it for paths",
    ),
    (
        "Routes_PathParameters_PathExpansion_",
        "OpenAPI has no style that writes a slash before a value, and the document has the style `simple`",
    ),
];

/// What the document of a scenario cannot express.
pub(crate) fn of(scenario: &str) -> Option<&'static str> {
    REASONS.iter().find(|(start, _)| scenario.starts_with(start)).map(|(_, reason)| *reason)
}
