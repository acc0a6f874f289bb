//! The handwritten runtime sources. A client contains them unchanged, without the modules that its API does not use.

use std::borrow::Cow;
use std::collections::BTreeSet;

use clientsmith_runtime::{ROOT, SOURCES};

use super::runtime_components::Component;
use crate::emit::{Content, Source};

pub(crate) fn emit(needed: &BTreeSet<Component>) -> Vec<Source> {
    let left_out: BTreeSet<&str> = Component::ALL
        .iter()
        .filter(|component| !needed.contains(component))
        .map(|component| component.module())
        .collect();
    let verbatim = |path: String, text: Cow<'static, str>| Source { path, content: Content::Verbatim(text) };
    let kept = SOURCES.iter().filter(|(name, _)| !left_out.contains(module_of(name)));
    let files = kept.map(|(name, text)| verbatim(format!("src/runtime/{name}.rs"), Cow::Borrowed(*text)));
    std::iter::once(verbatim("src/runtime.rs".to_owned(), without(ROOT, &left_out))).chain(files).collect()
}

/// Returns the module that a file belongs to.
fn module_of(name: &str) -> &str {
    name.split('/').next().unwrap_or(name)
}

/// Removes the lines that declare these modules or export their items, with their conditions. Each such line is complete in itself.
fn without(text: &'static str, modules: &BTreeSet<&str>) -> Cow<'static, str> {
    let is_of_one = |line: &str| named(line).is_some_and(|module| modules.contains(module));
    if !text.lines().any(is_of_one) {
        return Cow::Borrowed(text);
    }
    let next = text.split_inclusive('\n').skip(1).chain([""]);
    let is_left_out = |line: &str, next: &str| is_of_one(line) || line.starts_with("#[cfg(") && is_of_one(next);
    let lines = text.split_inclusive('\n').zip(next);
    lines.filter(|(line, next)| !is_left_out(line, next)).map(|(line, _)| line).collect::<String>().into()
}

/// Returns the module that a line declares or exports items of.
fn named(line: &str) -> Option<&str> {
    let rest = ["mod ", "pub mod ", "pub use self::"].iter().find_map(|start| line.strip_prefix(start))?;
    rest.split(|c: char| !c.is_alphanumeric() && c != '_').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_api_that_needs_every_component_gets_unchanged_sources() {
        let copied = emit(&Component::ALL.into());
        assert_eq!(copied.len(), SOURCES.len() + 1);
        for source in copied {
            assert!(matches!(source.content, Content::Verbatim(Cow::Borrowed(_))), "{}", source.path);
        }
    }

    #[test]
    fn optional_modules_are_declared_and_exported_on_lines_of_their_own() {
        for module in Component::ALL.map(Component::module) {
            assert!(SOURCES.iter().any(|(name, _)| *name == module), "there is no {module}");
            assert!(ROOT.lines().any(|line| line == format!("pub mod {module};")), "{module} is not declared");
        }
        for (before, line) in std::iter::once("").chain(ROOT.lines()).zip(ROOT.lines()) {
            if named(line).is_some_and(|module| Component::ALL.iter().any(|component| component.module() == module)) {
                assert!(line.ends_with(';'), "{line}");
                assert!(!before.starts_with('#') || before.starts_with("#[cfg("), "{before}\n{line}");
            }
        }
    }

    #[test]
    fn removed_lines_leave_no_gap() {
        let root = without(ROOT, &Component::ALL.map(Component::module).into());
        assert!(!root.contains("\n\n\n") && !root.ends_with("\n\n"), "{root}");
    }

    #[test]
    fn no_module_uses_an_optional_one() {
        for (name, text) in SOURCES {
            for used in text
                .split("crate::runtime::")
                .skip(1)
                .filter_map(|rest| named(&format!("mod {rest}")).map(str::to_owned))
            {
                let is_optional = Component::ALL.iter().any(|component| component.module() == used);
                // An API with multipart bodies needs both.
                let is_needed_too = (module_of(name), used.as_str()) == ("multipart", "uploads");
                assert!(!is_optional || used == module_of(name) || is_needed_too, "{name} uses {used}");
            }
        }
    }
}
