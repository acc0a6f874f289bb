//! Jobs: work that the service continues after its response to the request that started it.

#[cfg(feature = "blocking")]
mod blocking;
pub(crate) mod error;
pub(crate) mod limiter;
pub(crate) mod meta;
pub(crate) mod options;
pub(crate) mod poll;
mod poll_loop;
pub(crate) mod states;
pub(crate) mod wait;

pub use self::error::{JobError, JobFailure};
pub use self::limiter::PollLimiter;
pub use self::meta::{Criterion, Job, JobMeta, Progress, StartsJob, text_at, value_at, value_of};
pub use self::options::WaitOptions;
pub use self::poll::poll;
pub use self::states::States;
pub use self::wait::{StartAndWait, Wait};
