//! The sheet a person sees: who asks, for what, as whom, 允许 or 拒绝; and beside it what a developer wants to know.

use crate::engine::{Consent, Door, Engine, PersonaView};
use crate::state::code::Scope;

use super::html::esc;
use super::options::Options;

/// Everything the sheet shows.
pub(crate) struct Sheet<'a> {
    pub(crate) consent: &'a Consent,
    /// The page's own path and query, without our switches.
    pub(crate) action: &'a str,
    pub(crate) query: &'a str,
    /// Selected person.
    pub(crate) selected: Option<&'a str>,
    pub(crate) people: &'a [PersonaView],
    /// Open QR page, when this is its phone.
    pub(crate) uuid: Option<&'a str>,
    pub(crate) options: &'a Options,
}

/// People in the picker's order: this browser's last one first, then by recent use.
pub(crate) fn people(engine: &Engine, first: Option<&str>) -> Vec<PersonaView> {
    let inner = engine.lock();
    let mut people: Vec<PersonaView> =
        inner.world.people.by_recent_use().into_iter().map(|persona| inner.persona_view(persona)).collect();
    people.sort_by_key(|view| first != Some(view.persona.id.as_str()));
    people
}

/// What a scope means, in a person's words.
fn wanted(scope: Scope) -> &'static str {
    match scope {
        Scope::Base => "知道你在该公众号的身份（openid）",
        Scope::UserInfo => "获取你的昵称、头像",
        Scope::Login => "使用你的微信身份登录，获取你的昵称、头像",
    }
}

fn host(url: &str) -> String {
    url::Url::parse(url).ok().map_or_else(String::new, |url| {
        let host = url.host_str().unwrap_or_default();
        url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    })
}

impl Sheet<'_> {
    /// The sheet itself: one form.
    pub(crate) fn form(&self) -> String {
        let Consent { account, scope, redirect_uri, .. } = self.consent;
        let verb = if self.consent.door == Door::Qr { "申请登录" } else { "申请使用" };
        let people: String = self.people.iter().map(|view| self.person(view)).collect();
        let uuid = self.uuid.map_or_else(String::new, |uuid| hidden("uuid", uuid));
        format!(
            "<form class=\"sheet\" id=\"consent\" method=\"post\" action=\"{action}\">\
             {query}{uuid}\
             <header class=\"asker\"><span class=\"logo\" aria-hidden=\"true\">{initial}</span>\
             <span class=\"asker-name\">{title}</span><span class=\"asker-verb\">{verb}</span></header>\
             <h1>{wanted}</h1><p class=\"domain\">授权后返回 {host}</p>\
             <fieldset class=\"people\"><legend>以谁的身份</legend>{people}</fieldset>\
             <div class=\"decide\"><button class=\"button deny\" name=\"decision\" value=\"deny\">拒绝</button>\
             <button class=\"button allow\" name=\"decision\" value=\"allow\">允许</button></div></form>\
             {new_person}",
            action = esc(self.action),
            query = hidden("query", self.query),
            initial = esc(&account.title.chars().next().map_or_else(String::new, String::from)),
            title = esc(&account.title),
            wanted = wanted(*scope),
            host = esc(&host(redirect_uri)),
            new_person = self.new_person(),
        )
    }

    fn person(&self, view: &PersonaView) -> String {
        let id = esc(&view.persona.id);
        let openid = view.openids.get(&self.consent.account.name).map_or("", String::as_str);
        let checked = if self.selected == Some(view.persona.id.as_str()) { " checked" } else { "" };
        format!(
            "<label class=\"person\"><input type=\"radio\" name=\"persona\" value=\"{id}\" required{checked}>\
             <img src=\"{picture}\" alt=\"\" width=\"40\" height=\"40\">\
             <span class=\"who\"><span class=\"nick\">{nick}</span><span class=\"id\" title=\"{openid}\">{id}</span></span>\
             <span class=\"tick\" aria-hidden=\"true\"></span></label>",
            picture = esc(&local_picture(view)),
            nick = esc(&view.persona.nickname),
            openid = esc(openid),
        )
    }

    /// 「新建用户」, a form of its own.
    fn new_person(&self) -> String {
        let back = format!("{}?{}", self.action, self.query);
        format!(
            "<details class=\"new\"><summary>新建用户</summary>\
             <form class=\"new-form\" method=\"post\" action=\"/connect/people\">{}\
             <label class=\"sr\" for=\"nickname\">昵称</label>\
             <input id=\"nickname\" name=\"nickname\" required maxlength=\"64\" placeholder=\"昵称\" autocomplete=\"off\">\
             <button class=\"button small\">添加</button></form></details>",
            hidden("back", &back)
        )
    }

    /// The collapsed part: ways a login goes wrong.
    pub(crate) fn advanced(&self) -> String {
        let on = |flag: bool| if flag { " checked" } else { "" };
        let switch = |name: &str, flag: bool, title: &str, hint: &str| {
            format!(
                "<label class=\"switch\"><input type=\"checkbox\" form=\"consent\" name=\"{name}\"{}>\
                 <span><b>{title}</b><small>{hint}</small></span></label>",
                on(flag)
            )
        };
        let options = self.options;
        let mut switches = switch(
            "twice",
            options.twice,
            "送出两次同一个 code",
            "先在后台请求一次回调地址，再正常跳转；第二次换取应得 40163",
        );
        switches.push_str(&switch("expired", options.expired, "过期的 code", "换取时得到 40029"));
        switches.push_str(&switch("drop_state", options.drop_state, "丢掉 state", "回调里没有 state 参数"));
        if self.consent.door == Door::Authorize {
            switches.push_str(&switch(
                "snapshot",
                options.snapshot,
                "快照页（虚拟账号）",
                "is_snapshotuser=1，身份是假的",
            ));
        }
        let open = options.twice || options.expired || options.drop_state || options.snapshot || options.delay_s > 0;
        format!(
            "<details class=\"advanced\"{}><summary>高级：让这次授权出点问题</summary>{switches}\
             <label class=\"delay\"><span><b>延迟</b><small>点击后等待再跳转，最多 60 秒</small></span>\
             <input type=\"number\" form=\"consent\" name=\"delay\" min=\"0\" max=\"60\" value=\"{}\" inputmode=\"numeric\">\
             <span>秒</span></label></details>",
            if open { " open" } else { "" },
            options.delay_s
        )
    }

    /// The link's parameters and remarks about them.
    pub(crate) fn facts(&self) -> String {
        let Consent { account, scope, redirect_uri, state, remarks, .. } = self.consent;
        let row = |name: &str, value: &str, note: &str| {
            format!("<div><dt>{name}</dt><dd>{}<small>{}</small></dd></div>", esc(value), esc(note))
        };
        let scope_note = match scope {
            Scope::Base => "静默授权，只有 openid",
            Scope::UserInfo => "弹出授权页，可以换取昵称和头像",
            Scope::Login => "网站应用扫码登录",
        };
        let life = if self.consent.door == Door::Qr { "10 分钟" } else { "5 分钟" };
        let rows = [
            row("appid", &account.app_id, &account.title),
            row("redirect_uri", redirect_uri, "域名已登记"),
            row("scope", scope.name(), scope_note),
            match state {
                Some(state) => row("state", state, "原样带回"),
                None => row("state", "（空）", "建议带上，防止跨站请求伪造"),
            },
            row("code", "允许后生成", &format!("{life}有效，只能用一次")),
        ]
        .concat();
        let remarks: String = remarks.iter().map(|remark| format!("<li>{}</li>", esc(remark))).collect();
        format!(
            "<details class=\"facts\" open><summary>这个链接</summary><dl>{rows}</dl>\
             <ul class=\"remarks\" id=\"remarks\">{remarks}</ul></details>"
        )
    }
}

/// Drawn pictures are fetched from this very server, whatever its public address is.
fn local_picture(view: &PersonaView) -> String {
    match &view.persona.headimgurl {
        Some(url) => url.clone(),
        None => format!("/mmopen/{}/96", view.persona.id),
    }
}

fn hidden(name: &str, value: &str) -> String {
    format!("<input type=\"hidden\" name=\"{name}\" value=\"{}\">", esc(value))
}
