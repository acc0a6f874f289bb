//! The same API in every dialect.

use std::fs;

use generator::{Input, generate};

use crate::root;

/// Returns the files of the client of a document in `tests/dialects`. All documents have the same name for the generator, which
/// the files contain.
fn client(document: &str) -> Vec<(String, String)> {
    let text = fs::read_to_string(root().join("tests/dialects").join(document)).expect("the document is there");
    let output = generate(&Input::new("stock.yaml", &text)).unwrap_or_else(|found| panic!("{document}: {found:#?}"));
    let codes: Vec<_> = output.diagnostics.sorted().iter().map(|one| one.code.id).collect();
    assert_eq!(codes, [""; 0], "{document}");
    output.tree.iter().map(|(path, text)| (path.to_owned(), text.to_owned())).collect()
}

#[test]
fn the_same_api_in_every_dialect_is_the_same_client() {
    let expected = client("openapi-3.0.yaml");
    for document in ["swagger-2.0.yaml", "openapi-3.1.yaml", "openapi-3.2.yaml"] {
        let found = client(document);
        let names = |files: &[(String, String)]| files.iter().map(|(path, _)| path.clone()).collect::<Vec<_>>();
        assert_eq!(names(&found), names(&expected), "{document}");
        for ((path, found), (_, expected)) in found.iter().zip(&expected) {
            assert_eq!(found, expected, "{path} of {document}");
        }
    }
}
