//! The clients that tests compile, and the programs that use them: one workspace, compiled once.

use std::sync::LazyLock;

use crate::client::conformance;
use crate::client::workspace::{Member, Workspace};
use crate::generator::fixtures;
use crate::generator::long_running_fixture;

/// The workspace with all programs. The first test that uses it writes and compiles it.
pub(crate) fn workspace() -> &'static Workspace {
    static WORKSPACE: LazyLock<Workspace> = LazyLock::new(|| {
        let workspace = Workspace::write("clients", &members());
        workspace.cargo(&["build", "--workspace"]);
        workspace
    });
    &WORKSPACE
}

fn members() -> Vec<Member> {
    let mut members = fixtures::members();
    members.extend(long_running_fixture::members());
    members.extend(conformance::members());
    #[cfg(feature = "slow")]
    members.extend(crate::client::checked_clients::members());
    members
}
