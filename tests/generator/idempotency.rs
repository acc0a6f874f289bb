//! Operations with an idempotency key in the document.

use crate::generator::fixtures::run;

#[test]
fn an_idempotency_key_makes_a_request_idempotent_only_if_it_is_sent() {
    let meta = |method: &str, stated: &str, header: &str| {
        let parameter = format!("{{name: {header}, in: header, schema: {{type: string}}}}");
        let operation = format!(
            "{{operationId: act, {stated}parameters: [{parameter}], responses: {{'204': {{description: done}}}}}}"
        );
        let paths = format!("{{/x: {{{method}: {operation}}}}}");
        let tree =
            run("keyed", &format!("{{openapi: 3.0.3, info: {{title: Keyed, version: '1'}}, paths: {paths}}}")).tree;
        let functions = tree.get("src/funcs/client.rs").expect("the function is there");
        let (_, meta) = functions.split_once("const META").expect("it is described");
        let field = |name: &str| {
            let line = meta.lines().find_map(|line| line.trim().strip_prefix(name));
            line.expect("the field is there").trim_start_matches(": ").trim_end_matches(',').to_owned()
        };
        [field("idempotent"), field("idempotency_key")]
    };
    let idempotent = "x-fern-idempotent: true, ";
    assert_eq!(meta("post", idempotent, "Idempotency-Key"), ["true", r#"Some("idempotency-key")"#]);
    assert_eq!(meta("patch", idempotent, "idempotency-key"), ["true", r#"Some("idempotency-key")"#]);
    assert_eq!(meta("post", idempotent, "X-Other"), ["true", "None"]);
    assert_eq!(meta("post", "", "Idempotency-Key"), ["false", "None"]);
    assert_eq!(meta("put", "", "Idempotency-Key"), ["true", "None"]);
}
