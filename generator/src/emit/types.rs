//! The types, as the passes left them.

use quote::ToTokens;

use super::Source;
use crate::backend::Answer;

pub(super) fn emit(answer: &Answer) -> Source {
    Source::rust("src/types.rs", "What is sent and received.", answer.types.to_token_stream())
}
