//! One binary for all tests.

mod surface;
