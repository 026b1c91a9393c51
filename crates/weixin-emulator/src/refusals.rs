//! The refusals of the emulated endpoints, with the texts seen on the wire.

use crate::answer::Refusal;
use crate::errtext;

/// 47003: the text says which argument is wrong, and how.
pub(crate) fn argument(what: &str) -> Refusal {
    Refusal::composed(47003, format!("argument invalid! {what}"))
}

/// A number with the text of WeChat's own list.
pub(crate) fn coded(errcode: i64) -> Refusal {
    Refusal::composed(errcode, errtext::of(errcode))
}

/// Over the quota of a day. Calls that make links have a number of their own.
pub(crate) fn over_a_day(path: &str) -> Refusal {
    if path.starts_with("/wxa/generate") { coded(44993) } else { DAY_QUOTA }
}

/// Over the quota of a minute. Codes and checks of content have numbers of their own.
pub(crate) fn over_a_minute(path: &str) -> Refusal {
    match path {
        "/wxa/getwxacodeunlimit" => DAY_QUOTA,
        "/wxa/img_sec_check" | "/wxa/media_check_async" | "/wxa/msg_sec_check" => coded(44991),
        _ => MINUTE_QUOTA,
    }
}

/// A wrong or replaced token at `/cgi-bin` and `/wxa`.
pub(crate) const STALE_TOKEN: Refusal = Refusal::new(
    40001,
    "invalid credential, access_token is invalid or not latest, could get access_token by getStableAccessToken, more details at https://mmbizurl.cn/s/JtxxFh33r",
);
/// A wrong user token at `/sns`.
pub(crate) const BAD_USER_TOKEN: Refusal =
    Refusal::new(40001, "invalid credential, access_token is invalid or not latest");
pub(crate) const INVALID_GRANT_TYPE: Refusal = Refusal::new(40002, "invalid grant_type");
pub(crate) const INVALID_OPENID: Refusal = Refusal::new(40003, "invalid openid");
pub(crate) const INVALID_MEDIA_TYPE: Refusal = Refusal::new(40004, "invalid media type");
pub(crate) const INVALID_FILE_TYPE: Refusal = Refusal::new(40005, "invalid file type");
pub(crate) const INVALID_MEDIA_ID: Refusal = Refusal::new(40007, "invalid media_id");
pub(crate) const INVALID_MESSAGE_TYPE: Refusal = Refusal::new(40008, "invalid message type");
pub(crate) const IMAGE_TOO_LARGE: Refusal = Refusal::new(40009, "invalid image size");
pub(crate) const VOICE_TOO_LARGE: Refusal = Refusal::new(40010, "invalid voice size");
pub(crate) const VIDEO_TOO_LARGE: Refusal = Refusal::new(40011, "invalid video size");
pub(crate) const THUMB_TOO_LARGE: Refusal = Refusal::new(40012, "invalid thumb size");
pub(crate) const INVALID_APPID: Refusal = Refusal::new(40013, "invalid appid");
pub(crate) const INVALID_CODE: Refusal = Refusal::new(40029, "invalid code");
pub(crate) const INVALID_REFRESH_TOKEN: Refusal = Refusal::new(40030, "invalid refresh_token");
pub(crate) const BAD_OPENID_LIST: Refusal = Refusal::new(40031, "invalid openid list");
pub(crate) const OPENID_LIST_SIZE: Refusal = Refusal::new(40032, "invalid openid list size");
pub(crate) const BAD_CHARSET: Refusal =
    Refusal::new(40033, "invalid charset. please check your request, if include \\uxxxx will create fail!");
pub(crate) const INVALID_ARGS_SIZE: Refusal = Refusal::new(40035, "invalid args size");
pub(crate) const INVALID_ACTION_NAME: Refusal = Refusal::new(40052, "invalid action name");
pub(crate) const INVALID_ACTION_INFO: Refusal = Refusal::new(40053, "invalid action info, please check document");
pub(crate) const INVALID_TEMPLATE_ID: Refusal = Refusal::new(40037, "invalid template_id");
pub(crate) const INVALID_URL: Refusal = Refusal::new(40066, "invalid url");
pub(crate) const INVALID_REMARK: Refusal = Refusal::new(40092, "invalid remark name");
pub(crate) const INVALID_ARGS: Refusal = Refusal::new(40097, "invalid args");
pub(crate) const INVALID_SECRET: Refusal = Refusal::new(40125, "invalid appsecret");
pub(crate) const INVALID_SCENE: Refusal = Refusal::new(40129, "invalid scene");
pub(crate) const CODE_USED: Refusal = Refusal::new(40163, "code been used");
pub(crate) const INVALID_PAGE_PATH: Refusal = Refusal::new(40165, "invalid weapp pagepath");
pub(crate) const INVALID_MINI_APPID: Refusal = Refusal::new(40166, "invalid weapp appid");
pub(crate) const INVALID_CHECK_URL: Refusal = Refusal::new(40201, "invalid check url");
pub(crate) const INVALID_CHECK_ACTION: Refusal = Refusal::new(40202, "invalid check action");
pub(crate) const INVALID_CHECK_OPERATOR: Refusal = Refusal::new(40203, "invalid check operator");
pub(crate) const CODE_BLOCKED: Refusal = Refusal::new(40226, "code blocked");
pub(crate) const SECRET_FROZEN: Refusal = Refusal::new(40243, "AppSecret已被冻结，请解冻后再次调用。");
pub(crate) const TOKEN_MISSING: Refusal = Refusal::new(41001, "access_token missing");
pub(crate) const APPID_MISSING: Refusal = Refusal::new(41002, "appid missing");
pub(crate) const REFRESH_TOKEN_MISSING: Refusal = Refusal::new(41003, "refresh_token missing");
pub(crate) const SECRET_MISSING: Refusal = Refusal::new(41004, "appsecret missing");
pub(crate) const MEDIA_MISSING: Refusal = Refusal::new(41005, "media data missing");
pub(crate) const MEDIA_ID_MISSING: Refusal = Refusal::new(41006, "media_id missing");
pub(crate) const CODE_MISSING: Refusal = Refusal::new(41008, "missing code");
pub(crate) const OPENID_MISSING: Refusal = Refusal::new(41009, "missing openid");
pub(crate) const TOKEN_EXPIRED: Refusal = Refusal::new(42001, "access_token expired");
pub(crate) const REFRESH_TOKEN_EXPIRED: Refusal = Refusal::new(42002, "refresh_token expired");
pub(crate) const CODE_EXPIRED: Refusal = Refusal::new(42003, "code expired");
pub(crate) const PASSWORD_CHANGED: Refusal = Refusal::new(42007, "access_token and refresh_token exception");
pub(crate) const NEEDS_GET: Refusal = Refusal::new(43001, "require GET method");
pub(crate) const NEEDS_POST: Refusal = Refusal::new(43002, "require POST method");
pub(crate) const MUST_FOLLOW: Refusal = Refusal::new(43004, "require subscribe");
pub(crate) const NOT_SUBSCRIBED: Refusal = Refusal::new(43101, "user refuse to accept the msg");
pub(crate) const MEDIA_EMPTY: Refusal = Refusal::new(44001, "empty media data");
pub(crate) const EMPTY_BODY: Refusal = Refusal::new(44002, "empty post data");
pub(crate) const EMPTY_NEWS: Refusal = Refusal::new(44003, "empty news data");
pub(crate) const EMPTY_CONTENT: Refusal = Refusal::new(44004, "empty content");
pub(crate) const CONTENT_TOO_LONG: Refusal = Refusal::new(45002, "content size out of limit");
pub(crate) const TOO_MANY_ARTICLES: Refusal = Refusal::new(45008, "article size out of limit");
pub(crate) const DAY_QUOTA: Refusal = Refusal::new(45009, "reach max api daily quota limit");
pub(crate) const MINUTE_QUOTA: Refusal =
    Refusal::new(45011, "api minute-quota reach limit  mustslower  retry next minute");
pub(crate) const WINDOW_CLOSED: Refusal =
    Refusal::hinted(45015, "response out of time limit or subscription is canceled");
pub(crate) const TOO_MANY_QR_CODES: Refusal = Refusal::new(45029, "qrcode count out of limit");
pub(crate) const WINDOW_USED_UP: Refusal = Refusal::hinted(45047, "out of response count limit");
pub(crate) const TOO_MANY_TAGS: Refusal = Refusal::new(45056, "too many tag now, no need to add new");
pub(crate) const TAG_OF_TOO_MANY: Refusal = Refusal::new(45057, "can't delete the tag that has too many fans");
pub(crate) const SYSTEM_TAG: Refusal = Refusal::new(45058, "can't modify sys tag");
pub(crate) const TOO_MANY_TAGS_ON_ONE: Refusal = Refusal::new(45059, "can not tagging one user too much");
pub(crate) const INVALID_COMMAND: Refusal = Refusal::new(45072, "invalid command");
pub(crate) const SILENT: Refusal = Refusal::new(
    45080,
    "need sending message to user, or recving message from user in the last 30 seconds before typing",
);
pub(crate) const ALREADY_TYPING: Refusal = Refusal::new(45081, "you are already typing");
pub(crate) const INVALID_LINK_APPID: Refusal = Refusal::new(45086, "invalid attrbute 'data-miniprogram-appid'");
pub(crate) const MSGMENU_LIST: Refusal = Refusal::new(45098, "msgmenu list size is out of limit");
pub(crate) const MSGMENU_ITEM: Refusal = Refusal::new(45099, "msgmenu item content size is out of limit");
pub(crate) const INVALID_TAG_NAME: Refusal = Refusal::new(45157, "invalid tag name");
pub(crate) const TAG_NAME_TOO_LONG: Refusal = Refusal::new(45158, "tag name too long");
pub(crate) const INVALID_TAG_ID: Refusal = Refusal::new(45159, "invalid tag id");
pub(crate) const INVALID_TYPE: Refusal = Refusal::new(45162, "invalid type");
pub(crate) const NO_MENU: Refusal = Refusal::new(46003, "menu no exist");
pub(crate) const USER_GONE: Refusal = Refusal::new(46004, "user no exist");
pub(crate) const BAD_JSON: Refusal = Refusal::new(47001, "data format error");
pub(crate) const UNAUTHORIZED_API: Refusal = Refusal::new(48001, "api unauthorized");
pub(crate) const CLEARED_TOO_OFTEN: Refusal =
    Refusal::new(48006, "forbid to clear quota because of reaching the limit");
pub(crate) const FOREIGN_OPENID: Refusal = Refusal::new(49003, "not match openid with appid");
pub(crate) const BANNED: Refusal = Refusal::new(50004, "user not allow to use accesstoken, maybe for punishment");
pub(crate) const NOT_CONDITIONAL: Refusal = Refusal::new(65301, "this menu is not conditionalmenu");
pub(crate) const NO_SUCH_USER: Refusal = Refusal::new(65302, "no such user");
pub(crate) const NO_DEFAULT_MENU: Refusal = Refusal::new(65303, "there is no selfmenu, please create selfmenu first");
pub(crate) const TOO_MANY_MENUS: Refusal = Refusal::new(65305, "menu count limit");
pub(crate) const RID_NOT_FOUND: Refusal = Refusal::new(76001, "rid not found");
pub(crate) const RID_MALFORMED: Refusal = Refusal::new(76002, "rid is error");
pub(crate) const RID_FOREIGN: Refusal = Refusal::new(76003, "could not query this rid,no permission");
pub(crate) const PATH_MALFORMED: Refusal = Refusal::new(76003, "could not query this cgi_path,no permission");
pub(crate) const RID_TOO_OLD: Refusal = Refusal::new(76004, "rid time is error");
pub(crate) const PATH_UNKNOWN: Refusal = Refusal::new(76021, "cgi_path not found, please check");
pub(crate) const PATH_FORBIDDEN: Refusal = Refusal::new(76022, "could not use this cgi_path，no permission");
pub(crate) const SESSION_KEY_GONE: Refusal = Refusal::new(87007, "session_key is not existd or expired");
pub(crate) const BAD_SIG_METHOD: Refusal = Refusal::new(87008, "invalid sig_method");
pub(crate) const BAD_SIGNATURE: Refusal = Refusal::new(87009, "invalid signature");
pub(crate) const LONG_DATA_TOO_LONG: Refusal = Refusal::new(9_410_010, "long_data长度超过限制");
pub(crate) const EXPIRES_TOO_LATE: Refusal = Refusal::new(9_410_011, "expire_seconds超过限制");
pub(crate) const UNKNOWN_SHORT_KEY: Refusal = Refusal::new(9_410_012, "short_key不存在或已过期");
