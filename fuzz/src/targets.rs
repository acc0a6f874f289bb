//! The fuzz targets, one per file.

pub mod decode;
pub mod download;
pub mod expression;
pub mod misfit;
pub mod names;
pub mod path;
pub mod pointer;
pub mod render;
pub mod retry_after;
pub mod spec;
pub mod stream;
pub mod xml;

use crate::target::Entry;

/// All targets.
pub static ALL: &[Entry] = &[
    Entry::of::<decode::Decode>(),
    Entry::of::<download::Download>(),
    Entry::of::<expression::Expression>(),
    Entry::of::<misfit::Misfit>(),
    Entry::of::<names::Names>(),
    Entry::of::<path::Path>(),
    Entry::of::<pointer::Pointer>(),
    Entry::of::<render::Render>(),
    Entry::of::<retry_after::RetryAfter>(),
    Entry::of::<spec::Spec>(),
    Entry::of::<stream::Stream>(),
    Entry::of::<xml::Xml>(),
];
