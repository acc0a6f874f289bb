//! The id that every request carries in its path, so that the ledger knows whose it is.

use std::fmt;

/// What is asked for by the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A look at a result: may be sent again.
    Look,
    /// A start, by itself.
    Start,
    /// A start and the waiting for its end.
    Operation,
}

/// One call, or one operation with all its calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Id {
    /// What it is.
    pub kind: Kind,
    /// Its number among its like; looks and starts are numbered together.
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

    /// Reads what `Display` wrote.
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

    /// Whether the user allows the start to be carried out twice.
    #[must_use]
    pub fn is_idempotent(self) -> bool {
        match self.kind {
            Kind::Look => true,
            Kind::Start => self.number % 20 == 1,
            Kind::Operation => false,
        }
    }

    /// A number of its own, to draw from.
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
