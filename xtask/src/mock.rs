//! A server that plays the service of any document: for programs in any language, on this machine only.
//!
//! `service` decides what each request is answered and does no I/O; `server` carries requests to it over HTTP. The rest
//! are the parts of the decision: which operation is meant (`route`), what is wrong with the request (`check`, `schema`),
//! what a reply looks like (`sample`), and how far work has come that an earlier request started (`work`).

mod check;
mod inject;
mod request;
mod route;
mod sample;
mod schema;
mod server;
mod service;
mod work;

pub use inject::Inject;
pub use request::Request;
pub use server::Server;
pub use service::{Reply, Service};
pub use work::{Ending, Plan};
