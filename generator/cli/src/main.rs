//! The `clientsmith` program. All logic is in the library, where tests can reach it.

use mimalloc::MiMalloc;

// Generating allocates many small syntax nodes.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> std::process::ExitCode {
    clientsmith::cli::main()
}
