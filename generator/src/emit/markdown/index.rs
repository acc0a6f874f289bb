//! The index: all operations by namespace, and all types.

use std::fmt::Write as _;

use super::{cell, guides, model_path, namespace};
use crate::ir::{Api, Namespace};
use crate::markdown;

pub(super) fn page(api: &Api, groups: &[(&Namespace, String)]) -> String {
    let mut text = format!(
        "# {}\n\n{}\n\n## Operations\n",
        markdown::line(&api.package.title),
        markdown::safe(&api.package.description)
    );
    for (group, path) in groups {
        let link = path.trim_start_matches("docs/");
        let title = if group.path.is_empty() { api.client.name.clone() } else { markdown::line(&group.dotted()) };
        let _ = write!(text, "\n### [{title}]({link})\n\n");
        for (index, anchor) in group.operations.iter().zip(namespace::anchors(api, group)) {
            let operation = api.operation(*index);
            let summary =
                operation.summary.as_deref().map(|summary| format!(" - {}", cell(summary))).unwrap_or_default();
            let _ = writeln!(text, "* [{}]({link}#{anchor}){summary}", operation.method_ident);
        }
    }
    text.push_str("\n## Types\n\n");
    if !api.package.has_model_pages && !api.types.is_empty() {
        text.push_str("`cargo doc --open` shows their fields and values.\n\n");
    }
    for definition in &api.types {
        let about = definition.description.as_deref().map(|about| format!(" - {}", cell(about))).unwrap_or_default();
        let name = if api.package.has_model_pages {
            format!("[{}]({})", definition.name, model_path(api, &definition.name).trim_start_matches("docs/"))
        } else {
            markdown::code(&format!("types::{}", definition.name))
        };
        let _ = writeln!(text, "* {name}{about}");
    }
    text.push_str(LIBRARY);
    for guide in guides::of(api) {
        let _ = writeln!(text, "* {}", guide.summary);
    }
    text
}

const LIBRARY: &str = "\n## Library\n\n\
* [Overview](../README.md) - installation, settings, calls, errors, features\n\
* [RetryConfig](lib/retryconfig.md) - when and how often a failed call is retried\n\
* [Blocking calls](lib/blocking.md) - calls without an async runtime, with the feature `blocking`\n\
* [Testing](lib/testing.md) - a mock server for tests, with the feature `test-util`\n";
