//! A browser: it keeps cookies and says where its pages are from.

use std::collections::BTreeMap;
use std::sync::Mutex;

use super::{Answer, Call, World, encode};

/// A person's browser.
pub struct Browser<'a> {
    world: &'a World,
    user_agent: &'static str,
    jar: Mutex<BTreeMap<String, String>>,
}

impl<'a> Browser<'a> {
    pub(super) fn new(world: &'a World, user_agent: &'static str) -> Self {
        Self { world, user_agent, jar: Mutex::default() }
    }

    /// A request with this browser's cookies.
    pub fn request(&self, method: &str, path: &str) -> Call {
        let jar = self.jar.lock().unwrap();
        let cookies: Vec<_> = jar.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let call = self.world.request(method, path).header("user-agent", self.user_agent);
        if cookies.is_empty() { call } else { call.header("cookie", &cookies.join("; ")) }
    }

    /// A cookie as it goes into a request.
    pub fn cookie(&self, name: &str) -> String {
        format!("{name}={}", self.jar.lock().unwrap()[name])
    }

    /// Sends it and keeps the cookies of the answer.
    pub async fn send(&self, call: Call) -> Answer {
        let answer = call.send().await;
        self.keep(&answer);
        answer
    }

    /// Opens a page, as a person does who follows a link.
    pub async fn open(&self, path: &str) -> Answer {
        self.send(self.request("GET", path).header("accept", "text/html,*/*;q=0.8")).await
    }

    /// Asks from a script of our page.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request("GET", path).header("accept", "application/json")).await
    }

    /// Posts from a script of our page.
    pub async fn post(&self, path: &str, json: impl AsRef<str>) -> Answer {
        let origin = self.world.state.settings().public_url.origin().ascii_serialization();
        self.send(self.request("POST", path).header("origin", &origin).json(json.as_ref())).await
    }

    /// Asks for an authorize address: the state that stands in it.
    pub async fn begin_login(&self) -> String {
        let path = format!("/api/wechat/authorize-url?redirect_uri={}", encode(&self.world.page("/page")));
        let answer = self.get(&path).await;
        answer.is(http::StatusCode::OK).data()["state"].as_str().unwrap().to_owned()
    }

    /// Logs in with a script of our page: the token.
    pub async fn log_in(&self, persona: &str) -> String {
        let state = self.begin_login().await;
        let body = serde_json::json!({ "code": self.world.code(persona), "state": state });
        let answer = self.post("/api/wechat/auth", body.to_string()).await;
        answer.is(http::StatusCode::OK).data()["token"].as_str().unwrap().to_owned()
    }

    fn keep(&self, answer: &Answer) {
        let mut jar = self.jar.lock().unwrap();
        for line in answer.headers().get_all("set-cookie") {
            let line = line.to_str().unwrap();
            let (pair, flags) = line.split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if flags.contains("Max-Age=0") {
                jar.remove(name);
            } else {
                jar.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}
