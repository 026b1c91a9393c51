//! A program that receives webhooks.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use tokio::net::TcpListener;
use tokio::task::AbortHandle;

/// What arrived.
#[derive(Debug, Clone)]
pub struct Letter {
    pub id: String,
    pub timestamp: i64,
    pub signatures: Vec<String>,
    pub body: Vec<u8>,
}

impl Letter {
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

/// Answers what it was told to, or 204.
#[derive(Clone, Default)]
struct Desk {
    letters: Arc<Mutex<Vec<Letter>>>,
    answers: Arc<Mutex<VecDeque<Answer>>>,
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: String,
    /// Never answers at all.
    pub silent: bool,
}

pub struct Receiver {
    pub url: String,
    desk: Desk,
    serving: AbortHandle,
}

impl Receiver {
    pub async fn start() -> Self {
        let desk = Desk::default();
        let socket = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook?key=canary-of-the-address", socket.local_addr().unwrap());
        let router = Router::new().fallback(receive).with_state(desk.clone());
        let serving = tokio::spawn(async move { axum::serve(socket, router).await.unwrap() }).abort_handle();
        Self { url, desk, serving }
    }

    pub fn answer(&self, status: u16, body: &str) {
        self.push(Answer { status, headers: Vec::new(), body: body.to_owned(), silent: false });
    }

    pub fn answer_with(&self, status: u16, name: &'static str, value: &str) {
        self.push(Answer { status, headers: vec![(name, value.to_owned())], body: String::new(), silent: false });
    }

    pub fn say_nothing(&self) {
        self.push(Answer { status: 200, headers: Vec::new(), body: String::new(), silent: true });
    }

    fn push(&self, answer: Answer) {
        self.desk.answers.lock().unwrap().push_back(answer);
    }

    pub fn letters(&self) -> Vec<Letter> {
        self.desk.letters.lock().unwrap().clone()
    }

    pub fn count(&self) -> usize {
        self.desk.letters.lock().unwrap().len()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn receive(State(desk): State<Desk>, headers: HeaderMap, body: Bytes) -> impl IntoResponse {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default();
    let letter = Letter {
        id: text("webhook-id"),
        timestamp: text("webhook-timestamp").parse().unwrap_or_default(),
        signatures: text("webhook-signature").split(' ').map(str::to_owned).collect(),
        body: body.to_vec(),
    };
    desk.letters.lock().unwrap().push(letter);
    let answer = desk.answers.lock().unwrap().pop_front();
    let answer = answer.unwrap_or(Answer { status: 204, headers: Vec::new(), body: String::new(), silent: false });
    if answer.silent {
        std::future::pending::<()>().await;
    }
    let mut out = HeaderMap::new();
    for (name, value) in answer.headers {
        out.insert(name, value.parse().unwrap());
    }
    (StatusCode::from_u16(answer.status).unwrap(), out, answer.body)
}
