//! The client's README, and the example that it shares with the first page of the docs.

use quote::quote;

use super::operation::Call;
use super::{Content, Source, example};
use crate::backend::Answer;
use crate::ir::Api;
use crate::layout;
use crate::prose;

pub(super) fn emit(api: &Api, answer: &Answer) -> Source {
    let package = &api.package;
    let mut text = format!("# {}\n\n{}\n\n", package.name, prose::safe(&package.description));
    if let Some(url) = &package.documentation {
        text.push_str(&format!("The service documents itself at <{url}>.\n\n"));
    }
    if let Some(example) = quick_start(api, answer, false) {
        text.push_str(&format!("## Quick start\n\n{example}\n"));
    }
    text.push_str(&settings(api));
    text.push_str(&format!(
        "## How this crate is made\n\nIt is generated from `{}` ({} {}); edit that, not the crate.\n",
        package.spec, package.title, package.api_version
    ));
    Source { path: "README.md".to_owned(), content: Content::Markdown(text) }
}

fn settings(api: &Api) -> String {
    let mut text = format!(
        "## Settings\n\n`{}::from_env()` reads them from the environment:\n\n| setting | variable |\n|---|---|\n",
        api.client.name
    );
    for global in &api.client.globals {
        text.push_str(&format!("| `{}` | `{}` |\n", global.ident, global.env));
    }
    for scheme in &api.client.schemes {
        text.push_str(&format!("| `{}` | `{}` |\n", scheme.ident, scheme.env));
    }
    text.push_str(&format!("| `server_url` | `{}_SERVER_URL` (optional) |\n\n", api.client.env_prefix));
    text
}

/// A program that makes the first call of the API, as a block of code. `None` for an API without operations. Hides the
/// frame around the statements where rustdoc will.
pub(super) fn quick_start(api: &Api, answer: &Answer, is_rustdoc: bool) -> Option<String> {
    api.operations.first()?;
    let call = Call::of(api, answer, 0);
    let krate: syn::Ident = syn::parse_str(&api.package.name.replace('-', "_")).ok()?;
    let (client, expression) = (example::client(api), example::call(api, &call, &quote!(client)));
    let name = quote::format_ident!("{}", api.client.name);
    let types = expression.to_string().contains("types ::").then(|| quote!(, types));
    let statements = layout::statements(&quote! {
        let client = #client;
        let reply = #expression.await?;
        println!("{reply:?}");
    });
    let import = layout::items(&quote!(use #krate::{#name #types};));
    let opening = format!("async fn run() -> Result<(), {krate}::Error> {{");
    let body = if is_rustdoc {
        format!("{import}\n# {opening}\n{statements}# Ok(())\n# }}\n")
    } else {
        let indented = statements.lines().fold(String::new(), |text, line| text + "    " + line + "\n");
        format!("{import}\n{opening}\n{indented}    Ok(())\n}}\n")
    };
    let fence = if is_rustdoc { "```no_run" } else { "```rust,no_run" };
    Some(format!("{fence}\n{body}```\n"))
}
