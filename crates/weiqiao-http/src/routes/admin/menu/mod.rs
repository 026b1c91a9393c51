//! Menus of official accounts: read live, published, deleted, tried.

pub(super) mod add_conditional;
pub(super) mod delete;
pub(super) mod delete_conditional;
pub(super) mod publish;
pub(super) mod read;
pub(super) mod try_match;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};
use weiqiao_app::usecase::menu::{LiveConditional, LiveMenus};

use crate::engine::{ApiError, Field, Input};

/// What the caller saw.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct IfMatchRequest {
    /// The `digest` of the menus as they were read: when others are live by now, nothing is done (409 `MENU_CHANGED`).
    if_match: Option<String>,
}

impl Input for IfMatchRequest {
    const NAME: &'static str = "IfMatchRequest";
    const FIELDS: &'static [Field] = &[Field::text("if_match", "IfMatch").max(64)];
}

/// The menus of an account as WeChat has them.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MenusBody {
    /// The account.
    #[schema(example = "official")]
    account: String,
    /// `api`: made through this interface; `console`: made in WeChat's console, publishing replaces it; `none`.
    #[schema(example = "api")]
    source: &'static str,
    /// Changes whenever a button or a rule does; to be sent back as `if_match`.
    #[schema(example = "9b74c9897bac770ffc029102a200c5de")]
    digest: String,
    /// The default menu, as WeChat writes it.
    #[schema(value_type = Option<Object>, example = json!({"button": [{"type": "click", "name": "赞", "key": "V1001_GOOD"}]}))]
    menu: Value,
    /// Its number, where WeChat says it.
    menuid: Option<String>,
    /// Menus only some people see.
    conditionalmenu: Vec<ConditionalMenuBody>,
}

/// A menu only some people see.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ConditionalMenuBody {
    /// Its number.
    #[schema(example = "208379533")]
    menuid: String,
    /// Its buttons.
    #[schema(value_type = Vec<Object>, example = json!([{"type": "click", "name": "赞", "key": "V1001_GOOD"}]))]
    button: Value,
    /// Who sees it: `tag_id`, `client_platform_type` (`1` iOS, `2` Android, `3` others).
    #[schema(value_type = Object, example = json!({"tag_id": "2"}))]
    matchrule: Value,
}

impl MenusBody {
    fn of(account: &str, live: LiveMenus) -> Result<Self, ApiError> {
        let conditional = live.conditional.iter().map(ConditionalMenuBody::of).collect::<Result<_, _>>()?;
        Ok(Self {
            account: account.to_owned(),
            source: live.source.as_str(),
            digest: live.digest(),
            menu: serde_json::to_value(&live.menu).map_err(ApiError::internal)?,
            menuid: live.menuid,
            conditionalmenu: conditional,
        })
    }
}

impl ConditionalMenuBody {
    fn of(live: &LiveConditional) -> Result<Self, ApiError> {
        Ok(Self {
            menuid: live.menuid.clone(),
            button: serde_json::to_value(&live.menu.button).map_err(ApiError::internal)?,
            matchrule: serde_json::to_value(&live.rule).map_err(ApiError::internal)?,
        })
    }
}

/// Takes the digest out of a body.
fn if_match(fields: &mut Map<String, Value>) -> Option<String> {
    match fields.remove("if_match") {
        Some(Value::String(text)) => Some(text),
        _ => None,
    }
}

#[cfg(test)]
mod testing {
    use serde_json::{Value, json};

    use crate::testing::{Answer, World};

    pub(super) const PATH: &str = "/api/admin/accounts/official/menu";

    /// A menu that WeChat takes.
    pub(super) fn buttons(key: &str) -> Value {
        json!([
            {"type": "click", "name": "今日歌曲", "key": key},
            {"name": "菜单", "sub_button": [{"type": "view", "name": "搜索", "url": "http://www.soso.com/"}]},
        ])
    }

    impl World {
        pub(super) async fn menu_call(&self, method: &str, path: &str, body: Value) -> Answer {
            let call = self.request(method, &format!("{PATH}{path}")).api_key(World::API_KEY);
            if body.is_null() { call.send().await } else { call.json(&body.to_string()).send().await }
        }
    }
}
