//! Example code: values of the API's types, calls, and snippets for Markdown.

pub(super) mod call;
mod fit;
mod form;
pub(super) mod sample;
pub(super) mod scenario;
pub(super) mod snippet;
pub(super) mod value;
