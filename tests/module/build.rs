//! Generates the client from the document whenever that changes.

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;
use std::{env, fs};

use generator::{Input, as_module, generate};

const DOCUMENT: &str = "../../openapi.yaml";

fn main() -> ExitCode {
    println!("cargo::rerun-if-changed={DOCUMENT}");
    match write_client() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Cargo prints these lines as errors of the build script.
            error.to_string().lines().for_each(|line| println!("cargo::error={line}"));
            ExitCode::FAILURE
        }
    }
}

fn write_client() -> Result<(), Box<dyn Error>> {
    let document = fs::read_to_string(DOCUMENT)?;
    let output = generate(&Input::new(DOCUMENT, &document))?;
    output.diagnostics.to_string().lines().for_each(|line| println!("cargo::warning={line}"));
    let module = as_module(&output.tree, "intuned")?;
    fs::write(Path::new(&env::var("OUT_DIR")?).join("intuned.rs"), module)?;
    Ok(())
}
