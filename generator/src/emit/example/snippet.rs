//! Example code as Markdown code blocks.

use proc_macro2::{TokenStream, TokenTree};
use quote::{format_ident, quote};

use crate::emit::syntax::Scope;
use crate::ir::Api;
use crate::{markdown, print};

/// An example: statements in a function that returns the client's error.
pub(crate) struct Snippet<'a> {
    api: &'a Api,
    form: Form,
    /// The parameters of the function on a page.
    params: TokenStream,
    /// The imports from the crate besides the client type and the modules.
    imports: TokenStream,
    /// Statements that rustdoc hides, because all examples start with them.
    setup: TokenStream,
    /// Whether the function around an example of rustdoc has the parameter `client`.
    takes_client: bool,
    statements: TokenStream,
}

/// The kind of function that contains the statements.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// The `main` function itself.
    Program,
    Async,
    Blocking,
}

impl<'a> Snippet<'a> {
    /// Creates a snippet whose statements may await.
    pub(crate) fn new(api: &'a Api, imports: TokenStream, statements: TokenStream) -> Self {
        Self {
            api,
            form: Form::Async,
            params: TokenStream::new(),
            imports,
            setup: TokenStream::new(),
            takes_client: false,
            statements,
        }
    }

    /// Creates a snippet whose statements block, for pages that are only compiled with the required feature.
    pub(crate) fn blocking(api: &'a Api, imports: TokenStream, statements: TokenStream) -> Self {
        Self { form: Form::Blocking, ..Self::new(api, imports, statements) }
    }

    /// Makes the statements those of a whole program.
    pub(crate) fn in_main(self) -> Self {
        Self { form: Form::Program, ..self }
    }

    /// Inserts statements before the others, which rustdoc hides.
    pub(crate) fn after(self, setup: TokenStream) -> Self {
        Self { setup, ..self }
    }

    /// Gives the function around an example of rustdoc the parameter `client`.
    pub(crate) fn with_client(self) -> Self {
        Self { takes_client: true, ..self }
    }

    /// Gives the function of a page parameters, for values that an earlier example has shown.
    pub(crate) fn given(self, params: TokenStream) -> Self {
        Self { params, ..self }
    }

    /// Returns the snippet for a Markdown page, which shows all lines.
    pub(crate) fn page(&self) -> String {
        let (setup, statements, krate) = (&self.setup, &self.statements, format_ident!("{}", crate_name(self.api)));
        let params = &self.params;
        let start = match self.form {
            Form::Program => quote!(#[tokio::main] async fn main()),
            Form::Async => quote!(async fn run(#params)),
            Form::Blocking => quote!(fn run(#params)),
        };
        let function = print::items(quote!(#start -> Result<(), #krate::Error> { #setup #statements Ok(()) }));
        let scope = self.scope();
        let imports = print::items(self.imports(&scope, self.names_client(&scope)));
        markdown::block("rust,no_run", &format!("{imports}\n{}", function.trim_end()))
    }

    /// Returns the snippet for rustdoc, which hides the function around it and the setup.
    pub(crate) fn rustdoc(&self) -> String {
        let shown = print::statements(&self.statements);
        let names_client = Scope::of(&self.statements).has(&self.api.client.name);
        let scope = self.scope();
        let imports = print::items(self.imports(&scope, names_client));
        let (krate, client) = (format_ident!("{}", crate_name(self.api)), format_ident!("{}", self.api.client.name));
        let import = (!names_client && self.names_client(&scope)).then(|| quote!(use #krate::#client;));
        let hidden = print::items(quote!(#import)) + &self.opening() + "\n" + &print::statements(&self.setup);
        let hidden: String = hidden.lines().flat_map(|line| ["# ", line, "\n"]).collect();
        let space = if imports.is_empty() { "" } else { "\n" };
        markdown::block("no_run", &format!("{imports}{space}{hidden}{shown}# Ok(())\n# }}"))
    }

    fn opening(&self) -> String {
        let function = match self.form {
            Form::Program => "#[tokio::main]\nasync fn main",
            Form::Async => "async fn run",
            Form::Blocking => "fn run",
        };
        let krate = crate_name(self.api);
        let client =
            if self.takes_client { format!("client: {krate}::{}", self.api.client.name) } else { String::new() };
        format!("{function}({client}) -> Result<(), {krate}::Error> {{")
    }

    fn names_client(&self, scope: &Scope) -> bool {
        let client = format_ident!("{}", self.api.client.name);
        let is_client = |token: &TokenTree| matches!(token, TokenTree::Ident(ident) if *ident == client);
        scope.has(&self.api.client.name) || self.params.clone().into_iter().any(|token| is_client(&token))
    }

    /// Returns the names that the statements need in scope.
    fn scope(&self) -> Scope {
        let (params, setup, statements) = (&self.params, &self.setup, &self.statements);
        Scope::of(&quote!(#params #setup #statements))
    }

    fn imports(&self, scope: &Scope, with_client: bool) -> TokenStream {
        let (krate, client) = (format_ident!("{}", crate_name(self.api)), format_ident!("{}", self.api.client.name));
        let more = &self.imports;
        let client = with_client.then(|| quote!(#client,));
        let modules = ["funcs", "types", "uploads"].into_iter().filter(|name| scope.has(name));
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

/// Returns the name of the crate in code.
pub(crate) fn crate_name(api: &Api) -> String {
    api.package.name.replace('-', "_")
}
