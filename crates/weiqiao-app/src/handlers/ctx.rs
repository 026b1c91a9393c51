//! What a handler knows beside the push itself.

use std::sync::Arc;

use weiqiao_model::AccountName;
use weixin_proto::OpenId;
use weixin_proto::callback::Inbound;

use crate::App;
use crate::accounts::Account;

/// Who sent the push to which account, and the SDK to act with. Cheap to clone.
#[derive(Clone)]
pub struct Ctx {
    app: App,
    account: Arc<Account>,
    inbound: Arc<Inbound>,
}

impl Ctx {
    pub(crate) fn new(app: App, account: Arc<Account>, inbound: Arc<Inbound>) -> Self {
        Self { app, account, inbound }
    }

    /// Who sent it; in some events an account of WeChat's own.
    #[must_use]
    pub fn openid(&self) -> &OpenId {
        &self.inbound.from
    }

    /// The account it was sent to, by our name for it.
    #[must_use]
    pub fn account(&self) -> &AccountName {
        &self.account.name
    }

    /// The account as the SDK wants it: `ctx.client().send(ctx.weixin_account(), …)`.
    #[must_use]
    pub fn weixin_account(&self) -> &weixin::Account {
        &self.account.weixin
    }

    /// The SDK, with the tokens all instances share.
    #[must_use]
    pub fn client(&self) -> &weixin::Client {
        self.app.weixin()
    }

    /// The whole push.
    #[must_use]
    pub fn inbound(&self) -> &Arc<Inbound> {
        &self.inbound
    }

    /// The use cases of the service.
    #[must_use]
    pub fn app(&self) -> &App {
        &self.app
    }
}

impl std::fmt::Debug for Ctx {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ctx")
            .field("account", &self.account.name)
            .field("inbound", &self.inbound)
            .finish_non_exhaustive()
    }
}
