//! `weiqiao check-config`: the settings, without starting anything.

use std::process::ExitCode;

use serde_json::{Value, json};
use weiqiao_app::settings::LoginInstanceSettings;

use super::super::Context;
use super::super::exit::{self, Failure};
use super::super::output::columns;
use crate::config::{GivenSetting, Loaded};
use crate::lang::Lang;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

pub(crate) fn run(_: Args, context: &Context) -> Result<ExitCode, Failure> {
    let loaded = context.settings()?;
    loaded.settings.log.try_folder().map_err(|error| Failure::settings(&error))?;
    context.output.answer(&text(&loaded, context.output.lang), &value(&loaded));
    Ok(ExitCode::from(exit::DONE))
}

fn text(loaded: &Loaded, lang: Lang) -> String {
    let mut parts = vec![lang.pick("配置可用。", "The settings can be used.").to_owned()];
    let given = loaded.given.iter().map(|given| (given.name.as_str(), shown(given, lang)));
    let accounts: Vec<_> = loaded
        .settings
        .wechat
        .accounts
        .iter()
        .map(|account| {
            (account.account.name.as_str(), format!("{} {}", account.account.kind.as_str(), account.account.app_id))
        })
        .collect();
    if !loaded.given.is_empty() {
        parts.push(columns(given));
    }
    if !accounts.is_empty() {
        parts.push(format!("{}\n{}", lang.pick("账号：", "Accounts:"), columns(accounts)));
    }
    let instances = &loaded.settings.wechat.login_instances;
    if !instances.is_empty() {
        let shown = instances.iter().map(|one| (one.name.as_str(), format!("{} {}", one.scope.as_str(), one.app_id)));
        parts.push(format!("{}\n{}", lang.pick("登录实例：", "Login instances:"), columns(shown)));
    }
    if !loaded.notes.is_empty() {
        let notes = loaded.notes.iter().map(|note| (note.key.as_str(), note.text(lang).to_owned()));
        parts.push(format!("{}\n{}", lang.pick("请留意：", "Worth a look:"), columns(notes)));
    }
    parts.join("\n\n")
}

fn shown(given: &GivenSetting, lang: Lang) -> String {
    let value = given.value.as_deref().unwrap_or(lang.pick("[已设置]", "[set]"));
    format!("{value}  ({})", given.origin)
}

fn value(loaded: &Loaded) -> Value {
    let given: Vec<_> = loaded
        .given
        .iter()
        .map(|given| json!({"name": given.name, "value": given.value, "from": given.origin.to_string()}))
        .collect();
    let accounts: Vec<_> = loaded
        .settings
        .wechat
        .accounts
        .iter()
        .map(|account| &account.account)
        .map(|account| json!({"name": account.name, "kind": account.kind, "app_id": account.app_id}))
        .collect();
    let instances: Vec<_> = loaded.settings.wechat.login_instances.iter().map(instance).collect();
    let notes: Vec<_> =
        loaded.notes.iter().map(|note| json!({"key": note.key, "zh": note.zh, "en": note.en})).collect();
    json!({"ok": true, "settings": given, "accounts": accounts, "login_instances": instances, "notes": notes})
}

fn instance(one: &LoginInstanceSettings) -> Value {
    json!({"name": one.name, "title": one.title, "app_id": one.app_id, "scope": one.scope.as_str()})
}
