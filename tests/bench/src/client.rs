//! What the clients have in common: the two operations, and the loop that makes calls of one of them.

use std::future::Future;

use anyhow::Result;

use crate::asked::Operation;

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

/// Makes calls of one operation, one after the other.
///
/// # Errors
///
/// A call fails.
pub async fn call(client: &impl Client, operation: Operation, calls: usize) -> Result<()> {
    for _ in 0..calls {
        match operation {
            Operation::Start => client.start().await?,
            Operation::Result => client.result().await?,
        };
    }
    Ok(())
}
