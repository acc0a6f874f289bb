//! No file of the repository, including snapshots and fixtures, contains a credential or a local path.
//!
//! Only this file is excluded, as it contains the patterns.

use std::fs;

use crate::repository::repository_rules::files;
use crate::root;

/// Prefixes of real credentials, and the minimum number of base64 characters that follow.
const CREDENTIALS: [(&str, usize); 24] = [
    ("AKIA", 16),
    ("ASIA", 16),
    ("AIza", 30),
    ("ghp_", 30),
    ("gho_", 30),
    ("ghs_", 30),
    ("ghu_", 30),
    ("ghr_", 30),
    ("github_pat_", 30),
    ("glpat-", 18),
    ("npm_", 30),
    ("pypi-", 50),
    ("xoxa-", 10),
    ("xoxb-", 10),
    ("xoxp-", 10),
    ("sk_live_", 16),
    ("rk_live_", 16),
    ("sk_test_", 16),
    ("whsec_", 24),
    ("sk-", 32),
    ("eyJ", 40),
    ("Bearer ", 20),
    ("bearer ", 20),
    ("Basic ", 20),
];

/// Folders of a local machine.
const FOLDERS: [&str; 6] = ["/home/", "/Users/", "/root/", "/tmp/", "/work/", ":\\Users\\"];

/// The kind of secret that a text contains, without the secret itself.
fn found(text: &str) -> Option<&'static str> {
    let is_token = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '+' | '/' | '=' | '~');
    let is_long = |rest: &str, least: usize| rest.chars().take_while(is_token).count() >= least;
    let begins_a_word = |at: usize| !text[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
    let is_there = |(start, least): &(&str, usize)| {
        text.match_indices(start).any(|(at, _)| begins_a_word(at) && is_long(&text[at + start.len()..], *least))
    };
    let key = text.lines().any(|line| line.contains("-----BEGIN ") && line.contains("PRIVATE KEY"));
    let credential = CREDENTIALS.iter().find(|entry| is_there(entry)).map(|(start, _)| *start);
    let folder =
        || FOLDERS.into_iter().find(|folder| text.match_indices(folder).any(|(at, _)| begins_a_path(text, at)));
    credential.or_else(|| key.then_some("a private key")).or_else(folder)
}

/// Whether a path starts at this position: `https://example.com/home/` is not a local path.
fn begins_a_path(text: &str, at: usize) -> bool {
    !text[..at].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '}' | '>' | '.' | '_' | '-' | '*'))
        || text[at..].starts_with(':')
}

#[test]
fn credentials_and_local_paths_are_detected() {
    let long = "aB3".repeat(20);
    for (start, least) in CREDENTIALS {
        assert_eq!(found(&format!("key: \"{start}{}\"", &long[..least])), Some(start));
        assert_eq!(found(&format!("key: {start}{}", &long[..least - 1])), None, "{start} and too little");
    }
    for kind in ["", "RSA ", "EC ", "OPENSSH ", "ENCRYPTED "] {
        let key = format!("text: |\n  -----BEGIN {kind}PRIVATE KEY-----\n");
        assert_eq!(found(&key), Some("a private key"));
    }
    for folder in FOLDERS {
        for before in ["", " ", "\"", "file://", "(", "C"] {
            if folder.starts_with(':') == (before == "C") {
                assert_eq!(found(&format!("{before}{folder}someone/x")), Some(folder), "after {before:?}");
            }
        }
    }
    for harmless in [
        "AKIA is how they start",
        "Authorization: Bearer <token>",
        "https://example.com/home/page, {workspace}/work/{id}, ../tmp/x",
        "task-aB3aB3aB3aB3aB3aB3aB3aB3aB3aB3aB3aB3",
        "-----BEGIN CERTIFICATE-----",
    ] {
        assert_eq!(found(harmless), None, "{harmless}");
    }
}

#[test]
fn no_file_contains_a_credential_or_a_local_path() {
    let own = "tests/repository/secrets.rs";
    let all = files("");
    for path in all.iter().filter(|path| *path != own) {
        let bytes = fs::read(root().join(path)).expect("the file can be read");
        assert_eq!(found(&String::from_utf8_lossy(&bytes)), None, "{path} has what must not be there");
    }
    let snapshots = all.iter().filter(|path| path.contains("/snapshots/")).count();
    assert!(all.contains(own) && snapshots > 20, "all files are seen");
}
