//! What leads from page to page.

use generator::ir::NextPage;

use crate::generator::fixtures::run;

#[test]
fn the_number_of_pages_is_read_beside_an_offset() {
    let pages = |outputs: &str| {
        let pagination = format!(
            "x-speakeasy-pagination: {{type: offsetLimit, inputs: [{{name: offset, in: parameters, type: offset}}, \
             {{name: limit, in: parameters, type: limit}}], outputs: {{{outputs}}}}}"
        );
        let parameters = "parameters: [{name: offset, in: query, schema: {type: integer}}, {name: limit, in: query, schema: {type: integer}}]";
        let schema =
            "{type: object, properties: {items: {type: array, items: {type: integer}}, pages: {type: integer}}}";
        let responses = format!(
            "responses: {{'200': {{description: a page, content: {{application/json: {{schema: {schema}}}}}}}}}"
        );
        let paths = format!("{{/x: {{get: {{operationId: act, {pagination}, {parameters}, {responses}}}}}}}");
        let output = run("pages", &format!("{{openapi: 3.0.3, info: {{title: Pages, version: '1'}}, paths: {paths}}}"));
        match &output.api.operations[0].pagination.as_ref().expect("there are pages").next {
            NextPage::Offset { pages, .. } => pages.clone(),
            other => panic!("it is not an offset: {other:?}"),
        }
    };
    assert_eq!(pages("results: $.items"), None);
    assert_eq!(pages("results: $.items, numPages: $.pages"), Some("/pages".to_owned()));
}
