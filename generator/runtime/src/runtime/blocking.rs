//! Blocking calls for programs without an async runtime. They are made on a runtime that this module starts.

pub(crate) mod iter;

use std::future::{Future, IntoFuture};
use std::pin::pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

use tokio::runtime::{Builder, Handle, Runtime};

pub use self::iter::{Iter, iter};
use crate::runtime::call::Call;
use crate::runtime::call::operation::Operation;
use crate::runtime::call::response::Response;
use crate::runtime::error::Error;
use crate::runtime::error::kind::ErrorKind;

/// One runtime for all blocking calls of the program, so that connections stay open after the calls that opened them.
static RUNTIME: OnceLock<Result<Runtime, std::io::Error>> = OnceLock::new();

/// Runs a future of this crate to its end, and blocks the calling thread until then. The future is for example a call, the
/// poll of a job, or the next item of a stream.
///
/// It can also be used on a thread that belongs to an async runtime, such as a thread of tokio's `spawn_blocking`. In an async
/// task use `.await` instead: the calling thread is blocked nevertheless, and with it the tasks and the connections of its
/// runtime. In a runtime with one thread, a call that takes a connection of that runtime from the pool would wait for it until
/// the time limit of the call passes.
///
/// # Errors
///
/// Fails if no thread can be started for blocking calls. Errors of the future itself are in the value that it returns.
///
/// # Panics
///
/// If the future panics, the panic continues on the calling thread.
pub fn run<F>(future: F) -> Result<F::Output, Error>
where
    F: IntoFuture<Output: Send, IntoFuture: Send>,
{
    let runtime = RUNTIME.get_or_init(start).as_ref().map_err(|error| no_thread(error.kind()))?;
    let future = future.into_future();
    if Handle::try_current().is_err() {
        return Ok(runtime.block_on(future));
    }
    // Connections, timers and tasks of the future belong to the runtime for blocking calls.
    let _context = runtime.enter();
    Ok(wait_for(future))
}

/// Polls a future on this thread, which may belong to another runtime, where `block_on` would panic.
fn wait_for<F: Future>(future: F) -> F::Output {
    // In a task of another runtime, the budget of that task would be used up, and never renewed.
    let mut future = pin!(tokio::task::unconstrained(future));
    let waker = Waker::from(Arc::new(Parked(thread::current())));
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(output) => return output,
            Poll::Pending => thread::park(),
        }
    }
}

/// A thread that waits for a future.
struct Parked(Thread);

impl Wake for Parked {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.0.unpark();
    }
}

fn no_thread(kind: std::io::ErrorKind) -> Error {
    let message = "the thread for blocking calls cannot be started";
    Error::new(ErrorKind::Configuration, message).with_source(std::io::Error::from(kind))
}

fn start() -> Result<Runtime, std::io::Error> {
    Builder::new_multi_thread().worker_threads(1).thread_name("blocking calls").enable_all().build()
}

/// Requires the feature `blocking`.
impl<O: Operation> Call<'_, O> {
    /// Sends the request and returns the decoded response. Blocks the calling thread until then.
    ///
    /// It can also be used where a thread of an async runtime may block, such as in tokio's `spawn_blocking`. In an async task
    /// use `.await` instead.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send), and if no thread can be started for blocking calls.
    #[doc = include_str!("../doc_examples/blocking.md")]
    pub fn blocking(self) -> Result<O::Output, Error> {
        run(self.send())?
    }

    /// Sends the request and returns the decoded value together with the status, headers and body of the response. Blocks the
    /// calling thread until then, like [`blocking`](Self::blocking).
    ///
    /// # Errors
    ///
    /// As [`blocking`](Self::blocking).
    pub fn blocking_with_response(self) -> Result<Response<O::Output>, Error> {
        run(self.send_with_response())?
    }
}
