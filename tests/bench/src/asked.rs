//! What the programs are asked for on their command lines, in words that `cargo xtask bench call` knows too.

use std::env;
use std::error::Error;
use std::str::FromStr;

use crate::client::{Client, Result};

/// Which client is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variant {
    /// `ours`: the generated client.
    Ours,
    /// `by-hand`: reqwest by hand.
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
            _ => Err(format!("there is no client {text:?}").into()),
        }
    }
}

/// Which operation is called.
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
            _ => Err(format!("there is no operation {text:?}").into()),
        }
    }
}

impl Operation {
    /// Makes calls of it, one after the other.
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

/// The command line of the programs that make calls: `CLIENT OPERATION SERVER CALLS AT_ONCE`.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Which client.
    pub variant: Variant,
    /// Which operation.
    pub operation: Operation,
    /// The address of the server.
    pub server: String,
    /// How many calls are made, all together.
    pub calls: usize,
    /// How many of them are under way at once.
    pub at_once: usize,
}

impl Asked {
    /// Reads the command line of this process.
    ///
    /// # Errors
    ///
    /// Something is missing or not understood.
    pub fn read() -> Result<Self> {
        let mut words = env::args().skip(1);
        let mut next = || words.next().ok_or("usage: CLIENT OPERATION SERVER CALLS AT_ONCE");
        let (variant, operation) = (next()?.parse()?, next()?.parse()?);
        Ok(Self { variant, operation, server: next()?, calls: next()?.parse()?, at_once: next()?.parse()? })
    }
}
