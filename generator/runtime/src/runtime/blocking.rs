//! Calls for programs without an async runtime: the same calls, made on a runtime of the client's own.

pub(crate) mod iter;

use std::future::IntoFuture;
use std::sync::OnceLock;
use std::thread;

use tokio::runtime::{Builder, Handle, Runtime};

pub use self::iter::{Iter, iter};
use crate::runtime::call::Call;
use crate::runtime::call::operation::Operation;
use crate::runtime::call::response::Response;
use crate::runtime::error::Error;
use crate::runtime::error::kind::ErrorKind;

/// One thread serves all blocking calls of the program, so that connections outlive the calls that opened them.
static RUNTIME: OnceLock<Result<Runtime, std::io::Error>> = OnceLock::new();

/// Runs a future of this crate to its end and blocks the calling thread meanwhile: a call, a poll, the next of a stream.
///
/// On a thread that belongs to an async runtime, such as one of tokio's `spawn_blocking`, the future runs on a thread of its
/// own. In an async task use `.await` instead: the calling thread is blocked all the same, and with it the tasks and the
/// connections of its runtime. In a runtime of one thread, a call that takes a connection of that runtime from the pool would
/// wait for it until its time is up.
///
/// # Errors
/// If no thread can be started.
pub fn run<F>(future: F) -> Result<F::Output, Error>
where
    F: IntoFuture<Output: Send, IntoFuture: Send>,
{
    let runtime = RUNTIME.get_or_init(start).as_ref().map_err(|error| no_thread(error.kind()))?;
    let future = future.into_future();
    if Handle::try_current().is_err() {
        return Ok(runtime.block_on(future));
    }
    thread::scope(|scope| {
        let own = thread::Builder::new().name("blocking call".to_owned());
        let own = own.spawn_scoped(scope, || runtime.block_on(future)).map_err(|error| no_thread(error.kind()))?;
        own.join().map_err(|panic| -> Error { std::panic::resume_unwind(panic) })
    })
}

fn no_thread(kind: std::io::ErrorKind) -> Error {
    let message = "no thread can be started for blocking calls";
    Error::new(ErrorKind::Configuration, message).with_source(std::io::Error::from(kind))
}

fn start() -> Result<Runtime, std::io::Error> {
    Builder::new_multi_thread().worker_threads(1).thread_name("blocking calls").enable_all().build()
}

/// Needs the feature `blocking`.
impl<O: Operation> Call<'_, O> {
    /// Makes the call and blocks the calling thread until it ends.
    ///
    /// It also works where a thread of an async runtime may block, such as in tokio's `spawn_blocking`. In an async task use
    /// `.await`.
    ///
    /// # Errors
    /// As [`send`](Self::send), and if no thread can be started.
    #[doc = include_str!("../doc_examples/blocking.md")]
    pub fn blocking(self) -> Result<O::Output, Error> {
        run(self.send())?
    }

    /// Like [`blocking`](Self::blocking), with status and headers beside the value.
    ///
    /// # Errors
    /// As [`blocking`](Self::blocking).
    pub fn blocking_with_response(self) -> Result<Response<O::Output>, Error> {
        run(self.send_with_response())?
    }
}
