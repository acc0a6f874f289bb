//! Calls for programs without an async runtime: the same calls, made on a runtime of the client's own.

use std::future::{IntoFuture, poll_fn};
use std::pin::Pin;
use std::sync::OnceLock;

use futures_core::Stream;
use tokio::runtime::{Builder, Handle, Runtime};

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

/// The items of a stream, taken one by one in a program without an async runtime. After an error of the waiting itself
/// nothing comes.
///
/// Needs the feature `blocking`.
#[derive(Debug)]
#[must_use = "nothing is asked until an item is wanted"]
pub struct Iter<S> {
    stream: Option<S>,
}

impl<S, T> Iterator for Iter<S>
where
    S: Stream<Item = Result<T, Error>> + Unpin,
{
    type Item = Result<T, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let stream = self.stream.as_mut()?;
        match run(poll_fn(|context| Pin::new(&mut *stream).poll_next(context))) {
            Ok(item) => item,
            Err(error) => {
                self.stream = None;
                Some(Err(error))
            }
        }
    }
}

/// The items of a stream of this crate, such as pages, as an iterator.
///
/// Needs the feature `blocking`.
pub fn iter<S, T>(stream: S) -> Iter<S>
where
    S: Stream<Item = Result<T, Error>> + Unpin,
{
    Iter { stream: Some(stream) }
}
