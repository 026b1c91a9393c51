//! A browser as far as the journeys need one: cookies, no automatic redirects.

use std::collections::BTreeMap;

use serde_json::Value;
use url::Url;

/// One browser with its cookies. Cookies go to every host it visits: in the journeys all hosts are loopback.
#[derive(Default)]
pub struct Browser {
    client: reqwest::Client,
    cookies: BTreeMap<String, String>,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Where a redirect leads.
    pub location: Option<Url>,
    /// The body as it came.
    pub text: String,
}

impl Answer {
    /// The body as JSON; `Null` when it is none.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or(Value::Null)
    }

    /// One query parameter of the place a redirect leads to.
    #[must_use]
    pub fn location_query(&self, name: &str) -> Option<String> {
        let location = self.location.as_ref()?;
        location.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    }
}

impl Browser {
    /// A browser without cookies.
    #[must_use]
    pub fn new() -> Self {
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().unwrap();
        Self { client, cookies: BTreeMap::new() }
    }

    /// The same cookies in another tab: for requests in parallel.
    #[must_use]
    pub fn tab(&self) -> Self {
        Self { client: self.client.clone(), cookies: self.cookies.clone() }
    }

    /// Opens an address.
    pub async fn get(&mut self, url: impl AsRef<str>) -> Answer {
        let request = self.client.get(url.as_ref()).header("accept", "text/html");
        self.send(request).await
    }

    /// Reads an address as a script does.
    pub async fn fetch(&mut self, url: impl AsRef<str>) -> Answer {
        let request = self.client.get(url.as_ref()).header("accept", "application/json");
        self.send(request).await
    }

    /// Posts JSON.
    pub async fn post(&mut self, url: impl AsRef<str>, body: &Value) -> Answer {
        let request = self.client.post(url.as_ref()).header("content-type", "application/json").body(body.to_string());
        self.send(request).await
    }

    async fn send(&mut self, mut request: reqwest::RequestBuilder) -> Answer {
        if !self.cookies.is_empty() {
            let line: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header("cookie", line.join("; "));
        }
        let answer = request.send().await.unwrap();
        for set in answer.headers().get_all("set-cookie") {
            let (pair, flags) = set.to_str().unwrap().split_once(';').unwrap_or_default();
            let (name, value) = pair.split_once('=').unwrap();
            if flags.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let location = answer.headers().get("location").map(|to| answer.url().join(to.to_str().unwrap()).unwrap());
        Answer { status: answer.status().as_u16(), location, text: answer.text().await.unwrap() }
    }
}
