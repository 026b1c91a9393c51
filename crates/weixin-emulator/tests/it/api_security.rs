//! API security, spoken by hand: calls encrypted and signed, answers verified and decrypted, every refusal.

use serde::Deserialize;
use serde_json::{Map, Value, json};
use weixin_emulator::{
    AccountKind, AccountSeed, ApiSecurity, AsymmetricKey, AsymmetricKind, CodeKind, SymmetricKey, SymmetricKind,
    platform_certificate,
};
use weixin_proto::AppId;
use weixin_proto::api_signature::{Context, DataKey, Reply, SigningKey, VerifyingKey, open_reply, seal};

use crate::rig::{Answer, Rig};

const APP: &str = "wx5555555555555555";
const PATH: &str = "/wxa/getuserriskrank";
const NUMBER: &str = "97845f6ed842ea860df6fdf65941ff56";

#[derive(Deserialize)]
struct Keys {
    sm2_pair: Sm2Pair,
    signed: Vec<Signed>,
    sealed: Vec<Sealed>,
}

#[derive(Deserialize)]
struct Sm2Pair {
    private_key: String,
    public_key: String,
}

#[derive(Deserialize)]
struct Signed {
    private_key: Option<String>,
}

#[derive(Deserialize)]
struct Sealed {
    cipher: String,
    key: String,
}

/// The demo keys of WeChat's guide.
fn keys() -> Keys {
    serde_json::from_str(include_str!("../../../weixin-proto/tests/vectors/api_signatures.json")).unwrap()
}

/// The public half of the guide's RSA key.
const RSA_PUBLIC: &str = "-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA3FoQOmOl5/CF5hF7ta4E
zCy2LaU3Eu2k9DBwQ73J82I53Sx9LAgM1DH3IsYohRRx/BESfbdDI2powvr6QYKV
IC+4Yavwg7gzhZRxWWmT1HruEADCZAgkUCu+9Il/9FPuitPSoIpBd07NqdkkRe82
NBOfrKTdhge/5zd457fl7J81Q5VTIxO8vvq7FSw7k6Jtv+eOjR6SZOWbbUO7f9r4
UuUkXmvdGv21qiqtaO1EMw4tUCELzY73M7NpCH3RorlommYX3P6q0VrkDHrCE0/Q
MhmHsF+46E+IRcJ3wtEj3p/mO1VoCpEhawC1U728ZUTwWNEii8hPEhcNAZTKaQMa
TQIDAQAB
-----END PUBLIC KEY-----
";

/// A program with keys of its own at an account that demands them.
struct Program {
    rig: Rig,
    token: String,
    openid: String,
    app_id: AppId,
    key: DataKey,
    signing: SigningKey,
    certificate: VerifyingKey,
}

impl Program {
    async fn new(chinese: bool) -> Self {
        let Keys { sm2_pair, signed, sealed } = keys();
        let cipher = if chinese { "sm4" } else { "aes256" };
        let symmetric = sealed.into_iter().find(|sealed| sealed.cipher == cipher).unwrap().key;
        let (kind, public, private) = if chinese {
            (AsymmetricKind::Sm2, sm2_pair.public_key, sm2_pair.private_key)
        } else {
            (AsymmetricKind::Rsa, RSA_PUBLIC.to_owned(), signed.into_iter().find_map(|s| s.private_key).unwrap())
        };
        let rig = Rig::new().await;
        let seed = AccountSeed {
            name: "guarded".into(),
            kind: AccountKind::Mini,
            app_id: APP.into(),
            app_secret: "s".into(),
            api_security: Some(ApiSecurity {
                symmetric: Some(SymmetricKey {
                    number: "sym".into(),
                    kind: if chinese { SymmetricKind::Sm4Gcm } else { SymmetricKind::Aes256Gcm },
                    key: symmetric.clone(),
                }),
                asymmetric: Some(AsymmetricKey { number: NUMBER.into(), kind, public_key: public }),
                required: true,
            }),
            ..AccountSeed::default()
        };
        rig.emulator.add_account(seed);
        let offered = platform_certificate(kind);
        let (key, signing, certificate) = if chinese {
            (
                DataKey::sm4("sym", &symmetric),
                SigningKey::sm2(NUMBER, &private),
                VerifyingKey::sm2(offered.number, offered.certificate),
            )
        } else {
            (
                DataKey::aes256("sym", &symmetric),
                SigningKey::rsa(NUMBER, &private),
                VerifyingKey::rsa(offered.number, offered.certificate),
            )
        };
        let token = rig.token(APP, "s").await;
        let _code = rig.emulator.persona_code("xiaohong", "guarded", CodeKind::Mini);
        let openid = rig.emulator.openid("xiaohong", "guarded");
        let app_id = AppId::new(APP);
        let (key, signing, certificate) = (key.unwrap(), signing.unwrap(), certificate.unwrap());
        Self { rig, token, openid, app_id, key, signing, certificate }
    }

    fn now_s(&self) -> i64 {
        self.rig.emulator.engine().now_ms() / 1000
    }

    fn fields(&self) -> Map<String, Value> {
        let body = json!({ "appid": APP, "openid": self.openid, "scene": 0, "client_ip": "127.0.0.1" });
        body.as_object().unwrap().clone()
    }

    /// A call with its headers, to be spoiled before it is sent.
    fn protected(&self, url: &str, timestamp: i64) -> (String, [(&'static str, String); 3]) {
        let context = Context { url, app_id: &self.app_id, timestamp };
        let body = seal(&context, &self.key, self.fields(), "o89QaPVsRu1yppIZzvSZc4", [7; 12]).unwrap();
        let signature = self.signing.sign(&context, body.as_bytes()).unwrap();
        let headers = [
            ("Wechatmp-Appid", APP.to_owned()),
            ("Wechatmp-TimeStamp", timestamp.to_string()),
            ("Wechatmp-Signature", signature),
        ];
        (body, headers)
    }

    async fn send(&self, body: String, headers: &[(&'static str, String)]) -> Answer {
        let mut request = self.rig.http.post(self.rig.url(PATH)).query(&[("access_token", &self.token)]).body(body);
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        Rig::read(request.send().await.unwrap()).await
    }

    fn read(&self, url: &str, answer: &Answer) -> Map<String, Value> {
        let reply = Reply {
            app_id: answer.header("wechatmp-appid"),
            timestamp: answer.header("wechatmp-timestamp").parse().unwrap(),
            signed: (answer.header("wechatmp-serial"), answer.header("wechatmp-signature")),
            deprecated: None,
            body: answer.text.as_bytes(),
        };
        open_reply(url, &self.app_id, &self.key, [&self.certificate], reply, self.now_s()).unwrap()
    }
}

#[tokio::test]
async fn a_protected_call_is_answered_the_same_way_with_both_suites() {
    for chinese in [false, true] {
        let program = Program::new(chinese).await;
        let own = program.rig.url(PATH);
        for url in ["https://api.weixin.qq.com/wxa/getuserriskrank", own.as_str()] {
            let (body, headers) = program.protected(url, program.now_s());
            let answer = program.send(body, &headers).await;
            assert!(answer.json.get("errcode").is_none(), "{}", answer.text);
            assert_eq!(program.read(url, &answer)["errmsg"], "getuserriskrank succ", "chinese: {chinese}");
        }
        let entry = program.rig.emulator.ledger(PATH).pop().unwrap();
        assert!(entry.protected && entry.body.contains("127.0.0.1") && entry.answer.contains("risk_rank"), "{entry:?}");
    }
}

#[tokio::test]
async fn refusals_of_the_work_are_protected_and_refusals_of_the_protection_are_plain() {
    let program = Program::new(false).await;
    let url = "https://api.weixin.qq.com/wxa/getuserriskrank";
    let now_s = program.now_s();
    let context = Context { url, app_id: &program.app_id, timestamp: now_s };
    let body = seal(&context, &program.key, Map::new(), "n", [1; 12]).unwrap();
    let signature = program.signing.sign(&context, body.as_bytes()).unwrap();
    let headers = [
        ("Wechatmp-Appid", APP.to_owned()),
        ("Wechatmp-TimeStamp", now_s.to_string()),
        ("Wechatmp-Signature", signature),
    ];
    let answer = program.send(body, &headers).await;
    assert_eq!(program.read(url, &answer)["errcode"], 47001);

    let plain = program.send(Value::Object(program.fields()).to_string(), &[]).await;
    assert_eq!((plain.errcode(), plain.header("wechatmp-signature")), (40233, ""), "plain calls are not taken");
    let (body, headers) = program.protected(url, now_s);
    let spoiled = async |at: usize, value: Option<&str>| {
        let mut headers = headers.to_vec();
        match value {
            Some(value) => headers[at].1 = value.to_owned(),
            None => {
                headers.remove(at);
            }
        }
        program.send(body.clone(), &headers).await.errcode()
    };
    for (at, value, errcode) in [
        (0, None, 40233),
        (1, None, 40231),
        (2, None, 40232),
        (0, Some("gh_1"), 40236),
        (0, Some("wx2222222222222222"), 40237),
        (1, Some("soon"), 40240),
        (2, Some("AAAA"), 40234),
    ] {
        assert_eq!(spoiled(at, value).await, errcode, "{at} {value:?}");
    }
    let (late_body, late) = program.protected(url, now_s - 301);
    assert_eq!(program.send(late_body, &late).await.errcode(), 40240);
    let (elsewhere_body, elsewhere) = program.protected("https://api.weixin.qq.com/wxa/msg_sec_check", now_s);
    assert_eq!(program.send(elsewhere_body, &elsewhere).await.errcode(), 40234);
    let unsealed = Value::Object(program.fields()).to_string();
    let signature = program.signing.sign(&context, unsealed.as_bytes()).unwrap();
    let headers = [headers[0].clone(), headers[1].clone(), ("Wechatmp-Signature", signature)];
    assert_eq!(program.send(unsealed, &headers).await.errcode(), 40235, "signed, not encrypted");
}

#[tokio::test]
async fn accounts_without_keys_are_told_so_and_other_paths_do_not_care() {
    let rig = Rig::new().await;
    let account = |security: ApiSecurity| {
        rig.emulator.add_account(AccountSeed {
            name: "guarded".into(),
            kind: AccountKind::Mini,
            app_id: APP.into(),
            app_secret: "s".into(),
            api_security: Some(security),
            ..AccountSeed::default()
        });
    };
    account(ApiSecurity { required: true, ..ApiSecurity::default() });
    let token = rig.token(APP, "s").await;
    let now = (rig.emulator.engine().now_ms() / 1000).to_string();
    let signed = async || {
        let request = rig.http.post(rig.url(PATH)).query(&[("access_token", &token)]).body("{}");
        let request = request.header("Wechatmp-Appid", APP).header("Wechatmp-TimeStamp", &now);
        Rig::read(request.header("Wechatmp-Signature", "AAAA").send().await.unwrap()).await.errcode()
    };
    assert_eq!(signed().await, 40238);
    let symmetric =
        SymmetricKey { number: "1".into(), kind: SymmetricKind::Sm4Gcm, key: "YXBwaWRkdXNlZm9ydGVzdA==".into() };
    account(ApiSecurity { symmetric: Some(symmetric), required: true, asymmetric: None });
    assert_eq!(signed().await, 40239);
    let query = [("access_token", token.as_str())];
    assert_eq!(rig.get("/wxaapi/newtmpl/getcategory", &query).await.errcode(), 0, "a path without protection");
    let bad = json!({ "name": "bad", "kind": "mini", "app_id": APP, "app_secret": "s",
                      "api_security": { "symmetric": { "number": "1", "kind": "sm4_gcm", "key": "short" } } });
    let refused = rig.post("/_emulator/accounts", &[], &bad).await;
    assert!(refused.status == 400 && refused.text.contains("api_security"), "{}", refused.text);
    let offered = rig.get("/_emulator/certificates", &[]).await.json;
    assert!(offered["sm2"]["certificate"].as_str().unwrap().starts_with("-----BEGIN CERTIFICATE"));
}
