//! Scenarios of each kind of exchange, and values of components, with the code of `cargo xtask conform`.

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use clientsmith::spec::Spec;
use xtask::conform::components::codec;
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
    let spec = Spec::of_text("components.yaml", COMPONENTS.to_owned());
    let codec = codec::generate(&spec).expect("the document can be read").expect("it has no error");
    let packages = suite().packages().into_iter().chain([codec.package("components").expect("the manifest is TOML")]);
    packages.map(|package| Member::package(&package.name, package.files)).collect()
}

#[test]
fn clients_make_every_kind_of_exchange_as_their_document_describes_it() {
    let results = suite().failures(|program| workspace().program(program)).expect("servers and programs start");
    let failures: Vec<_> =
        results.iter().filter_map(|(name, why)| Some(format!("{name}: {}", why.as_ref()?))).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(results.len() >= 34, "{} scenarios ran", results.len());
}

/// A document with an enum, an object and a union.
const COMPONENTS: &str = "
openapi: 3.0.3
info: {title: Components, version: '1'}
paths: {}
components:
  schemas:
    Kind: {type: string, enum: [cat, dog]}
    Pet:
      type: object
      required: [kind]
      properties: {kind: {$ref: '#/components/schemas/Kind'}, born: {type: string, format: date}, note: {type: string, nullable: true}}
    Either: {oneOf: [{$ref: '#/components/schemas/Pet'}, {type: integer}]}
";

#[test]
fn a_program_decodes_and_encodes_values_of_components() {
    let mut child = Command::new(workspace().program("components"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let pet = r#"{"kind":"cat","born":"2024-02-29","note":null,"other":[1]}"#;
    let lines = format!("0 [\"dog\",\"cow\"]\n1 [{pet}]\n2 [{pet},7]\n1 [{{}}]\n9 []\n");
    child.stdin.take().expect("it is piped").write_all(lines.as_bytes()).expect("it is read");
    let output = child.wait_with_output().expect("the program ends");
    let output = String::from_utf8(output.stdout).expect("it is text");
    let expected = format!("+[\"dog\",\"cow\"]\n+[{pet}]\n+[{pet},7]\n");
    let failures = output.strip_prefix(&expected).expect(&output);
    assert_eq!(failures.lines().map(|line| line.starts_with('-')).collect::<Vec<_>>(), [true, true], "{output}");
}
