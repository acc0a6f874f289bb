//! Pieces of example code as blocks of Markdown.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::emit::syntax::Scope;
use crate::ir::Api;
use crate::{markdown, print};

/// An example: statements in a function that can fail with the client's error.
pub(crate) struct Snippet<'a> {
    api: &'a Api,
    form: Form,
    /// What it uses of the crate besides the client type and the modules.
    imports: TokenStream,
    /// Statements that rustdoc hides: what every example begins with.
    setup: TokenStream,
    statements: TokenStream,
}

/// The kind of function that the statements stand in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// `main` itself.
    Program,
    Async,
    Blocking,
}

impl<'a> Snippet<'a> {
    /// Statements that may await.
    pub(crate) fn new(api: &'a Api, imports: TokenStream, statements: TokenStream) -> Self {
        Self { api, form: Form::Async, imports, setup: TokenStream::new(), statements }
    }

    /// Statements that block, for pages that are only compiled with the feature they need.
    pub(crate) fn blocking(api: &'a Api, imports: TokenStream, statements: TokenStream) -> Self {
        Self { form: Form::Blocking, ..Self::new(api, imports, statements) }
    }

    /// Statements of a whole program.
    pub(crate) fn in_main(self) -> Self {
        Self { form: Form::Program, ..self }
    }

    /// Puts statements before the others, which rustdoc hides.
    pub(crate) fn after(self, setup: TokenStream) -> Self {
        Self { setup, ..self }
    }

    /// For a page that is read as Markdown: all lines are shown.
    pub(crate) fn page(&self) -> String {
        let (setup, statements) = (&self.setup, &self.statements);
        let body = print::statements(&quote!(#setup #statements));
        let indent = |line: &str| if line.is_empty() { "\n".to_owned() } else { format!("    {line}\n") };
        let indented = body.lines().fold(String::new(), |text, line| text + &indent(line));
        let imports = print::items(&self.imports(self.names_client()));
        markdown::block("rust,no_run", &format!("{imports}\n{}\n{indented}    Ok(())\n}}", self.opening()))
    }

    /// For docs that rustdoc renders, which hides the frame and what every example begins with.
    pub(crate) fn rustdoc(&self) -> String {
        let shown = print::statements(&self.statements);
        let names_client = Scope::of(&self.statements).has(&self.api.client.name);
        let imports = print::items(&self.imports(names_client));
        let (krate, client) = (format_ident!("{}", crate_name(self.api)), format_ident!("{}", self.api.client.name));
        let import = (!names_client && self.names_client()).then(|| quote!(use #krate::#client;));
        let hidden = print::items(&quote!(#import)) + &self.opening() + "\n" + &print::statements(&self.setup);
        let hidden: String = hidden.lines().flat_map(|line| ["# ", line, "\n"]).collect();
        let space = if imports.is_empty() { "" } else { "\n" };
        markdown::block("no_run", &format!("{imports}{space}{hidden}{shown}# Ok(())\n# }}"))
    }

    fn opening(&self) -> String {
        let function = match self.form {
            Form::Program => "#[tokio::main]\nasync fn main()",
            Form::Async => "async fn run()",
            Form::Blocking => "fn run()",
        };
        format!("{function} -> Result<(), {}::Error> {{", crate_name(self.api))
    }

    fn names_client(&self) -> bool {
        self.scope().has(&self.api.client.name)
    }

    /// What all statements have to have in scope.
    fn scope(&self) -> Scope {
        let (setup, statements) = (&self.setup, &self.statements);
        Scope::of(&quote!(#setup #statements))
    }

    fn imports(&self, with_client: bool) -> TokenStream {
        let (krate, client) = (format_ident!("{}", crate_name(self.api)), format_ident!("{}", self.api.client.name));
        let scope = self.scope();
        let more = &self.imports;
        let client = with_client.then(|| quote!(#client,));
        let modules = ["funcs", "types"].into_iter().filter(|name| scope.has(name));
        let modules = modules.map(|name| format_ident!("{name}"));
        let std = scope.has("Duration").then(|| {
            quote!(
                use std::time::Duration;
            )
        });
        let list = quote!(#client #more #(#modules,)*);
        let own = (!list.is_empty()).then(|| quote!(use #krate::{#list};));
        quote!(#std #own)
    }
}

/// The crate as code names it.
pub(crate) fn crate_name(api: &Api) -> String {
    api.package.name.replace('-', "_")
}
