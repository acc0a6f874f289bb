//! Guarantee 7: an echoed value is also masked in parts and in other encodings.

use std::time::Duration;

use sdk_runtime::{
    AnyStyle, Call, Core, Credential, Error, HttpMethod, ListStyle, Method, Multipart, Operation, OperationMeta,
    PartHead, RawResponse, RequestWriter,
};
use serde_json::json;

use crate::operations::{Start, get, standin_client, standin_config, start};
use crate::shapes::Written;
use crate::standin::{Standin, Turn};

fn run<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime without threads").block_on(future)
}

fn refusing(message: &str) -> Standin {
    Standin::always(Turn::status(400).body(json!({ "message": message }).to_string()))
}

fn message_of<O: Operation>(call: Call<'_, O>) -> String {
    let Err(error) = run(call.send()) else { panic!("400") };
    error.server_message().expect("a message").to_owned()
}

/// The error message for a request that a function writes.
fn shown(write: impl Fn(&mut RequestWriter) -> Result<(), Error> + Clone + Send + Sync, message: &str) -> String {
    let core = standin_client(&refusing(message));
    let write = move |request: &mut RequestWriter| {
        request.path("/");
        write(request)
    };
    message_of(Call::new(&core, Written(write)))
}

/// The error message for a request with a header.
fn shown_of_header(name: &str, value: &str, message: &str) -> String {
    let core = standin_client(&refusing(message));
    message_of(Call::new(&core, get::<()>()).header(name, value))
}

/// The error message for a body that is a JSON string.
fn shown_of_string(value: &str, message: &str) -> String {
    let core = standin_client(&refusing(message));
    message_of(Call::new(&core, Start { body: json!(value), ..start() }))
}

/// Needs a credential of the Basic scheme.
struct Basic;

impl Operation for Basic {
    type Output = ();

    const META: OperationMeta = OperationMeta {
        id: "basic",
        method: HttpMethod::Known(Method::GET),
        path: "/",
        accept: None,
        idempotent: true,
        idempotency_key: None,
        retry: None,
        security: &[&["basic"]],
        server: None,
    };

    fn encode(&self, request: &mut RequestWriter) -> Result<(), Error> {
        request.path("/");
        Ok(())
    }

    fn decode(_: &RawResponse) -> Result<(), Error> {
        Ok(())
    }
}

fn client_with(scheme: &'static str, credential: Credential, message: &str) -> Core {
    let mut config = standin_config(&refusing(message));
    config.credential(scheme, credential);
    config.build().expect("the settings are valid")
}

#[test]
fn the_credential_after_the_scheme_is_masked() {
    let masked = |value, message| shown_of_header("authorization", value, message);
    assert_eq!(masked("Bearer tok-1", "no tok-1 here"), "no [redacted] here");
    assert_eq!(masked("token t7", "no t7 here"), "no [redacted] here");
    assert_eq!(masked("k7", "no k7 here"), "no [redacted] here");
    // This is `alice:p?7~~`.
    assert_eq!(masked("basic YWxpY2U6cD83fn4=", "alice has no p?7~~"), "alice has no [redacted]");
    assert_eq!(masked("Basic YWxpY2U6cD83fn4=", "no alice:p?7~~"), "no [redacted]");
    assert_eq!(masked("Basic YWxpY2U6cD83fn4=", "no YWxpY2U6cD83fn4="), "no [redacted]");
    assert_eq!(masked("Digest user=\"john\", response=\"abc-1\"", "john: abc-1"), "[redacted]: [redacted]");
    assert_eq!(shown_of_header("x-mine", "Bearer tok-1", "no tok-1"), "no [redacted]");
}

#[test]
fn lists_pairs_and_json_in_headers_are_masked() {
    assert_eq!(shown_of_header("cookie", "sid=abc-1; theme=da%20rk", "abc-1, da rk"), "[redacted], [redacted]");
    assert_eq!(shown_of_header("x-mine", "one-1, two-2,three", "two-2 one-1"), "[redacted] [redacted]");
    assert_eq!(shown_of_header("x-mine", r#"{"a":"in\"ner"}"#, "no in\"ner"), "no [redacted]");
}

#[test]
fn the_password_in_a_joined_basic_credential_is_masked() {
    let provided = |text: &'static str| {
        Credential::provider(move || async move { Ok::<_, sdk_runtime::BoxError>(text.to_owned()) })
    };
    for (text, password) in [("alice:passw0rd", "passw0rd"), ("alice:p:7", "p:7"), ("alice:x", "x")] {
        for credential in [Credential::from(text), provided(text)] {
            let core = client_with("basic", credential, &format!("no {password} for alice"));
            assert_eq!(message_of(Call::new(&core, Basic)), "no [redacted] for alice");
        }
    }
}

#[test]
fn a_credential_is_masked_trimmed_and_url_encoded() {
    let core = client_with("apiKey", " k7\t".into(), "no k7");
    assert_eq!(message_of(Call::new(&core, get::<()>())), "no [redacted]");
    let core = client_with("queryKey", " a:b&c ".into(), "no /x?key=a%3Ab%26c");
    assert_eq!(message_of(Call::new(&core, get::<()>())), "no /x?key=[redacted]");
    let core = client_with("basic", Credential::basic("john", " "), "no such user");
    assert_eq!(message_of(Call::new(&core, get::<()>())), "no such user");
}

#[test]
fn a_value_is_masked_with_the_escapes_of_debug() {
    for value in ["it's \"a\" secret", "a\u{301}-\\-e\u{301}", "tab\tand\0zero\u{1b}"] {
        assert_eq!(shown_of_string(value, &format!("no {value:?}")), "no \"[redacted]\"", "{value:?}");
        assert_eq!(shown_of_string(value, &format!("no {}", value.escape_debug())), "no [redacted]", "{value:?}");
    }
}

#[test]
fn a_value_is_masked_with_the_escapes_of_json() {
    let value = "grün/😀\u{1}\u{8}\"";
    for written in [
        r#"grün/😀\u0001\b\""#,
        r#"grün\/😀\u0001\b\""#,
        r#"gr\u00fcn/\ud83d\ude00\u0001\b\""#,
        r#"gr\u00fcn\/\ud83d\ude00\u0001\b\""#,
        r#"gr\u00FCn/\uD83D\uDE00\u0001\b\""#,
        r#"gr\u00FCn\/\uD83D\uDE00\u0001\b\""#,
    ] {
        assert_eq!(shown_of_string(value, &format!("no {written}!")), "no [redacted]!", "{written}");
    }
}

#[test]
fn many_values_with_escapes_are_masked_in_time() {
    let words: Vec<_> = (0..50_000).map(|number| format!("wörd/{number}")).collect();
    let message = words[..900].join(" ").replace('ö', "\\u00f6");
    let core = standin_client(&refusing(&message));
    let error = run(Call::new(&core, Start { body: json!(words), ..start() }).send()).expect_err("400");
    let masked = error.server_message().expect("a message");
    assert!(masked.starts_with("[redacted] [redacted] "), "{masked}");
    assert!(error.elapsed() < Duration::from_secs(60), "{:?}", error.elapsed());
}

#[test]
fn list_items_in_the_query_are_masked_with_any_separator() {
    for style in [ListStyle::Comma, ListStyle::Space, ListStyle::Pipe, ListStyle::Exploded] {
        let list = move |request: &mut RequestWriter| {
            request.query_list("q", &["one-1", "two&2"], style);
            Ok(())
        };
        assert_eq!(shown(list, "one-1, two&2, two%262"), "[redacted], [redacted], [redacted]", "{style:?}");
    }
}

#[test]
fn strings_in_the_json_of_a_parameter_are_masked() {
    let value = json!({"a": ["in-1", "in \"2\""]});
    let message = "in-1, in \"2\"";
    let query = value.clone();
    let query = move |request: &mut RequestWriter| request.any_in_query("q", &query, AnyStyle::Json);
    assert_eq!(shown(query, message), "[redacted], [redacted]");
    let cookie = value.clone();
    let cookie = move |request: &mut RequestWriter| request.any_in_cookie("q", &cookie, AnyStyle::Json);
    assert_eq!(shown(cookie, message), "[redacted], [redacted]");
    let header = move |request: &mut RequestWriter| request.any_in_header("q", &value, AnyStyle::Json);
    assert_eq!(shown(header, message), "[redacted], [redacted]");
}

#[test]
fn contents_of_parts_are_masked_whatever_they_contain() {
    let parts = |request: &mut RequestWriter| {
        let body = Multipart::new().text("a", "--dashes").text("b", "Content-Type: none").text("c", "l1\r\nl2\r\n");
        request.multipart(&body)
    };
    let message = "--dashes, Content-Type: none, l1\r\nl2\r\n, form-data";
    assert_eq!(shown(parts, message), "[redacted], [redacted], [redacted], form-data");
    let headers = |request: &mut RequestWriter| {
        let mut body = Multipart::new();
        PartHead::new("a").content_type("text/plain").header("X-Token", "part-token").text(&mut body, "part-value");
        request.multipart(&body)
    };
    assert_eq!(shown(headers, "part-token, part-value, text/plain"), "[redacted], [redacted], text/plain");
    let by_hand = |request: &mut RequestWriter| {
        let body = "--b 1\nContent-Disposition: form-data; name=\"a\"\n\n--secret\n--b 1--\n";
        request.bytes("multipart/form-data; Boundary=\"b 1\"", body.into());
        Ok(())
    };
    assert_eq!(shown(by_hand, "no --secret"), "no [redacted]");
}

#[test]
fn user_names_and_passwords_in_urls_are_masked_everywhere() {
    const URL: &str = "http://john:p%40ss:1@proxy.example/?next=a@b.example";
    let message = "john, p%40ss:1, p@ss:1, proxy.example";
    let masked = "[redacted], [redacted], [redacted], proxy.example";
    let query = |request: &mut RequestWriter| {
        request.query("q", URL);
        Ok(())
    };
    assert_eq!(shown(query, message), masked);
    assert_eq!(shown(|request: &mut RequestWriter| request.form(&json!({ "f": URL }), &[]), message), masked);
    let parts = |request: &mut RequestWriter| request.multipart(&Multipart::new().text("f", URL));
    assert_eq!(shown(parts, message), masked);
    assert_eq!(shown(|request: &mut RequestWriter| request.json(&json!([URL])), message), masked);
    assert_eq!(shown_of_header("x-proxy", URL, message), masked);
    assert_eq!(
        shown_of_string("a http://user-1:p-1@a b https://user-2:p-/2@b", "user-1 p-/2"),
        "[redacted] [redacted]"
    );
}

#[test]
fn the_content_type_of_a_body_is_read_in_any_case() {
    let body = |request: &mut RequestWriter| {
        request.bytes("Text/Plain; charset=utf-8", "secret".into());
        Ok(())
    };
    assert_eq!(shown(body, "no secret"), "no [redacted]");
}

#[test]
fn texts_and_attributes_of_xml_are_masked() {
    let xml = "<?xml version=\"1.0\"?><a it=\"it's\" key='attr-secret' b=\"other &amp; more\"><!-- a comment --><c>text > secret</c>\
               <d><![CDATA[raw <secret>]]></d><e>x &lt; &#121;&#x7a;z</e></a>";
    for (message, masked) in [
        ("invalid attr-secret!", "invalid [redacted]!"),
        ("invalid other & more", "invalid [redacted]"),
        ("invalid a comment", "invalid [redacted]"),
        ("invalid text > secret", "invalid [redacted]"),
        ("invalid raw <secret>", "invalid [redacted]"),
        ("invalid x < yzz", "invalid [redacted]"),
        ("the element e is invalid", "the element e is invalid"),
    ] {
        let body = |request: &mut RequestWriter| {
            request.bytes("application/xml", bytes::Bytes::from_static(xml.as_bytes()));
            Ok(())
        };
        assert_eq!(shown(body, message), masked, "{message}");
    }
}
