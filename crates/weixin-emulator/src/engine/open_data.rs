//! What a mini program's own code gets about a person: encrypted data, and payments it may ask about.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use weixin_proto::{SessionKey, sign, user_data};

use super::{ControlError, Engine, Inner};
use crate::state::account::{Account, AccountKind};
use crate::state::open_data::Payment;
use crate::state::persona::Persona;

/// Which call of the mini program gives the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OpenDataKind {
    /// `wx.getUserInfo`: with openid and unionid.
    UserInfo,
    /// `wx.getUserProfile`: without.
    UserProfile,
    /// A phone-number button, the old way.
    Phone,
    /// `wx.getWeRunData`: steps of the last days.
    WeRun,
    /// `wx.getShareInfo`: the group.
    Share,
}

/// What the mini program gets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SealedData {
    /// Base64.
    pub encrypted_data: String,
    /// Base64 of 16 bytes.
    pub iv: String,
    /// What is not secret of a person, as it was signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub raw_data: Option<String>,
    /// SHA-1 of that and the session key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signature: Option<String>,
}

/// Asks for encrypted data.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OpenDataRequest {
    pub(crate) account: String,
    pub(crate) kind: OpenDataKind,
    /// The watermark's time, epoch seconds; now when left out.
    #[serde(default)]
    pub(crate) timestamp: Option<i64>,
    /// The watermark's appid; the account's own when left out.
    #[serde(default)]
    pub(crate) app_id: Option<String>,
}

/// A payment of a person.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PaymentRequest {
    pub(crate) account: String,
    #[serde(default)]
    pub(crate) transaction_id: Option<String>,
    #[serde(default)]
    pub(crate) mch_id: Option<String>,
    #[serde(default)]
    pub(crate) out_trade_no: Option<String>,
}

impl Engine {
    /// Data about a person as their mini program gets it, encrypted with the session key valid now.
    ///
    /// # Errors
    /// When there is no such person or mini program, the person never logged in there or has no phone number.
    pub fn open_data(&self, persona: &str, account: &str, kind: OpenDataKind) -> Result<SealedData, ControlError> {
        let account = account.to_owned();
        self.seal_open_data(persona, OpenDataRequest { account, kind, timestamp: None, app_id: None })
    }

    pub(crate) fn seal_open_data(&self, persona: &str, request: OpenDataRequest) -> Result<SealedData, ControlError> {
        let mut guard = self.lock();
        let inner = &mut *guard;
        let account = mini_program(inner, &request.account)?;
        let persona = inner.persona(persona)?.clone();
        let now_ms = inner.clock.now_ms();
        let openid = account.openid(&persona.id);
        let session = inner.world.mini_sessions.valid(&openid, &inner.world.settings, now_ms);
        let session = session.ok_or_else(|| {
            let why = "has no session key at this mini program; a code of the kind mini makes one";
            ControlError::Invalid(format!("{} {why}", persona.id))
        })?;
        let shown = profile(&persona, inner.public_url());
        let mut data = match request.kind {
            OpenDataKind::UserInfo => user_info(&shown, &account, &persona),
            OpenDataKind::UserProfile => shown.clone(),
            OpenDataKind::Phone => phone(&persona)?,
            OpenDataKind::WeRun => steps(now_ms),
            OpenDataKind::Share => json!({ "openGId": format!("G{}", inner.random.token(27)) }),
        };
        let timestamp = request.timestamp.unwrap_or_else(|| now_ms.div_euclid(1000));
        let app_id = request.app_id.unwrap_or(account.app_id);
        if let Some(data) = data.as_object_mut() {
            data.insert("watermark".to_owned(), json!({ "timestamp": timestamp, "appid": app_id }));
        }
        let iv: [u8; 16] = inner.random.bytes(16).try_into().unwrap_or_default();
        let key = SessionKey::new(session.as_str());
        let plain = data.to_string();
        let sealed = user_data::encrypt(&key, iv, plain.as_bytes());
        let encrypted_data = sealed.map_err(|error| ControlError::Invalid(error.to_string()))?;
        if request.kind == OpenDataKind::Phone {
            // Nobody says whether it is the text or the bytes that are hashed.
            let bytes = STANDARD.decode(&encrypted_data).unwrap_or_default();
            for sealed in [encrypted_data.as_bytes(), &bytes] {
                inner.world.open_data.remember_sealed(hex::encode(Sha256::digest(sealed)), now_ms);
            }
        }
        let is_person = matches!(request.kind, OpenDataKind::UserInfo | OpenDataKind::UserProfile);
        let raw_data = is_person.then(|| shown.to_string());
        let signature = raw_data.as_ref().map(|raw| sign::raw_data_signature(raw, &session));
        self.tell(inner, "open_data", json!({ "persona": persona.id, "account": account.name, "kind": request.kind }));
        Ok(SealedData { encrypted_data, iv: STANDARD.encode(iv), raw_data, signature })
    }

    /// The person pays a mini program, which may ask for the unionid for five minutes; WeChat's number of the payment.
    ///
    /// # Errors
    /// When there is no such person or mini program.
    pub fn pay(&self, persona: &str, account: &str) -> Result<String, ControlError> {
        let (transaction_id, mch_id, out_trade_no) = (None, None, None);
        let request = PaymentRequest { account: account.to_owned(), transaction_id, mch_id, out_trade_no };
        self.pay_with(persona, request).map(|payment| payment.transaction_id)
    }

    pub(crate) fn pay_with(&self, persona: &str, request: PaymentRequest) -> Result<Payment, ControlError> {
        let mut guard = self.lock();
        let inner = &mut *guard;
        let account = mini_program(inner, &request.account)?;
        let persona = inner.persona(persona)?.id.clone();
        let paid_ms = inner.clock.now_ms();
        let digits = |n: u64| format!("42{:026}", n % 10_u64.pow(18));
        let payment = Payment {
            app_id: account.app_id,
            persona,
            transaction_id: request.transaction_id.unwrap_or_else(|| digits(inner.random.next_u64())),
            mch_id: request.mch_id.unwrap_or_else(|| "1900000109".to_owned()),
            out_trade_no: request.out_trade_no.unwrap_or_else(|| inner.random.alnum(20)),
            paid_ms,
        };
        inner.world.open_data.pay(payment.clone());
        self.tell(inner, "payment", json!(payment));
        Ok(payment)
    }
}

fn mini_program(inner: &Inner, name: &str) -> Result<Account, ControlError> {
    let account = inner.account(name)?;
    if account.kind == AccountKind::Mini {
        Ok(account.clone())
    } else {
        Err(ControlError::Invalid(format!("{} is not a mini program", account.name)))
    }
}

/// What `rawData` says.
fn profile(persona: &Persona, public_url: &str) -> Value {
    json!({
        "nickName": persona.nickname,
        "gender": persona.sex,
        "language": persona.language,
        "city": persona.city,
        "province": persona.province,
        "country": persona.country,
        "avatarUrl": persona.picture(public_url),
    })
}

fn user_info(shown: &Value, account: &Account, persona: &Persona) -> Value {
    let mut data = shown.clone();
    if let Some(fields) = data.as_object_mut() {
        fields.insert("openId".to_owned(), account.openid(&persona.id).into());
        if let Some(unionid) = account.unionid(&persona.id) {
            fields.insert("unionId".to_owned(), unionid.into());
        }
    }
    data
}

fn phone(persona: &Persona) -> Result<Value, ControlError> {
    let none = || ControlError::Invalid(format!("{} has no phone number", persona.id));
    let pure = persona.phone.as_ref().ok_or_else(none)?;
    let code = &persona.country_code;
    let full = if code == "86" { pure.clone() } else { format!("{code}{pure}") };
    Ok(json!({ "phoneNumber": full, "purePhoneNumber": pure, "countryCode": code }))
}

/// The last 31 days, each with its own number of steps.
fn steps(now_ms: i64) -> Value {
    const DAY_S: i64 = 86_400;
    let today = now_ms.div_euclid(1000).div_euclid(DAY_S);
    let list: Vec<Value> =
        (today - 30..=today).map(|day| json!({ "timestamp": day * DAY_S, "step": 4000 + day * 997 % 9000 })).collect();
    json!({ "stepInfoList": list })
}
