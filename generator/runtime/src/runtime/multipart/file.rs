//! Files in multipart bodies: a content with a name and a media type.

use std::fmt;

use super::Multipart;
use super::part::PartHead;
use crate::runtime::uploads::Body;

/// A file in a multipart body: its content, its name and its media type.
///
/// Bytes, strings and each [`Body`], such as that of [`Body::from_stream`], convert to a file. [`Body`] describes when the call can
/// be retried, and how long it may take. The feature `fs` adds `File::open`, for a file at a path, which does not exist without it.
///
/// Without a name of its own, the file has the name of its part. Without a media type of its own, it has the one that the API
/// describes. If that describes none or several, it has `application/octet-stream`. A media type or a header that is not allowed in a request is an error of the call.
/// `Debug` shows neither the content nor the name.
#[doc = include_str!("../../doc_examples/file.md")]
#[derive(Clone)]
pub struct File {
    content: Body,
    name: Option<String>,
    content_type: Option<String>,
    headers: Vec<(String, String)>,
}

impl File {
    /// Creates a file with a name.
    #[must_use]
    pub fn new(name: impl Into<String>, content: impl Into<Body>) -> Self {
        Self { name: Some(name.into()), ..content.into().into() }
    }

    /// Creates a file from the one at a path, with its name. It is opened when the form is sent, and again for each retry.
    ///
    /// [`Body::from_file`] describes its length and its errors. The folder of the file is not sent.
    ///
    /// Requires the feature `fs`.
    #[cfg(feature = "fs")]
    #[must_use]
    pub fn open(path: impl Into<std::path::PathBuf>) -> Self {
        let path = path.into();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        Self { name, ..Body::from_file(path).into() }
    }

    /// Sets the name.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Sets the media type, such as `image/png`.
    #[must_use]
    pub fn content_type(mut self, content_type: impl Into<String>) -> Self {
        self.content_type = Some(content_type.into());
        self
    }

    /// Adds a header to the part that contains the file.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }
}

impl<B: Into<Body>> From<B> for File {
    fn from(content: B) -> Self {
        Self { content: content.into(), name: None, content_type: None, headers: Vec::new() }
    }
}

impl PartHead<'_> {
    /// Adds the part to a form, as a file that is named after it unless it has a name.
    pub fn file(self, form: &mut Multipart, file: File) {
        let name = self.name;
        self.content(form, File { name: file.name.or_else(|| Some(name.to_owned())), ..file });
    }

    /// Adds the part to a form: as a file if it has a name, otherwise as text, which has a media type only if it states one.
    pub fn file_or_text(mut self, form: &mut Multipart, file: File) {
        if file.name.is_none() {
            self.content_type = None;
        }
        self.content(form, file);
    }

    /// Adds the part to a form, with a content that need not be a file.
    pub fn content(mut self, form: &mut Multipart, file: File) {
        for (name, value) in &file.headers {
            self = self.header(name, value);
        }
        self.file_name = file.name;
        if file.content_type.is_some() {
            self.content_type = file.content_type.map(Into::into);
        }
        self.add(form, file.content);
    }
}

impl fmt::Debug for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { content, content_type, .. } = self;
        f.debug_struct("File").field("content", content).field("content_type", content_type).finish_non_exhaustive()
    }
}
