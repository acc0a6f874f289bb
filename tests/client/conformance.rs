//! Scenarios of each kind of exchange, with the code of `cargo xtask conform scenarios`.

use std::sync::LazyLock;

use xtask::conform::suite::{Selection, Suite};

use crate::client::clients::workspace;
use crate::client::workspace::Member;
use crate::root;

/// The scenarios of `tests/conformance` that are run here. The command also runs those about styles.
fn suite() -> &'static Suite {
    static SUITE: LazyLock<Suite> = LazyLock::new(|| {
        let names = ["kinds".to_owned()];
        Suite::read(&root().join("tests/conformance"), &Selection::of_names(&names)).expect("the suite can be read")
    });
    &SUITE
}

/// The clients and their programs.
pub(crate) fn members() -> Vec<Member> {
    suite().packages().into_iter().map(|package| Member::package(&package.name, package.files)).collect()
}

#[test]
fn clients_make_every_kind_of_exchange_as_their_document_describes_it() {
    let results = suite().failures(|program| workspace().program(program)).expect("servers and programs start");
    let failures: Vec<_> =
        results.iter().filter_map(|(name, why)| Some(format!("{name}: {}", why.as_ref()?))).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(results.len() >= 34, "{} scenarios ran", results.len());
}
