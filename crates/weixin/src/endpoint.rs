//! The shape every endpoint has: one constant of facts, a request and a response.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::file::{File, Part};

/// One WeChat endpoint: the type is the request, its serialised fields are the parameters.
///
/// The serialised form is what goes over the wire, secrets included: it is for the client, not for a log. The `Debug`
/// form of a request shows no secret.
pub trait Endpoint: Serialize + Send + Sync {
    /// The facts of the endpoint.
    const SPEC: Spec;
    /// What WeChat answers when it does not refuse.
    type Response: DeserializeOwned + Send;
    /// The longest file this endpoint may answer with, in bytes; `None` where answers are JSON.
    const LONGEST_FILE: Option<usize> = None;

    /// The form of an upload, for [`Encoding::Multipart`].
    fn parts(&self) -> Vec<Part<'_>> {
        Vec::new()
    }

    /// The response when WeChat answers with a file; `None` where that is no response.
    fn from_file(file: File) -> Option<Self::Response> {
        let _unexpected = file;
        None
    }
}

/// The facts of an endpoint: all the client needs to know to call it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spec {
    /// HTTP method.
    pub method: Method,
    /// Path below the API base, for instance `/cgi-bin/user/info`; also the `endpoint` label of the metrics.
    pub path: &'static str,
    /// How the call shows who makes it.
    pub auth: Auth,
    /// Where the request's fields go.
    pub encoding: Encoding,
    /// Whether sending the same request twice does no harm. Only such calls are tried again after a lost answer.
    pub repeatable: bool,
    /// WeChat's page about the endpoint.
    pub doc: &'static str,
}

/// The two methods of WeChat's interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// `GET`
    Get,
    /// `POST`
    Post,
}

/// Where the request's fields go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Encoding {
    /// Nothing to send: the request has no fields.
    None,
    /// Each field is one query parameter; absent options are left out.
    Query,
    /// The fields are one JSON object, UTF-8 without `\u` escapes (WeChat refuses those).
    Json,
    /// The fields go into the query, [`Endpoint::parts`] into a `multipart/form-data` body.
    Multipart,
}

/// How a call shows who makes it, and so what a refused token means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Auth {
    /// No credential, or one the request itself carries as a field.
    None,
    /// The account's appid under this name, beside the request's fields.
    AppId(&'static str),
    /// The account's appid and secret under these names, beside the request's fields.
    AppSecret {
        /// Name of the appid parameter.
        app_id: &'static str,
        /// Name of the secret parameter.
        secret: &'static str,
    },
    /// The account's access token as `access_token` in the query. The client fetches, shares and replaces it.
    AccessToken,
    /// A person's own token, a field of the request. The client never replaces it.
    UserToken,
}

impl Auth {
    /// `appid` and `secret`, the usual names.
    pub const APP_SECRET: Self = Self::AppSecret { app_id: "appid", secret: "secret" };
}
