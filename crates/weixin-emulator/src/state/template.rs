//! Message templates: the public library, what accounts have taken from it, and what was sent.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::random::Random;

/// What a template is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TemplateKind {
    /// Template messages to followers.
    Template,
    /// Notifications people subscribe to once each.
    OneTime,
    /// Notifications people subscribe to for good.
    LongTerm,
}

/// One template of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Template {
    pub(crate) template_id: String,
    pub(crate) app_id: String,
    pub(crate) kind: TemplateKind,
    pub(crate) title: String,
    /// Keys and their names, in order: `("thing1", "商品名称")`.
    pub(crate) fields: Vec<(String, String)>,
}

impl Template {
    /// The text with placeholders.
    pub(crate) fn content(&self) -> String {
        self.fields.iter().map(|(key, name)| format!("{name}:{{{{{key}.DATA}}}}\n")).collect()
    }

    /// The text with examples.
    pub(crate) fn example(&self) -> String {
        self.fields.iter().map(|(key, name)| format!("{name}:{}\n", example(key))).collect()
    }
}

/// An example of a value.
pub(crate) fn example(key: &str) -> &'static str {
    match key.trim_end_matches(|c: char| c.is_ascii_digit()) {
        "time" => "2026年1月1日 15:01",
        "date" => "2026年1月1日",
        "amount" => "￥100.00",
        "phone_number" => "13800000000",
        "character_string" => "2026010100001",
        "name" => "小明",
        "phrase" => "已完成",
        "number" => "1",
        _ => "示例内容",
    }
}

/// A template of the public library; both interfaces choose from it.
pub(crate) struct Public {
    pub(crate) tid: u32,
    pub(crate) title: &'static str,
    /// Kind and name; the position, from 1, is the keyword's `kid`.
    pub(crate) keywords: &'static [(&'static str, &'static str)],
}

/// The category every emulated account has.
pub(crate) const CATEGORY: (u32, &str) = (616, "生活服务");

/// The public library.
pub(crate) const LIBRARY: &[Public] = &[
    Public {
        tid: 401,
        title: "订单支付成功通知",
        keywords: &[
            ("character_string", "订单编号"),
            ("thing", "商品名称"),
            ("amount", "支付金额"),
            ("time", "支付时间"),
            ("thing", "备注"),
        ],
    },
    Public {
        tid: 402,
        title: "预约成功通知",
        keywords: &[
            ("thing", "预约项目"),
            ("time", "预约时间"),
            ("name", "联系人"),
            ("phone_number", "联系电话"),
            ("thing", "地址"),
        ],
    },
    Public {
        tid: 403,
        title: "服务进度提醒",
        keywords: &[("thing", "服务名称"), ("phrase", "当前进度"), ("date", "更新日期"), ("thing", "温馨提示")],
    },
];

/// The template of the library with this number.
pub(crate) fn public(tid: &str) -> Option<&'static Public> {
    let tid: u32 = tid.parse().ok()?;
    LIBRARY.iter().find(|public| public.tid == tid)
}

impl Public {
    /// Keys and names of these keywords; `None` when one is not in the template.
    pub(crate) fn choose(&self, kids: &[usize]) -> Option<Vec<(String, String)>> {
        kids.iter()
            .map(|kid| {
                let (kind, name) = self.keywords.get(kid.checked_sub(1)?)?;
                Some((format!("{kind}{kid}"), (*name).to_owned()))
            })
            .collect()
    }
}

/// Templates one account may have of each interface.
const MOST: usize = 25;

/// How long a `client_msg_id` is remembered.
const SAME_MS: i64 = 600_000;

/// Why a template is not added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotAdded {
    /// 45026 or 200012.
    Full,
    /// 200022: there is one like it.
    Exists,
}

/// One sent message with an id of the caller's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Sent {
    app_id: String,
    persona: String,
    client_msg_id: String,
    msg_id: u64,
    at_ms: i64,
}

/// The industries of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Industries {
    pub(crate) primary: u32,
    pub(crate) secondary: u32,
    month: i64,
}

/// Everything about templates.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Templates {
    list: Vec<Template>,
    industries: BTreeMap<String, Industries>,
    sent: Vec<Sent>,
    messages: u64,
    /// Sends that have not come to their end: until when, by appid and persona.
    busy: BTreeMap<String, i64>,
    /// Messages people have agreed to: appid → persona → template.
    credits: BTreeMap<String, BTreeMap<String, BTreeMap<String, u32>>>,
}

impl Templates {
    /// Templates of an account, in the order they were added.
    pub(crate) fn of<'a>(&'a self, app_id: &'a str) -> impl Iterator<Item = &'a Template> {
        self.list.iter().filter(move |template| template.app_id == app_id)
    }

    /// The template with this id.
    pub(crate) fn find(&self, app_id: &str, template_id: &str) -> Option<&Template> {
        self.list.iter().find(|template| template.app_id == app_id && template.template_id == template_id)
    }

    /// Takes a template from the library; gives its id.
    pub(crate) fn add(
        &mut self,
        app_id: &str,
        kind: TemplateKind,
        title: &str,
        fields: Vec<(String, String)>,
        random: &mut Random,
    ) -> Result<String, NotAdded> {
        let subscription = kind != TemplateKind::Template;
        let same_list = |other: &&Template| (other.kind != TemplateKind::Template) == subscription;
        if subscription && self.of(app_id).filter(same_list).any(|other| other.title == title && other.fields == fields)
        {
            return Err(NotAdded::Exists);
        }
        if self.of(app_id).filter(same_list).count() >= MOST {
            return Err(NotAdded::Full);
        }
        let template_id = random.token(43);
        let (app_id, title) = (app_id.to_owned(), title.to_owned());
        self.put(Template { template_id: template_id.clone(), app_id, kind, title, fields });
        Ok(template_id)
    }

    /// Adds a template as it is, or replaces the one with the same id.
    pub(crate) fn put(&mut self, template: Template) {
        self.list.retain(|old| old.app_id != template.app_id || old.template_id != template.template_id);
        self.list.push(template);
    }

    /// Deletes a template of one of these kinds; whether there was one.
    pub(crate) fn delete(&mut self, app_id: &str, template_id: &str, subscription: bool) -> bool {
        let before = self.list.len();
        self.list.retain(|template| {
            template.app_id != app_id
                || template.template_id != template_id
                || (template.kind != TemplateKind::Template) != subscription
        });
        self.list.len() < before
    }

    /// The account's industries.
    pub(crate) fn industries(&self, app_id: &str) -> Option<&Industries> {
        self.industries.get(app_id)
    }

    /// Sets the industries; `false` when they were changed this month already.
    pub(crate) fn set_industries(&mut self, app_id: &str, primary: u32, secondary: u32, month: i64) -> bool {
        if self.industries.get(app_id).is_some_and(|old| old.month == month) {
            return false;
        }
        self.industries.insert(app_id.to_owned(), Industries { primary, secondary, month });
        true
    }

    /// A send to this person begins, which takes so long; `false` while another is under way (43108).
    pub(crate) fn begin_send(&mut self, app_id: &str, persona: &str, now_ms: i64, takes_ms: i64) -> bool {
        self.busy.retain(|_, until_ms| *until_ms > now_ms);
        if self.busy.contains_key(&format!("{app_id}/{persona}")) {
            return false;
        }
        if takes_ms > 0 {
            self.busy.insert(format!("{app_id}/{persona}"), now_ms + takes_ms);
        }
        true
    }

    /// A fresh message number, larger than JavaScript counts.
    pub(crate) fn next_msg_id(&mut self, now_ms: i64) -> u64 {
        self.messages += 1;
        (now_ms.unsigned_abs() << 20) + self.messages
    }

    /// The number of the message sent to this person with the same id in the last ten minutes.
    pub(crate) fn sent_before(&self, app_id: &str, persona: &str, client_msg_id: &str, now_ms: i64) -> Option<u64> {
        let same = |sent: &&Sent| {
            sent.app_id == app_id
                && sent.persona == persona
                && sent.client_msg_id == client_msg_id
                && now_ms - sent.at_ms < SAME_MS
        };
        self.sent.iter().find(same).map(|sent| sent.msg_id)
    }

    /// Remembers a sent message by the caller's id.
    pub(crate) fn remember(&mut self, app_id: &str, persona: &str, client_msg_id: &str, msg_id: u64, now_ms: i64) {
        self.sent.retain(|sent| now_ms - sent.at_ms < SAME_MS);
        let (app_id, persona, client_msg_id) = (app_id.to_owned(), persona.to_owned(), client_msg_id.to_owned());
        self.sent.push(Sent { app_id, persona, client_msg_id, msg_id, at_ms: now_ms });
    }

    fn credit(&mut self, app_id: &str, persona: &str, template_id: &str) -> &mut u32 {
        let of = self.credits.entry(app_id.to_owned()).or_default().entry(persona.to_owned()).or_default();
        of.entry(template_id.to_owned()).or_default()
    }

    /// How many messages of a template the person has agreed to.
    pub(crate) fn left(&self, app_id: &str, persona: &str, template_id: &str) -> u32 {
        let of = self.credits.get(app_id).and_then(|of| of.get(persona));
        of.and_then(|of| of.get(template_id)).copied().unwrap_or_default()
    }

    /// The person agrees to so many messages of a template; gives how many there are now.
    pub(crate) fn accept(&mut self, app_id: &str, persona: &str, template_id: &str, count: u32) -> u32 {
        let credit = self.credit(app_id, persona, template_id);
        *credit = credit.saturating_add(count);
        *credit
    }

    /// The person wants no more of them.
    pub(crate) fn reject(&mut self, app_id: &str, persona: &str, template_id: &str) {
        *self.credit(app_id, persona, template_id) = 0;
    }

    /// Uses up one agreement (none of a long-term template); `false` when there is none.
    pub(crate) fn spend(&mut self, app_id: &str, persona: &str, template_id: &str, long_term: bool) -> bool {
        let credit = self.credit(app_id, persona, template_id);
        let agreed = *credit > 0;
        if agreed && !long_term {
            *credit -= 1;
        }
        agreed
    }
}

/// The notification an employee of the demo gets when somebody leaves a number, ready from the start at `mini`.
pub(crate) fn of_the_demo(app_id: &str) -> Template {
    let fields = [("thing1", "事项"), ("time2", "时间"), ("thing3", "联系方式"), ("thing7", "客户")];
    Template {
        template_id: DEMO_TEMPLATE.to_owned(),
        app_id: app_id.to_owned(),
        kind: TemplateKind::OneTime,
        title: "客户动态提醒".to_owned(),
        fields: fields.map(|(key, name)| (key.to_owned(), name.to_owned())).to_vec(),
    }
}

/// Its id, 43 characters as with the real ones.
pub(crate) const DEMO_TEMPLATE: &str = "weiqiao-demo-customer-notification-template";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sends_to_one_person_do_not_overlap() {
        let mut templates = Templates::default();
        assert!(templates.begin_send("wx1", "p", 0, 0) && templates.begin_send("wx1", "p", 0, 100));
        assert!(!templates.begin_send("wx1", "p", 99, 0), "the one before is under way");
        assert!(templates.begin_send("wx1", "q", 99, 0) && templates.begin_send("wx2", "p", 99, 0));
        assert!(templates.begin_send("wx1", "p", 100, 0));
        assert_eq!(DEMO_TEMPLATE.len(), 43);
    }

    #[test]
    fn the_library_gives_templates_up_to_the_limit() {
        let (mut templates, mut random) = (Templates::default(), Random::new(1));
        let public = public("401").unwrap();
        let fields = public.choose(&[2, 4]).unwrap();
        let mut add = |kind| templates.add("wx1", kind, public.title, fields.clone(), &mut random);
        let id = add(TemplateKind::OneTime).unwrap();
        assert_eq!(add(TemplateKind::OneTime), Err(NotAdded::Exists));
        assert_eq!((0..30).filter(|_| add(TemplateKind::Template).is_ok()).count(), 25);
        assert_eq!(add(TemplateKind::Template), Err(NotAdded::Full));
        let template = templates.find("wx1", &id).unwrap();
        assert_eq!(template.content(), "商品名称:{{thing2.DATA}}\n支付时间:{{time4.DATA}}\n");
        assert!(templates.find("wx2", &id).is_none());
        assert!(!templates.delete("wx1", &id, false) && templates.delete("wx1", &id, true));
        assert_eq!((public.choose(&[0]), public.choose(&[6])), (None, None));
    }

    #[test]
    fn agreements_are_counted_and_same_ids_known_for_ten_minutes() {
        let mut templates = Templates::default();
        assert!(!templates.spend("wx1", "p", "t", false));
        assert_eq!(templates.accept("wx1", "p", "t", 2), 2);
        assert!(templates.spend("wx1", "p", "t", false) && templates.spend("wx1", "p", "t", true));
        assert!(templates.spend("wx1", "p", "t", false), "the long-term one used nothing up");
        assert!(!templates.spend("wx1", "p", "t", true));
        let id = templates.next_msg_id(1_767_196_800_000);
        assert!(id > 1 << 53);
        templates.remember("wx1", "p", "mine", id, 0);
        assert_eq!(templates.sent_before("wx1", "p", "mine", SAME_MS - 1), Some(id));
        assert_eq!(templates.sent_before("wx1", "p", "mine", SAME_MS), None);
        assert_eq!(templates.sent_before("wx1", "q", "mine", 0), None);
    }
}
