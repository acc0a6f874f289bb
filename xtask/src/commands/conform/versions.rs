//! `conform versions`: compares the verdicts of `clientsmith diff` with those of cargo-semver-checks, and writes a section of the page.

use std::fs;

use anyhow::{Context as _, Result};
use clientsmith::surface::Impact;

use crate::cli::Versions;
use crate::conform::page::{self, Section};
use crate::conform::versions::cases::{in_folder, own};
use crate::conform::versions::judge::{Judge, Proof, Verdict};
use crate::workspace;
use clientsmith::commands::Outcome;
use clientsmith::console::Console;

pub(crate) fn run(args: &Versions, console: &mut Console) -> Result<Outcome> {
    let work = args.work.clone().unwrap_or_else(|| workspace::root().join("target/conform/versions"));
    fs::create_dir_all(&work).context("cannot create the folder of the results")?;
    let judge = Judge { work };
    let mut pairs = own()?;
    for folder in &args.folders {
        pairs.extend(in_folder(folder)?);
    }
    let is_complete = args.only.is_empty();
    pairs.retain(|pair| is_complete || args.only.contains(&pair.name));
    let mut verdicts = Vec::new();
    for (number, pair) in pairs.iter().enumerate() {
        let verdict = judge.judge(number, pair)?;
        console.eprint(&row(&verdict));
        verdicts.push(verdict);
    }
    let text = section(&verdicts);
    if is_complete {
        page::write(&args.page.clone().unwrap_or_else(page::path), Section::Versions, &text)?;
    } else {
        console.print(&text);
    }
    let is_weaker = verdicts.iter().any(|verdict| verdict.ours < verdict.theirs);
    Ok(if is_weaker { Outcome::Failed } else { Outcome::Passed })
}

fn section(verdicts: &[Verdict]) -> String {
    let count = |matches: fn(&Verdict) -> bool| verdicts.iter().filter(|verdict| matches(verdict)).count();
    let weaker = count(|verdict| verdict.ours < verdict.theirs);
    let stricter = count(|verdict| verdict.proof.is_some());
    let proven = count(|verdict| matches!(verdict.proof, Some(Proof::Found(_))));
    let mut text = format!(
        "The verdict of `clientsmith diff` on {} pairs of documents, and that of {} on the rustdoc of both clients with all \
         features. Ours is weaker for {weaker} pairs. It is breaking where the other tool's is not for {stricter} pairs; for {proven} of \
         them a program that compiles with the old client and not with the new one was written and compiled.\n\n\
         | change | ours | cargo-semver-checks | a program that breaks uses |\n|---|---|---|---|\n",
        verdicts.len(),
        version()
    );
    for verdict in verdicts {
        text.push_str(&format!("{}\n", row(verdict)));
    }
    text
}

fn row(verdict: &Verdict) -> String {
    let proof = match &verdict.proof {
        None => "",
        Some(Proof::Found(change)) => change,
        Some(Proof::Missing) => "none found",
    };
    let theirs = if verdict.is_renamed { "not compared: another package" } else { word(verdict.theirs) };
    format!("| {} | {} | {theirs} | {proof} |", verdict.name, word(verdict.ours))
}

fn word(impact: Option<Impact>) -> &'static str {
    match impact {
        None => "none",
        Some(Impact::Patch) => "patch",
        Some(Impact::Minor) => "minor",
        Some(Impact::Major) => "major",
    }
}

/// The name and the version of the other tool.
fn version() -> String {
    let output = std::process::Command::new("cargo").args(["semver-checks", "--version"]).output().ok();
    output.and_then(|output| String::from_utf8(output.stdout).ok()).unwrap_or_default().trim().to_owned()
}
