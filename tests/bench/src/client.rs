//! What the clients have in common.

use std::error::Error;
use std::future::Future;

/// What comes of a call, and of all that leads there.
pub type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// A client of the API, however it is made.
pub trait Client: Clone + Send + Sync + 'static {
    /// A client of the server at an address such as `http://127.0.0.1:4010`.
    ///
    /// # Errors
    ///
    /// It cannot be set up.
    fn of(server: &str) -> Result<Self>;

    /// Starts an update, and gives its id.
    fn start(&self) -> impl Future<Output = Result<String>> + Send;

    /// Asks for the result of an update, and gives the id of the auth session.
    fn result(&self) -> impl Future<Output = Result<String>> + Send;
}
