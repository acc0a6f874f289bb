//! Downloads from a server that cuts, delays and changes what it sends.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use anyhow::{Context as _, Result};
use bytes::Bytes;
use sdk_runtime::{
    BodyFailure, Call, ClientSpec, Config, Core, Error, ErrorKind, HttpMethod, Method, Operation, OperationMeta,
    RawResponse, RequestWriter, RetryBudget, RetryDefaults, RetryStrategy, TimeoutKind,
};
use tokio::task::JoinSet;

use crate::plan::Plan;
use crate::transfer::{Fault, FileServer, content};

/// The number of concurrent downloads.
const READERS: u32 = 16;

/// How long the server may send nothing.
const IDLE: Duration = Duration::from_secs(1);

/// The number of failures after which a download does not continue, or a request is not repeated: four attempts by default.
const MOST: usize = 4;

static SPEC: ClientSpec = ClientSpec {
    security: &[],
    user_agent: "torture",
    server_url: None,
    retry: RetryDefaults {
        strategy: RetryStrategy::Backoff,
        initial_interval_ms: 5,
        max_interval_ms: 50,
        exponent: 1.5,
        max_elapsed_time_ms: 60_000,
        codes: &["503"],
        retry_connection_errors: true,
    },
    schemes: &[],
};

/// Gets a file.
struct Fetch(u32);

impl Operation for Fetch {
    type Output = Bytes;

    const META: OperationMeta = OperationMeta {
        id: "fetch",
        method: HttpMethod::Known(Method::GET),
        path: "/files/{number}",
        accept: None,
        idempotent: true,
        idempotency_key: None,
        retry: None,
        security: &[],
        server: None,
    };

    fn encode(&self, request: &mut RequestWriter) -> Result<(), Error> {
        request.path("/files/");
        request.path_value("number", &self.0)
    }

    fn decode(response: &RawResponse) -> Result<Bytes, Error> {
        response.expect_status(&[200])?;
        Ok(response.body().clone())
    }
}

/// The results of the downloads.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Transfers {
    /// The number of downloads.
    pub downloads: u64,
    /// The number of complete downloads.
    pub good: u64,
    /// The number of requests that continued a download, or repeated a request.
    pub more: u64,
    /// The errors, by kind.
    pub errors: BTreeMap<&'static str, u64>,
    /// The faults that were met.
    pub faults: BTreeMap<Fault, u64>,
    /// The violated guarantees.
    pub broken: Vec<String>,
}

impl Transfers {
    fn add(&mut self, other: Self) {
        self.good += other.good;
        self.more += other.more;
        for (kind, count) in other.errors {
            *self.errors.entry(kind).or_default() += count;
        }
        for (fault, count) in other.faults {
            *self.faults.entry(fault).or_default() += count;
        }
        self.broken.extend(other.broken);
    }
}

/// A folder that is removed with its content.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Result<Self> {
        let path = std::env::temp_dir().join(format!("torture-{:016x}", fastrand::u64(..)));
        std::fs::create_dir(&path).context("no folder can be created")?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

struct Load {
    plan: Plan,
    server: FileServer,
    core: Core,
    folder: Folder,
    downloads: u32,
    next: AtomicU32,
}

/// Makes a twentieth as many downloads as the plan has calls. Every second one is saved to a file.
///
/// # Errors
/// A port, a thread, a folder or a client is not available.
pub async fn run(plan: &Plan) -> Result<Transfers> {
    let server = FileServer::start(plan.clone())?;
    let mut config = Config::new(&SPEC);
    config.server_url(server.url());
    config.retry_budget(RetryBudget::new(100, 100_000));
    let core = config.build().context("the settings are invalid")?;
    let (folder, downloads) = (Folder::new()?, plan.calls / 20);
    let load = Arc::new(Load { plan: plan.clone(), server, core, folder, downloads, next: AtomicU32::new(0) });
    let mut readers = JoinSet::new();
    for _ in 0..READERS {
        readers.spawn(Arc::clone(&load).read_on());
    }
    let mut all = Transfers { downloads: u64::from(downloads), ..Transfers::default() };
    while let Some(reader) = readers.join_next().await {
        all.add(reader.context("a reader panicked")?);
    }
    let load = Arc::into_inner(load).context("a reader is left")?;
    let files = std::fs::read_dir(&load.folder.0).context("the folder is gone")?.count();
    if files > 0 {
        all.broken.push(format!("{files} files are left of failed downloads"));
    }
    load.server.stop();
    Ok(all)
}

impl Load {
    async fn read_on(self: Arc<Self>) -> Transfers {
        let mut seen = Transfers::default();
        loop {
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            if number >= self.downloads {
                return seen;
            }
            let path = self.folder.0.join(number.to_string());
            let (bytes, outcome) =
                if number.is_multiple_of(2) { self.stream(number).await } else { self.save(number, &path).await };
            self.judge(number, &bytes, outcome, &mut seen);
        }
    }

    /// Returns what was received, also before an error.
    async fn stream(&self, number: u32) -> (Vec<u8>, Result<(), Error>) {
        let mut all = Vec::new();
        let mut download = match Call::new(&self.core, Fetch(number)).download().idle_timeout(IDLE).await {
            Ok(download) => download,
            Err(error) => return (all, Err(error)),
        };
        while let Some(piece) = download.next().await {
            match piece {
                Ok(piece) => all.extend_from_slice(&piece),
                Err(error) => return (all, Err(error)),
            }
        }
        (all, Ok(()))
    }

    /// Returns the content of the file, which must exist only if the download is complete.
    async fn save(&self, number: u32, path: &Path) -> (Vec<u8>, Result<(), Error>) {
        let download = match Call::new(&self.core, Fetch(number)).download().idle_timeout(IDLE).await {
            Ok(download) => download,
            Err(error) => return (Vec::new(), Err(error)),
        };
        let saved = download.save(path).await.map(drop);
        let bytes = std::fs::read(path).unwrap_or_default();
        if saved.is_ok() {
            let _ = std::fs::remove_file(path);
        }
        (bytes, saved)
    }

    fn judge(&self, number: u32, bytes: &[u8], outcome: Result<(), Error>, seen: &mut Transfers) {
        let (faults, expected) = (self.server.faults(number), content(&self.plan, number));
        seen.more += faults.len().saturating_sub(1) as u64;
        for fault in &faults {
            *seen.faults.entry(*fault).or_default() += 1;
        }
        let mut broken = |what: String| seen.broken.push(format!("download {number} with {faults:?}: {what}"));
        let Err(error) = outcome else {
            seen.good += 1;
            if bytes != expected {
                broken(format!("{} bytes are not the {} of the file", bytes.len(), expected.len()));
            }
            return;
        };
        if !expected.starts_with(bytes) {
            broken(format!("the {} bytes before the error are not those of the file", bytes.len()));
        }
        let retried = faults.iter().filter(|fault| fault.is_retried()).count();
        let is_explained = match error.kind() {
            ErrorKind::Body(BodyFailure::Changed) => faults.last().is_some_and(|fault| fault.is_mismatch()),
            ErrorKind::Body(BodyFailure::Truncated) | ErrorKind::Status | ErrorKind::Connection => retried >= MOST,
            // This machine may be slower than the time limit.
            ErrorKind::Timeout(TimeoutKind::Idle) => faults.contains(&Fault::Silent),
            _ => false,
        };
        if !is_explained {
            broken(format!("{error:?}"));
        }
        *seen.errors.entry(error.kind().name()).or_default() += 1;
    }
}
