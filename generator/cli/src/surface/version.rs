//! The next version of a package, by the rules of cargo.

use anyhow::{Context as _, Result};
use semver::{BuildMetadata, Prerelease, Version};

use super::Impact;

/// Returns the version that follows another one. In versions below 1.0, the leftmost number that is not zero is the one that
/// breaking changes raise. A pre-release is followed by the next pre-release, whatever changes.
///
/// Source: "SemVer Compatibility" in the Cargo book, and Semantic Versioning 2.0.0, items 4, 9 and 11.
///
/// # Errors
///
/// The text is not a version.
pub fn bumped(version: &str, impact: Impact) -> Result<String> {
    let mut version: Version = version.parse().with_context(|| format!("{version:?} is not a version"))?;
    version.build = BuildMetadata::EMPTY;
    if !version.pre.is_empty() {
        version.pre = Prerelease::new(&next(version.pre.as_str())).context("the next pre-release is not valid")?;
        return Ok(version.to_string());
    }
    let (major, minor, patch) = (version.major, version.minor, version.patch);
    (version.major, version.minor, version.patch) = match (impact, major, minor) {
        (Impact::Major, 0, 0) | (Impact::Minor | Impact::Patch, 0, _) | (Impact::Patch, _, _) => {
            (major, minor, patch.saturating_add(1))
        }
        (Impact::Major, 0, _) | (Impact::Minor, _, _) => (major, minor.saturating_add(1), 0),
        (Impact::Major, _, _) => (major.saturating_add(1), 0, 0),
    };
    Ok(version.to_string())
}

/// Raises the last number of a pre-release, or adds one.
fn next(pre: &str) -> String {
    let (start, last) = pre.rsplit_once('.').map_or(("", pre), |(start, last)| (start, last));
    match last.parse::<u64>() {
        Ok(number) if start.is_empty() => number.saturating_add(1).to_string(),
        Ok(number) => format!("{start}.{}", number.saturating_add(1)),
        Err(_) => format!("{pre}.1"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_follow_the_rules_of_cargo() {
        let cases = [
            ("1.2.3", "2.0.0", "1.3.0", "1.2.4"),
            ("0.2.3", "0.3.0", "0.2.4", "0.2.4"),
            ("0.0.3", "0.0.4", "0.0.4", "0.0.4"),
            ("1.0.0-beta.1", "1.0.0-beta.2", "1.0.0-beta.2", "1.0.0-beta.2"),
            (
                "1.0.0-18446744073709551615",
                "1.0.0-18446744073709551615",
                "1.0.0-18446744073709551615",
                "1.0.0-18446744073709551615",
            ),
            ("1.0.0-rc+build", "1.0.0-rc.1", "1.0.0-rc.1", "1.0.0-rc.1"),
        ];
        for (version, major, minor, patch) in cases {
            let next = [Impact::Major, Impact::Minor, Impact::Patch].map(|impact| bumped(version, impact).unwrap());
            assert_eq!(next, [major, minor, patch], "{version}");
        }
        assert!(bumped("1.2", Impact::Patch).is_err());
    }
}
