//! What the tests of the endpoint files share: the request as it is sent, and an answer as it is read.

use bytes::Bytes;
use serde_json::Value;
use url::Url;
use weixin_proto::{AppId, AppSecret};

use crate::client::{Answer, Call, Received};
use crate::endpoint::{Auth, Method};
use crate::{Account, Endpoint, Error};

/// The account of the examples.
pub(crate) fn account() -> Account {
    Account::new(AppId::new("wxd930ea5d5a258f4f"), AppSecret::new("SECRET"))
}

/// The request line as it goes out, with the access token `ACCESS_TOKEN` where one is needed.
pub(crate) fn line<E: Endpoint>(request: &E) -> String {
    let call = Call::of(&account(), request).unwrap();
    let token = (call.auth == Auth::AccessToken).then_some("ACCESS_TOKEN");
    let url = call.url(&Url::parse("https://api.weixin.qq.com").unwrap(), token);
    let method = match call.method {
        Method::Get => "GET",
        Method::Post => "POST",
    };
    format!("{method} {}?{}", url.path(), url.query().unwrap_or_default())
}

/// The body as it goes out.
pub(crate) fn body<E: Endpoint>(request: &E) -> Value {
    serde_json::from_slice(&Call::of(&account(), request).unwrap().body.unwrap()).unwrap()
}

/// What the client makes of an answer.
pub(crate) fn answer<E: Endpoint>(request: &E, body: &'static str) -> Result<E::Response, Error> {
    received(request, "application/json; encoding=utf-8", None, body.as_bytes())
}

/// What the client makes of bytes of any type and name.
pub(crate) fn received<E: Endpoint>(
    request: &E,
    content_type: &str,
    filename: Option<&str>,
    body: &'static [u8],
) -> Result<E::Response, Error> {
    let call = Call::of(&account(), request).unwrap();
    let (content_type, filename) = (content_type.to_owned(), filename.map(str::to_owned));
    let received = Received { status: 200, content_type, filename, body: Bytes::from_static(body), signed: None };
    Answer::read(&call, received, 0)?.response::<E>(&call)
}

/// An upload as it goes out.
pub(crate) fn form<E: Endpoint>(request: &E) -> String {
    let call = Call::of(&account(), request).unwrap();
    assert!(call.content_type.starts_with("multipart/form-data; boundary="), "{}", call.content_type);
    String::from_utf8_lossy(&call.body.unwrap()).into_owned()
}

/// Answers that carry nothing are no success, for no endpoint.
pub(crate) fn assert_nothing_is_no_success<E: Endpoint>(request: &E) {
    for body in ["", "{}", "[]", "null", "<html></html>", "{\"errmsg\":\"ok\"}", "{\"unknown\":1}"] {
        assert!(answer(request, body).is_err(), "{} took {body:?} for a success", E::SPEC.path);
    }
}
