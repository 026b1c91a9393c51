//! What the phone's mini program finds at the first start: advisors the service knows, one of whom wants to be told.

use anyhow::Context as _;
use weiqiao::config::Settings;
use weiqiao_app::usecase::advisor::{
    AdvisorInput, Subscribe, SubscriptionFilter, list_advisors, list_subscriptions, save_advisor, subscribe,
};
use weiqiao_app::usecase::api_key::verify_api_key;
use weiqiao_app::{App, Caller};
use weiqiao_model::AccountKind;
use weixin_emulator::{AgreementSeed, Emulator};

use crate::callbacks::MINI;

/// The notification the emulated mini program has from the start.
const TEMPLATE: &str = "weiqiao-demo-customer-notification-template";

/// The advisors of the demo, each with the person on whose phone they are; the others belong to whoever subscribes first.
const ADVISORS: [(&str, Option<&str>); 3] =
    [(SUBSCRIBED, Some("advisor-li")), ("advisor-wang", None), ("advisor-chen", None)];

/// Who has subscribed already.
const SUBSCRIBED: &str = "advisor-li";

/// How many messages they have agreed to.
const AGREED: u32 = 5;

/// Whether the service's mini program is the emulated one.
fn is_ours(settings: &Settings) -> bool {
    let mut accounts = settings.wechat.accounts.iter().map(|one| &one.account);
    accounts.any(|account| account.kind == AccountKind::Mini && account.app_id.as_str() == MINI)
}

/// What the advisor has agreed to at the emulated WeChat.
pub(crate) fn agreements(settings: &Settings) -> Vec<AgreementSeed> {
    let agreed = AgreementSeed {
        account: MINI.to_owned(),
        persona: SUBSCRIBED.to_owned(),
        template_id: TEMPLATE.to_owned(),
        count: AGREED,
    };
    if is_ours(settings) { vec![agreed] } else { Vec::new() }
}

/// Makes the advisors known, unless they are, and subscribes the one who has agreed. The emulated WeChat begins anew with
/// every start: a subscription it had used up is good again. Who does not want to be told any more is left alone.
pub(crate) async fn seed(app: &App, settings: &Settings, emulator: &Emulator) -> anyhow::Result<()> {
    if !is_ours(settings) {
        return Ok(());
    }
    let (known, _) = list_advisors(app, 1, 200).await.context("the advisors cannot be read")?;
    for (id, persona) in ADVISORS {
        if known.iter().any(|advisor| advisor.app_id == MINI && advisor.id == id) {
            continue;
        }
        let openid = persona.map(|persona| emulator.openid(persona, MINI));
        let advisor = AdvisorInput { account: None, advisor_id: id.to_owned(), openid };
        save_advisor(app, weiqiao_app::Actor::System, advisor)
            .await
            .context("the advisors of the demo cannot be written")?;
    }
    let filter = SubscriptionFilter {
        advisor_id: Some(SUBSCRIBED.to_owned()),
        template_id: Some(TEMPLATE.to_owned()),
        page: 1,
        page_size: 1,
        ..SubscriptionFilter::default()
    };
    let (found, _) = list_subscriptions(app, filter).await.context("the subscriptions cannot be read")?;
    let times = match found.first() {
        None => AGREED,
        Some(found) if found.subscribed && !found.active => 1,
        Some(_) => 0,
    };
    let Some(key) = settings.auth.api_key.as_ref().filter(|_| times > 0) else { return Ok(()) };
    let caller = Caller::ApiKey(verify_api_key(app, key.expose()).await.context("the API key of the playground")?);
    for _ in 0..times {
        let request = Subscribe {
            account: None,
            advisor_id: SUBSCRIBED.to_owned(),
            openid: emulator.openid(SUBSCRIBED, MINI),
            template_id: TEMPLATE.to_owned(),
            subscribed: true,
            data: None,
            idempotency_key: None,
        };
        subscribe(app, &caller, request).await.context("the advisor of the demo cannot be subscribed")?;
    }
    Ok(())
}
