//! A long walk through the whole product, with everything that can go wrong on the way.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use weixin_emulator::{CodeKind, Fault, Scope};

use super::planted::Kind;
use super::stage::{PEOPLE, Stage};

/// An answer, and who may know what is in it.
pub struct Told {
    pub request: String,
    pub status: u16,
    pub text: String,
    /// A list or a state for staff: what it shows is masked.
    pub is_admin_get: bool,
}

pub struct Walk<'s> {
    pub stage: &'s mut Stage,
    http: reqwest::Client,
    cookies: BTreeMap<String, String>,
    pub told: Vec<Told>,
}

impl<'s> Walk<'s> {
    pub fn new(stage: &'s mut Stage) -> Self {
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Self { stage, http, cookies: BTreeMap::new(), told: Vec::new() }
    }

    fn plant(&mut self, kind: Kind, what: &str, value: impl Into<String>) -> String {
        self.stage.canaries.plant(kind, what, value)
    }

    async fn ask(&mut self, method: Method, path: &str, headers: &[(&str, &str)], body: &str) -> (StatusCode, Value) {
        let mut request = self.http.request(method.clone(), self.stage.running.url(path));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if !self.cookies.is_empty() {
            let pairs: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header("cookie", pairs.join("; "));
        }
        if !body.is_empty() {
            request = request.body(body.to_owned());
        }
        let answer = request.send().await.unwrap();
        let status = answer.status();
        for line in answer.headers().get_all("set-cookie") {
            let line = line.to_str().unwrap();
            let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
            // The page to go back to is no secret.
            if value.len() >= 16 && !name.contains("wx-back") {
                self.stage.canaries.plant(Kind::Secret, &format!("cookie {name}"), value);
            }
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        let location = answer.headers().get("location").map(|value| value.to_str().unwrap().to_owned());
        let text = answer.text().await.unwrap();
        let is_admin_get = method == Method::GET && (path.starts_with("/api/admin/") || path == "/api/users");
        let data = serde_json::from_str(&text).unwrap_or_else(|_| json!({ "location": location, "text": text }));
        self.told.push(Told { request: format!("{method} {path}"), status: status.as_u16(), text, is_admin_get });
        (status, data)
    }

    async fn get(&mut self, path: &str, headers: &[(&str, &str)]) -> Value {
        self.ask(Method::GET, path, headers, "").await.1
    }

    async fn post(&mut self, path: &str, headers: &[(&str, &str)], body: &Value) -> (StatusCode, Value) {
        let headers = [&[("content-type", "application/json")], headers].concat();
        self.ask(Method::POST, path, &headers, &body.to_string()).await
    }

    fn code(&mut self, person: &str, kind: CodeKind) -> String {
        let account = if matches!(kind, CodeKind::OAuth(_)) { "official" } else { "mini" };
        let code = self.stage.emulator.persona_code(person, account, kind);
        self.plant(Kind::Secret, "code of WeChat", code)
    }

    /// Everything, from the first log-in to the last refusal.
    pub async fn walk(&mut self) {
        let staff = self.staff().await;
        let person = self.people().await;
        let mini = self.mini_program().await;
        self.customers(&mini).await;
        self.callbacks(&staff).await;
        self.lists(&staff, &person).await;
        self.refusals(&staff, &person).await;
        self.wechat_fails().await;
        self.learn_from_wechat();
    }

    async fn staff(&mut self) -> String {
        let wrong = self.plant(Kind::Secret, "wrong password", "Falsch-Gespielt-cnr7");
        let agent = self.plant(Kind::Personal, "user agent", "CanaryAgent/7.7 (cnr-browser)");
        self.post("/api/auth/login", &[("user-agent", &agent)], &json!({"username": "admin", "password": wrong})).await;
        let nobody = self.plant(Kind::Secret, "user name that is a password", "hunter2-cnr8-typed-too-early");
        self.post("/api/auth/login", &[], &json!({"username": nobody, "password": wrong})).await;
        let right = json!({"username": "admin", "password": self.stage.running.desk.get("ADMIN_PASSWORD")});
        let (status, answer) = self.post("/api/auth/login", &[("user-agent", &agent)], &right).await;
        assert_eq!(status, StatusCode::OK, "{answer}");
        let token = answer["data"]["access_token"].as_str().unwrap().to_owned();
        let token = self.plant(Kind::Secret, "staff token", token);
        let colleague = json!({
            "username": "colleague", "role": "viewer",
            "name": self.plant(Kind::Personal, "name of staff", "金丝雀同事九号"),
            "email": self.plant(Kind::Personal, "e-mail address of staff", "cnr9.colleague@example.com"),
        });
        let bearer = format!("Bearer {token}");
        let (status, answer) = self.post("/api/admin/staff", &[("authorization", &bearer)], &colleague).await;
        assert_eq!(status, StatusCode::CREATED, "{answer}");
        token
    }

    async fn people(&mut self) -> String {
        let page = format!("{}/page", self.stage.running.url("").replace("127.0.0.1", "localhost"));
        let invited = self.plant(Kind::Personal, "what the page to return to knows", "cnr-invited-by-aunt-wang");
        let back = format!("{page}?who={invited}");
        let mut token = String::new();
        for person in &PEOPLE[..2] {
            self.cookies.clear();
            let asked = self.get(&format!("/api/wechat/authorize-url?redirect_uri={}", encode(&back)), &[]).await;
            let state = asked["data"]["state"].as_str().unwrap_or_else(|| panic!("{asked}")).to_owned();
            self.plant(Kind::Secret, "state", state.clone());
            let code = self.code(person, CodeKind::OAuth(Scope::UserInfo));
            let body = json!({"code": code, "state": state});
            let agent = "CanaryAgent/7.7 (cnr-browser)";
            let headers = [
                ("user-agent", agent),
                ("x-forwarded-for", "203.0.113.77"),
                ("origin", page.trim_end_matches("/page")),
            ];
            let (status, answer) = self.post("/api/wechat/auth", &headers, &body).await;
            assert_eq!(status, StatusCode::OK, "{answer}");
            token = answer["data"]["token"].as_str().unwrap().to_owned();
            self.plant(Kind::Secret, "session token", token.clone());
            self.post("/api/wechat/auth", &headers, &body).await;
            if let Some(unionid) = answer["data"]["user_info"]["unionid"].as_str() {
                self.plant(Kind::Personal, "unionid", unionid);
            }
        }
        // The page of the service itself, there and back.
        self.cookies.clear();
        let there = self.get("/wechat/auth", &[]).await;
        if let Some(location) = there["location"].as_str() {
            let url = url::Url::parse(location).unwrap();
            let state = url.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned();
            self.plant(Kind::Secret, "state of the page", state.clone());
            let code = self.code(PEOPLE[0], CodeKind::OAuth(Scope::Base));
            self.get(&format!("/wechat/callback?code={code}&state={state}"), &[]).await;
            self.get(&format!("/wechat/callback?code={code}&state=another"), &[]).await;
        }
        let bearer = format!("Bearer {token}");
        let openid = self.stage.emulator.openid(PEOPLE[1], "official");
        self.get(&format!("/api/user/{openid}"), &[("authorization", &bearer)]).await;
        self.get("/api/me", &[("authorization", &bearer)]).await;
        token
    }

    async fn mini_program(&mut self) -> String {
        self.cookies.clear();
        let mut token = String::new();
        for person in PEOPLE {
            let code = self.code(person, CodeKind::Mini);
            let (status, answer) = self.post("/api/wechat/openid", &[], &json!({"code": code})).await;
            assert_eq!(status, StatusCode::OK, "{answer}");
            token = answer["data"]["token"].as_str().unwrap().to_owned();
            self.plant(Kind::Secret, "mini session token", token.clone());
        }
        let bearer = format!("Bearer {token}");
        let code = self.code(PEOPLE[2], CodeKind::Phone);
        self.post("/api/wechat/phone", &[("authorization", &bearer)], &json!({"code": code})).await;
        let sealed = self.plant(Kind::Secret, "encrypted data", "Q2FuYXJ5RW5jcnlwdGVkRGF0YUNucjk5WA==");
        let body = json!({"encryptedData": sealed, "iv": "AAAAAAAAAAAAAAAAAAAAAA=="});
        self.post("/api/wechat/decrypt", &[("authorization", &bearer)], &body).await;
        token
    }

    async fn customers(&mut self, _token: &str) {
        let api_key = self.stage.running.desk.get("API_KEY").to_owned();
        let key = [("x-api-key", api_key.as_str())];
        self.post("/api/admin/advisors", &key, &json!({"advisor_id": "advisor1"})).await;
        let advisor = self.stage.emulator.openid(PEOPLE[2], "mini");
        let template = "weiqiao-demo-customer-notification-template";
        let data = self.plant(Kind::Personal, "data of a subscription", "Abonnement-cnr-10");
        let body = json!({"advisorId": "advisor1", "openid": advisor, "templateId": template, "subscribed": true,
            "subscribeData": {"note": data}});
        self.post("/api/advisor/subscribe", &key, &body).await;
        self.stage.emulator.accept_notifications(PEOPLE[2], "mini", template, 50);
        let name = self.plant(Kind::Personal, "name of a customer", "钱七canary客户");
        let phone = self.plant(Kind::Phone, "phone of a customer", "13712340987");
        let said = self.plant(Kind::Personal, "what a customer did", "Vertrag-cnr-11-gelesen");
        let idempotency = self.plant(Kind::Secret, "idempotency key", "idem-cnr-12-7f3a9b");
        for (kind, data) in [
            ("view_resume", json!({"resume": said})),
            ("contact", json!({"phone": phone, "name": name, "message": said})),
            ("book", json!({"phone": phone, "note": said})),
        ] {
            let body = json!({"customerId": self.stage.emulator.openid(PEOPLE[0], "mini"), "advisorId": "advisor1",
                "actionType": kind, "actionData": data, "customerName": name, "customerPhone": phone});
            let headers = [key[0], ("idempotency-key", idempotency.as_str())];
            self.post("/api/customer/action", &headers, &body).await;
            self.post("/api/customer/action", &key, &body).await;
        }
        let text = self.plant(Kind::Personal, "text of a message", "Nachricht-cnr-13");
        let body = json!({"touser": advisor, "template_id": template, "page": "pages/index",
            "data": {"thing7": {"value": text}, "thing1": {"value": text}}});
        self.post("/api/message/send", &key, &body).await;
        let stranger = json!({"touser": "oCanaryNobodyCnr14CanaryNobod", "template_id": template, "data": {}});
        self.plant(Kind::Personal, "recipient nobody knows", "oCanaryNobodyCnr14CanaryNobod");
        self.post("/api/message/send", &key, &stranger).await;
    }

    async fn callbacks(&mut self, staff: &str) {
        let secret = self.plant(Kind::Secret, "key in a webhook's address", "hookKeyCnr15z9");
        let answer = self.plant(Kind::Personal, "answer of a webhook", "HookAnswer-cnr-16");
        let receiver = Receiver::start(&answer).await;
        let bearer = format!("Bearer {staff}");
        let staff = [("authorization", bearer.as_str())];
        let url = format!("http://user:{secret}@127.0.0.1:{}/hook?key={secret}", receiver.port);
        for url in [url, format!("http://127.0.0.1:{}/hook?key={secret}", receiver.port)] {
            let (status, made) = self.post("/api/admin/webhooks", &staff, &json!({"name": "canary", "url": url})).await;
            if status.is_success() {
                let made = made["data"]["secret"].as_str().unwrap().to_owned();
                self.plant(Kind::Secret, "secret of a webhook", made);
            }
        }
        let reply = "Antwort auf alle Fragen";
        let rule = json!({"match": {"on": "text", "contains": "Guten"}, "reply": {"type": "text", "content": reply}});
        self.post("/api/admin/rules", &staff, &rule).await;
        let said = self.plant(Kind::Personal, "text somebody sent", "Guten Tag, hier cnr-18-Vogel");
        let emulator = &self.stage.emulator;
        emulator.follow(PEOPLE[0], "official").await;
        emulator.say(PEOPLE[0], "official", &said).await;
        emulator.say(PEOPLE[1], "official", "ohne Regel cnr-19-Vogel").await;
        emulator.event(PEOPLE[0], "official", "CLICK", "cnr20MenuKey").await;
        emulator.unfollow(PEOPLE[1], "official").await;
        self.plant(Kind::Personal, "text without rule", "ohne Regel cnr-19-Vogel");
        receiver.until(3).await;
        // What is not from WeChat.
        let forged = self.plant(Kind::Personal, "forged push", "gefälscht-cnr-21");
        let body = format!("<xml><ToUserName>gh_x</ToUserName><Content>{forged}</Content></xml>");
        let signature = self.plant(Kind::Secret, "forged signature", "c4na7y51gnatu7e00cnr22");
        let path = format!("/wx?signature={signature}&timestamp=1&nonce=2&msg_signature={signature}");
        self.ask(Method::POST, &path, &[("content-type", "text/xml")], &body).await;
        self.get(&format!("/wx?signature={signature}&timestamp=1&nonce=2&echostr={forged}"), &[]).await;
    }

    async fn lists(&mut self, staff: &str, person: &str) {
        let bearer = format!("Bearer {staff}");
        let staff = [("authorization", bearer.as_str())];
        let (_, made) = self.post("/api/admin/api-keys", &staff, &json!({"name": "canary", "scopes": ["admin"]})).await;
        if let Some(key) = made["data"]["key"].as_str() {
            let key = key.to_owned();
            self.plant(Kind::Secret, "api key", key);
        }
        let document: Value = self.get("/openapi.json", &[]).await;
        let paths: Vec<String> = document["paths"]
            .as_object()
            .unwrap()
            .iter()
            .filter(|(path, verbs)| {
                verbs.get("get").is_some() && !path.ends_with("/stream") && !path.ends_with("/events")
            })
            .map(|(path, _)| path.clone())
            .filter(|path| path.starts_with("/api/admin/") || path == "/api/users")
            .collect();
        assert!(paths.len() >= 15, "{paths:?}");
        let mut ids = BTreeMap::new();
        for path in paths.iter().filter(|path| !path.contains('{')) {
            let found = self.get(path, &staff).await;
            if let Some(id) = found["data"]["items"][0]["id"].as_str() {
                ids.insert(path.clone(), id.to_owned());
            }
        }
        for path in paths.iter().filter(|path| path.contains('{')) {
            let list = path.split("/{").next().unwrap();
            let id = ids.get(list).cloned().unwrap_or_else(|| "official".to_owned());
            let path = path.replace("{id}", &id).replace("{account}", "official").replace("{delivery}", "x");
            // Tokens are shown to programs that may have them; what they are is learned from WeChat's own books.
            if !path.ends_with("/token") && !path.ends_with("/ticket") {
                self.get(&path, &staff).await;
            }
        }
        let openid = self.stage.emulator.openid(PEOPLE[0], "official");
        for search in [openid.as_str(), "金丝雀0号", "13712340987"] {
            self.get(&format!("/api/users?search={}", encode(search)), &staff).await;
            self.get(&format!("/api/admin/leads?phone={}", encode(search)), &staff).await;
            self.get(&format!("/api/admin/inbox?account=official&openid={}", encode(search)), &staff).await;
        }
        let bearer = format!("Bearer {person}");
        self.get("/api/admin/leads", &[("authorization", &bearer)]).await;
        self.post("/api/logout", &[("authorization", &bearer)], &json!({})).await;
        self.get("/api/me", &[("authorization", &bearer)]).await;
    }

    async fn refusals(&mut self, staff: &str, person: &str) {
        let text = self.plant(Kind::Secret, "hostile text", "feindlich-cnr-23-Wert");
        let junk = [
            format!("{{\"code\": \"{text}\", \"state\": "),
            format!("{{\"{text}\": 1}}"),
            format!("{{\"code\": [\"{text}\"]}}"),
            format!("{{\"code\": \"{text}\", \"code\": \"{text}\"}}"),
            json!({"code": text, "state": text}).to_string(),
            json!({"username": text, "password": text, "touser": text, "template_id": text, "openid": text})
                .to_string(),
            json!({"advisorId": text, "customerId": text, "actionType": text, "actionData": {"phone": text}})
                .to_string(),
            text.clone(),
            format!("{text}\u{0}\r\n\u{1b}[31m"),
            format!("\"{}\"", text.repeat(20_000)),
        ];
        let api_key = self.stage.running.desk.get("API_KEY").to_owned();
        let doors = [
            "/api/wechat/auth",
            "/auth/wechat",
            "/auth/wechat/mini",
            "/api/wechat/openid",
            "/api/wechat/phone",
            "/api/wechat/decrypt",
            "/api/advisor/subscribe",
            "/api/customer/action",
            "/api/message/send",
            "/wx/share",
            "/api/auth/login",
            "/api/auth/password",
            "/api/auth/setup",
            "/api/auth/setup/look",
            "/api/admin/rules",
            "/api/admin/webhooks",
            "/api/admin/api-keys",
            "/api/admin/jobs/recover",
        ];
        for body in &junk {
            for path in doors {
                let headers = [("content-type", "application/json"), ("x-api-key", api_key.as_str())];
                self.ask(Method::POST, path, &headers, body).await;
            }
        }
        let open_gets = [
            "/api/user/{}",
            "/api/user/x?account={}",
            "/wechat/jsconfig?url={}",
            "/wechat/callback?code={}&state={}",
            "/api/wechat/authorize-url?redirect_uri={}",
            "/wechat/auth?redirectUrl={}",
            "/{}",
            "/api/admin/leads/{}",
            "/api/admin/inbox?openid={}&account={}",
            "/MP_verify_{}.txt",
            "/auths/loginTypes/{}/config",
            "/api/admin/leads?sort={}&phone={}",
        ];
        for path in open_gets {
            let path = path.replace("{}", &text);
            // Not `x-request-id`: whoever sends one wants to find it in the log.
            for (name, value) in [
                ("authorization", format!("Bearer {text}")),
                ("x-api-key", text.clone()),
                ("cookie", format!("wq={text}")),
                ("authorization", format!("Basic {text}")),
                ("referer", format!("https://a.cn/?{text}")),
                ("authorization", format!("Bearer {staff}")),
                ("authorization", format!("Bearer {person}x")),
                ("x-api-key", format!("{api_key}x")),
                ("origin", format!("https://{text}.cn")),
                ("x-forwarded-for", text.clone()),
                ("user-agent", text.clone()),
            ] {
                self.ask(Method::GET, &path, &[(name, &value)], "").await;
            }
        }
        for method in [Method::PUT, Method::DELETE, Method::PATCH, Method::OPTIONS, Method::HEAD] {
            self.ask(method, &format!("/api/user/{text}?{text}={text}"), &[], "").await;
        }
        // What is no HTTP at all.
        let address = self.stage.running.desk.get("API_PORT").to_owned();
        for raw in [
            format!("GET /{text} HTTP/9.9\r\n\r\n"),
            format!("{text}\r\n\r\n"),
            format!("GET /api/user/{text} HTTP/1.1\r\nHost: {text}\r\n{text}\r\n\r\n"),
            format!("POST /wx HTTP/1.1\r\nHost: x\r\nContent-Length: {text}\r\n\r\n"),
        ] {
            let mut stream = tokio::net::TcpStream::connect(format!("127.0.0.1:{address}")).await.unwrap();
            stream.write_all(raw.as_bytes()).await.unwrap();
            let mut answer = Vec::new();
            let _ = tokio::time::timeout(Duration::from_secs(2), stream.read_to_end(&mut answer)).await;
            let text = String::from_utf8_lossy(&answer).into_owned();
            self.told.push(Told { request: "no HTTP".to_owned(), status: 400, text, is_admin_get: false });
        }
    }

    /// WeChat refuses, is down, or says what nobody expects.
    async fn wechat_fails(&mut self) {
        let words = self.plant(Kind::Secret, "body of a broken answer", "kaputt-cnr-24-Leib");
        for (path, fault) in [
            ("/sns/oauth2/access_token", Fault { status: Some(500), body: Some(words.clone()), ..Fault::default() }),
            (
                "/sns/oauth2/access_token",
                Fault { body: Some(format!("{{\"access_token\": \"{words}\"")), ..Fault::default() },
            ),
            ("/sns/oauth2/access_token", Fault { reset: true, ..Fault::default() }),
            ("/sns/oauth2/access_token", Fault { errcode: Some(40029), ..Fault::default() }),
            ("/sns/userinfo", Fault { errcode: Some(40001), ..Fault::default() }),
            ("/sns/userinfo", Fault { body: Some(format!("<html>{words}</html>")), ..Fault::default() }),
        ] {
            self.cookies.clear();
            let fault = Fault { path: path.to_owned(), times: Some(1), ..fault };
            self.stage.emulator.fault(fault);
            let page = format!("{}/page", self.stage.running.url("").replace("127.0.0.1", "localhost"));
            let asked = self.get(&format!("/api/wechat/authorize-url?redirect_uri={}", encode(&page)), &[]).await;
            let state = asked["data"]["state"].as_str().unwrap_or_else(|| panic!("{asked}")).to_owned();
            self.plant(Kind::Secret, "state", state.clone());
            let code = self.code(PEOPLE[0], CodeKind::OAuth(Scope::UserInfo));
            self.post("/api/wechat/auth", &[], &json!({"code": code, "state": state})).await;
            self.stage.emulator.clear_faults();
        }
        for errcode in [40029, 40226, -1, 45011] {
            let fault = Fault { errcode: Some(errcode), ..Fault::on("/sns/jscode2session").times(1) };
            self.stage.emulator.fault(fault);
            let code = self.code(PEOPLE[0], CodeKind::Mini);
            self.post("/api/wechat/openid", &[], &json!({"code": code})).await;
            self.stage.emulator.clear_faults();
        }
    }

    /// What WeChat handed over in confidence.
    fn learn_from_wechat(&mut self) {
        for (path, field) in [
            ("/sns/oauth2/access_token", "access_token"),
            ("/sns/oauth2/access_token", "refresh_token"),
            ("/sns/jscode2session", "session_key"),
            ("/cgi-bin/stable_token", "access_token"),
            ("/cgi-bin/ticket/getticket", "ticket"),
        ] {
            for entry in self.stage.emulator.ledger(path) {
                let answer: Value = serde_json::from_str(&entry.answer).unwrap_or_default();
                if let Some(value) = answer[field].as_str().filter(|value| value.len() >= 8) {
                    let value = value.to_owned();
                    self.plant(Kind::Secret, &format!("{field} of {path}"), value);
                }
                if let Some(unionid) = answer["unionid"].as_str() {
                    let unionid = unionid.to_owned();
                    self.plant(Kind::Personal, "unionid", unionid);
                }
            }
        }
    }
}

/// Takes webhooks, and refuses them.
struct Receiver {
    port: u16,
    seen: Arc<Mutex<usize>>,
}

impl Receiver {
    async fn start(answer: &str) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let (port, seen) = (listener.local_addr().unwrap().port(), Arc::new(Mutex::new(0)));
        let (count, answer) = (Arc::clone(&seen), answer.to_owned());
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut request = vec![0; 65_536];
                let _ = stream.read(&mut request).await;
                *count.lock().unwrap() += 1;
                let head = format!("HTTP/1.1 500 No\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", answer.len());
                let _ = stream.write_all(format!("{head}{answer}").as_bytes()).await;
            }
        });
        Self { port, seen }
    }

    async fn until(&self, count: usize) {
        let waiting = async {
            while *self.seen.lock().unwrap() < count {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), waiting).await.expect("webhooks are delivered");
    }
}

fn encode(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
