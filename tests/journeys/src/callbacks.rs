//! Callbacks: the settings both sides share, and pushes as WeChat signs them.

use serde_json::Value;
use weiqiao_app::callback::AccountCallback;
use weiqiao_app::decide::RuleDraft;
use weiqiao_model::AccountName;
use weixin_emulator::CallbackSettings;
use weixin_proto::callback::Mode;
use weixin_proto::secret::{AesKey, CallbackToken};
use weixin_proto::sign;

use crate::{Served, World};

/// The token in both consoles.
pub const CALLBACK_TOKEN: &str = "journeyToken";
/// The EncodingAESKey in both consoles.
pub const AES_KEY: &str = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
/// Whom pushes that we make ourselves are addressed to.
pub const ORIGINAL_ID: &str = "gh_journey00001";

impl World {
    /// The official account receives callbacks in this mode, and answers by these rules. Before [`World::serve`].
    pub fn receive_callbacks(&mut self, mode: Mode, rules: Vec<RuleDraft>) {
        let account = AccountCallback {
            account: AccountName::new("official").unwrap(),
            mode,
            token: CallbackToken::new(CALLBACK_TOKEN),
            previous_tokens: Vec::new(),
            aes_key: (mode != Mode::Plain).then(|| AesKey::parse(AES_KEY).unwrap()),
            previous_aes_keys: Vec::new(),
            original_id: None,
        };
        self.settings.callback.accounts = vec![account];
        self.settings.callback.rules = rules;
    }

    /// The emulated WeChat pushes to this instance, in this mode.
    pub fn push_to(&self, served: &Served, mode: &str) {
        let settings = CallbackSettings {
            url: Some(format!("{}/wx", served.url)),
            token: Some(CALLBACK_TOKEN.to_owned()),
            aes_key: (mode != "plain").then(|| AES_KEY.to_owned()),
            mode: Some(mode.to_owned()),
            format: None,
        };
        self.emulator.set_callback("official", settings);
    }
}

/// A rule as the API writes it.
#[must_use]
pub fn rule(json: &Value) -> RuleDraft {
    RuleDraft::from_json(json.as_object().unwrap()).unwrap()
}

/// One request of WeChat's: where to and what.
#[derive(Debug, Clone)]
pub struct Push {
    /// What comes after the path.
    pub query: String,
    /// The body.
    pub body: String,
}

impl Push {
    /// A push that is not encrypted.
    #[must_use]
    pub fn plain(body: &str, timestamp_s: i64) -> Self {
        let query = signed(timestamp_s);
        Self { query, body: body.to_owned() }
    }

    /// A push whose body somebody encrypted and signed.
    #[must_use]
    pub fn safe(body: &str, msg_signature: &str, timestamp_s: i64) -> Self {
        let query = format!("{}&encrypt_type=aes&msg_signature={msg_signature}", signed(timestamp_s));
        Self { query, body: body.to_owned() }
    }

    /// Sends it; gives the status and the body of the answer.
    pub async fn to(&self, client: &reqwest::Client, url: &str) -> (u16, String) {
        let request = client.post(format!("{url}/wx?{}", self.query)).body(self.body.clone());
        let answer = request.header("content-type", "text/xml").send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }
}

/// The nonce of our pushes.
pub(crate) const NONCE: &str = "415670741";

fn signed(timestamp_s: i64) -> String {
    let timestamp = timestamp_s.to_string();
    let signature = sign::callback_signature(CALLBACK_TOKEN, &timestamp, NONCE);
    format!("signature={signature}&timestamp={timestamp}&nonce={NONCE}")
}
