//! What people set about an endpoint, checked.

use url::Url;
use weiqiao_store::facts::webhook::EndpointSettings;

use crate::App;
use crate::error::{AppError, Result};
use crate::usecase::text;
use crate::webhook::guard::check_url;
use crate::webhook::place;

/// What a person sets about an endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndpointDraft {
    /// What people call it; 1 to 100 characters.
    pub name: String,
    /// Where events go.
    pub url: String,
    /// Only events of this account, by its name.
    pub account: Option<String>,
    /// Which events: types, or beginnings of types with `*` at the end; none means all.
    pub events: Vec<String>,
    /// Whether it gets any.
    pub enabled: bool,
    /// Whether it is asked for the reply while WeChat waits.
    pub synchronous: bool,
}

/// As many filters are enough.
const MOST_FILTERS: usize = 50;
/// The longest address, in bytes.
const LONGEST_URL: usize = 2_048;

impl EndpointDraft {
    /// Checks everything and seals the address for the row.
    pub(super) fn settle(self, app: &App, id: &str) -> Result<EndpointSettings> {
        let name = text::name(&self.name)?.to_owned();
        let url = self.url.trim();
        let parsed = Url::parse(url).ok().filter(|_| url.len() <= LONGEST_URL);
        let Some(mut parsed) = parsed else {
            return Err(AppError::field("url", "url", "url 必须是完整的 https:// 地址，不超过 2048 字节"));
        };
        check_url(&parsed, app.settings().webhook.allow_private)
            .map_err(|bad| AppError::field("url", "url", format!("url {bad}")))?;
        parsed.set_fragment(None);
        let account = match self.account.as_deref().map(str::trim).filter(|name| !name.is_empty()) {
            Some(name) => Some(app.accounts().named(name)?.app_id().as_str().to_owned()),
            None => None,
        };
        let events = filters(self.events)?;
        let url = app.vault().seal(place("url", id), parsed.as_str().as_bytes());
        let (enabled, synchronous) = (self.enabled, self.synchronous);
        Ok(EndpointSettings { name, url, account, events, enabled, synchronous })
    }
}

/// How types of events begin: what begins otherwise is no type, and would never be delivered.
const FIRST: [&str; 2] = ["wechat", "weiqiao"];

/// Whether it is a type of events, `wechat.…`, or the beginning of some with `*` at the end.
fn is_filter(filter: &str) -> bool {
    let (words, open) = match filter.strip_suffix('*') {
        Some("") => return true,
        Some(beginning) => (beginning.strip_suffix('.').unwrap_or(beginning), true),
        None => (filter, false),
    };
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    let mut parts = words.split('.');
    let first = parts.next().unwrap_or_default();
    let known =
        FIRST.contains(&first) || open && !words.contains('.') && FIRST.iter().any(|word| word.starts_with(first));
    let whole = words.split('.').all(|part| !part.is_empty() && part.bytes().all(allowed));
    filter.len() <= 100 && known && whole && (open || words.contains('.'))
}

fn filters(given: Vec<String>) -> Result<Vec<String>> {
    let mut filters: Vec<String> = given.into_iter().map(|filter| filter.trim().to_owned()).collect();
    filters.sort_unstable();
    filters.dedup();
    if filters.len() > MOST_FILTERS || !filters.iter().all(|filter| is_filter(filter)) {
        let text = "events 最多 50 项，每项是事件类型（如 wechat.message.text）或以 * 结尾的前缀（如 wechat.event.*）";
        return Err(AppError::field("events", "format", text));
    }
    Ok(filters)
}
