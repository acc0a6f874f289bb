//! Measures the memory that long downloads and uploads need, with a program of the package `bench`.

use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

use super::machine;
use super::programs::Programs;
use super::table::with_separators;

/// The most memory that a transfer may need, in bytes.
const AIM: u64 = 4 * 1024 * 1024;

#[derive(Deserialize)]
struct Memory {
    download: u64,
    upload: u64,
}

/// Measures, and returns the section of the page.
pub(crate) fn measure(length: u64) -> Result<String> {
    let programs = Programs::build("bench")?;
    let mut command = Command::new(programs.path("bench-transfer")?);
    let output = command.arg(length.to_string()).stderr(Stdio::inherit()).output();
    let output = output.context("cannot start bench-transfer")?;
    if !output.status.success() {
        bail!("bench-transfer failed");
    }
    let memory: Memory = serde_json::from_slice(&output.stdout).context("bench-transfer printed invalid JSON")?;
    Ok(format!("{}\n\n{}", machine::describe(&["reqwest", "hyper"])?, table(length, &memory)))
}

fn table(length: u64, memory: &Memory) -> String {
    let separated = |number: u64| with_separators(&number.to_string());
    let bytes = |bytes| if bytes > AIM { format!("**{}**", separated(bytes)) } else { separated(bytes) };
    format!(
        "A client of the runtime and a test server on one thread, over plain HTTP on the loopback address. The figures are the most bytes on the \
         heap at once, including those of the server. The target is at most {}, whatever the length is.\n\n\
         | transfer of about {} bytes | memory, bytes |\n|---|---:|\n\
         | download, as a stream | {} |\n| upload from a stream of known length | {} |\n",
        separated(AIM),
        separated(length),
        bytes(memory.download),
        bytes(memory.upload)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_above_the_target_is_bold() {
        let table = table(10, &Memory { download: AIM, upload: AIM + 1 });
        assert!(table.contains("| 4,194,304 |") && table.contains("| **4,194,305** |"), "{table}");
    }
}
