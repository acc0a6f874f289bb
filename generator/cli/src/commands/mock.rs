//! `mock`: serves a mock of a document until it is interrupted, and logs the requests.

use std::fmt::Write as _;
use std::time::Duration;

use anyhow::{Context as _, Result};
use clap::Args;
use generator::Input;
use generator::diagnostics::Diagnostics;
use generator::document::Document;
use generator::ir::Api;

use super::{Document as DocumentFile, Findings, Outcome};
use crate::console::Console;
use crate::mock::{Ending, Inject, Plan, Server, Service};

/// What the server does.
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// The port on 127.0.0.1; 0 picks a free one.
    #[arg(long, value_name = "N", default_value_t = 4010)]
    pub port: u16,
    /// Jobs fail.
    #[arg(long, conflicts_with = "cancel")]
    pub fail: bool,
    /// Jobs are canceled.
    #[arg(long)]
    pub cancel: bool,
    /// How long a job takes, in seconds. No state is skipped, however late a client polls.
    #[arg(long, value_name = "SECONDS", default_value_t = 2.0, allow_negative_numbers = true)]
    pub delay: f64,
    /// Answer every Nth request with the next of these statuses.
    #[arg(long, value_name = "STATUS[,STATUS…]:N")]
    pub inject: Option<Inject>,
}

/// Serves a mock of a document.
///
/// # Errors
///
/// The document cannot be read, the delay is invalid, or the port is in use.
pub fn run(file: &DocumentFile, args: &Options, console: &mut Console) -> Result<Outcome> {
    let spec = file.read()?;
    let findings = Findings { spec: &spec, format: file.format };
    let (document, api) = match spec.run(understand)? {
        Ok((document, api, diagnostics)) => {
            findings.show_all(&diagnostics, console);
            (document, api)
        }
        Err(diagnostics) => return Ok(findings.show_errors(&diagnostics, "the server was not started", console)),
    };
    let ending = match (args.fail, args.cancel) {
        (true, _) => Ending::Failed,
        (_, true) => Ending::Canceled,
        _ => Ending::Done,
    };
    let duration = Duration::try_from_secs_f64(args.delay).context("--delay must be a valid number of seconds")?;
    let service = Service::new(document, api, Plan { duration, ending }, args.inject.clone())?;
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().context("cannot start the async runtime")?;
    runtime.block_on(serve(service, args.port, console))?;
    Ok(Outcome::Passed)
}

/// The document converted to OpenAPI 3.0, the generator's model of it, and the diagnostics.
fn understand(input: &Input<'_>) -> Result<(Document, Api, Diagnostics), Diagnostics> {
    let (_, api, diagnostics) = generator::understand(input)?;
    let (document, _) = generator::read(input)?;
    Ok((document, api, diagnostics))
}

async fn serve(service: Service, port: u16, console: &mut Console) -> Result<()> {
    let greeting = greeting(service.api());
    let server = Server::bind(service, port).await?;
    console.print(&greeting(&format!("http://{}", server.address()?)));
    server.serve(tokio::signal::ctrl_c(), |line| console.print(line)).await;
    console.print("stopped");
    Ok(())
}

/// The served operations, and the environment variables that point a client to the server.
fn greeting(api: &Api) -> impl FnOnce(&str) -> String + use<> {
    let mut operations = String::new();
    for operation in &api.operations {
        let _ = writeln!(operations, "  {} {}  ({})", operation.http_method, operation.template, operation.id);
    }
    let variable = format!("{}_SERVER_URL", api.client.env_prefix);
    let globals = api.client.globals.iter().filter(|global| global.required).map(|global| {
        let default = if global.is_uuid { "123e4567-e89b-12d3-a456-426614174000" } else { "x" };
        format!("  {}={}\n", global.env, global.example.as_deref().unwrap_or(default))
    });
    let settings: String =
        globals.chain(api.client.schemes.iter().map(|scheme| format!("  {}=test-key\n", scheme.env))).collect();
    let title = api.package.title.clone();
    move |url| {
        format!(
            "mock of {title} at {url}\n\n{operations}\nSet these variables to point a client to it:\n\n  \
             {variable}={url}\n{settings}\nCtrl-C stops the server."
        )
    }
}
