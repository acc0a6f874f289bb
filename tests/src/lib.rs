//! Holds the workspace to its promises: the tests stand in `tests/`, and the README's snippets are compiled from here.

#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
