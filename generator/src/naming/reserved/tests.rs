use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::{BUILDER_METHODS, CALL_METHODS, CLIENT_METHODS, SERVER_METHODS};

/// A document whose client has every method that the lists name: a credential is required, and an operation starts a job.
const DOCUMENT: &str = "
openapi: 3.0.3
info: {title: Plain, version: '1'}
security: [{key: []}]
paths:
  /jobs:
    post:
      operationId: startJob
      tags: [jobs]
      responses:
        '202':
          description: started
          content: {application/json: {schema: {$ref: '#/components/schemas/Job'}}}
          links: {result: {operationId: getJob, parameters: {id: $response.body#/id}}}
  /jobs/{id}:
    get:
      operationId: getJob
      tags: [jobs]
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      x-speakeasy-polling:
        - {name: WaitForDone, successCriteria: [{condition: $response.body#/state == 'done'}]}
      responses: {'200': {description: the job, content: {application/json: {schema: {$ref: '#/components/schemas/Job'}}}}}
components:
  securitySchemes: {key: {type: apiKey, in: header, name: x-key}}
  schemas:
    Job:
      type: object
      required: [id, state]
      properties: {id: {type: string}, state: {type: string, enum: [running, done]}}
";

/// What the items of a source give a type: fields, inherent methods, and methods of traits.
fn names(source: &str, type_name: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for item in syn::parse_file(source).expect("it is Rust").items {
        match item {
            syn::Item::Struct(item) if item.ident == type_name && type_name.starts_with("Plain") => {
                found.extend(item.fields.iter().filter_map(|field| Some(field.ident.as_ref()?.to_string())));
            }
            syn::Item::Impl(block) if is_of(&block, type_name) => {
                let functions = block.items.iter().filter_map(|item| match item {
                    syn::ImplItem::Fn(function) => Some(function.sig.ident.to_string()),
                    _ => None,
                });
                found.extend(functions);
            }
            _ => {}
        }
    }
    // Associated functions of other types, which no name of the document becomes.
    for associated in ["from", "fmt", "default"] {
        found.remove(associated);
    }
    found
}

fn is_of(block: &syn::ItemImpl, type_name: &str) -> bool {
    let syn::Type::Path(own) = &*block.self_ty else { return false };
    own.path.segments.last().is_some_and(|segment| segment.ident == type_name)
}

fn sources(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("the entry can be read").path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(fs::read_to_string(&path).expect("the file can be read"));
        }
    }
    found
}

fn generated(path: &str) -> String {
    let output = crate::generate(&crate::Input::new("plain.yaml", DOCUMENT)).expect("the document is valid");
    output.tree.get(path).expect("the client has the file").to_owned()
}

fn assert_same(reserved: &[&str], found: &BTreeSet<String>) {
    let reserved: BTreeSet<String> = reserved.iter().map(|name| (*name).to_owned()).collect();
    let free: Vec<_> = found.difference(&reserved).collect();
    assert!(free.is_empty(), "a name in a document could clash with {free:?}: reserve them");
    let gone: Vec<_> = reserved.difference(found).collect();
    assert!(gone.is_empty(), "nothing has the names {gone:?}, so they need not be reserved");
}

#[test]
fn setters_of_parameters_cannot_have_the_name_of_a_method_of_a_call() {
    let runtime = Path::new(env!("CARGO_MANIFEST_DIR")).join("runtime/src");
    let found = sources(&runtime).iter().flat_map(|source| names(source, "Call")).collect();
    assert_same(&CALL_METHODS, &found);
}

#[test]
fn setters_of_a_builder_cannot_have_the_name_of_another_item_of_it() {
    let source = generated("src/client.rs");
    let mut found = names(&source, "PlainClientBuilder");
    found.extend(names(&source, "PlainClientCore"));
    assert!(found.remove("key"), "the setter of the document's own scheme");
    assert_same(&BUILDER_METHODS, &found);
}

#[test]
fn operations_cannot_have_the_name_of_a_method_of_a_client() {
    let mut found = names(&generated("src/client.rs"), "PlainClient");
    assert!(found.remove("jobs"), "the namespace of the document");
    assert_same(&CLIENT_METHODS, &found);
}

#[test]
fn operations_cannot_have_the_name_of_a_method_of_a_mock_server() {
    let mut found = names(&generated("src/test_util.rs"), "MockServer");
    assert!(found.remove("jobs_start_job") && found.remove("jobs_get_job"), "the operations of the document");
    assert_same(&SERVER_METHODS, &found);
}
