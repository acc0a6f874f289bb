//! Sources that cannot be parsed: the diagnostic names the cause and where it is.

use super::parse;

/// Where and why a text cannot be parsed.
fn refusal(text: &str) -> String {
    let fault = parse(text).expect_err("the text is not a document");
    fault.span.map_or_else(|| fault.message.clone(), |at| format!("{}:{}: {}", at.line, at.column, fault.message))
}

#[test]
fn mistakes_in_json_are_named() {
    for (text, expected) in [
        (
            "{\n  // The version.\n  \"openapi\": \"3.0.3\"\n}",
            "2:3: the input is not valid JSON: it contains a comment",
        ),
        ("{\"openapi\": \"3.0.3\" /* old */}", "1:21: the input is not valid JSON: it contains a comment"),
        // As YAML, this is the string "3 // three".
        ("{\"a\": 3 // three\n}", "1:9: the input is not valid JSON: it contains a comment"),
        ("{\"a\": 'it\\'s'}", "1:7: the input is not valid JSON: a string is in single quotes"),
        ("{\"a\": {b: 1}, \"c\" \"d\"}", "1:8: the input is not valid JSON: the key `b` is not in quotes"),
        ("{\"a\": [1,], \"c\" \"d\"}", "1:10: the input is not valid JSON: a comma is followed by a closing bracket"),
        ("{\"é\": 1 \"b\": 2}", "1:9: the input is not valid JSON: expected `,` or `}` here"),
        (
            "{\"a\": {\"b\": [1, 2}",
            "1:18: the input is not valid JSON: `}` does not close the `[` in line 1, column 13",
        ),
        ("{\n\"a\": {\"b\": [1, 2]\n", "2:6: the input is not valid JSON: no `}` closes this `{`"),
        ("{\"a\": \"b, \n\"c\": 1}", "1:7: the input is not valid JSON: the string that starts here has no end"),
    ] {
        assert_eq!(refusal(text), expected, "{text}");
    }
}

#[test]
fn mistakes_in_yaml_are_named() {
    for (text, expected) in [
        ("a:\n\tb: 1\n", "2:1: the input is not valid YAML: this line is indented with a tab"),
        ("a:\n  b: 1\n  \tc: 1\n", "3:3: the input is not valid YAML: this line is indented with a tab"),
        ("a: 'it is [not] {one'\nb: [1, {c: 2}\nd: 1\n", "2:4: the input is not valid YAML: no `]` closes this `[`"),
        (
            "# {\na: |\n  [[\nb: {c: [1, 2}\n",
            "4:13: the input is not valid YAML: `}` does not close the `[` in line 4, column 8",
        ),
    ] {
        assert_eq!(refusal(text), expected, "{text}");
    }
}

#[test]
fn other_inputs_are_named() {
    for (text, expected) in [
        ("", "1:1: the input is empty"),
        ("\u{feff}\n---\n", "1:1: the input is empty"),
        ("# Nothing\n\n  # yet.\n", "1:1: the input contains only comments"),
        ("\n<!DOCTYPE html>\n<html>", "1:1: the input is an HTML page, not an OpenAPI document"),
        ("<?xml version=\"1.0\"?>", "1:1: the input is XML, not an OpenAPI document"),
    ] {
        assert_eq!(refusal(text), expected, "{text}");
    }
}

#[test]
fn relaxed_json_that_is_yaml_is_read() {
    for text in [
        "{'a': 1, b: 'it''s', \"c\": [1, 2,],}",
        "{\n\t\"a\": \"http://example.com/*\", # a comment\n\t\"b\": \"// text\",\n}",
        "{url: http://example.com, b: c // d}",
    ] {
        assert!(parse(text).is_ok(), "{text}: {:?}", parse(text));
    }
}

#[test]
fn deep_nesting_ends_quickly() {
    let levels = 100_000;
    for text in [
        "{\"a\":".repeat(levels),
        format!("{}1{}", "{\"a\":".repeat(levels), "}".repeat(levels)),
        "[".repeat(levels),
        format!("openapi: 3.0.3\na: {}", "{a: ".repeat(levels)),
        format!("openapi: 3.0.3\na:\n  - {}", "[\n    ".repeat(levels)),
        "- ".repeat(levels),
    ] {
        assert!(refusal(&text).contains("the input is nested more than 120 levels deep"));
    }
}

#[test]
fn brackets_in_text_do_not_count() {
    let lines = "      [ ( { \" '\n".repeat(2000);
    let text = format!("openapi: 3.0.3\na: |\n{lines}b:\n  - c: >-\n{lines}  - d: e\n    f: '{{'\n");
    assert!(parse(&text).is_ok(), "{:?}", parse(&text));
}
