//! The trait that all measured clients implement.

use std::error::Error;
use std::future::Future;

/// The result of a call or of its setup.
pub type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// A client of the API.
pub trait Client: Clone + Send + Sync + 'static {
    /// Creates a client for a server URL such as `http://127.0.0.1:4010`.
    ///
    /// # Errors
    ///
    /// The client cannot be built.
    fn of(server: &str) -> Result<Self>;

    /// Starts an update and returns its id.
    fn start(&self) -> impl Future<Output = Result<String>> + Send;

    /// Gets the result of an update and returns the id of the auth session.
    fn result(&self) -> impl Future<Output = Result<String>> + Send;
}
