//! A mock server for any document: for programs in any language, on this machine only.
//!
//! `service` maps a request to a response and does no I/O; `server` exposes it over HTTP. The other modules find the operation
//! (`route`), validate the request (`check`, `schema`), build the headers (`headers`) and the body (`sample`) of the response, and track the jobs that
//! earlier requests started (`job`).

mod check;
mod headers;
mod inject;
mod job;
mod multipart;
mod request;
mod route;
mod sample;
mod schema;
mod server;
mod service;

pub use inject::Inject;
pub use job::{Ending, Plan};
pub use request::Request;
pub use server::Server;
pub use service::{Response, Service};
