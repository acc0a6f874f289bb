//! The service behind the server, without faults: the correct response to each request.

use crate::id::{Id, Kind};
use crate::plan::Plan;

/// A response that matches the API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Good {
    /// The status.
    pub status: u16,
    /// The body: JSON.
    pub body: String,
}

/// The final state of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// The job succeeds.
    Done,
    /// The job fails.
    Failed,
    /// The job is canceled.
    Canceled,
}

impl Ending {
    /// The final state of the job with this id.
    #[must_use]
    pub fn of(plan: &Plan, id: Id) -> Self {
        match plan.random(id.key() ^ 0xe0d).u8(0..10) {
            0 => Self::Failed,
            1 => Self::Canceled,
            _ => Self::Done,
        }
    }
}

/// A string that is part of every secret that the client sends.
pub const MARK: &str = "hunter2";

/// The API key of the client.
pub const KEY: &str = "hunter2-key";

/// The parameters of a start. Two of them are substrings of the placeholder for masked values.
#[must_use]
pub fn parameters(id: Id) -> [(&'static str, String); 4] {
    [
        ("username", id.to_string()),
        ("password", format!("{MARK}-of-{id}")),
        ("word", "acte".to_owned()),
        ("words", "redacted".to_owned()),
    ]
}

/// The values of the request that the service may echo: for a look at a result only the key.
#[must_use]
pub fn sent(id: Id) -> Vec<String> {
    let parameters = (id.kind != Kind::Look).then(|| parameters(id));
    parameters.into_iter().flatten().map(|(_, value)| value).chain([KEY.to_owned()]).collect()
}

/// The message of a failed or canceled job. It echoes the password, as automation libraries do.
#[must_use]
pub fn reason(id: Id) -> String {
    format!("{id} with {MARK}-of-{id}")
}

/// The id in the response to a start.
#[must_use]
pub fn operation_id(id: Id) -> String {
    format!("work-of-{id}")
}

/// The response to a start.
#[must_use]
pub fn started(id: Id) -> Good {
    Good { status: 201, body: format!(r#"{{"status":"started","operationId":"{}"}}"#, operation_id(id)) }
}

/// The response to a poll, after this number of earlier polls.
#[must_use]
pub fn result(plan: &Plan, id: Id, polls: u32) -> Good {
    let pending = if id.kind == Kind::Operation { plan.random(id.key() ^ 0xa5c).u32(0..4) } else { 0 };
    let body = if polls < pending {
        if polls == 0 {
            r#"{"status":"pending"}"#.to_owned()
        } else {
            r#"{"status":"in_progress","runId":"run"}"#.to_owned()
        }
    } else {
        end(plan, id)
    };
    Good { status: 200, body }
}

fn end(plan: &Plan, id: Id) -> String {
    let ending = if id.kind == Kind::Operation { Ending::of(plan, id) } else { Ending::Done };
    match ending {
        Ending::Done => format!(r#"{{"status":"done","authSessionId":"{id}"}}"#),
        Ending::Failed => {
            format!(
                r#"{{"status":"failed","message":"{}","error":{{"message":"it broke","category":"auth"}}}}"#,
                reason(id)
            )
        }
        Ending::Canceled => format!(
            r#"{{"status":"canceled","message":"{}","reason":{{"type":"terminated","message":"called off"}}}}"#,
            reason(id)
        ),
    }
}
