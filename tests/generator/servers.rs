//! The servers of a document, and how clients use them.

use generator::Output;

use crate::generator::fixtures::run;

fn client(server: &str, operation: &str) -> Output {
    let operation = format!("{{operationId: act, {operation}responses: {{'204': {{description: done}}}}}}");
    let paths = format!("{{'/x?a=b': {{get: {operation}}}}}");
    run(
        "servers",
        &format!(
            "{{openapi: 3.0.3, info: {{title: Servers, version: '1'}}, servers: [{{url: '{server}'}}], paths: {paths}}}"
        ),
    )
}

#[test]
fn the_query_of_a_server_is_sent_with_each_request() {
    let queries = |server: &str, operation: &str| {
        let output = client(server, operation);
        let only = &output.api.operations[0];
        let query: Vec<_> = only.fixed_query.iter().map(|(name, value)| format!("{name}={value}")).collect();
        (output.api.client.server.clone().unwrap_or_default(), only.server.clone(), query.join("&"))
    };
    let with =
        |server: &str, own: Option<&str>, query: &str| (server.to_owned(), own.map(str::to_owned), query.to_owned());
    let main = "https://a.example.com/v1/?api-version=2024&c=%2Fd&e#top";
    assert_eq!(queries(main, ""), with("https://a.example.com/v1", None, "a=b&api-version=2024&c=/d&e="));
    let other = "servers: [{url: 'https://b.example.com?f=g'}], ";
    assert_eq!(queries(main, other), with("https://a.example.com/v1", Some("https://b.example.com"), "a=b&f=g"));
    let parameter = "parameters: [{name: api-version, in: query, schema: {type: string}}], ";
    assert_eq!(queries(main, parameter), with("https://a.example.com/v1", None, "a=b&c=/d&e="));
}

#[test]
fn examples_allow_plain_http_only_if_a_server_needs_it() {
    let shown = |server: &str, operation: &str| {
        let output = client(server, operation);
        let readme = output.tree.get("README.md").expect("there is a README");
        let examples = output.tree.get("examples/shared/mod.rs").expect("there are examples");
        [readme, examples].map(|text| text.contains(".allow_plain_http(true)"))
    };
    assert_eq!(shown("http://a.example.com", ""), [true, true]);
    assert_eq!(shown("https://a.example.com", "servers: [{url: 'http://b.example.com'}], "), [true, true]);
    for server in ["https://a.example.com", "http://localhost:80/v1", "http://127.0.0.1", "http://[::1]:80"] {
        assert_eq!(shown(server, ""), [false, false], "{server}");
    }
}
