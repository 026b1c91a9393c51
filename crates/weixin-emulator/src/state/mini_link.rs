//! Schemes, URL links and short links of mini programs, and how many limited codes there are.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::random::Random;

/// What a link looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LinkKind {
    /// `weixin://dl/business/?t=…`
    Scheme,
    /// `https://wxaurl.cn/…`
    Url,
}

/// One link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct MiniLink {
    pub(crate) kind: LinkKind,
    pub(crate) app_id: String,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) env_version: String,
    pub(crate) created_ms: i64,
    /// Epoch milliseconds; `None`: for good.
    pub(crate) expires_ms: Option<i64>,
    /// The page of cloud development, as it was given.
    pub(crate) cloud_base: Option<Value>,
}

/// Round and square codes of one account with a path in them.
const MOST_CODES: u64 = 100_000;
/// Short links of one account that last for good.
const MOST_SHORT: u64 = 100_000;

/// All of them.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct MiniLinks {
    by_ticket: BTreeMap<String, MiniLink>,
    /// Devices that have their scheme: `appid/model/sn`.
    devices: BTreeSet<String>,
    codes: BTreeMap<String, u64>,
    short: BTreeMap<String, u64>,
}

impl MiniLinks {
    /// Makes a link; gives it as WeChat writes it.
    pub(crate) fn create(&mut self, link: MiniLink, random: &mut Random) -> String {
        let ticket = random.alnum(11);
        let text = match link.kind {
            LinkKind::Scheme => format!("weixin://dl/business/?t={ticket}"),
            LinkKind::Url => format!("https://wxaurl.cn/{ticket}"),
        };
        self.by_ticket.insert(ticket, link);
        text
    }

    /// The link in this text and what was appended to it as `cq`. Links past their end are unknown.
    pub(crate) fn find(&self, text: &str, kind: LinkKind, now_ms: i64) -> Option<(&MiniLink, String)> {
        let (rest, separator) = match kind {
            LinkKind::Scheme => (text.strip_prefix("weixin://dl/business/?t=")?, '&'),
            LinkKind::Url => {
                let rest = text.strip_prefix("https://wxaurl.cn/").or_else(|| text.strip_prefix("https://wxmpurl.cn/"));
                (rest?, '?')
            }
        };
        let (ticket, appended) = rest.split_once(separator).unwrap_or((rest, ""));
        let custom = form_urlencoded::parse(appended.as_bytes()).find(|(name, _)| name == "cq");
        let link = self.by_ticket.get(ticket).filter(|link| link.kind == kind);
        let alive = link.filter(|link| link.expires_ms.is_none_or(|expires| expires > now_ms))?;
        Some((alive, custom.map(|(_, value)| value.into_owned()).unwrap_or_default()))
    }

    /// A device gets its scheme; `false` when it has one.
    pub(crate) fn equip(&mut self, app_id: &str, model_id: &str, sn: &str) -> bool {
        self.devices.insert(format!("{app_id}/{model_id}/{sn}"))
    }

    /// One more of the limited codes; how many there are now, `None` when there are too many.
    pub(crate) fn draw_code(&mut self, app_id: &str) -> Option<u64> {
        draw(&mut self.codes, app_id, MOST_CODES)
    }

    /// One more of the lasting short links; `None` when there are too many.
    pub(crate) fn keep_short(&mut self, app_id: &str) -> Option<u64> {
        draw(&mut self.short, app_id, MOST_SHORT)
    }
}

fn draw(counts: &mut BTreeMap<String, u64>, app_id: &str, most: u64) -> Option<u64> {
    let count = counts.entry(app_id.to_owned()).or_default();
    if *count >= most {
        return None;
    }
    *count += 1;
    Some(*count)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(kind: LinkKind, expires_ms: Option<i64>) -> MiniLink {
        MiniLink {
            kind,
            app_id: "wx2".into(),
            path: "index".into(),
            query: "a=1".into(),
            env_version: "release".into(),
            created_ms: 0,
            expires_ms,
            cloud_base: None,
        }
    }

    #[test]
    fn links_are_found_until_they_end_with_what_was_appended() {
        let (mut links, mut random) = (MiniLinks::default(), Random::new(1));
        let scheme = links.create(link(LinkKind::Scheme, Some(100)), &mut random);
        let url = links.create(link(LinkKind::Url, None), &mut random);
        assert_eq!(links.find(&scheme, LinkKind::Scheme, 99).unwrap().1, "");
        assert_eq!(links.find(&format!("{scheme}&cq=k%3Dv"), LinkKind::Scheme, 99).unwrap().1, "k=v");
        assert_eq!(links.find(&format!("{url}?cq=x"), LinkKind::Url, i64::MAX).unwrap().1, "x");
        assert!(links.find(&scheme, LinkKind::Scheme, 100).is_none(), "past its end");
        assert!(links.find(&url, LinkKind::Scheme, 0).is_none() && links.find("x", LinkKind::Url, 0).is_none());
    }

    #[test]
    fn codes_run_out_and_devices_get_one_scheme() {
        let mut links = MiniLinks::default();
        links.codes.insert("wx2".into(), MOST_CODES - 1);
        assert_eq!((links.draw_code("wx2"), links.draw_code("wx2")), (Some(MOST_CODES), None));
        assert_eq!(links.draw_code("wx3"), Some(1));
        assert!(links.equip("wx2", "m", "1") && !links.equip("wx2", "m", "1") && links.equip("wx2", "m", "2"));
    }
}
