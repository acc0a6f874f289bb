//! Pieces of example code as blocks of Markdown.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::ir::Api;
use crate::layout;

/// An example: statements in an async function that can fail with the client's error.
pub(super) struct Snippet<'a> {
    pub(super) api: &'a Api,
    /// What it uses of the crate besides the client type.
    pub(super) imports: TokenStream,
    pub(super) statements: TokenStream,
}

impl Snippet<'_> {
    /// For a page that is read as Markdown: all lines are shown.
    pub(super) fn page(&self) -> String {
        let body = layout::statements(&self.statements);
        let indent = |line: &str| if line.is_empty() { "\n".to_owned() } else { format!("    {line}\n") };
        let indented = body.lines().fold(String::new(), |text, line| text + &indent(line));
        format!("```rust,no_run\n{}\n{}\n{indented}    Ok(())\n}}\n```\n", self.imports(), self.opening())
    }

    /// For a page that is read as Markdown, of code that needs the feature `blocking`.
    pub(super) fn blocking_page(&self) -> String {
        self.page().replacen("async fn", "fn", 1).replacen("```rust,no_run", "```rust,ignore", 1)
    }

    /// For docs that rustdoc renders, which hides the frame.
    pub(super) fn rustdoc(&self) -> String {
        let body = layout::statements(&self.statements);
        format!("```no_run\n{}\n# {}\n{body}# Ok(())\n# }}\n```\n", self.imports(), self.opening())
    }

    fn opening(&self) -> String {
        format!("async fn run() -> Result<(), {}::Error> {{", crate_name(self.api))
    }

    fn imports(&self) -> String {
        let (krate, client) = (format_ident!("{}", crate_name(self.api)), format_ident!("{}", self.api.client.name));
        let mut more = self.imports.clone();
        if self.statements.to_string().contains("types ::") {
            more = quote!(#more types,);
        }
        let std = self.statements.to_string().contains("Duration ::").then(|| {
            quote!(
                use std::time::Duration;
            )
        });
        layout::items(&quote!(#std use #krate::{#client, #more};))
    }
}

/// The crate as code names it.
pub(super) fn crate_name(api: &Api) -> String {
    api.package.name.replace('-', "_")
}
