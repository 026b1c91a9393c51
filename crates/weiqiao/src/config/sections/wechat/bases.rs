//! Where WeChat is. In strict mode it is WeChat itself, unless somebody says otherwise twice.

use url::Url;

use crate::config::parse;
use crate::config::reader::Reader;

pub(super) struct Bases {
    pub(super) api: Url,
    pub(super) open: Url,
    pub(super) mp: Url,
}

/// WeChat's hosts for server calls: the main one, its stand-in, and the regional ones.
const API_HOSTS: [&str; 5] =
    ["api.weixin.qq.com", "api2.weixin.qq.com", "sh.api.weixin.qq.com", "sz.api.weixin.qq.com", "hk.api.weixin.qq.com"];
const OPEN_HOSTS: [&str; 1] = ["open.weixin.qq.com"];
const MP_HOSTS: [&str; 1] = ["mp.weixin.qq.com"];

pub(super) fn read(reader: &mut Reader, must_be_wechat: bool) -> Option<Bases> {
    let mut base = |name, hosts: &[&str]| one(reader, name, hosts, must_be_wechat);
    let (api, open, mp) =
        (base("WECHAT_API_BASE", &API_HOSTS), base("WECHAT_OPEN_BASE", &OPEN_HOSTS), base("WECHAT_MP_BASE", &MP_HOSTS));
    Some(Bases { api: api?, open: open?, mp: mp? })
}

/// Whether the consent pages are WeChat's own.
pub(super) fn is_open_wechats(url: &Url) -> bool {
    is_one_of(url, &OPEN_HOSTS)
}

fn is_one_of(url: &Url, hosts: &[&str]) -> bool {
    url.scheme() == "https"
        && url.port().is_none()
        && url.path() == "/"
        && url.host_str().is_some_and(|host| hosts.contains(&host))
}

/// What goes to another host than WeChat's.
fn consequence(name: &str) -> (&'static str, &'static str) {
    match name {
        "WECHAT_OPEN_BASE" => (
            "登录的人会被送到那里授权，演示页的 JS-SDK 脚本也从那里加载。",
            "people are sent there for consent, and the demo page loads its JS-SDK script from there.",
        ),
        "WECHAT_MP_BASE" => {
            ("二维码等页面和图片会从那里读取。", "QR codes and other pages and pictures come from there.")
        }
        _ => ("AppSecret 和 access_token 会发到那里。", "your app secret and access tokens are sent there."),
    }
}

/// The base; the first of the hosts when none is given.
fn one(reader: &mut Reader, name: &str, hosts: &[&str], must_be_wechat: bool) -> Option<Url> {
    let default = || Url::parse(&format!("https://{}", hosts.first()?)).ok();
    let Some(url) = reader.value(name, parse::base) else { return default() };
    if is_one_of(&url, hosts) {
        return Some(url);
    }
    if must_be_wechat {
        let hosts: Vec<_> = hosts.iter().map(|host| format!("https://{host}")).collect();
        let (zh, en) = (hosts.join("、"), hosts.join(", "));
        reader.refuse(
            name,
            format!("不是微信的地址，strict 模式下只能是 {zh}。确实要用转发或模拟器时，再设置 ALLOW_CUSTOM_WECHAT_BASE=1。"),
            format!("is not WeChat; in strict mode it must be one of {en}. For a relay or the emulator also set ALLOW_CUSTOM_WECHAT_BASE=1."),
        );
    } else {
        let (zh, en) = consequence(name);
        reader.note(name, format!("不是微信的地址：{zh}"), format!("is not WeChat: {en}"));
    }
    Some(url)
}
