//! Tests which Markdown is kept, which is escaped, and that no description ends the block or span around it.

#![expect(clippy::string_slice, reason = "a test fails by panicking")]

use proptest::prelude::*;

use super::{block, code, line, safe};

fn check(text: &str, expected: &str) {
    assert_eq!(safe(text), expected, "{text:?}");
}

#[test]
fn unambiguous_markdown_is_kept() {
    check("a `Vec<u8>` of *bytes*", "a `Vec<u8>` of *bytes*");
    check("see [the docs](https://example.com/a)", "see [the docs](https://example.com/a)");
    check("- one\n  more\n- two\n\nend", "- one\n  more\n- two\n\nend");
    check("- one\n  - inner\n    more\n    - innermost\n- two", "- one\n  - inner\n   more\n   - innermost\n- two");
    check("1. one\n   - inner\n\n   - other\n2. two", "1. one\n   - inner\n\n   - other\n2. two");
    check("\n  -   one\n  -   two\n\n  end", "- one\n- two\n\nend");
    check("| a | b |\n|---|---|\n| 1 | 2 |", "| a | b |\n|---|---|\n| 1 | 2 |");
    check("R&D 🎉 at 5 > 3", "R&D 🎉 at 5 \\> 3");
}

#[test]
fn active_markdown_is_escaped() {
    check("<script>alert(1)</script>", "\\<script\\>alert(1)\\</script\\>");
    check("[Foo] and [a](Foo::bar)", "\\[Foo\\] and \\[a\\](Foo::bar)");
    check("![pixel](https://example.com/p.gif)", "\\![pixel](https://example.com/p.gif)");
    check("# Errors\ntext\n---\n===", "\\# Errors\ntext\n\\---\n\\===");
    check("&lt;b&gt; &#60;", "\\&lt;b\\&gt; \\&#60;");
    check("a ` b", "a \\` b");
    check("turned \u{202e}around\r\u{7}", "turned around");
    check("at https://example.com/a_(b).", "at <https://example.com/a_(b>).");
}

#[test]
fn code_is_never_a_doc_test() {
    check("```\nlet a = [0];\n```", "```text\nlet a = [0];\n```");
    check("```rust,should_panic\na\n```", "```text\na\n```");
    check("~~~\na\n~~~", "```text\na\n```");
    check("~~~json\n```\n~~~", "````json\n```\n````");
    check("    indented()", "indented()");
    check("````\n```\n", "````text\n```\n````");
    check("```json\nnever closed", "```json\nnever closed\n```");
}

/// Generates strings of Markdown syntax, control characters and ordinary words.
fn nasty() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "```",
        "````",
        "~~~",
        "`",
        "``",
        "[",
        "]",
        "(",
        ")",
        "](",
        "<",
        ">",
        "<script>",
        "-->",
        "|",
        "\\",
        "\n",
        "\n\n",
        "    ",
        "\t",
        "\r",
        "# ",
        "---",
        "===",
        "- ",
        "\n  - ",
        "\n      ",
        "1. ",
        "> ",
        "!",
        "&",
        "&lt;",
        "https://a.b/c",
        "rust",
        "Foo",
        "::",
        "é",
        "🎉",
        "\u{202e}",
        "\u{0}",
        "*",
        "_",
        "\"",
        "word ",
    ]);
    prop_oneof![prop::collection::vec(pieces, 0..24).prop_map(|pieces| pieces.concat()), any::<String>()]
}

proptest! {
    #[test]
    fn no_description_ends_the_span_or_block_around_it(text in nasty()) {
        let span = code(&text);
        let fence = span.chars().take_while(|c| *c == '`').count();
        prop_assert!(!span.contains('\n'));
        prop_assert!(!span[fence..span.len() - fence].split(|c| c != '`').any(|run| run.len() == fence));
        let fenced = block("text", &text);
        let fence: String = fenced.chars().take_while(|c| *c == '`').collect();
        prop_assert_eq!(fenced.matches(&fence).count(), 2);
    }

    #[test]
    fn one_line_stays_one_line(text in nasty()) {
        let line = line(&text);
        prop_assert!(!line.contains(['\n', '\r']) && !line.starts_with("~~~") && !line.starts_with("```"));
    }

    #[test]
    fn every_code_block_is_closed_and_none_is_rust(text in nasty()) {
        let mut open: Option<String> = None;
        for line in safe(&text).lines() {
            match &open {
                Some(fence) if line == fence => open = None,
                Some(_) => {}
                None if line.starts_with("```") => {
                    let words = line.trim_start_matches('`');
                    prop_assert!(!words.is_empty() && words != "rust");
                    open = Some(line[..line.len() - words.len()].to_owned());
                }
                None => prop_assert!(!line.starts_with("~~~") && !line.starts_with("    ")),
            }
        }
        prop_assert_eq!(open, None);
    }
}
