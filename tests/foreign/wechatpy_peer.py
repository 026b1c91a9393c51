"""WeChat as wechatpy speaks it: one command as a JSON line in, one answer as a JSON line out.

seal {token, aes_key, app_id, xml, timestamp, nonce}                   -> {body, signature}
open {token, aes_key, app_id, body}                                    -> {reply}
read {xml}                                                             -> {reply}
ask  {base, app_id, secret}                                            -> what the client half of wechatpy gets from a WeChat at `base`
"""

import json
import sys

import xmltodict
from wechatpy import WeChatClient
from wechatpy.crypto import WeChatCrypto
from wechatpy.fields import ArticlesField
from wechatpy.replies import deserialize_reply


# The library reads a list of articles; a parser of XML gives a single one as no list.
_read_articles = ArticlesField.from_xml
ArticlesField.from_xml = staticmethod(
    lambda value: _read_articles({"item": value["item"] if isinstance(value["item"], list) else [value["item"]]})
)


def described(xml):
    reply = deserialize_reply(xml)
    told = {"type": reply.type, "source": reply.source, "target": reply.target}
    for field in ("content", "image", "media_id", "title", "description", "music_url", "hq_music_url", "articles"):
        value = getattr(reply, field, None)
        if value is not None:
            told[field] = value
    return told


def seal(c):
    crypto = WeChatCrypto(c["token"], c["aes_key"], c["app_id"])
    body = crypto.encrypt_message(c["xml"], c["nonce"], c["timestamp"])
    return {"body": body, "signature": xmltodict.parse(body)["xml"]["MsgSignature"]}


def open_reply(c):
    wrap = xmltodict.parse(c["body"])["xml"]
    crypto = WeChatCrypto(c["token"], c["aes_key"], c["app_id"])
    xml = crypto.decrypt_message(c["body"], wrap["MsgSignature"], wrap["TimeStamp"], wrap["Nonce"])
    return {"reply": described(xml)}


def ask(c):
    class Local(WeChatClient):
        API_BASE_URL = c["base"].rstrip("/") + "/cgi-bin/"

        # The one address the library does not build from API_BASE_URL.
        def fetch_access_token(self):
            params = {"grant_type": "client_credential", "appid": self.appid, "secret": self.secret}
            return self._fetch_access_token(url=self.API_BASE_URL + "token", params=params)

    client = Local(c["app_id"], c["secret"])
    menu = {"button": [{"type": "click", "name": "你好", "key": "HELLO"}]}
    created = client.menu.create(menu)
    followers = client.user.get_followers()
    first = followers["data"]["openid"][0] if followers["count"] else None
    return {
        "token": bool(client.access_token),
        "menu_created": created["errcode"],
        "menu": client.menu.get()["menu"]["button"][0]["key"],
        "followers": followers["total"],
        "nickname_known": first is not None and client.user.get(first)["subscribe"] == 1,
        "ticket": bool(client.jsapi.get_jsapi_ticket()),
        "signature": client.jsapi.get_jsapi_signature("nonce", client.jsapi.get_jsapi_ticket(), 1_700_000_000, "https://a.cn/"),
    }


VERBS = {"seal": seal, "open": open_reply, "read": lambda c: {"reply": described(c["xml"])}, "ask": ask}

for line in sys.stdin:
    command = json.loads(line)
    try:
        answer = VERBS[command["do"]](command)
    except Exception as problem:  # what a foreign library makes of our bytes is the very thing under test
        answer = {"error": f"{type(problem).__name__}: {problem}"}
    print(json.dumps(answer, ensure_ascii=True), flush=True)
