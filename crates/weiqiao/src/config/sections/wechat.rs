//! The accounts, and where WeChat is.

use url::Url;
use weiqiao_app::crm::CrmSettings;
use weiqiao_app::js_url::JsSafeDomains;
use weiqiao_app::redirect::RedirectAllowList;
use weiqiao_app::settings::{AccountSettings, AuthMode, LoginInstanceSettings};
use weiqiao_model::AccountKind;
use weixin::TokenMode;
use weixin_proto::OriginalId;
use weixin_proto::secret::{AesKey, CallbackToken};

use super::listen::ListenSection;
use crate::config::login_types;
use crate::config::parse;
use crate::config::reader::{Expected, Reader};
use crate::config::setting::Setting;

mod accounts;
mod bases;
mod callback;
mod crm;

pub(in crate::config) use accounts::{ACCOUNT_SETTINGS, Refused, app_id, app_secret};

/// See [`super::Settings::wechat`].
#[derive(Debug, Clone)]
pub struct WechatSection {
    /// The accounts; the first of a kind is its default.
    pub accounts: Vec<WechatAccount>,
    /// Accounts that something is wrong with; none in settings that were read.
    pub(in crate::config) refused: Refused,
    /// The named login instances.
    pub login_instances: Vec<LoginInstanceSettings>,
    /// Base of every server call.
    pub api_base: Url,
    /// Base of the consent pages.
    pub open_base: Url,
    /// Base of the account platform's pages and pictures.
    pub mp_base: Url,
    /// Codes of `MP_verify_<code>.txt` files, with the folder in front when it is not the root.
    pub mp_verify: Vec<String>,
    /// Hosts pages may be signed for; `None` as in [`weiqiao_app::settings::AppSettings::js_safe_domains`].
    pub js_safe_domains: Option<Vec<String>>,
    /// Hosts a login may return to; `None` as in [`weiqiao_app::settings::AppSettings::oauth_redirect_hosts`].
    pub oauth_redirect_hosts: Option<Vec<String>>,
    /// Advisors, and the fields of the messages they get.
    pub crm: CrmSettings,
}

impl WechatSection {
    /// Whether the consent pages are WeChat's own, and not an emulator's.
    #[must_use]
    pub fn is_open_wechats(&self) -> bool {
        bases::is_open_wechats(&self.open_base)
    }
}

/// One account.
#[derive(Debug, Clone)]
pub struct WechatAccount {
    /// Name, kind, appid, secret, token mode, group.
    pub account: AccountSettings,
    /// How WeChat's callbacks are read, when they were set up.
    pub callback: Option<AccountCallback>,
}

/// How WeChat's callbacks of one account are read.
#[derive(Debug, Clone)]
pub struct AccountCallback {
    /// The token typed into the console.
    pub token: CallbackToken,
    /// The token being replaced.
    pub token_previous: Option<CallbackToken>,
    /// The key typed into the console; not in plain mode.
    pub aes_key: Option<AesKey>,
    /// The key being replaced.
    pub aes_key_previous: Option<AesKey>,
    /// The account's `gh_…`, when pushes to others are to be refused.
    pub original_id: Option<OriginalId>,
    /// What the console says.
    pub mode: CallbackMode,
}

/// Which of the console's three message modes is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallbackMode {
    /// 明文模式.
    Plain,
    /// 兼容模式.
    Compatible,
    /// 安全模式.
    Safe,
}

const CALLBACK_MODES: [(&str, CallbackMode); 3] =
    [("plain", CallbackMode::Plain), ("compatible", CallbackMode::Compatible), ("safe", CallbackMode::Safe)];
const TOKEN_MODES: [(&str, TokenMode); 2] = [("stable", TokenMode::Stable), ("classic", TokenMode::Classic)];
const KINDS: [(&str, AccountKind); 2] = [("official", AccountKind::Official), ("mini", AccountKind::Mini)];

pub(super) const SETTINGS: &[Setting] = &[
    Setting::plain(
        "WECHAT_OFFICIAL_APP_ID",
        "无 / none",
        "默认公众号的 AppID",
        "appid of the default official account",
    ),
    Setting::secret("WECHAT_OFFICIAL_APP_SECRET", "无 / none", "它的 AppSecret", "its secret"),
    Setting::secret("WECHAT_OFFICIAL_TOKEN", "无 / none", "它的服务器配置 Token", "its callback token"),
    Setting::secret(
        "WECHAT_OFFICIAL_TOKEN_PREVIOUS",
        "无 / none",
        "它的正在更换的旧 Token，同样接受",
        "its token being replaced: accepted too",
    ),
    Setting::secret(
        "WECHAT_OFFICIAL_AES_KEY",
        "无 / none",
        "它的 EncodingAESKey（43 个字符）",
        "its EncodingAESKey (43 characters)",
    ),
    Setting::secret(
        "WECHAT_OFFICIAL_AES_KEY_PREVIOUS",
        "无 / none",
        "它的正在更换的旧 EncodingAESKey，同样接受",
        "its EncodingAESKey being replaced: accepted too",
    ),
    Setting::plain(
        "WECHAT_OFFICIAL_ORIGINAL_ID",
        "无 / none",
        "它的原始 ID（gh_…）；设置后拒绝发给别的账号的推送",
        "its original id (gh_...); then pushes to another one are refused",
    )
    .example("gh_97417a04a28d"),
    Setting::plain("WECHAT_MINI_APP_ID", "无 / none", "默认小程序的 AppID", "appid of the default mini program"),
    Setting::secret("WECHAT_MINI_APP_SECRET", "无 / none", "它的 AppSecret", "its secret"),
    Setting::secret("WECHAT_MINI_TOKEN", "无 / none", "它的消息推送 Token", "its callback token"),
    Setting::secret(
        "WECHAT_MINI_TOKEN_PREVIOUS",
        "无 / none",
        "它的正在更换的旧 Token，同样接受",
        "its token being replaced: accepted too",
    ),
    Setting::secret(
        "WECHAT_MINI_AES_KEY",
        "无 / none",
        "它的 EncodingAESKey（43 个字符）",
        "its EncodingAESKey (43 characters)",
    ),
    Setting::secret(
        "WECHAT_MINI_AES_KEY_PREVIOUS",
        "无 / none",
        "它的正在更换的旧 EncodingAESKey，同样接受",
        "its EncodingAESKey being replaced: accepted too",
    ),
    Setting::plain(
        "WECHAT_MINI_ORIGINAL_ID",
        "无 / none",
        "它的原始 ID（gh_…）；设置后拒绝发给别的账号的推送",
        "its original id (gh_...); then pushes to another one are refused",
    )
    .example("gh_97417a04a28d"),
    Setting::plain(
        "WECHAT_APP_ID",
        "无 / none",
        "简写：用于没有单独配置的每一种账号",
        "short form: used for every kind that has no pair of its own",
    ),
    Setting::secret("WECHAT_APP_SECRET", "无 / none", "简写的 AppSecret", "secret of the short form"),
    Setting::secret("WECHAT_TOKEN", "无 / none", "简写的 Token", "the short form's callback token"),
    Setting::secret(
        "WECHAT_TOKEN_PREVIOUS",
        "无 / none",
        "简写的正在更换的旧 Token，同样接受",
        "the short form's token being replaced: accepted too",
    ),
    Setting::secret(
        "WECHAT_AES_KEY",
        "无 / none",
        "简写的 EncodingAESKey（43 个字符）",
        "the short form's EncodingAESKey (43 characters)",
    ),
    Setting::secret(
        "WECHAT_AES_KEY_PREVIOUS",
        "无 / none",
        "简写的正在更换的旧 EncodingAESKey，同样接受",
        "the short form's EncodingAESKey being replaced: accepted too",
    ),
    Setting::plain(
        "WECHAT_ORIGINAL_ID",
        "无 / none",
        "简写的原始 ID（gh_…）；设置后拒绝发给别的账号的推送",
        "the short form's original id (gh_...); then pushes to another one are refused",
    )
    .example("gh_97417a04a28d"),
    Setting::plain(
        "WECHAT_CALLBACK_MODE",
        "有 AES Key 时 safe，否则 plain / safe with an AES key, else plain",
        "消息加解密方式：plain、compatible 或 safe",
        "message mode of the console: plain, compatible or safe",
    )
    .example("safe"),
    Setting::plain(
        "WECHAT_TOKEN_MODE",
        "stable",
        "获取 access_token 的接口：stable 或 classic",
        "which token call is used: stable or classic",
    )
    .example("stable"),
    Setting::plain(
        "WECHAT_API_BASE",
        "https://api.weixin.qq.com",
        "微信接口地址，可换成就近接入点或自己的转发",
        "base of server calls: a regional host or a relay",
    )
    .example("https://sh.api.weixin.qq.com"),
    Setting::plain("WECHAT_OPEN_BASE", "https://open.weixin.qq.com", "授权页地址", "base of the consent pages"),
    Setting::plain(
        "WECHAT_MP_BASE",
        "https://mp.weixin.qq.com",
        "公众平台页面地址",
        "base of the account platform's pages",
    ),
    Setting::plain(
        "ALLOW_CUSTOM_WECHAT_BASE",
        "off",
        "strict 模式下允许上面三项不是微信的域名（转发或模拟器）",
        "lets the three above be other hosts than WeChat's in strict mode (a relay or the emulator)",
    ),
    Setting::plain(
        "WECHAT_MP_VERIFY",
        "无 / none",
        "MP_verify_<code>.txt 的 code，不在根目录时带上目录，逗号分隔",
        "codes of MP_verify_<code>.txt, with the folder when it is not the root, comma-separated",
    )
    .example("AbC123dEf456GhI7,shop/XyZ987wVu654TsR3"),
    Setting::plain(
        "JS_SAFE_DOMAINS",
        "PUBLIC_URL 的域名（open：任意） / the host of PUBLIC_URL (open: any)",
        "JS-SDK 签名允许的域名（可带路径），逗号分隔",
        "hosts, or hosts with a path, pages may be signed for, comma-separated",
    )
    .example("wx.example.com,shop.example.com/h5"),
    Setting::plain(
        "OAUTH_REDIRECT_HOSTS",
        "PUBLIC_URL 的域名 / the host of PUBLIC_URL",
        "登录后允许返回的域名，写 host、host:port 或 host:*，逗号分隔；不设置且 PUBLIC_URL 是本机时，本机的任何端口都允许",
        "hosts a login may return to, as host, host:port or host:*, comma-separated; when unset and PUBLIC_URL is this computer, any port of it",
    )
    .example("app.example.com"),
    Setting::plain(
        "LOGIN_TYPES_DIR",
        "auths/loginTypes（存在时 / when it exists）",
        "登录实例的文件夹，见 docs/login-instances.md",
        "folder of the named login instances, see docs/login-instances.md",
    ),
    Setting::plain(
        "SUBSCRIBE_TEMPLATES",
        "thing1,time2,thing3,thing7",
        "订阅消息里依次放什么：事项、时间、电话、姓名的字段名，- 表示没有；单个模板写成 模板ID=字段|字段|字段|字段",
        "fields of subscribe messages for what happened, when, phone, name, in this order, - for none; of a single template \
         as template_id=field|field|field|field",
    )
    .example("thing1,time2,thing3,thing7"),
    Setting::plain(
        "ADVISOR_SELF_REGISTER",
        "off",
        "strict 模式下，没有登记的顾问第一次订阅时是否自动成为顾问；on 或 off",
        "whether, in strict mode, somebody nobody knows becomes an advisor by subscribing as one; on or off",
    )
    .example("off"),
];

pub(super) fn read(reader: &mut Reader, mode: AuthMode, listen: &ListenSection) -> Option<WechatSection> {
    let custom = reader.value("ALLOW_CUSTOM_WECHAT_BASE", parse::switch).unwrap_or(false);
    let must_be_wechat = mode.is_strict() && !custom;
    let token_mode = reader.value("WECHAT_TOKEN_MODE", |text| parse::word(text, &TOKEN_MODES));
    let callback_mode = reader.value("WECHAT_CALLBACK_MODE", |text| parse::word(text, &CALLBACK_MODES));
    let token_mode = token_mode.unwrap_or(TokenMode::Stable);
    let (accounts, refused) = accounts::read(reader, must_be_wechat, token_mode, callback_mode);
    let bases = bases::read(reader, must_be_wechat);
    let mp_verify = reader.list("WECHAT_MP_VERIFY", verify_place).unwrap_or_default();
    let entries = reader.list("SUBSCRIBE_TEMPLATES", crm::entry).unwrap_or_default();
    let crm = crm::read(reader, entries);
    let login_instances = login_types::read(reader, must_be_wechat, &accounts);
    let bases = bases?;
    Some(WechatSection {
        accounts,
        refused,
        login_instances,
        api_base: bases.api,
        open_base: bases.open,
        mp_base: bases.mp,
        mp_verify,
        crm,
        js_safe_domains: reader.list("JS_SAFE_DOMAINS", |host| {
            JsSafeDomains::new(&[host]).map(|_| host.to_owned()).map_err(|_| {
                Expected::new(
                    "应当是域名，可带路径，不带协议和端口，例如 wx.example.com。",
                    "must be a host, perhaps with a path, without scheme and port, such as wx.example.com.",
                )
            })
        }),
        oauth_redirect_hosts: reader.list("OAUTH_REDIRECT_HOSTS", |host| {
            RedirectAllowList::new(&listen.public_url, Some(&[host.to_owned()])).map(|_| host.to_owned()).map_err(
                |_| {
                    Expected::new(
                        "应当写成 host、host:port 或 host:*，例如 app.example.com。",
                        "must be host, host:port or host:*, such as app.example.com.",
                    )
                },
            )
        }),
    })
}

/// `code`, or `folder/code`.
fn verify_place(text: &str) -> Result<String, Expected> {
    let (folder, code) = text.rsplit_once('/').unwrap_or(("", text));
    let is_code = (8..=64).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let is_folder = folder.len() <= 200
        && folder.split('/').all(|part| !part.starts_with('.'))
        && folder.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte));
    (is_code && is_folder).then(|| text.trim_matches('/').to_owned()).ok_or_else(|| {
        Expected::new(
            "应当是 MP_verify_ 与 .txt 之间的字母和数字，前面可以带目录，例如 shop/AbC123dEf456GhI7。",
            "must be the letters and digits between MP_verify_ and .txt, perhaps with a folder, such as shop/AbC123dEf456GhI7.",
        )
    })
}
