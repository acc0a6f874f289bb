//! Records whether an attempt whose time limit passed ever had a connection.
//!
//! The HTTP library reports when its own connect timeout passes. If the time limit of the attempt passes first, its future is
//! dropped, and the library reports nothing. So a layer around the connector records that a connection is still being made
//! whenever the future of the attempt is polled. Connections that the library completes in the background are polled by
//! other tasks, and are not recorded.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use tower_layer::Layer;
use tower_service::Service;

thread_local! {
    /// The attempt whose future is being polled on this thread.
    static POLLED: RefCell<Option<Arc<AtomicBool>>> = const { RefCell::new(None) };
}

/// The future of an attempt, which records whether it was waiting for a connection when it was last polled.
pub(crate) struct Connecting<F> {
    future: Pin<Box<F>>,
    is_connecting: Arc<AtomicBool>,
}

impl<F: Future> Connecting<F> {
    pub(crate) fn new(future: F) -> Self {
        // Before the first poll nothing can have been sent.
        Self { future: Box::pin(future), is_connecting: Arc::new(AtomicBool::new(true)) }
    }

    /// Whether there is no connection yet, neither a new one nor one from the pool. Nothing was sent then.
    pub(crate) fn is_connecting(&self) -> bool {
        self.is_connecting.load(Ordering::Relaxed)
    }
}

impl<F: Future> Future for Connecting<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.is_connecting.store(false, Ordering::Relaxed);
        let outer = POLLED.replace(Some(self.is_connecting.clone()));
        let polled = self.future.as_mut().poll(context);
        POLLED.set(outer);
        polled
    }
}

/// The layer around the connector of a client whose attempts are [`Connecting`].
#[derive(Clone, Copy)]
pub(crate) struct NoteConnects;

impl<S> Layer<S> for NoteConnects {
    type Service = Noted<S>;

    fn layer(&self, connector: S) -> Noted<S> {
        Noted(connector)
    }
}

#[derive(Clone)]
pub(crate) struct Noted<S>(S);

impl<R, S: Service<R>> Service<R> for Noted<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = Connect<S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, request: R) -> Self::Future {
        Connect(Box::pin(self.0.call(request)))
    }
}

/// A connection being made.
pub(crate) struct Connect<F>(Pin<Box<F>>);

impl<F: Future> Future for Connect<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let polled = self.0.as_mut().poll(context);
        if polled.is_pending() {
            POLLED.with_borrow(|attempt| {
                if let Some(is_connecting) = attempt {
                    is_connecting.store(true, Ordering::Relaxed);
                }
            });
        }
        polled
    }
}
