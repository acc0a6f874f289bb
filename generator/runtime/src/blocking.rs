//! Calls for programs without an async runtime: the same calls, made on a runtime of the client's own.

use std::future::IntoFuture;
use std::sync::OnceLock;

use tokio::runtime::{Builder, Handle, Runtime};

pub use super::blocking_iter::{Iter, iter};
use super::call::Call;
use super::error::Error;
use super::error_kind::ErrorKind;
use super::operation::Operation;
use super::response::Response;

/// One thread serves all blocking calls of the program, so that connections outlive the calls that opened them.
static RUNTIME: OnceLock<Result<Runtime, std::io::Error>> = OnceLock::new();

/// Runs a future of this crate to its end on the calling thread: a call, a question for work, the next of its states.
///
/// # Errors
/// If the calling thread belongs to an async runtime, which waiting would stop, or if no thread can be started.
pub fn run<F: IntoFuture>(future: F) -> Result<F::Output, Error> {
    let refused = |message| Error::new(ErrorKind::Configuration, message);
    if Handle::try_current().is_ok() {
        let message = "a blocking call would stop the async runtime that its thread belongs to: use `.await` there";
        return Err(refused(message));
    }
    match RUNTIME.get_or_init(start) {
        Ok(runtime) => Ok(runtime.block_on(future.into_future())),
        Err(error) => {
            Err(refused("no thread can be started for blocking calls").with_source(std::io::Error::from(error.kind())))
        }
    }
}

fn start() -> Result<Runtime, std::io::Error> {
    Builder::new_multi_thread().worker_threads(1).thread_name("blocking calls").enable_all().build()
}

/// Needs the feature `blocking`.
impl<O: Operation> Call<'_, O> {
    /// Makes the call and waits for it, in a program without an async runtime.
    ///
    /// # Errors
    /// As [`send`](Self::send), and if the calling thread belongs to an async runtime.
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
