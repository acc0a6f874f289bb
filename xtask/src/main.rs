//! The `xtask` program. Everything it does stands in the library, where tests can reach it.

fn main() -> std::process::ExitCode {
    xtask::cli::main()
}
