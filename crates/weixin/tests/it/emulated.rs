//! A client of an emulator, on the emulator's clock.

use std::sync::Arc;
use std::time::Duration;

use weixin::{Account, AppId, AppSecret, Client, Clock, TokenMode};
use weixin_emulator::{CodeKind, Emulator, Engine, Scope};

pub(crate) struct Bed {
    pub(crate) emulator: Emulator,
    pub(crate) client: Client,
    pub(crate) official: Account,
    pub(crate) mini: Account,
    pub(crate) website: Account,
}

struct EmulatorClock(Arc<Engine>);

impl Clock for EmulatorClock {
    fn now_ms(&self) -> i64 {
        self.0.now_ms()
    }
}

impl Bed {
    pub(crate) async fn start() -> Self {
        let emulator = Emulator::start().await;
        let client = client(&emulator);
        Self { emulator, client, official: account('1'), mini: account('2'), website: account('3') }
    }

    /// Another program with the same accounts: a client that shares nothing with the first.
    pub(crate) fn other_program(&self) -> Client {
        client(&self.emulator)
    }

    pub(crate) fn oauth_code(&self, persona: &str, scope: Scope) -> String {
        self.emulator.persona_code(persona, "official", CodeKind::OAuth(scope))
    }

    /// Calls on both token interfaces.
    pub(crate) fn token_fetches(&self) -> usize {
        self.emulator.calls("/cgi-bin/token") + self.emulator.calls("/cgi-bin/stable_token")
    }

    pub(crate) fn hours(&self, hours: u64) {
        self.emulator.advance(Duration::from_secs(hours * 3600));
    }

    pub(crate) fn minutes(&self, minutes: u64) {
        self.emulator.advance(Duration::from_secs(minutes * 60));
    }
}

fn client(emulator: &Emulator) -> Client {
    Client::builder()
        .all_bases(emulator.url().parse().unwrap())
        .clock(Arc::new(EmulatorClock(Arc::clone(emulator.engine()))))
        .build()
        .unwrap()
}

/// The emulator's own accounts have one digit throughout.
fn account(digit: char) -> Account {
    let repeated = |times| std::iter::repeat_n(digit, times).collect::<String>();
    Account::new(AppId::new(format!("wx{}", repeated(16))), AppSecret::new(repeated(32)))
}

pub(crate) fn classic(account: &Account) -> Account {
    account.clone().token_mode(TokenMode::Classic)
}
