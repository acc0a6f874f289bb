//! Parts of typed multipart bodies: their headers, contents and files, when they are sent again, and what cannot be sent.

use sdk_runtime::{Body, Call, ErrorKind, File, Multipart, PartHead, StopReason};
use test_server::{Act, Server, response};

use crate::operations::client;
use crate::service::api;
use crate::uploads::{PutForm, stream};

fn busy() -> Act {
    Act::Send(response("503 Service Unavailable", &[], b""))
}

fn done() -> Act {
    Act::Send(response("204 No Content", &[], b""))
}

/// The body that is sent, with a boundary that is the same for all forms.
async fn sent(form: Multipart) -> String {
    let server = Server::always(done()).await;
    Call::new(&client(&api(&server)), PutForm(form)).await.expect("it is sent");
    let request = server.only();
    let boundary = request.one("content-type").split_once("boundary=").expect("a boundary").1;
    request.text().replace(boundary, "B")
}

#[tokio::test]
async fn values_are_strings_or_json() {
    let mut form = Multipart::new();
    PartHead::new("text").text(&mut form, "a\r\nb");
    PartHead::new("number").content_type("text/plain").text(&mut form, &1.5);
    PartHead::new("null").text(&mut form, &None::<&str>);
    PartHead::new("json").content_type("application/json").json(&mut form, "a");
    let expected = "--B\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\na\r\nb\r\n\
                    --B\r\nContent-Disposition: form-data; name=\"number\"\r\nContent-Type: text/plain\r\n\r\n1.5\r\n\
                    --B\r\nContent-Disposition: form-data; name=\"json\"\r\nContent-Type: application/json\r\n\r\n\"a\"\r\n--B--\r\n";
    assert_eq!(sent(form).await, expected);
}

#[tokio::test]
async fn the_items_of_a_list_can_be_in_one_part() {
    let mut form = Multipart::new();
    PartHead::new("words").joined(&mut form, &["a", "b c"], ',');
    PartHead::new("numbers").content_type("text/plain").joined(&mut form, &[Some(1), None, Some(2)], '\t');
    PartHead::new("none").joined(&mut form, &[""; 0], ',');
    let expected = "--B\r\nContent-Disposition: form-data; name=\"words\"\r\n\r\na,b c\r\n\
                    --B\r\nContent-Disposition: form-data; name=\"numbers\"\r\nContent-Type: text/plain\r\n\r\n1\t2\r\n--B--\r\n";
    assert_eq!(sent(form).await, expected);
    let mut form = Multipart::new();
    PartHead::new("numbers").joined(&mut form, &[f64::NAN], ',');
    let server = Server::always(done()).await;
    let error = Call::new(&client(&api(&server)), PutForm(form)).await.expect_err("it is not JSON");
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
}

#[tokio::test]
async fn only_a_content_with_a_name_is_a_file() {
    let head = || PartHead::new("f").content_type("image/png");
    let mut form = Multipart::new();
    head().file_or_text(&mut form, File::from("0"));
    head().file_or_text(&mut form, File::from("1").content_type("text/uri-list"));
    head().file_or_text(&mut form, File::new("a.png", "2"));
    let expected = "--B\r\nContent-Disposition: form-data; name=\"f\"\r\n\r\n0\r\n\
                    --B\r\nContent-Disposition: form-data; name=\"f\"\r\nContent-Type: text/uri-list\r\n\r\n1\r\n\
                    --B\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n2\r\n--B--\r\n";
    assert_eq!(sent(form).await, expected);
}

#[tokio::test]
async fn a_file_overrides_the_media_type_and_adds_headers() {
    let head = || PartHead::new("f").content_type("text/csv").header("X-Fix", "1").header("X-None", &None::<i64>);
    let mut form = Multipart::new();
    head().file(&mut form, File::from("0"));
    head().file(&mut form, File::new("\"a\".txt", stream(&["12"])).content_type("text/plain").header("X-Own", "2"));
    head().content(&mut form, File::from("3"));
    head().content(&mut form, File::from("4").name("b"));
    let part = |name: &str, media_type: &str, own: &str, content: &str| {
        format!(
            "--B\r\nContent-Disposition: form-data; name=\"f\"{name}\r\nContent-Type: {media_type}\r\nx-fix: 1\r\n{own}\r\n{content}\r\n"
        )
    };
    let expected = [
        part("; filename=\"f\"", "text/csv", "", "0"),
        part("; filename=\"%22a%22.txt\"", "text/plain", "x-own: 2\r\n", "12"),
        part("", "text/csv", "", "3"),
        part("; filename=\"b\"", "text/csv", "", "4"),
    ];
    assert_eq!(sent(form).await, expected.concat() + "--B--\r\n");
}

#[cfg(all(unix, feature = "fs"))]
#[tokio::test]
async fn a_pipe_is_a_file_of_a_form() {
    let folder = crate::downloads_saved::Folder::new();
    let path = folder.path().join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&path).status().expect("the program starts");
    assert!(made.success());
    // Opening a pipe waits for its other end.
    let writer = std::thread::spawn({
        let path = path.clone();
        move || std::fs::write(path, "piped")
    });
    let mut form = Multipart::new();
    PartHead::new("f").content_type("text/plain").file(&mut form, File::open(&path));
    PartHead::new("g").text(&mut form, "0");
    let expected = "--B\r\nContent-Disposition: form-data; name=\"f\"; filename=\"pipe\"\r\nContent-Type: text/plain\r\n\r\npiped\r\n\
                    --B\r\nContent-Disposition: form-data; name=\"g\"\r\n\r\n0\r\n--B--\r\n";
    assert_eq!(sent(form).await, expected);
    writer.join().expect("the thread ends").expect("the pipe is read");
}

#[tokio::test]
async fn the_content_of_a_file_decides_about_retries() {
    let outcome = async |file: Body| {
        let mut form = Multipart::new();
        PartHead::new("f").file(&mut form, file.into());
        let server = Server::replay([busy(), done()]).await;
        let outcome = Call::new(&client(&api(&server)), PutForm(form)).await;
        (server.arrivals(), outcome.err().and_then(|error| error.stop_reason()))
    };
    assert_eq!(outcome("bytes".into()).await, (2, None));
    assert_eq!(outcome(Body::from_fn(|| stream(&["0"]))).await, (2, None));
    assert_eq!(outcome(stream(&["0"])).await, (1, Some(StopReason::BodyConsumed)));
}

#[tokio::test]
async fn what_cannot_be_sent_is_an_error_of_the_call() {
    type Add = fn(&mut Multipart);
    let forms: [(&str, Add); 6] = [
        ("content type", |form| PartHead::new("f").file(form, File::from("0").content_type("a\r\nb"))),
        ("header with characters", |form| PartHead::new("f").file(form, File::from("0").header("a", "secret\r\n"))),
        ("invalid name", |form| PartHead::new("f").file(form, File::from("0").header("a b", "secret"))),
        ("JSON", |form| PartHead::new("f").text(form, &f64::NAN)),
        ("JSON", |form| PartHead::new("f").json(form, &[f64::INFINITY])),
        ("JSON", |form| PartHead::new("f").header("a", &f32::NAN).text(form, "a")),
    ];
    for (expected, add) in forms {
        let mut form = Multipart::new();
        add(&mut form);
        // The first error is reported.
        PartHead::new("other").file(&mut form, File::from("0").content_type("\0"));
        let server = Server::always(done()).await;
        let error = Call::new(&client(&api(&server)), PutForm(form.clone().text("a", "b"))).await.expect_err(expected);
        assert_eq!((error.kind(), server.arrivals()), (ErrorKind::InvalidArgument, 0));
        assert!(error.to_string().contains(expected) && error.to_string().contains("`f`"), "{error}");
        assert!(!format!("{error:?} {form:?}").contains("secret"));
    }
}

#[test]
fn a_file_shows_neither_content_nor_name() {
    let shown = format!("{:?}", File::new("secret.txt", "secret").content_type("text/plain").header("a", "secret"));
    assert_eq!(
        shown,
        "File { content: Body { kind: \"bytes\", length: Some(6), is_sensitive: false }, content_type: Some(\"text/plain\"), .. }"
    );
}

#[cfg(feature = "fs")]
#[tokio::test]
async fn a_file_at_a_path_has_its_name_and_is_opened_for_each_attempt() {
    let folder = crate::downloads_saved::Folder::new();
    let path = folder.path().join("report.csv");
    std::fs::write(&path, "a,b").expect("the folder can be written to");
    let mut form = Multipart::new();
    PartHead::new("f").file(&mut form, File::open(&path).content_type("text/csv"));
    let server = Server::replay([busy(), done()]).await;
    Call::new(&client(&api(&server)), PutForm(form)).await.expect("the second attempt succeeds");
    let requests = server.received();
    assert_eq!(requests.len(), 2);
    for request in requests {
        assert!(request.text().contains("filename=\"report.csv\"\r\nContent-Type: text/csv\r\n\r\na,b\r\n"));
        assert_eq!(request.one("content-length"), request.body.len().to_string());
    }
    let mut form = Multipart::new();
    PartHead::new("f").file(&mut form, File::open(folder.path().join("missing")));
    let server = Server::always(done()).await;
    let error = Call::new(&client(&api(&server)), PutForm(form)).await.expect_err("there is no file");
    assert_eq!((error.kind(), server.arrivals()), (ErrorKind::RequestBody, 0));
}

#[cfg(feature = "blocking")]
#[test]
fn forms_are_sent_by_blocking_calls() {
    let (tell, address) = std::sync::mpsc::channel();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let thread = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let server = Server::always(done()).await;
            tell.send(api(&server)).expect("the test waits");
            let _ = stopped.await;
            server.only().text().to_owned()
        })
    });
    let mut form = Multipart::new();
    PartHead::new("f").file(&mut form, File::new("a", stream(&["01", "2"])));
    let core = client(&address.recv().expect("the server starts"));
    Call::new(&core, PutForm(form)).blocking().expect("it is sent");
    stop.send(()).expect("the server runs");
    assert!(thread.join().expect("no panic").contains("filename=\"a\"\r\n\r\n012\r\n"));
}

#[cfg(feature = "test-util")]
mod received {
    use bytes::Bytes;
    use sdk_runtime::ReceivedPart;

    use super::*;

    #[tokio::test]
    async fn a_server_reads_the_parts() {
        let mut form = Multipart::new().text("a; filename=\"b\"", "c\r\n--d");
        PartHead::new("json").content_type("application/json").json(&mut form, &[1]);
        PartHead::new("f").header("X-Id", &7).file(&mut form, File::new("x; name=y.bin", vec![255, 0]));
        let server = Server::always(done()).await;
        Call::new(&client(&api(&server)), PutForm(form)).await.expect("it is sent");
        let request = server.only();
        let body = Bytes::from(request.body.clone());
        let parts = ReceivedPart::all(request.one("content-type"), &body).expect("it is well-formed");
        let [text, json, file] = parts.as_slice() else { panic!("{parts:?}") };
        assert_eq!((text.name(), text.text(), text.file_name()), ("a; filename=\"b\"", Some("c\r\n--d"), None));
        assert_eq!((json.json(), json.content_type()), (Some(serde_json::json!([1])), Some("application/json")));
        assert_eq!((file.file_name(), file.header("x-id"), file.text()), (Some("x; name=y.bin"), Some("7"), None));
        assert_eq!((&file.content()[..], file.name()), (&[255, 0][..], "f"));
        assert_eq!(format!("{file:?}"), "ReceivedPart { name: \"f\", .. }");
        assert_eq!(
            ReceivedPart::all(request.one("content-type"), &Bytes::from_static(b"--")).map(|parts| parts.len()),
            None
        );
    }

    #[test]
    fn other_bodies_have_no_parts() {
        let parts =
            |content_type, body: &'static str| ReceivedPart::all(content_type, &body.into()).map(|parts| parts.len());
        let form = "multipart/form-data; boundary=b";
        assert_eq!(parts(form, "--b--\r\n"), Some(0));
        assert_eq!(parts(form, "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--b--\r\n"), Some(1));
        for body in
            ["", "--b", "--b\r\n", "--b\r\n\r\n\r\n--b--", "--b\r\nContent-Disposition: x\r\n\r\n1\r\n--b--\r\n"]
        {
            assert_eq!(parts(form, body), None, "{body:?}");
        }
        assert_eq!(parts("application/json", "--b--\r\n"), None);
    }
}
