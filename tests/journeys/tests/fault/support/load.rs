//! People who write, each over their own connection, until the service dies or they are told to stop.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use tokio::task::JoinSet;
use weiqiao_journeys::Push;
use weixin_emulator::CodeKind;
use weixin_proto::callback::{Inbound, Limits};

use super::desk::{API_KEY, TELLERS, TEMPLATE, client};
use super::{Action, Book, Desk};

/// The load of one life of the service.
pub(crate) struct Load {
    people: JoinSet<()>,
    stop: Arc<AtomicBool>,
}

/// What one of the people knows.
#[derive(Clone)]
struct Person {
    n: usize,
    http: reqwest::Client,
    url: String,
    book: Arc<Mutex<Book>>,
    /// Codes of the emulated WeChat, for logging in.
    emulator: Arc<weixin_emulator::Engine>,
    teller_openids: Arc<Vec<String>>,
}

/// The connection broke: nobody knows whether it was done.
struct Broken;

pub(crate) fn lock(book: &Mutex<Book>) -> MutexGuard<'_, Book> {
    book.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Load {
    /// Starts so many people.
    pub(crate) fn start(desk: &Desk, book: &Arc<Mutex<Book>>, people: usize) -> Self {
        Self::start_with(desk, book, people, 10)
    }

    /// The same with people who only report what customers do.
    pub(crate) fn start_actions(desk: &Desk, book: &Arc<Mutex<Book>>, people: usize) -> Self {
        Self::start_with(desk, book, people, 5)
    }

    /// Of the ten things people do, these first ones.
    fn start_with(desk: &Desk, book: &Arc<Mutex<Book>>, people: usize, kinds: usize) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let (http, openids) = (client(), Person::openids(desk));
        let mut set = JoinSet::new();
        for n in 0..people {
            let (person, stop) = (Person::new(n, desk, book, &http, &openids), Arc::clone(&stop));
            set.spawn(async move {
                let mut turn = n;
                while !stop.load(Ordering::Relaxed) && person.do_something(turn, kinds).await.is_ok() {
                    turn += 1;
                }
            });
        }
        Self { people: set, stop }
    }

    /// Whether everybody has gone: the service is dead.
    pub(crate) fn is_over(&mut self) -> bool {
        while self.people.try_join_next().is_some() {}
        self.people.is_empty()
    }

    /// Waits for what is under way.
    pub(crate) async fn end(mut self) {
        self.stop.store(true, Ordering::Relaxed);
        while self.people.join_next().await.is_some() {}
    }

    /// Asks again, with the same keys, for every action of which nobody knows the outcome. Gives how many there were.
    pub(crate) async fn repeat_unknown(desk: &Desk, book: &Arc<Mutex<Book>>) -> usize {
        let unknown = lock(book).unknown();
        let count = unknown.len();
        let (http, openids) = (client(), Person::openids(desk));
        let mut set = JoinSet::new();
        for (serial, action) in unknown {
            let person = Person::new(0, desk, book, &http, &openids);
            set.spawn(async move { drop(person.act(serial, action).await) });
        }
        while set.join_next().await.is_some() {}
        count
    }

    /// So many actions that owe an advisor a message, one after the other.
    pub(crate) async fn owe(desk: &Desk, book: &Arc<Mutex<Book>>, count: usize) {
        let person = Person::new(0, desk, book, &client(), &Person::openids(desk));
        for n in 0..count {
            let serial = lock(book).serial();
            let action = Action { teller: Some(n % TELLERS), phone: None, acked: None };
            lock(book).actions.insert(serial, action.clone());
            if person.act(serial, action).await.is_err() {
                return;
            }
        }
    }
}

impl Person {
    fn openids(desk: &Desk) -> Arc<Vec<String>> {
        Arc::new((0..TELLERS).map(|n| desk.emulator.openid(&format!("teller-{n}"), "mini")).collect())
    }

    fn new(n: usize, desk: &Desk, book: &Arc<Mutex<Book>>, http: &reqwest::Client, openids: &Arc<Vec<String>>) -> Self {
        let (book, emulator) = (Arc::clone(book), Arc::clone(desk.emulator.engine()));
        Self { n, http: http.clone(), url: desk.url(""), book, emulator, teller_openids: Arc::clone(openids) }
    }

    async fn do_something(&self, turn: usize, kinds: usize) -> Result<(), Broken> {
        match turn % kinds {
            0..=4 => {
                let (serial, action) = lock(&self.book).action();
                self.act(serial, action).await
            }
            5 | 6 => self.push(false).await,
            7 => self.push(true).await,
            8 => self.subscribe().await,
            _ if turn % 20 == 9 => self.log_in().await,
            _ => self.send().await,
        }
    }

    /// The status and the body; an odd status is noted.
    async fn post(&self, path: &str, key: Option<&str>, body: &Value) -> Result<(u16, Value), Broken> {
        let mut request = self.http.post(format!("{}{path}", self.url)).header("x-api-key", API_KEY).json(body);
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        let answer = request.send().await.map_err(|_| Broken)?;
        let status = answer.status().as_u16();
        let text = answer.text().await.map_err(|_| Broken)?;
        if status != 200 {
            let beginning: String = text.chars().take(600).collect();
            lock(&self.book).odd.push(format!("{status} {path}: {beginning}"));
        }
        Ok((status, serde_json::from_str(&text).map_err(|_| Broken)?))
    }

    async fn act(&self, serial: u64, action: Action) -> Result<(), Broken> {
        let mut body = json!({
            "customerId": format!("c{serial}"), "advisorId": action.advisor(), "actionType": "view_resume",
            "actionData": {"n": serial}, "customerName": format!("N{serial}"),
        });
        if let Some(phone) = &action.phone {
            body["customerPhone"] = json!(phone);
        }
        let (status, answer) = self.post("/api/customer/action", Some(&format!("key-{serial}")), &body).await?;
        if status == 200 {
            lock(&self.book).actions.get_mut(&serial).unwrap().acked = Some(answer["data"].clone());
        }
        Ok(())
    }

    async fn push(&self, follows: bool) -> Result<(), Broken> {
        let serial = lock(&self.book).serial();
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        let what = if follows {
            "<MsgType>event</MsgType><Event>subscribe</Event><EventKey></EventKey>".to_owned()
        } else {
            format!("<MsgType>text</MsgType><Content>hello {serial}</Content><MsgId>{serial}</MsgId>")
        };
        let body = format!(
            "<xml><ToUserName>gh_journey00001</ToUserName><FromUserName>o{serial:027}</FromUserName>\
             <CreateTime>{now}</CreateTime>{what}</xml>"
        );
        let key: String = Inbound::parse(body.as_str(), &Limits::default()).unwrap().dedup_key().into();
        lock(&self.book).pushes.insert(key.clone(), false);
        let push = Push::plain(&body, i64::try_from(now).unwrap());
        let request = self.http.post(format!("{}/wx?{}", self.url, push.query)).body(push.body);
        let answer = request.header("content-type", "text/xml").send().await.map_err(|_| Broken)?;
        let (status, text) = (answer.status(), answer.text().await.map_err(|_| Broken)?);
        if status == 200 {
            lock(&self.book).pushes.insert(key, true);
        } else {
            lock(&self.book).odd.push(format!("{status} /wx: {text}"));
        }
        Ok(())
    }

    async fn subscribe(&self) -> Result<(), Broken> {
        let advisor = format!("own-{}", self.n);
        lock(&self.book).subscriptions.entry(advisor.clone()).or_default().asked += 1;
        let body = json!({"advisorId": advisor, "openid": format!("oOWN{:024}", self.n), "templateId": TEMPLATE, "subscribed": true});
        let (status, _) = self.post("/api/advisor/subscribe", None, &body).await?;
        if status == 200 {
            lock(&self.book).subscriptions.get_mut(&advisor).unwrap().acked += 1;
        }
        Ok(())
    }

    async fn log_in(&self) -> Result<(), Broken> {
        let code = self.emulator.persona_code(&format!("teller-{}", self.n % TELLERS), "mini", CodeKind::Mini).unwrap();
        lock(&self.book).logins.asked += 1;
        let (status, _) = self.post("/api/wechat/openid", None, &json!({"code": code})).await?;
        if status == 200 {
            lock(&self.book).logins.acked += 1;
        }
        Ok(())
    }

    /// A message that is sent while its sender waits.
    async fn send(&self) -> Result<(), Broken> {
        let marker = format!("M{}", lock(&self.book).serial());
        lock(&self.book).messages.insert(marker.clone(), false);
        let value = |text: &str| json!({"value": text});
        let body = json!({
            "touser": self.teller_openids[self.n % TELLERS], "template_id": TEMPLATE,
            "data": {"thing1": value("x"), "time2": value("2026-11-21 09:00:00"), "thing3": value("x"), "thing7": value(&marker)},
        });
        let (status, _) = self.post("/api/message/send", None, &body).await?;
        if status == 200 {
            lock(&self.book).messages.insert(marker, true);
        }
        Ok(())
    }
}
