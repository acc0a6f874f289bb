//! Values of every type in every style, against the tables of OpenAPI 3.0 ("Style Examples") and RFC 6570, and bodies
//! other than JSON.

use sdk_runtime::{
    AnyStyle, Call, Error, ErrorKind, HttpMethod, ListStyle, Method, Multipart, Operation, OperationMeta, RawResponse,
    RequestPreview, RequestWriter,
};
use serde_json::{Value, json};

use crate::operations::client;
use crate::service::{api, seen};
use test_server::Server;

/// A call whose request a function writes.
#[derive(Clone)]
pub struct Written<F>(pub F);

impl<F: Fn(&mut RequestWriter) -> Result<(), Error> + Clone + Send + Sync> Operation for Written<F> {
    type Output = ();

    const META: OperationMeta = OperationMeta {
        id: "written",
        method: HttpMethod::Known(Method::POST),
        path: "/",
        accept: None,
        idempotent: true,
        idempotency_key: None,
        retry: None,
        security: &[],
        server: None,
    };

    fn encode(&self, request: &mut RequestWriter) -> Result<(), Error> {
        (self.0)(request)
    }

    fn decode(_: &RawResponse) -> Result<(), Error> {
        Ok(())
    }
}

fn preview(
    write: impl Fn(&mut RequestWriter) -> Result<(), Error> + Clone + Send + Sync,
) -> Result<RequestPreview, Error> {
    Call::new(&client("http://localhost"), Written(write)).preview()
}

fn empty() -> Value {
    json!("")
}

fn string() -> Value {
    json!("blue")
}

fn array() -> Value {
    json!(["blue", "black", "brown"])
}

fn object() -> Value {
    json!({"B": 150, "G": 200, "R": 100})
}

fn path(value: &Value, style: AnyStyle) -> Result<String, ErrorKind> {
    let preview = preview(|request| {
        request.path("/");
        request.any_in_path("color", value, style)
    });
    let url = preview.map_err(|error| error.kind())?.url().to_owned();
    Ok(url.trim_start_matches("http://localhost/").to_owned())
}

fn query(value: &Value, style: AnyStyle) -> String {
    let preview = preview(|request| {
        request.path("/");
        request.any_in_query("color", value, style)
    });
    preview.expect("a request").url().trim_start_matches("http://localhost/").to_owned()
}

#[test]
fn paths_match_the_tables() {
    let check =
        |style, value: Value, text: &str| assert_eq!(path(&value, style).as_deref(), Ok(text), "{style:?} {value}");
    for (style, value, text) in [
        (AnyStyle::Matrix { explode: false }, string(), ";color=blue"),
        (AnyStyle::Matrix { explode: false }, array(), ";color=blue,black,brown"),
        (AnyStyle::Matrix { explode: false }, object(), ";color=B,150,G,200,R,100"),
        (AnyStyle::Matrix { explode: true }, string(), ";color=blue"),
        (AnyStyle::Matrix { explode: true }, array(), ";color=blue;color=black;color=brown"),
        (AnyStyle::Matrix { explode: true }, object(), ";B=150;G=200;R=100"),
        (AnyStyle::Label { explode: false }, string(), ".blue"),
        (AnyStyle::Label { explode: false }, array(), ".blue,black,brown"),
        (AnyStyle::Label { explode: false }, object(), ".B,150,G,200,R,100"),
        (AnyStyle::Label { explode: true }, string(), ".blue"),
        (AnyStyle::Label { explode: true }, array(), ".blue.black.brown"),
        (AnyStyle::Label { explode: true }, object(), ".B=150.G=200.R=100"),
        (AnyStyle::Delimited(ListStyle::Comma), string(), "blue"),
        (AnyStyle::Delimited(ListStyle::Comma), array(), "blue,black,brown"),
        (AnyStyle::Delimited(ListStyle::Comma), object(), "B,150,G,200,R,100"),
        (AnyStyle::Exploded, string(), "blue"),
        (AnyStyle::Exploded, array(), "blue,black,brown"),
        (AnyStyle::Exploded, object(), "B=150,G=200,R=100"),
        (AnyStyle::Delimited(ListStyle::Comma), json!(["a/b", "c,d;e=f"]), "a%2Fb,c%2Cd%3Be%3Df"),
        (AnyStyle::Json, json!({"a": "/?"}), "%7B%22a%22%3A%22%2F%3F%22%7D"),
    ] {
        check(style, value, text);
    }
}

#[test]
fn empty_path_values_are_rejected() {
    for style in [
        AnyStyle::Delimited(ListStyle::Comma),
        AnyStyle::Exploded,
        AnyStyle::Label { explode: false },
        AnyStyle::Matrix { explode: true },
    ] {
        for value in [empty(), json!([]), json!({}), json!([".."]), json!(["."]), json!(["a", "\n"])] {
            // What these styles write around the value is part of the segment.
            let is_named = matches!(style, AnyStyle::Matrix { .. }) && value != json!([]) && value != json!({});
            let is_longer = matches!(style, AnyStyle::Label { .. }) && value == json!([".."]);
            if (is_named || is_longer) && value != json!(["a", "\n"]) {
                continue;
            }
            let rejected = path(&value, style);
            assert!(matches!(rejected, Err(ErrorKind::InvalidArgument)), "{style:?} {value} {rejected:?}");
        }
    }
}

#[test]
fn a_part_of_a_segment_may_be_a_dot_or_empty() {
    let text = |value, style| path(&value, style).expect("it is a segment");
    assert_eq!(text(json!({"comma": ",", "dot": ".", "semi": ";"}), AnyStyle::Exploded), "comma=%2C,dot=.,semi=%3B");
    assert_eq!(text(json!(["a", "..", ""]), AnyStyle::Delimited(ListStyle::Comma)), "a,..,");
    assert_eq!(text(json!([".."]), AnyStyle::Label { explode: false }), "...");
    let after_text = preview(|request| {
        request.path("/string");
        request.any_in_path("color", &empty(), AnyStyle::Label { explode: false })
    });
    assert_eq!(after_text.expect("it is a segment").url(), "http://localhost/string.");
}

#[test]
fn a_path_value_with_its_name_may_be_empty() {
    for (style, value, text) in [
        (AnyStyle::Matrix { explode: false }, empty(), ";color"),
        (AnyStyle::Matrix { explode: true }, empty(), ";color"),
        (AnyStyle::Matrix { explode: true }, json!(["", "blue"]), ";color;color=blue"),
        (AnyStyle::Matrix { explode: true }, json!({"R": ""}), ";R"),
    ] {
        assert_eq!(path(&value, style).as_deref(), Ok(text), "{style:?} {value}");
    }
}

#[test]
fn scalar_values_are_written_as_strings() {
    let preview = preview(|request| {
        request.path("/");
        request.query("text", "a b");
        request.query("owned", &"c".to_owned());
        request.query("lent", &&"d");
        request.query("yes", &true);
        request.query("no", &false);
        request.query("whole", &-7_i64);
        request.query("broken", &1.5_f64);
        Ok(())
    });
    let url = preview.expect("a request").url().to_owned();
    let query = "text=a%20b&owned=c&lent=d&yes=true&no=false&whole=-7&broken=1.5";
    assert_eq!(url, format!("http://localhost/?{query}"));
}

#[test]
fn queries_match_the_tables() {
    for (style, value, text) in [
        (AnyStyle::Exploded, empty(), "?color="),
        (AnyStyle::Exploded, string(), "?color=blue"),
        (AnyStyle::Exploded, array(), "?color=blue&color=black&color=brown"),
        (AnyStyle::Exploded, object(), "?B=150&G=200&R=100"),
        (AnyStyle::Delimited(ListStyle::Comma), empty(), "?color="),
        (AnyStyle::Delimited(ListStyle::Comma), array(), "?color=blue,black,brown"),
        (AnyStyle::Delimited(ListStyle::Comma), object(), "?color=B,150,G,200,R,100"),
        (AnyStyle::Delimited(ListStyle::Space), array(), "?color=blue%20black%20brown"),
        (AnyStyle::Delimited(ListStyle::Space), object(), "?color=B%20150%20G%20200%20R%20100"),
        (AnyStyle::Delimited(ListStyle::Pipe), array(), "?color=blue%7Cblack%7Cbrown"),
        (AnyStyle::Delimited(ListStyle::Pipe), object(), "?color=B%7C150%7CG%7C200%7CR%7C100"),
        (AnyStyle::Deep, object(), "?color%5BB%5D=150&color%5BG%5D=200&color%5BR%5D=100"),
        (
            AnyStyle::Deep,
            json!({"a": {"b": [true, {"c": 1}]}}),
            "?color%5Ba%5D%5Bb%5D%5B0%5D=true&color%5Ba%5D%5Bb%5D%5B1%5D%5Bc%5D=1",
        ),
        (AnyStyle::Json, json!({"a": [1]}), "?color=%7B%22a%22%3A%5B1%5D%7D"),
        (AnyStyle::Exploded, json!([]), ""),
        (AnyStyle::Exploded, json!({"a": null}), ""),
        (AnyStyle::Delimited(ListStyle::Comma), json!([]), ""),
        (AnyStyle::Deep, json!({}), ""),
    ] {
        assert_eq!(query(&value, style), text, "{style:?} {value}");
    }
}

#[tokio::test]
async fn headers_use_commas_and_cookies_use_query_syntax() {
    let server = Server::always(seen()).await;
    for (style, value, header, cookie) in [
        (AnyStyle::Delimited(ListStyle::Comma), array(), Some("blue,black,brown"), Some("color=blue,black,brown")),
        (AnyStyle::Delimited(ListStyle::Comma), object(), Some("B,150,G,200,R,100"), Some("color=B,150,G,200,R,100")),
        (AnyStyle::Delimited(ListStyle::Comma), json!(["a,b", "é;"]), None, Some("color=a%2Cb,%C3%A9%3B")),
        (AnyStyle::Exploded, string(), Some("blue"), Some("color=blue")),
        (AnyStyle::Exploded, array(), None, Some("color=blue&color=black&color=brown")),
        (AnyStyle::Exploded, object(), Some("B=150,G=200,R=100"), Some("B=150&G=200&R=100")),
        (AnyStyle::Exploded, json!({"a;b": "c d"}), None, Some("a%3Bb=c%20d")),
        (AnyStyle::Json, json!({"a": 1}), Some("{\"a\":1}"), Some("color=%7B%22a%22%3A1%7D")),
        (AnyStyle::Exploded, json!([]), None, None),
        (AnyStyle::Delimited(ListStyle::Comma), json!({}), None, None),
    ] {
        let write = |request: &mut RequestWriter| {
            if header.is_some() {
                request.any_in_header("x-color", &value, style)?;
            }
            request.any_in_cookie("color", &value, style)
        };
        Call::new(&client(&api(&server)), Written(write)).send().await.expect("sent");
        let arrived = server.received();
        let request = arrived.last().expect("it arrived");
        assert_eq!((request.header("x-color"), request.header("cookie")), (header, cookie), "{style:?} {value}");
    }
}

#[tokio::test]
async fn arrays_in_headers_use_commas_and_empty_ones_are_omitted() {
    let server = Server::always(seen()).await;
    let write = |request: &mut RequestWriter| {
        request.header_list("x-sizes", &[1, 2, 3])?;
        request.header_list::<String>("x-none", &[])
    };
    Call::new(&client(&api(&server)), Written(write)).send().await.expect("sent");
    let request = &server.received()[0];
    assert_eq!((request.header("x-sizes"), request.header("x-none")), (Some("1,2,3"), None));
}

#[test]
fn cookies_of_any_type_have_a_valid_name() {
    let rejected = preview(|request| request.any_in_cookie("a b", &array(), AnyStyle::Exploded)).expect_err("a space");
    assert_eq!(rejected.kind(), ErrorKind::InvalidArgument);
}

#[tokio::test]
async fn forms_are_flat_unless_their_fields_have_styles() {
    let server = Server::always(seen()).await;
    // In alphabetical order, which objects have unless they keep that of their source.
    let body = json!({
        "at": {"lat": 1.5}, "comma": ["a,b", "c"], "deep": ["x"], "each": [{"a": 1}, [2], 3], "json": {"a": 1},
        "name": "a b&c=d", "no": null, "none": [], "pipe": {"a": 1}, "tab": ["x", "y"], "tags": ["x", "y"], "é": true
    });
    let styles = [
        ("comma", AnyStyle::Delimited(ListStyle::Comma)),
        ("deep", AnyStyle::Deep),
        ("json", AnyStyle::Json),
        ("none", AnyStyle::Delimited(ListStyle::Comma)),
        ("pipe", AnyStyle::Delimited(ListStyle::Pipe)),
        ("tab", AnyStyle::Delimited(ListStyle::Tab)),
    ];
    let write = |request: &mut RequestWriter| request.form(&body, &styles);
    Call::new(&client(&api(&server)), Written(write)).send().await.expect("sent");
    let request = &server.received()[0];
    assert_eq!(request.header("content-type"), Some("application/x-www-form-urlencoded"));
    let text = String::from_utf8_lossy(&request.body).into_owned();
    assert_eq!(
        text,
        "at%5Blat%5D=1.5&comma=a%2Cb,c&deep%5B0%5D=x&each%5B0%5D%5Ba%5D=1&each%5B1%5D%5B0%5D=2&each%5B2%5D=3&json=%7B%22a%22%3A1%7D&name=a%20b%26c%3Dd&pipe=a%7C1&tab=x%09y&tags=x&tags=y&%C3%A9=true"
    );
    let rejected = preview(|request| request.form(&json!([1]), &[])).expect_err("an array is not a form");
    assert_eq!(rejected.kind(), ErrorKind::InvalidArgument);
}

#[tokio::test]
async fn parts_are_separated_by_the_boundary() {
    let server = Server::always(seen()).await;
    let form = Multipart::new().text("note", "one\r\ntwo").part_of("meta", "application/json", b"{}").file(
        "file",
        "a\"b\r\n.bin",
        "application/octet-stream",
        &[0, 255],
    );
    let write = |request: &mut RequestWriter| request.multipart(&form);
    Call::new(&client(&api(&server)), Written(write)).send().await.expect("sent");
    let request = &server.received()[0];
    let boundary = request.header("content-type").and_then(|ty| ty.strip_prefix("multipart/form-data; boundary="));
    let boundary = boundary.expect("a boundary");
    let mut expected = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\none\r\ntwo\r\n\
         --{boundary}\r\nContent-Disposition: form-data; name=\"meta\"\r\nContent-Type: application/json\r\n\r\n{{}}\r\n\
         --{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a%22b%0D%0A.bin\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n"
    )
    .into_bytes();
    expected.extend([0, 255]);
    expected.extend(format!("\r\n--{boundary}--\r\n").bytes());
    assert_eq!(request.body, expected);
}

#[tokio::test]
async fn other_bodies_are_sent_unchanged() {
    let server = Server::always(seen()).await;
    let write = |request: &mut RequestWriter| {
        request.bytes("image/png", bytes::Bytes::from_static(b"\x89PNG"));
        Ok(())
    };
    Call::new(&client(&api(&server)), Written(write)).send().await.expect("sent");
    let write = |request: &mut RequestWriter| request.json_as("application/merge-patch+json", &json!({"a": null}));
    Call::new(&client(&api(&server)), Written(write)).send().await.expect("sent");
    let seen = |index: usize| {
        let request = &server.received()[index];
        (request.header("content-type").map(str::to_owned), request.body.clone())
    };
    assert_eq!(seen(0), (Some("image/png".to_owned()), b"\x89PNG".to_vec()));
    assert_eq!(seen(1), (Some("application/merge-patch+json".to_owned()), b"{\"a\":null}".to_vec()));
}
