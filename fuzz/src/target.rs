//! The trait of fuzz targets, and a type-erased target.

use std::fmt;

use proptest::strategy::BoxedStrategy;

use crate::campaign::{self, Outcome, Plan};

/// Code that parses untrusted data, and a property that must hold.
pub trait Target {
    /// The input. A finding shows it as its `Debug` output.
    type Input: fmt::Debug + 'static;

    /// The name on the command line.
    const NAME: &'static str;

    /// One line on what is tested and which property must hold.
    const ABOUT: &'static str;

    /// The number of inputs in the short run.
    const SHORT: u64;

    /// The strategy that generates inputs.
    fn inputs() -> BoxedStrategy<Self::Input>;

    /// Runs the target on one input.
    ///
    /// # Errors
    /// The property does not hold; the message says how. A panic is a finding too.
    fn run(input: &Self::Input) -> Result<(), String>;
}

/// A target, independent of the type of its inputs.
#[derive(Clone, Copy)]
pub struct Entry {
    /// The name on the command line.
    pub name: &'static str,
    /// One line on what is tested and which property must hold.
    pub about: &'static str,
    /// The number of inputs in the short run.
    pub short: u64,
    campaign: fn(&Plan) -> Outcome,
}

impl Entry {
    pub(crate) const fn of<T: Target>() -> Self {
        Self { name: T::NAME, about: T::ABOUT, short: T::SHORT, campaign: campaign::run::<T> }
    }

    /// Runs the inputs of the plan, until it ends or there is a finding.
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
