//! API security against the emulator: what is protected, what is not, and what is not taken for an answer.

use serde::Deserialize;
use serde_json::json;
use weixin::api::wxa::code::{CodeStyle, GetUnlimitedCode};
use weixin::api::wxa::security::{GetUserRiskRank, RiskScene};
use weixin::api::wxaapi::newtmpl::ListCategories;
use weixin::security::{ApiKeys, DataKey, SigningKey, VerifyingKey};
use weixin::{Account, ErrorKind, OpenId};
use weixin_emulator::{
    AccountKind, AccountSeed, ApiSecurity, AsymmetricKey, AsymmetricKind, CodeKind, Fault, SymmetricKey, SymmetricKind,
    platform_certificate,
};

use crate::emulated::Bed;

const APP: &str = "wx5555555555555555";
const RISK: &str = "/wxa/getuserriskrank";

/// The demo keys of WeChat's guide.
#[derive(Deserialize)]
struct Keys {
    sm2_pair: Sm2Pair,
    sealed: Vec<Sealed>,
}

#[derive(Deserialize)]
struct Sm2Pair {
    private_key: String,
    public_key: String,
}

#[derive(Deserialize)]
struct Sealed {
    cipher: String,
    key: String,
}

struct Guarded {
    bed: Bed,
    plain: Account,
    keyed: Account,
    openid: OpenId,
}

impl Guarded {
    /// An account that demands protection, with the emulated platform's certificate or another one.
    async fn new(certificate: AsymmetricKind) -> Self {
        let keys: Keys =
            serde_json::from_str(include_str!("../../../weixin-proto/tests/vectors/api_signatures.json")).unwrap();
        let symmetric = keys.sealed.into_iter().find(|sealed| sealed.cipher == "sm4").unwrap().key;
        let bed = Bed::start().await;
        bed.emulator.add_account(AccountSeed {
            name: "guarded".into(),
            kind: AccountKind::Mini,
            app_id: APP.into(),
            app_secret: "s".into(),
            api_security: Some(ApiSecurity {
                symmetric: Some(SymmetricKey {
                    number: "sym".into(),
                    kind: SymmetricKind::Sm4Gcm,
                    key: symmetric.clone(),
                }),
                asymmetric: Some(AsymmetricKey {
                    number: "asym".into(),
                    kind: AsymmetricKind::Sm2,
                    public_key: keys.sm2_pair.public_key,
                }),
                required: true,
            }),
            ..AccountSeed::default()
        });
        let offered = platform_certificate(certificate);
        let verifying = match certificate {
            AsymmetricKind::Sm2 => VerifyingKey::sm2(offered.number, offered.certificate),
            AsymmetricKind::Rsa => VerifyingKey::rsa(offered.number, offered.certificate),
        };
        let keys = ApiKeys::new(
            DataKey::sm4("sym", &symmetric).unwrap(),
            SigningKey::sm2("asym", &keys.sm2_pair.private_key).unwrap(),
            verifying.unwrap(),
        );
        let plain = Account::new(APP.into(), "s".into());
        let keyed = plain.clone().api_keys(keys);
        let _session = bed.emulator.persona_code("xiaohong", "guarded", CodeKind::Mini);
        let openid = OpenId::new(bed.emulator.openid("xiaohong", "guarded"));
        Self { bed, plain, keyed, openid }
    }

    fn risk(&self) -> GetUserRiskRank {
        GetUserRiskRank::new(APP.into(), self.openid.clone(), RiskScene::Registration, "127.0.0.1")
    }
}

#[tokio::test]
async fn accounts_with_keys_protect_what_can_be_protected() {
    let Guarded { bed, plain, keyed, openid } = &Guarded::new(AsymmetricKind::Sm2).await;
    let risk = || GetUserRiskRank::new(APP.into(), openid.clone(), RiskScene::Registration, "127.0.0.1");
    let refused = bed.client.send(plain, risk()).await.unwrap_err();
    assert_eq!(refused.errcode().map(|code| code.get()), Some(40233), "the account takes no plain calls");
    assert_eq!(bed.client.send(keyed, risk()).await.unwrap().risk_rank, 0);
    let entry = bed.emulator.ledger(RISK).pop().unwrap();
    assert!(entry.protected && entry.body.contains("127.0.0.1"), "{entry:?}");

    bed.client.send(keyed, ListCategories {}).await.unwrap();
    assert!(!bed.emulator.ledger("/wxaapi/newtmpl/getcategory").pop().unwrap().protected);
    let code = GetUnlimitedCode { scene: "a=1".into(), page: None, check_path: None, style: CodeStyle::default() };
    assert!(bed.client.send(keyed, code.clone()).await.unwrap().bytes.starts_with(b"\xff\xd8"), "a plain picture");
    let refused = bed.client.send(keyed, GetUnlimitedCode { scene: "长".into(), ..code }).await.unwrap_err();
    assert_eq!(refused.errcode().map(|code| code.get()), Some(40129), "a protected refusal");

    let fields = json!({ "appid": APP, "openid": openid, "scene": 0, "client_ip": "127.0.0.1" });
    let raw = bed.client.raw(keyed).post_json(RISK, &fields).await.unwrap();
    assert_eq!(raw["errmsg"], "getuserriskrank succ");
    bed.emulator.steal_token("guarded");
    bed.client.send(keyed, risk()).await.unwrap();
}

#[tokio::test]
async fn a_plain_success_is_no_answer_to_a_protected_call() {
    let guarded = Guarded::new(AsymmetricKind::Sm2).await;
    let forged = r#"{"errcode":0,"errmsg":"getuserriskrank succ","risk_rank":0,"unoin_id":1}"#;
    guarded.bed.emulator.fault(Fault::on(RISK).times(9).body(forged));
    let error = guarded.bed.client.send(&guarded.keyed, guarded.risk()).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Unanswered(why) if why.contains("neither encrypted")), "{error:?}");
    guarded.bed.emulator.clear_faults();
    guarded.bed.emulator.fault(Fault::on(RISK).errcode(61010));
    let error = guarded.bed.client.send(&guarded.keyed, guarded.risk()).await.unwrap_err();
    assert_eq!(error.errcode().map(|code| code.get()), Some(61010), "a plain refusal is one");
}

#[tokio::test]
async fn an_answer_under_another_certificate_is_not_read() {
    let guarded = Guarded::new(AsymmetricKind::Rsa).await;
    let error = guarded.bed.client.send(&guarded.keyed, guarded.risk()).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Unanswered(why) if why.contains("certificate")), "{error:?}");
    let shown = format!("{error:?} {error} {:?}", guarded.keyed);
    assert!(!shown.contains("127.0.0.1") && !shown.contains("YXBwaW"), "{shown}");
}
