//! The traits of public types. These tests only need to compile.

use std::error::Error as StdError;
use std::fmt::Debug;

use sdk_runtime::{
    ApiError, BackoffConfig, Call, Config, Core, Credential, Error, ErrorKind, RequestPreview, Response, RetryBudget,
    RetryCodes, RetryConfig, RetryStrategy, StopReason, TimeoutKind,
};

use crate::operations::{Look, Seen, Start, client, look, start};

fn sent_and_shared<T: Send + Sync>() {}

fn sent<T: Send>(_: &T) {}

#[test]
fn public_types_are_send_and_sync() {
    sent_and_shared::<Core>();
    sent_and_shared::<Config>();
    sent_and_shared::<Credential>();
    sent_and_shared::<Error>();
    sent_and_shared::<ApiError>();
    sent_and_shared::<Call<'static, Look>>();
    sent_and_shared::<Call<'static, Start>>();
    sent_and_shared::<Response<Seen>>();
    sent_and_shared::<RequestPreview>();
    sent_and_shared::<(RetryConfig, BackoffConfig, RetryCodes, RetryBudget)>();
}

#[test]
fn futures_of_calls_are_send() {
    let core = client("http://localhost");
    sent(&Call::new(&core, look()).send());
    sent(&Call::new(&core, start()).send_with_response());
    sent(&IntoFuture::into_future(Call::new(&core, start())));
}

#[test]
fn public_types_implement_debug_clone_and_eq_as_documented() {
    fn errors<T: StdError + Send + Sync + 'static>() {}
    fn printed<T: Debug>() {}
    fn cloned<T: Clone>() {}
    fn compared<T: Copy + Eq + std::hash::Hash>() {}
    errors::<Error>();
    printed::<(Core, Config, Credential, Error, ApiError, Call<'static, Look>)>();
    printed::<(RequestPreview, Response<Seen>, RetryConfig, RetryCodes, RetryStrategy)>();
    cloned::<(Core, Credential, ApiError, RequestPreview, RetryConfig, BackoffConfig)>();
    compared::<ErrorKind>();
    compared::<TimeoutKind>();
    compared::<StopReason>();
}
