//! Errors whose message echoes the request thousands of times.

use crate::id::Id;
use crate::wire::Step;
use crate::work;

/// An error that echoes the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Echo {
    /// 400, with a message short enough that clients still mask it.
    Refused,
    /// 500, with a message of the same length.
    Failed,
    /// 400, with a body of almost 64 KiB, the maximum that clients keep of an error.
    Long,
}

impl Echo {
    /// All variants.
    pub const ALL: [Self; 3] = [Self::Refused, Self::Failed, Self::Long];

    /// The status of the response.
    #[must_use]
    pub fn status(self) -> u16 {
        match self {
            Self::Refused | Self::Long => 400,
            Self::Failed => 500,
        }
    }

    pub(super) fn step(self, id: Id) -> Step {
        let length = match self {
            Self::Refused | Self::Failed => 15 << 10,
            Self::Long => 63 << 10,
        };
        let sent = work::sent(id).join(" ");
        let mut message = sent.repeat(length / sent.len());
        // Overlapping occurrences of a value that is part of the placeholder.
        message.push_str(&"acte".repeat((length - message.len()) / 4));
        let (status, body) = (self.status(), format!(r#"{{"message":"{message}"}}"#));
        let head = format!("HTTP/1.1 {status} No\r\ncontent-type: application/json\r\n");
        Step::Send(format!("{head}content-length: {}\r\n\r\n{body}", body.len()).into_bytes())
    }
}
