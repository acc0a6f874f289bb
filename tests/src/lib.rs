//! Compiles the snippets of the README as documentation tests. All other tests are in the test target `all`.

#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
