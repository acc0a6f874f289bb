//! The command lines of the programs, which `cargo xtask bench call` uses.

use std::env;
use std::error::Error;
use std::str::FromStr;

use crate::client::{Client, Result};

/// The client to measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variant {
    /// `ours`: the generated client.
    Ours,
    /// `by-hand`: hand-written reqwest code.
    ByHand,
    /// `untouched`: progenitor's output.
    Untouched,
}

impl FromStr for Variant {
    type Err = Box<dyn Error + Send + Sync>;

    fn from_str(text: &str) -> Result<Self> {
        match text {
            "ours" => Ok(Self::Ours),
            "by-hand" => Ok(Self::ByHand),
            "untouched" => Ok(Self::Untouched),
            _ => Err(format!("unknown client {text:?}").into()),
        }
    }
}

/// The operation to call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// `start`: a POST with a body.
    Start,
    /// `result`: a GET.
    Result,
}

impl FromStr for Operation {
    type Err = Box<dyn Error + Send + Sync>;

    fn from_str(text: &str) -> Result<Self> {
        match text {
            "start" => Ok(Self::Start),
            "result" => Ok(Self::Result),
            _ => Err(format!("unknown operation {text:?}").into()),
        }
    }
}

impl Operation {
    /// Calls the operation repeatedly, one call at a time.
    ///
    /// # Errors
    ///
    /// A call fails.
    pub async fn call(self, client: &impl Client, calls: usize) -> Result<()> {
        for _ in 0..calls {
            match self {
                Self::Start => client.start().await?,
                Self::Result => client.result().await?,
            };
        }
        Ok(())
    }
}

/// The arguments of the programs that make calls: `CLIENT OPERATION SERVER CALLS AT_ONCE`.
#[derive(Clone, Debug)]
pub struct Arguments {
    /// The client.
    pub variant: Variant,
    /// The operation.
    pub operation: Operation,
    /// The address of the server.
    pub server: String,
    /// The total number of calls.
    pub calls: usize,
    /// The number of concurrent calls.
    pub at_once: usize,
}

impl Arguments {
    /// Reads the command line of this process.
    ///
    /// # Errors
    ///
    /// An argument is missing or invalid.
    pub fn read() -> Result<Self> {
        let mut given = env::args().skip(1);
        let mut next = || given.next().ok_or("usage: CLIENT OPERATION SERVER CALLS AT_ONCE");
        let (variant, operation) = (next()?.parse()?, next()?.parse()?);
        Ok(Self { variant, operation, server: next()?, calls: next()?.parse()?, at_once: next()?.parse()? })
    }
}
