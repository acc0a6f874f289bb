//! Holds the workspace to its promises; every test stands in `tests/`.
