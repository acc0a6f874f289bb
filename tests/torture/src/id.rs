//! The id in the path of every request, by which the ledger assigns requests to calls.

use std::fmt;

/// The kind of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A look at a result, which may be retried.
    Look,
    /// A single start.
    Start,
    /// A start and the wait for the end of its job.
    Operation,
}

/// A call, or a job with all its calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Id {
    /// The kind.
    pub kind: Kind,
    /// The number within the kind; looks and starts share one sequence.
    pub number: u32,
}

impl Id {
    pub(crate) fn look(number: u32) -> Self {
        Self { kind: Kind::Look, number }
    }

    pub(crate) fn start(number: u32) -> Self {
        Self { kind: Kind::Start, number }
    }

    pub(crate) fn operation(number: u32) -> Self {
        Self { kind: Kind::Operation, number }
    }

    /// Parses the output of `Display`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (kind, number) = text.split_once('-')?;
        let kind = match kind {
            "look" => Kind::Look,
            "start" => Kind::Start,
            "operation" => Kind::Operation,
            _ => return None,
        };
        number.parse().ok().map(|number| Self { kind, number })
    }

    /// Whether the user declares the start idempotent.
    #[must_use]
    pub fn is_idempotent(self) -> bool {
        match self.kind {
            Kind::Look => true,
            Kind::Start => self.number % 20 == 1,
            Kind::Operation => false,
        }
    }

    /// A unique number, to derive random values from.
    pub(crate) fn key(self) -> u64 {
        let kind = match self.kind {
            Kind::Look => 1,
            Kind::Start => 2,
            Kind::Operation => 3,
        };
        (kind << 32) | u64::from(self.number)
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            Kind::Look => "look",
            Kind::Start => "start",
            Kind::Operation => "operation",
        };
        write!(f, "{kind}-{}", self.number)
    }
}
