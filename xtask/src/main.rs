//! The `xtask` program. Everything it does stands in the library, where tests can reach it.

use mimalloc::MiMalloc;

// Generating allocates many small parts of syntax.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> std::process::ExitCode {
    xtask::cli::main()
}
