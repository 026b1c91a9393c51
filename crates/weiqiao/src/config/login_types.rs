//! The folder of the named login instances: `<folder>/<Name>/{e.json,<Name>.json}`.
//!
//! `e.json` says what it is and what people call it, `<Name>.json` which account it logs in through. What is wrong is told
//! with the file and the field, like every other setting.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use serde_json::{Map, Value};
use weiqiao_app::instances::MAX_STATE_LABEL;
use weiqiao_app::settings::{AccountSettings, LoginInstanceSettings, SettingSecret};
use weiqiao_model::{AccountKind, AccountName};
use weixin::oauth::Scope;

use super::reader::Reader;
use super::sections::{WechatAccount, app_id, app_secret};

/// Where the folder is when nobody says.
const DEFAULT: &str = "auths/loginTypes";
/// The only kind of login there is.
const TYPE: &str = "auths.loginTypes.WechatPublicType";
/// What a secret begins with that is another variable's value.
const ENV: &str = "env:";

/// Reads all instances, in the order of their names.
pub(super) fn read(
    reader: &mut Reader,
    must_be_wechat: bool,
    accounts: &[WechatAccount],
) -> Vec<LoginInstanceSettings> {
    let given = reader.text("LOGIN_TYPES_DIR");
    let shown = given.clone().unwrap_or_else(|| DEFAULT.to_owned());
    let folder = reader.path(&shown);
    if !folder.is_dir() {
        if given.is_some() {
            reader.refuse("LOGIN_TYPES_DIR", "不是文件夹。", "is not a folder.");
        }
        return Vec::new();
    }
    let mut names = match sub_folders(&folder) {
        Ok(names) => names,
        Err(error) => {
            let (zh, en) = unread(&error);
            reader.refuse("LOGIN_TYPES_DIR", zh, en);
            return Vec::new();
        }
    };
    names.sort_unstable();
    names
        .iter()
        .filter_map(|name| {
            let shown = format!("{shown}/{name}");
            let read = instance(reader, must_be_wechat, &folder.join(name), &shown, name)?;
            agrees(reader, accounts, &shown, &read).then_some(read)
        })
        .collect()
}

/// Whether an instance goes together with the accounts; tells when it does not.
fn agrees(reader: &mut Reader, accounts: &[WechatAccount], shown: &str, read: &LoginInstanceSettings) -> bool {
    let accounts = || accounts.iter().map(|one| &one.account);
    let official = |one: &&AccountSettings| one.kind == AccountKind::Official && one.app_id == read.app_id;
    if let Some(same) = accounts().find(official) {
        if same.app_secret == read.app_secret {
            return true;
        }
        let zh = format!("和账号 {} 的不一样；appId 相同时应当是同一个 AppSecret。", same.name);
        let en = format!("is not that of the account {}, which has the same appId.", same.name);
        reader.refuse(format!("{shown}/{}.json: appSecret", read.name), zh, en);
        return false;
    }
    let Some(taken) = accounts().find(|one| one.name.as_str() == read.name) else { return true };
    let zh = format!("和账号 {} 同名，appId 却不同；请给文件夹换一个名字。", taken.name);
    let en = format!("has the name of the account {} and another appId; give the folder another name.", taken.name);
    reader.refuse(shown, zh, en);
    false
}

/// Why a file or folder is not read, in words of ours: the system's would stand in English, or in whatever it speaks.
fn unread(error: &std::io::Error) -> (&'static str, &'static str) {
    match error.kind() {
        ErrorKind::NotFound => ("没有这个文件。", "does not exist."),
        ErrorKind::PermissionDenied => ("没有读取权限。", "may not be read: permission denied."),
        ErrorKind::IsADirectory => ("应当是文件，却是文件夹。", "must be a file and is a folder."),
        ErrorKind::InvalidData => ("不是 UTF-8 文本。", "is not UTF-8 text."),
        _ => ("读不出来。", "cannot be read."),
    }
}

/// Hidden folders are somebody else's (`.git`, `..data` of Kubernetes).
fn sub_folders(folder: &Path) -> std::io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.path().is_dir() && !name.starts_with('.') {
            names.push(name);
        }
    }
    Ok(names)
}

fn instance(
    reader: &mut Reader,
    must_be_wechat: bool,
    folder: &Path,
    shown: &str,
    name: &str,
) -> Option<LoginInstanceSettings> {
    let fits = AccountName::new(name).is_ok();
    if !fits {
        reader.refuse(
            shown,
            "文件夹名应当是 1 到 64 个字母、数字、点、下划线或短横线，以字母或数字开头。",
            "the folder's name must be 1 to 64 letters, digits, dots, underscores or dashes, beginning with a letter or digit.",
        );
    }
    let about = object(reader, folder, shown, "e.json", &["title", "type"]);
    let login = object(reader, folder, shown, &format!("{name}.json"), &["appId", "appSecret", "scope", "state"]);
    let title = about.as_ref().and_then(|file| file.required(reader, "title"));
    let kind = about.as_ref().and_then(|file| file.required(reader, "type"));
    if let (Some(file), Some(kind)) = (&about, &kind)
        && kind != TYPE
    {
        let (zh, en) = (format!("应当是 {TYPE}。"), format!("must be {TYPE}."));
        reader.refuse(file.key("type"), zh, en);
    }
    let login = login?;
    let id = login.required(reader, "appId").filter(|id| login.expect(reader, "appId", app_id(id)));
    let secret = login.required(reader, "appSecret").and_then(|text| login.secret(reader, &text));
    let secret = secret.filter(|secret| login.expect(reader, "appSecret", app_secret(secret.expose(), must_be_wechat)));
    let scope = match login.optional(reader, "scope").as_deref() {
        None | Some("snsapi_userinfo") => Some(Scope::UserInfo),
        Some("snsapi_base") => Some(Scope::Base),
        Some(_) => {
            let key = login.key("scope");
            reader.refuse(key, "应当是 snsapi_userinfo 或 snsapi_base。", "must be snsapi_userinfo or snsapi_base.");
            None
        }
    };
    let label = login.optional(reader, "state").unwrap_or_default();
    let label_fits = label.len() <= MAX_STATE_LABEL && label.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if !label_fits {
        let zh = format!("应当是最多 {MAX_STATE_LABEL} 个字母和数字；微信不接受其他字符。");
        let en = format!("must be at most {MAX_STATE_LABEL} letters and digits; WeChat takes no others.");
        reader.refuse(login.key("state"), zh, en);
    }
    Some(LoginInstanceSettings {
        name: name.to_owned(),
        title: title?,
        app_id: id?.into(),
        app_secret: secret?.expose().into(),
        scope: scope?,
        state_label: label,
    })
}

/// One of the two files.
struct File {
    /// What it is called in messages.
    shown: String,
    fields: Map<String, Value>,
}

fn object(reader: &mut Reader, folder: &Path, shown: &str, name: &str, known: &[&str]) -> Option<File> {
    let shown = format!("{shown}/{name}");
    let text = match fs::read_to_string(folder.join(name)) {
        Ok(text) => text,
        Err(error) => {
            let (zh, en) = unread(&error);
            reader.refuse(shown, zh, en);
            return None;
        }
    };
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let fields = match serde_json::from_str(text) {
        Ok(Value::Object(fields)) => fields,
        Ok(_) => {
            reader.refuse(shown, "应当是一个 JSON 对象。", "must be a JSON object.");
            return None;
        }
        Err(error) => {
            let (line, column) = (error.line(), error.column());
            reader.refuse(
                shown,
                format!("不是合法的 JSON（第 {line} 行第 {column} 列）。"),
                format!("is not valid JSON (line {line}, column {column})."),
            );
            return None;
        }
    };
    let file = File { shown, fields };
    for field in file.fields.keys().filter(|field| !known.contains(&field.as_str())) {
        reader.note(file.key(field), "没有这个字段，不起作用。", "is not a field and has no effect.");
    }
    Some(file)
}

impl File {
    /// What a field is called in messages.
    fn key(&self, field: &str) -> String {
        format!("{}: {field}", self.shown)
    }

    fn required(&self, reader: &mut Reader, field: &str) -> Option<String> {
        match self.fields.get(field) {
            None | Some(Value::Null) => reader.refuse(self.key(field), "没有设置。", "is not set."),
            Some(Value::String(text)) if text.trim().is_empty() => {
                reader.refuse(self.key(field), "是空的。", "is empty.");
            }
            Some(_) => return self.optional(reader, field),
        }
        None
    }

    fn optional(&self, reader: &mut Reader, field: &str) -> Option<String> {
        match self.fields.get(field)? {
            Value::Null => None,
            Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
            _ => {
                reader.refuse(self.key(field), "应当是字符串。", "must be a text.");
                None
            }
        }
    }

    /// The secret itself, or that of the variable it names.
    fn secret(&self, reader: &mut Reader, text: &str) -> Option<SettingSecret> {
        let key = self.key("appSecret");
        let secret = match text.strip_prefix(ENV) {
            None => SettingSecret::new(text),
            Some(variable) => match reader.variable(variable.trim()) {
                Some(value) => SettingSecret::new(value),
                None => {
                    let zh = format!("指向的环境变量 {variable} 没有设置。");
                    reader.refuse(key, zh, format!("names the variable {variable}, which is not set."));
                    return None;
                }
            },
        };
        reader.remember_secret(&format!("login instance {} app_secret", self.shown), secret.clone());
        Some(secret)
    }

    /// Passes on what is wrong; whether nothing is.
    fn expect(&self, reader: &mut Reader, field: &str, verdict: Result<(), super::reader::Expected>) -> bool {
        verdict.map_err(|expected| reader.refuse(self.key(field), expected.zh, expected.en)).is_ok()
    }
}
