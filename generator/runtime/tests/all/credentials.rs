//! Credentials in every location, fixed and from a provider.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use sdk_runtime::{
    Call, Config, Credential, Error, ErrorKind, HttpMethod, Method, Operation, OperationMeta, RawResponse,
    RequestWriter,
};

use crate::operations::{SPEC, config, look};
use crate::service::{api, seen};
use test_server::{Act, Request, Server, json};

/// An operation with these alternative schemes.
macro_rules! secured {
    ($name:ident, $security:expr) => {
        struct $name;

        impl Operation for $name {
            type Output = ();

            const META: OperationMeta = OperationMeta {
                id: "secured",
                method: HttpMethod::Known(Method::GET),
                path: "/x",
                accept: None,
                idempotent: true,
                idempotency_key: None,
                retry: None,
                security: $security,
                server: None,
            };

            fn encode(&self, request: &mut RequestWriter) -> Result<(), Error> {
                request.path("/x");
                Ok(())
            }

            fn decode(_response: &RawResponse) -> Result<(), Error> {
                Ok(())
            }
        }
    };
}

secured!(Bearer, &[&["bearer"]]);
secured!(Basic, &[&["basic"]]);
secured!(InQuery, &[&["queryKey"]]);
secured!(InCookie, &[&["cookieKey"]]);
secured!(Either, &[&["bearer", "queryKey"], &["apiKey"]]);
secured!(OrNone, &[&["bearer"], &[]]);
secured!(Nothing, &[]);

async fn sent<O: Operation>(operation: O, credentials: &[(&'static str, Credential)]) -> Result<Request, Error> {
    let server = Server::always(seen()).await;
    let mut config = Config::new(&SPEC);
    config.server_url(api(&server));
    for (scheme, credential) in credentials {
        config.credential(scheme, credential.clone());
    }
    Call::new(&config.build().expect("settings"), operation).send().await?;
    Ok(server.received().remove(0))
}

#[tokio::test]
async fn credentials_are_sent_in_every_location() {
    let provided = || Credential::provider(|| async { Ok::<_, sdk_runtime::BoxError>("a:b&c".to_owned()) });
    for fixed in [Credential::from("a:b&c"), provided()] {
        let arrived = sent(Bearer, &[("bearer", fixed.clone())]).await.expect("seen");
        assert_eq!(arrived.header("authorization"), Some("Bearer a:b&c"));
        let arrived = sent(Basic, &[("basic", fixed.clone())]).await.expect("seen");
        assert_eq!(arrived.header("authorization"), Some("Basic YTpiJmM="));
        let arrived = sent(InQuery, &[("queryKey", fixed.clone())]).await.expect("seen");
        assert_eq!(arrived.line(), "GET /api/x?key=a%3Ab%26c HTTP/1.1");
        let arrived = sent(InCookie, &[("cookieKey", fixed)]).await.expect("seen");
        assert_eq!(arrived.header("cookie"), Some("session=a%3Ab%26c"));
    }
    for (password, encoded) in [("", "dTo="), ("p", "dTpw"), ("pa", "dTpwYQ=="), ("ü😀", "dTrDvPCfmIA=")] {
        let arrived = sent(Basic, &[("basic", Credential::basic("u", password))]).await.expect("seen");
        assert_eq!(arrived.header("authorization"), Some(format!("Basic {encoded}").as_str()));
    }
}

#[tokio::test]
async fn the_first_complete_alternative_is_used() {
    let all = [("bearer", "b-key".into()), ("queryKey", "q-key".into()), ("apiKey", "a-key".into())];
    let arrived = sent(Either, &all).await.expect("seen");
    assert_eq!((arrived.header("authorization"), arrived.header("x-api-key")), (Some("Bearer b-key"), None));
    assert!(arrived.line().contains("key=q-key"));
    let arrived = sent(Either, &all[1..]).await.expect("seen");
    assert_eq!((arrived.header("authorization"), arrived.header("x-api-key")), (None, Some("a-key")));
    assert!(!arrived.line().contains("key="));
    let arrived = sent(OrNone, &[]).await.expect("seen");
    assert_eq!(arrived.header("authorization"), None);
    let arrived = sent(Nothing, &all).await.expect("seen");
    assert_eq!((arrived.header("authorization"), arrived.header("x-api-key")), (None, None));
}

#[tokio::test]
async fn an_operation_without_its_credential_is_not_sent() {
    let error = sent(Either, &[("bearer", "b-key".into())]).await.expect_err("half is nothing");
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Configuration, 0));
    assert!(error.to_string().contains("`bearer` and `query_key` or `api_key`"), "{error}");
}

#[tokio::test]
async fn a_provider_is_called_before_every_attempt() {
    let server = Server::start(|number| if number == 0 { Act::Send(json("503 x", "{}")) } else { seen() }).await;
    let mut config = config(&api(&server));
    let requested = Arc::new(AtomicUsize::new(0));
    let count = requested.clone();
    config.credential(
        "apiKey",
        Credential::provider(move || {
            let number = count.fetch_add(1, Ordering::SeqCst);
            async move { Ok::<_, sdk_runtime::BoxError>(format!("key-{number}")) }
        }),
    );
    let core = config.build().expect("settings");
    Call::new(&core, look()).preview().expect("a preview asks for nothing");
    assert_eq!(requested.load(Ordering::SeqCst), 0);
    Call::new(&core, look()).send().await.expect("seen");
    let keys: Vec<_> = server.received().iter().map(|request| request.header("x-api-key").map(str::to_owned)).collect();
    assert_eq!(keys, [Some("key-0".to_owned()), Some("key-1".to_owned())]);
}

#[tokio::test]
async fn a_failing_provider_ends_the_call() {
    let check = async |answer: Result<&'static str, &'static str>| {
        let provider = move || async move { answer.map(str::to_owned).map_err(sdk_runtime::BoxError::from) };
        let error = sent(Bearer, &[("bearer", Credential::provider(provider))]).await.expect_err("no credential");
        assert_eq!((error.kind(), error.attempts(), error.maybe_sent()), (ErrorKind::Credential, 0, false));
        assert!(!error.is_retryable());
        error
    };
    let error = check(Err("vault is closed")).await;
    assert_eq!(std::error::Error::source(&error).map(ToString::to_string).as_deref(), Some("vault is closed"));
    check(Ok("")).await;
    let error = check(Ok("two\nlines")).await;
    assert!(!format!("{error:?}").contains("lines"));
}
