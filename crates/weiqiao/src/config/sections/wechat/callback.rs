//! How the callbacks of one account are read.

use weixin_proto::OriginalId;
use weixin_proto::secret::AesKey;

use super::accounts::{Draft, expect, is_plain, placeholder};
use super::{AccountCallback, CallbackMode};
use crate::config::reader::{Expected, Reader};

/// Takes what concerns callbacks out of the draft.
pub(super) fn read(reader: &mut Reader, draft: &mut Draft, must_be_wechat: bool) -> Option<AccountCallback> {
    let (token, aes_key) = (draft.token.take(), draft.aes_key.take());
    let (token_previous, aes_key_previous) = (draft.token_previous.take(), draft.aes_key_previous.take());
    let (original_id, keys) = (draft.original_id.take(), &draft.keys);
    for (key, token) in [(&keys.token, &token), (&keys.token_previous, &token_previous)] {
        if let Some(token) = token {
            expect(reader, key, callback_token(token.expose(), must_be_wechat));
        }
    }
    let mut key_of = |name: &str, text: &str| match AesKey::parse(text) {
        Ok(key) => expect(reader, name, placeholder(text, must_be_wechat)).then_some(key),
        Err(_) => {
            reader.refuse(
                name,
                "应当是公众平台显示的 43 个字母和数字。",
                "must be the 43 letters and digits of the console.",
            );
            None
        }
    };
    let key = aes_key.as_ref().and_then(|text| key_of(&keys.aes_key, text.expose()));
    let key_previous = aes_key_previous.as_ref().and_then(|text| key_of(&keys.aes_key_previous, text.expose()));
    let original_id = original_id.filter(|text| expect(reader, &keys.original_id, is_original_id(text)));
    if token_previous.is_some() {
        let same = token.as_ref().map(|token| Some(token) == token_previous.as_ref());
        refuse_idle_previous(reader, &keys.token, &keys.token_previous, same);
    }
    if let Some(previous) = &key_previous {
        // The last of the 43 characters has two bits that mean nothing: what counts is the key.
        let same = aes_key.as_ref().map(|_| key.as_ref().is_some_and(|key| key.expose() == previous.expose()));
        refuse_idle_previous(reader, &keys.aes_key, &keys.aes_key_previous, same);
    }
    if aes_key.is_some() && token.is_none() {
        reader.refuse(
            &keys.token,
            "设置了 AES Key 却没有 Token；回调两者都要。",
            "is not set, but the AES key is; callbacks need both.",
        );
    }
    let token = token?;
    if draft.name == "share" {
        reader.refuse(
            &keys.name,
            "不能叫 share：/wx/share 是另一个接口。",
            "cannot be share: /wx/share is another address.",
        );
    }
    let usual = if aes_key.is_some() { CallbackMode::Safe } else { CallbackMode::Plain };
    let mode = draft.callback_mode.unwrap_or(usual);
    match (mode, aes_key.is_some()) {
        (CallbackMode::Plain, true) => {
            reader.refuse(
                &keys.callback_mode,
                "是 plain，却设置了 AES Key；请删掉 AES Key，或改成 safe。",
                "is plain, but an AES key is set; remove the key, or use safe.",
            );
        }
        (CallbackMode::Plain, false) => {
            reader.note(
                &keys.token,
                "没有 AES Key，消息推送使用明文模式：签名不覆盖内容，看到过一个网址的人五分钟内可以伪造任意消息。请在公众平台改成安全模式，并设置 EncodingAESKey。",
                "is set without an AES key, so callbacks are in plain mode: the signature does not cover the body, and whoever has seen one address can forge any message for five minutes. Choose the safe mode in the console and set the AES key.",
            );
        }
        (CallbackMode::Compatible | CallbackMode::Safe, false) => {
            reader.refuse(&keys.aes_key, "没有设置；加密方式需要它。", "is not set; the encrypted modes need it.");
        }
        _ => {}
    }
    Some(AccountCallback {
        token: token.expose().into(),
        token_previous: token_previous.map(|token| token.expose().into()),
        aes_key: key,
        aes_key_previous: key_previous,
        original_id: original_id.map(OriginalId::new),
        mode,
    })
}

/// Refuses an earlier value that nothing was exchanged for. `same`: whether it is the present one, when there is one.
fn refuse_idle_previous(reader: &mut Reader, name: &str, previous: &str, same: Option<bool>) {
    match same {
        None => reader.refuse(
            previous,
            format!("设置了，{name} 却没有；旧值只在更换时与新值一起使用。"),
            format!("is set without {name}; an earlier value goes with the one that replaces it."),
        ),
        Some(true) => reader.refuse(
            previous,
            format!("与 {name} 相同；请填更换前的值，没有更换时请删除。"),
            format!("is the same as {name}; set the value of before, or remove it when nothing is being changed."),
        ),
        Some(false) => {}
    }
}

fn callback_token(text: &str, must_be_wechat: bool) -> Result<(), Expected> {
    placeholder(text, must_be_wechat)?;
    let fits = (3..=32).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    fits.then_some(())
        .ok_or_else(|| Expected::new("应当是 3 到 32 个字母和数字。", "must be 3 to 32 letters and digits."))
}

/// An emulator's original ids look like WeChat's too.
fn is_original_id(text: &str) -> Result<(), Expected> {
    let fits = text.strip_prefix("gh_").is_some_and(|id| is_plain(id, 1..=32));
    fits.then_some(())
        .ok_or_else(|| Expected::new("应当是 gh_ 开头的原始 ID。", "must be the original id, which begins with gh_."))
}
