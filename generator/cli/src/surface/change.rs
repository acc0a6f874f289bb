//! A change of the public API.

use serde::Serialize;

/// What a change means for programs that use the crate, by the rules of cargo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Impact {
    /// No program notices it when it is compiled.
    Patch,
    /// Programs compile as before, and can use more. Cargo does not count the rare conflicts with names of a program.
    Minor,
    /// Programs may no longer compile.
    Major,
}

/// The kind of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChangeKind {
    /// The package has another name.
    PackageRenamed,
    /// A feature was added or removed, or its default changed.
    Feature,
    /// Something was removed.
    Removed,
    /// Something has another name.
    Renamed,
    /// Something is another kind of item.
    KindChanged,
    /// A type, a signature or a payload changed.
    TypeChanged,
    /// Something can be absent that was always there.
    BecameOptional,
    /// Something is required that could be absent.
    BecameRequired,
    /// A type no longer implements a trait.
    TraitRemoved,
    /// Code outside the crate can no longer construct or match everything.
    BecameNonExhaustive,
    /// Arguments of the same types, or the parts of a type that is ordered by them, are in another order.
    Reordered,
    /// Something only exists with a feature.
    NeedsFeature,
    /// Something is new.
    Added,
    /// A type implements one more trait.
    TraitAdded,
    /// Something is deprecated.
    Deprecated,
    /// The compiler warns where a value is not used.
    MustUse,
    /// Something is no longer restricted: to a feature, or by `non_exhaustive`.
    Relaxed,
    /// The name or the value that is sent and received changed, under the same Rust name.
    WireChanged,
}

/// A change of the public API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Change {
    /// What it means for programs.
    pub impact: Impact,
    /// Its kind.
    pub kind: ChangeKind,
    /// The item, as users write it. Functions end with `()`. Empty for the package as a whole.
    pub item: String,
    /// The field, variant, method or trait of the item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member: Option<String>,
    /// The name, type, signature or value before the change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// The name, type, signature or value after the change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// What changed, in one sentence.
    pub message: String,
    /// What users do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

impl Change {
    pub(super) fn new(kind: ChangeKind, impact: Impact, item: &str, message: String) -> Self {
        Self { impact, kind, item: item.to_owned(), member: None, before: None, after: None, message, hint: None }
    }

    pub(super) fn of_member(mut self, member: &str) -> Self {
        self.member = Some(member.to_owned());
        self
    }

    pub(super) fn between(mut self, before: &str, after: &str) -> Self {
        let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        (self.before, self.after) = (text(before), text(after));
        self
    }

    pub(super) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}
