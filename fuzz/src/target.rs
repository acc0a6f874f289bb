//! What a target is, and a target without its type.

use std::fmt;

use proptest::strategy::BoxedStrategy;

use crate::campaign::{self, Outcome, Plan};

/// Something that reads what others wrote.
pub trait Target {
    /// What it reads. Its `Debug` is what a finding shows.
    type Input: fmt::Debug + 'static;

    /// How it is called on the command line.
    const NAME: &'static str;

    /// What is tried, and what must hold, in one line.
    const ABOUT: &'static str;

    /// How many inputs the short run tries.
    const SHORT: u64;

    /// How its inputs are made.
    fn inputs() -> BoxedStrategy<Self::Input>;

    /// Tries one.
    ///
    /// # Errors
    /// What does not hold, in words. A panic is a finding too.
    fn run(input: &Self::Input) -> Result<(), String>;
}

/// A target, whatever its inputs are.
#[derive(Clone, Copy)]
pub struct Entry {
    /// How it is called on the command line.
    pub name: &'static str,
    /// What is tried, and what must hold, in one line.
    pub about: &'static str,
    /// How many inputs the short run tries.
    pub short: u64,
    campaign: fn(&Plan) -> Outcome,
}

impl Entry {
    pub(crate) const fn of<T: Target>() -> Self {
        Self { name: T::NAME, about: T::ABOUT, short: T::SHORT, campaign: campaign::run::<T> }
    }

    /// Tries inputs, as many as are asked for, or until there is a finding.
    #[must_use]
    pub fn run(&self, plan: &Plan) -> Outcome {
        (self.campaign)(plan)
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry").field("name", &self.name).finish_non_exhaustive()
    }
}
