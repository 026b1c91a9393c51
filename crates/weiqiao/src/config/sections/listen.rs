//! The public listener: where it is, how browsers reach it, who may call it from where.

use std::net::{IpAddr, Ipv4Addr};

use ipnet::IpNet;
use url::{Host, Url};
use weiqiao_app::settings::AuthMode;
use weiqiao_http::Cors;

use crate::config::parse;
use crate::config::reader::Reader;
use crate::config::setting::Setting;

/// See [`super::Settings::listen`].
#[derive(Debug, Clone)]
pub struct ListenSection {
    /// Address of the public listener.
    pub host: IpAddr,
    /// Its port.
    pub port: u16,
    /// How browsers reach us.
    pub public_url: Url,
    /// Which other sites' pages may read our answers.
    pub cors: Cors,
    /// Whether callers are limited.
    pub rate_limits: bool,
    /// Networks whose `X-Forwarded-For` counts.
    pub trusted_proxies: Vec<IpNet>,
}

pub(super) const SETTINGS: &[Setting] = &[
    Setting::plain("API_HOST", "0.0.0.0（开发模式 / open: 127.0.0.1）", "监听的 IP 地址", "IP address to listen on")
        .example("0.0.0.0"),
    Setting::plain("API_PORT", "3001", "监听的端口", "port to listen on").example("3001"),
    Setting::plain(
        "PUBLIC_URL",
        "http://localhost:API_PORT",
        "浏览器访问本服务的网址，所有 redirect_uri 都以它开头；只有域名和端口",
        "how browsers reach the service; every redirect_uri begins with it; host and port only",
    )
    .example("https://wx.example.com"),
    Setting::plain(
        "CORS_ORIGIN",
        "无（open：任意来源，不带 Cookie） / none (open: any, without cookies)",
        "允许跨域读取的网页来源，逗号分隔",
        "origins whose pages may read our answers, comma-separated",
    )
    .example("https://app.example.com"),
    Setting::plain("RATE_LIMITS", "strict: on, open: off", "是否限流", "whether callers are limited").example("on"),
    Setting::plain(
        "TRUSTED_PROXIES",
        "无 / none",
        "可信反向代理的网段，只有它们的 X-Forwarded-For 算数，逗号分隔",
        "networks of reverse proxies whose X-Forwarded-For counts, comma-separated",
    )
    .example("10.0.0.0/8"),
];

pub(super) fn read(reader: &mut Reader, mode: AuthMode) -> Option<ListenSection> {
    let default_host = if mode.is_strict() { Ipv4Addr::UNSPECIFIED } else { Ipv4Addr::LOCALHOST };
    let host = reader.value("API_HOST", parse::host).unwrap_or(default_host.into());
    let port = reader.value("API_PORT", parse::port).unwrap_or(3001);
    let public_url = public_url(reader, mode, port)?;
    if !mode.is_strict() && !host.is_loopback() {
        reader.note(
            "AUTH_MODE",
            "open 模式下接口不需要任何凭证，而监听地址不是本机：同一网络里的任何人都能调用。",
            "is open, so calls need no credential, and API_HOST is not loopback: anybody on the network may call.",
        );
    }
    Some(ListenSection {
        host,
        port,
        public_url,
        cors: cors(reader, mode),
        rate_limits: reader.value("RATE_LIMITS", parse::switch).unwrap_or(mode.is_strict()),
        trusted_proxies: reader.list("TRUSTED_PROXIES", parse::network).unwrap_or_default(),
    })
}

fn public_url(reader: &mut Reader, mode: AuthMode, port: u16) -> Option<Url> {
    let given = reader.value("PUBLIC_URL", parse::site);
    if given.is_none() && !reader.is_given("PUBLIC_URL") && mode.is_strict() {
        reader.note(
            "PUBLIC_URL",
            "没有设置：微信授权后浏览器会被带回 localhost。请填用户访问的网址，例如 https://wx.example.com。",
            "is not set: after consent WeChat sends browsers to localhost. Set the address people use, such as https://wx.example.com.",
        );
    }
    let url = given.or_else(|| Url::parse(&format!("http://localhost:{port}")).ok())?;
    if mode.is_strict() && url.scheme() == "http" && !is_this_computer(&url) {
        reader.note(
            "PUBLIC_URL",
            "是 http：Cookie 会明文传输。正式环境请使用 https。",
            "is plain http, so cookies travel unencrypted; use https in production.",
        );
    }
    Some(url)
}

fn cors(reader: &mut Reader, mode: AuthMode) -> Cors {
    if reader.text("CORS_ORIGIN").as_deref() == Some("*") {
        if mode.is_strict() {
            reader.refuse(
                "CORS_ORIGIN",
                "strict 模式下不能是 *；请逐个列出来源，例如 https://app.example.com。",
                "cannot be * in strict mode; list the origins, such as https://app.example.com.",
            );
        }
        return Cors::AnyWithoutCredentials;
    }
    match reader.list("CORS_ORIGIN", parse::origin) {
        Some(origins) => Cors::Origins(origins),
        None if mode.is_strict() => Cors::Off,
        None => Cors::AnyWithoutCredentials,
    }
}

/// Whether the address names the computer it is used on.
pub(super) fn is_this_computer(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}
