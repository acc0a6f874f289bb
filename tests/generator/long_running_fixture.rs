//! Jobs of other shapes than in the document of the repository: an id that is a nested number, a state that is not a union, a job
//! that cannot fail, ids named like methods of the handle, and two pairs in one document. Tests the generated code and its use.

use generator::diagnostics::Palette;
use generator::tree::CrateTree;
use generator::{Input, generate};

use crate::client::clients;
use crate::client::workspace::Member;

const DOCUMENT: &str = r#"
openapi: 3.0.3
info: {title: Warehouse, version: '1'}
servers: [{url: 'https://warehouse.example.com'}]
paths:
  /exports:
    post:
      operationId: startExport
      tags: [exports]
      responses:
        '202':
          description: started
          content: {application/json: {schema: {$ref: '#/components/schemas/ExportStarted'}}}
          links:
            state: {operationId: getExport, parameters: {number: $response.body#/export/ref/number}}
  /exports/{number}:
    get:
      operationId: getExport
      tags: [exports]
      parameters: [{name: number, in: path, required: true, description: Its number., schema: {type: integer, format: int64}}]
      x-speakeasy-polling:
        - name: WaitForReady
          successCriteria: [{condition: $statusCode == 200}, {condition: $response.body#/phase == "ready"}]
      responses:
        '200':
          description: how far it is
          content: {application/json: {schema: {$ref: '#/components/schemas/Export'}}}
  /teams/{team}/imports:
    post:
      operationId: beginImport
      tags: [imports]
      parameters:
        - {name: team, in: path, required: true, schema: {type: string}}
        - {name: region, in: query, schema: {type: string}}
        - {name: limiter, in: query, required: true, schema: {type: integer}}
      requestBody:
        required: true
        content: {application/json: {schema: {type: object, required: [source], properties: {source: {type: string}}}}}
      responses:
        '201':
          description: started
          content: {application/json: {schema: {type: object, required: [id], properties: {id: {type: string}}}}}
          links:
            self:
              operationId: askImport
              parameters: {path.team: $request.path.team, region: $request.query.region, import: $response.body#/id, limiter: $request.query.limiter, poll: $response.body#/poll/0}
  /teams/{team}/imports/{import}:
    get:
      operationId: askImport
      tags: [imports]
      parameters:
        - {name: team, in: path, required: true, schema: {type: string}}
        - {name: import, in: path, required: true, schema: {type: string}}
        - {name: region, in: query, required: true, schema: {type: string}}
        - {name: limiter, in: query, required: true, schema: {type: integer}}
        - {name: poll, in: query, required: true, schema: {type: string}}
        - {name: verbose, in: query, schema: {type: boolean}}
      x-speakeasy-polling:
        - name: WaitForFinish
          delaySeconds: 5
          intervalSeconds: 0.25
          limitCount: 40
          successCriteria: [{condition: $response.body#/kind == "finished"}]
          failureCriteria: [{condition: $response.body#/kind == "broken"}]
      responses:
        '200':
          description: how far it is
          content: {application/json: {schema: {$ref: '#/components/schemas/ImportState'}}}
components:
  schemas:
    ExportStarted:
      type: object
      required: [export]
      properties:
        export:
          type: object
          required: [ref]
          properties:
            ref: {type: object, required: [number], properties: {number: {type: integer, format: int64}}}
    Export:
      type: object
      required: [phase]
      properties: {phase: {type: string}, url: {type: string}}
    ImportState:
      oneOf:
        - $ref: '#/components/schemas/ImportFinished'
        - $ref: '#/components/schemas/ImportRunning'
        - $ref: '#/components/schemas/ImportBroken'
      discriminator:
        propertyName: kind
        mapping:
          finished: '#/components/schemas/ImportFinished'
          running: '#/components/schemas/ImportRunning'
          broken: '#/components/schemas/ImportBroken'
    ImportFinished: {type: object, required: [kind, rows], properties: {kind: {type: string, enum: [finished]}, rows: {type: integer}}}
    ImportRunning: {type: object, required: [kind], properties: {kind: {type: string, enum: [running]}}}
    ImportBroken: {type: object, required: [kind, why], properties: {kind: {type: string, enum: [broken]}, why: {type: string}}}
"#;

/// A program that uses both pairs in every possible way, and spawns them.
const CONSUMER: &str = r##"//! Uses long-running work as a user would.
#![allow(missing_docs, reason = "it has no readers")]

use std::time::Duration;

use warehouse_client::funcs::{BeginImportJob, StartExportJob};
use warehouse_client::types::{Export, ImportFinished, ImportState};
use warehouse_client::jobs::{JobError, Progress, WaitOptions};
use warehouse_client::{Error, WarehouseClient};

pub async fn export(client: &WarehouseClient) -> Result<Export, JobError<StartExportJob>> {
    client.exports().start_export().wait().timeout(Duration::from_secs(60)).on_start(|handle| assert!(handle.number() > 0)).await
}

pub async fn export_again(client: &WarehouseClient, number: i64) -> Result<Option<Export>, Error> {
    match StartExportJob::new(number).poll(client).await? {
        Progress::Done(export) => Ok(Some(export)),
        _ => Ok(None),
    }
}

pub async fn import(client: &WarehouseClient) -> Result<ImportFinished, JobError<BeginImportJob>> {
    let body = warehouse_client::types::BeginImportRequestBody::new("here");
    let handle: BeginImportJob = client.imports().begin_import("a team", 3, body).region("north").job().await.expect("it starts");
    let _ids: (&str, &str, &str) = (handle.team(), handle.import(), handle.region());
    let _awkward: (i64, &str) = (handle.limiter_param(), handle.poll_param());
    let _same = handle == BeginImportJob::new("a team", "one", "north", 3, "x");
    let mut states = handle.states(client, WaitOptions::new());
    while let Some(Ok(Progress::Running(state))) = states.next().await {
        assert!(!matches!(state, ImportState::Finished(_)));
    }
    drop(states);
    handle.wait(client).on_state(|state: &ImportState| drop(state.clone())).await
}

#[expect(clippy::manual_async_fn, reason = "the bounds of the future are what must hold")]
pub fn can_be_spawned(client: WarehouseClient) -> impl Future<Output = ()> + Send + 'static {
    async move {
        drop(export(&client).await);
        drop(export_again(&client, 7).await);
        drop(import(&client).await);
    }
}

pub fn is_text(handle: &StartExportJob) -> bool {
    serde_json::to_string(handle).is_ok_and(|text| text == r#"{"number":7}"#)
}
"##;

/// The client, and a library that uses it.
pub(crate) fn members() -> [Member; 2] {
    let dependencies = "serde_json = \"1\"\nwarehouse-client = { path = \"../warehouse\", default-features = false, features = [\"full\"] }\n";
    let consumer = Member::user("warehouse-consumer", dependencies, "src/lib.rs", CONSUMER.to_owned());
    [Member::client("warehouse", &tree()), consumer]
}

fn tree() -> CrateTree {
    let output = generate(&Input::new("warehouse.yaml", DOCUMENT));
    let output = output.unwrap_or_else(|found| panic!("{}", found.render("warehouse.yaml", DOCUMENT, Palette::Plain)));
    let found = output.diagnostics.render("warehouse.yaml", DOCUMENT, Palette::Plain);
    assert!(found.is_empty(), "{found}");
    output.tree
}

#[test]
fn every_start_and_result_pair_has_a_handle() {
    let tree = tree();
    let shown: Vec<_> = tree.iter().filter(|(path, _)| path.starts_with("src/funcs/")).collect();
    assert_eq!(shown.len(), 2);
    let shown: Vec<_> = shown.into_iter().map(|(path, text)| format!("//// {path}\n{text}\n")).collect();
    let shown = shown.concat();
    insta::with_settings!({prepend_module_to_snapshot => false, omit_expression => true}, {
        insta::assert_snapshot!("long_running_fixture", shown);
    });
}

#[test]
fn both_pairs_can_be_used() {
    // It contains the client of the document and a library that uses all of it.
    clients::workspace();
}
