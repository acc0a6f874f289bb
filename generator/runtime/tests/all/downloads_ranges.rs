//! `Content-Range`, by examples and by properties.

use proptest::prelude::*;
use sdk_runtime::ContentRange;

#[test]
fn valid_ranges_are_parsed() {
    let range = |first, last, total| Some(ContentRange { first, last, total });
    assert_eq!(ContentRange::parse("bytes 0-9/10"), range(0, 9, Some(10)));
    assert_eq!(ContentRange::parse("bytes 42-1233/*"), range(42, 1233, None));
    assert_eq!(ContentRange::parse(" Bytes  7-7/8 "), range(7, 7, Some(8)));
    let most = format!("bytes {max}-{max}/*", max = u64::MAX);
    assert_eq!(ContentRange::parse(&most), range(u64::MAX, u64::MAX, None));
}

#[test]
fn invalid_ranges_are_rejected() {
    for invalid in [
        "",
        "bytes",
        "bytes ",
        "bytes */10",
        "bytes 5-4/10",
        "bytes 0-10/10",
        "bytes 0-9",
        "bytes -9/10",
        "bytes 0-/10",
        "bytes +0-9/10",
        "bytes 0-+9/10",
        "bytes 0-9/+10",
        "bytes 0 - 9/10",
        "bytes=0-9/10",
        "items 0-9/10",
        "bytes 0-9/",
        "bytes 0-9/10/11",
        "bytes 0-18446744073709551616/*",
        "bytes 0-9,11-12/20",
        "bytes ٠-9/10",
    ] {
        assert_eq!(ContentRange::parse(invalid), None, "{invalid:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_range_is_parsed_as_it_is_written(first: u64, more: u64, beyond: Option<u64>) {
        let last = first.saturating_add(more);
        let total = beyond.map(|beyond| last.saturating_add(beyond));
        let written = format!("bytes {first}-{last}/{}", total.map_or("*".to_owned(), |total| total.to_string()));
        let expected = total.is_none_or(|total| last < total).then_some(ContentRange { first, last, total });
        prop_assert_eq!(ContentRange::parse(&written), expected);
    }

    #[test]
    fn no_value_makes_the_parser_panic(value in ".*", parts in "bytes [0-9*/ -]{0,30}") {
        for value in [value, parts] {
            if let Some(range) = ContentRange::parse(&value) {
                prop_assert!(range.first <= range.last && range.total.is_none_or(|total| range.last < total));
            }
        }
    }
}
