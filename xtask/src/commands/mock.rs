//! `mock`: plays the service of a document until it is interrupted, and says what it is asked.

use std::fmt::Write as _;
use std::time::Duration;

use anyhow::{Context as _, Result};
use generator::Input;
use generator::diagnostics::Diagnostics;
use generator::document::Document;
use generator::ir::Api;

use super::{Findings, read};
use crate::cli::{Mock, Verdict};
use crate::console::Console;
use crate::mock::{Ending, Plan, Server, Service};

pub(crate) fn run(asked: &Mock, console: &mut Console) -> Result<Verdict> {
    let spec = read(&asked.spec)?;
    let findings = Findings { spec: &spec, format: asked.spec.format };
    let (document, api) = match spec.ask(understand)? {
        Ok((document, api, found)) => {
            findings.show_all(&found, console);
            (document, api)
        }
        Err(found) => return Ok(findings.show_errors(&found, "nothing is served", console)),
    };
    let ending = match (asked.fail, asked.cancel) {
        (true, _) => Ending::Failed,
        (_, true) => Ending::Canceled,
        _ => Ending::Done,
    };
    let duration = Duration::try_from_secs_f64(asked.delay).context("--delay takes a number of seconds")?;
    let service = Service::new(document, api, Plan { duration, ending }, asked.inject.clone())?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().context("no runtime")?;
    runtime.block_on(serve(service, asked.port, console))?;
    Ok(Verdict::Sound)
}

/// The document in the words of OpenAPI 3.0, and what it means.
fn understand(input: &Input<'_>) -> Result<(Document, Api, Diagnostics), Diagnostics> {
    let (_, api, found) = generator::understand(input)?;
    let (document, _) = generator::read(input)?;
    Ok((document, api, found))
}

async fn serve(service: Service, port: u16, console: &mut Console) -> Result<()> {
    let greeting = greeting(service.api());
    let server = Server::bind(service, port).await?;
    console.say(&greeting(&format!("http://{}", server.address()?)));
    server.serve(tokio::signal::ctrl_c(), |line| console.say(line)).await;
    console.say("stopped");
    Ok(())
}

/// What is served, and what a client has to be told to come here.
fn greeting(api: &Api) -> impl FnOnce(&str) -> String + use<> {
    let mut operations = String::new();
    for operation in &api.operations {
        let _ = writeln!(operations, "  {} {}  ({})", operation.http_method, operation.template, operation.id);
    }
    let variable = format!("{}_SERVER_URL", api.client.env_prefix);
    let globals = api.client.globals.iter().filter(|global| global.required).map(|global| {
        let usual = if global.is_uuid { "123e4567-e89b-12d3-a456-426614174000" } else { "x" };
        format!("  {}={}\n", global.env, global.example.as_deref().unwrap_or(usual))
    });
    let settings: String =
        globals.chain(api.client.schemes.iter().map(|scheme| format!("  {}=test-key\n", scheme.env))).collect();
    let title = api.package.title.clone();
    move |url| {
        format!(
            "{title} is played at {url}\n\n{operations}\nA client comes here with these variables set:\n\n  \
             {variable}={url}\n{settings}\nCtrl-C stops it."
        )
    }
}
