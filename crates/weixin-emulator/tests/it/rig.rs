//! A started emulator and a plain HTTP client.

use serde_json::Value;
use weixin_emulator::{Builder, Emulator};

pub(crate) const OFFICIAL: &str = "wx1111111111111111";
pub(crate) const OFFICIAL_SECRET: &str = "11111111111111111111111111111111";
pub(crate) const MINI: &str = "wx2222222222222222";
pub(crate) const MINI_SECRET: &str = "22222222222222222222222222222222";

pub(crate) const WEBSITE: &str = "wx3333333333333333";

pub(crate) struct Rig {
    pub(crate) emulator: Emulator,
    pub(crate) http: reqwest::Client,
}

/// One answer, read.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) content_type: String,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) text: String,
    pub(crate) json: Value,
}

impl Answer {
    pub(crate) fn errcode(&self) -> i64 {
        self.json["errcode"].as_i64().unwrap_or(0)
    }
    pub(crate) fn errmsg(&self) -> &str {
        self.json["errmsg"].as_str().unwrap_or("")
    }
    /// Where a redirect leads.
    pub(crate) fn location(&self) -> &str {
        assert_eq!(self.status, 302, "{}", self.text);
        self.header("location")
    }
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
    pub(crate) fn text_of(&self, field: &str) -> String {
        self.json[field].as_str().unwrap_or_else(|| panic!("no {field} in {}", self.text)).to_owned()
    }
}

impl Rig {
    pub(crate) async fn new() -> Self {
        Self::with(Emulator::builder()).await
    }

    pub(crate) async fn with(builder: Builder) -> Self {
        let http = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Self { emulator: builder.start().await.unwrap(), http }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.emulator.url())
    }

    pub(crate) async fn read(response: reqwest::Response) -> Answer {
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let content_type = headers.get("content-type").map_or("", |value| value.to_str().unwrap()).to_owned();
        let text = response.text().await.unwrap();
        let json = serde_json::from_str(&text).unwrap_or(Value::Null);
        Answer { status, content_type, headers, text, json }
    }

    pub(crate) async fn get(&self, path: &str, query: &[(&str, &str)]) -> Answer {
        Self::read(self.http.get(self.url(path)).query(query).send().await.unwrap()).await
    }

    pub(crate) async fn post(&self, path: &str, query: &[(&str, &str)], body: &Value) -> Answer {
        Self::read(self.http.post(self.url(path)).query(query).json(body).send().await.unwrap()).await
    }

    /// Posts a form, as a page does.
    pub(crate) async fn submit(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        Self::read(self.http.post(self.url(path)).form(fields).send().await.unwrap()).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        Self::read(self.http.delete(self.url(path)).send().await.unwrap()).await
    }

    /// A classic token of an account.
    pub(crate) async fn token(&self, app_id: &str, secret: &str) -> String {
        let query = [("grant_type", "client_credential"), ("appid", app_id), ("secret", secret)];
        self.get("/cgi-bin/token", &query).await.text_of("access_token")
    }

    /// A cheap call with an official account's token.
    pub(crate) async fn call_with(&self, token: &str) -> Answer {
        self.get("/cgi-bin/get_api_domain_ip", &[("access_token", token)]).await
    }
}
