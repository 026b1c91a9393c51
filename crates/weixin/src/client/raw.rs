//! The way to endpoints that have no file yet.

use serde::de::{self, Deserializer};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Client;
use super::call::{Call, json};
use crate::endpoint::{Auth, Method};
use crate::{Account, Error};

/// Calls any path of WeChat's interface for one account, with everything [`Client::send`] does around a call.
///
/// The account's access token is added unless [`without_token`](Self::without_token) was said. A call is taken to have
/// an effect, so that a lost answer is [`Uncertain`](crate::ErrorKind::Uncertain) and not tried again, unless
/// [`repeatable`](Self::repeatable) was said. In the metrics, paths that are in no catalogue are all called `raw`.
#[derive(Clone)]
pub struct Raw<'a> {
    client: &'a Client,
    account: &'a Account,
    auth: Auth,
    repeatable: bool,
}

impl<'a> Raw<'a> {
    pub(super) fn new(client: &'a Client, account: &'a Account) -> Self {
        Self { client, account, auth: Auth::AccessToken, repeatable: false }
    }

    /// Sending this call twice does no harm.
    #[must_use]
    pub fn repeatable(mut self) -> Self {
        self.repeatable = true;
        self
    }

    /// Adds no access token.
    #[must_use]
    pub fn without_token(mut self) -> Self {
        self.auth = Auth::None;
        self
    }

    /// `POST` of a JSON body to a path such as `/cgi-bin/message/custom/send`.
    ///
    /// # Errors
    ///
    /// As [`Client::send`]. An answer that is not a JSON object with at least one field is no success.
    pub async fn post_json(&self, path: &str, body: &(impl Serialize + Sync + ?Sized)) -> Result<Value, Error> {
        let body = json(&body).map_err(|what| Error::config("raw", what))?;
        self.send(Method::Post, path, &[], Some(body)).await
    }

    /// `GET` of a path with these query parameters.
    ///
    /// # Errors
    ///
    /// As [`post_json`](Self::post_json).
    pub async fn get(&self, path: &str, query: &[(&str, &str)]) -> Result<Value, Error> {
        self.send(Method::Get, path, query, None).await
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        query: &[(&str, &str)],
        body: Option<Vec<u8>>,
    ) -> Result<Value, Error> {
        let call = Call::raw(self.account, method, path, self.auth, self.repeatable, query, body)?;
        let call = call.within(self.client.limit);
        let inner = &self.client.inner;
        let answer: Fields = inner.engine.send_raw(self.account, &call, &inner.fetcher, &*inner.source).await?;
        Ok(Value::Object(answer.0))
    }
}

/// An object with at least one field.
struct Fields(Map<String, Value>);

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let fields = Map::deserialize(deserializer)?;
        if fields.is_empty() {
            return Err(de::Error::invalid_length(0, &"an object with at least one field"));
        }
        Ok(Self(fields))
    }
}
