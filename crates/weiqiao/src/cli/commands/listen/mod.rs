//! `weiqiao listen`: the callbacks of a running service as they come, shown here and handed on.

mod forward;
mod show;
mod sse;

use std::collections::VecDeque;
use std::process::ExitCode;
use std::time::Duration;

use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderValue};
use reqwest::{Client, StatusCode};
use serde_json::Value;
use url::Url;
use weiqiao_app::webhook::WebhookSecret;

use super::super::Context;
use super::super::exit::{self, Failure};
use super::super::input::{value, web_address};
use super::super::output::{say, tell};
use super::super::spoken;
use super::super::words::t;
use super::runtime;
use crate::lang::Lang;
use crate::signals::Signals;

/// How long a silent stream is believed in: the service says every 15 s that it is there.
const SILENCE: Duration = Duration::from_secs(40);
/// The first and the longest wait before connecting again.
const WAIT: (Duration, Duration) = (Duration::from_millis(500), Duration::from_secs(15));
/// As many ids are remembered: after a break, the last seconds are told again.
const REMEMBERED: usize = 1024;

#[derive(Debug, clap::Args)]
#[command(after_help = t(
    "转发的请求体与 Webhook 相同；给出 --secret 时按 Standard Webhooks 签名。断线会自动重连，从断开处继续。\n\
     Key 也可以放在环境变量 API_KEY 中。Ctrl-C 结束。退出码：0 结束；1 服务拒绝；2 命令行有误。",
    "What is handed on is what webhooks get; with --secret it is signed as Standard Webhooks says. After a break it connects \
     again and goes on where it stopped.\nThe key may also stand in the environment variable API_KEY. Ctrl-C ends it. Exit \
     codes: 0 ended; 1 the service refuses; 2 wrong command line.",
))]
pub(crate) struct Args {
    #[arg(long, value_name = "URL", value_parser = web_address, help = t("每条消息都 POST 到这个地址", "POST each of them to this address"))]
    forward_to: Option<Url>,
    #[arg(
        long, value_name = "TYPES", value_delimiter = ',',
        help = t("只看这些消息类型和事件，例如 text,subscribe", "only these types of message and events, such as text,subscribe"),
    )]
    events: Vec<String>,
    #[arg(long, value_name = "NAME", help = t("只看这个账号", "this account only"))]
    account: Option<String>,
    #[arg(
        long, value_name = "URL", default_value = "http://127.0.0.1:3001", value_parser = web_address,
        help = t("运行中的服务的地址", "where the running service is"),
    )]
    url: Url,
    #[arg(
        long, value_name = "KEY",
        help = t("API Key（scope admin）；- 读标准输入，@文件 读文件", "an API key with the scope admin; - reads standard input, @FILE a file"),
    )]
    key: Option<String>,
    #[arg(
        long, value_name = "SECRET",
        help = t("给转发签名的密钥 whsec_…；- 读标准输入，@文件 读文件", "signs what is handed on: whsec_…; - reads standard input, @FILE a file"),
    )]
    secret: Option<String>,
}

pub(crate) fn run(args: Args, context: &Context) -> Result<ExitCode, Failure> {
    let listener = Listener::new(args, context)?;
    let runtime = runtime()?;
    let done = runtime.block_on(async {
        let signals = Signals::of_process().map_err(|error| Failure::failed(format!("signals: {error}")))?;
        tokio::select! {
            failure = listener.listen() => Err(failure),
            () = signals.stop => Ok(ExitCode::from(exit::DONE)),
        }
    });
    runtime.shutdown_timeout(Duration::from_millis(200));
    done
}

struct Listener {
    http: Client,
    stream: Url,
    key: Option<HeaderValue>,
    forward: Option<forward::Forward>,
    json: bool,
    lang: Lang,
}

/// Why a stream is over.
enum Over {
    /// It can be taken up again.
    Broken(String),
    /// Trying again is of no use.
    Refused(Failure),
}

impl Listener {
    fn new(args: Args, context: &Context) -> Result<Self, Failure> {
        let lang = context.output.lang;
        let given = match &args.key {
            Some(key) => Some(value("--key", key, &context.folder)?.to_string()),
            None => context.environment.get("API_KEY").filter(|key| !key.is_empty()).map(str::to_owned),
        };
        let key = given.map(|key| HeaderValue::from_str(&key)).transpose();
        let mut key = key.map_err(|_| Failure::usage(lang.pick("--key 不是 API Key", "--key is no API key")))?;
        if let Some(key) = &mut key {
            key.set_sensitive(true);
        }
        let secret = args.secret.as_deref().map(|secret| value("--secret", secret, &context.folder)).transpose()?;
        let secret = match secret.map(|secret| WebhookSecret::parse(&secret)) {
            Some(None) => return Err(Failure::usage(lang.pick("--secret 应为 whsec_…", "--secret must be whsec_…"))),
            secret => secret.flatten(),
        };
        let refused = |_| Failure::usage(lang.pick("--url 不是可用的地址", "--url cannot be used"));
        let mut stream = args.url.join("/api/admin/inbox/stream").map_err(refused)?;
        for (name, value) in [("account", args.account), ("events", Some(args.events.join(",")))] {
            if let Some(value) = value.filter(|value| !value.is_empty()) {
                stream.query_pairs_mut().append_pair(name, &value);
            }
        }
        let http = Client::builder().no_proxy().connect_timeout(Duration::from_secs(5)).build();
        let http = http.map_err(|error| Failure::failed(error.to_string()))?;
        let forward = args.forward_to.map(|url| forward::Forward::new(url, secret)).transpose();
        let forward = forward.map_err(|error| Failure::failed(error.to_string()))?;
        Ok(Self { http, stream, key, forward, json: context.output.json, lang })
    }

    /// Follows until the service refuses.
    async fn listen(&self) -> Failure {
        let mut seen = Seen::default();
        let mut wait = WAIT.0;
        loop {
            match self.follow(&mut seen, &mut wait).await {
                Over::Refused(failure) => return failure,
                Over::Broken(why) => {
                    let ms = wait.as_millis();
                    tell(
                        &self
                            .lang
                            .pick(format!("连接断开（{why}），{ms} 毫秒后重连"), format!("{why}; again in {ms} ms")),
                    );
                }
            }
            tokio::time::sleep(wait).await;
            wait = (wait * 2).min(WAIT.1);
        }
    }

    async fn follow(&self, seen: &mut Seen, wait: &mut Duration) -> Over {
        let lang = self.lang;
        let mut request = self.http.get(self.stream.clone()).header(ACCEPT, "text/event-stream");
        if let Some(key) = &self.key {
            request = request.header("x-api-key", key.clone());
        }
        if let Some(id) = seen.last() {
            request = request.header("last-event-id", id);
        }
        let mut response = match tokio::time::timeout(SILENCE, request.send()).await {
            Ok(Ok(response)) => response,
            Ok(Err(_)) | Err(_) => {
                let at = self.stream.origin().ascii_serialization();
                return Over::Broken(lang.pick(
                    format!("{at} 没有应答，请确认 weiqiao serve 在运行，或用 --url 指定地址"),
                    format!("{at} does not answer: is weiqiao serve running there? --url names another address"),
                ));
            }
        };
        let status = response.status();
        if status != StatusCode::OK {
            let text = refusal(status, response.json().await.ok(), lang);
            let lasting = status.is_client_error() && status != StatusCode::TOO_MANY_REQUESTS;
            return if lasting { Over::Refused(Failure::failed(text)) } else { Over::Broken(text) };
        }
        let kind = response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if !kind.starts_with("text/event-stream") {
            return Over::Refused(Failure::failed(refusal(status, None, lang)));
        }
        *wait = WAIT.0;
        tell(lang.pick("已连接，等待消息…（Ctrl-C 结束）", "Connected, waiting… (Ctrl-C ends)"));
        let mut reader = sse::Reader::default();
        loop {
            let chunk = match tokio::time::timeout(SILENCE, response.chunk()).await {
                Ok(Ok(Some(chunk))) => chunk,
                Ok(Ok(None)) => return Over::Broken(lang.pick("服务结束了连接", "the service ended it").to_owned()),
                Ok(Err(_)) => return Over::Broken(lang.pick("连接中断", "the connection broke").to_owned()),
                Err(_) => return Over::Broken(lang.pick("服务没有动静", "the service is silent").to_owned()),
            };
            for message in reader.read(&chunk) {
                if message.event == "begun" {
                    seen.begin(message.id);
                } else if seen.is_new(&message.id) {
                    self.take(&message.data).await;
                }
            }
        }
    }

    async fn take(&self, data: &str) {
        let Ok(push) = serde_json::from_str::<Value>(data) else { return };
        let forwarded = match &self.forward {
            Some(forward) => Some(forward.send(data).await),
            None => None,
        };
        if self.json {
            say(&show::json(push, forwarded.as_ref()).to_string());
        } else {
            say(&show::line(&push, forwarded.as_ref(), self.lang));
        }
    }
}

/// What the service said instead of the stream, and what next.
fn refusal(status: StatusCode, body: Option<Value>, lang: Lang) -> String {
    let code = status.as_u16();
    let said = body.as_ref().and_then(|body| body.get("message")?.as_str());
    let word = body.as_ref().and_then(|body| body.get("error")?.get("code")?.as_str());
    let said = match (lang, word.and_then(spoken::by_code), said) {
        (Lang::En, Some(english), _) => english,
        (_, _, Some(said)) => said,
        _ => {
            lang.pick("那里应答的不是微桥服务，请检查 --url", "what answers there is no Weiqiao service; look at --url")
        }
    };
    let next = match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => lang.pick(
            "\n请用 --key 或环境变量 API_KEY 给出 scope 为 admin 的 API Key：weiqiao keys create NAME --scope admin",
            "\nGive an API key with the scope admin, by --key or as API_KEY: weiqiao keys create NAME --scope admin",
        ),
        _ => "",
    };
    format!("{code}: {said}{next}")
}

/// What was taken already.
#[derive(Default)]
struct Seen {
    /// Where the first stream began.
    begun: Option<String>,
    ids: VecDeque<String>,
}

impl Seen {
    fn last(&self) -> Option<&str> {
        self.ids.back().or(self.begun.as_ref()).map(String::as_str)
    }

    fn begin(&mut self, id: String) {
        self.begun.get_or_insert(id);
    }

    fn is_new(&mut self, id: &str) -> bool {
        if self.ids.iter().any(|seen| seen == id) {
            return false;
        }
        if self.ids.len() == REMEMBERED {
            self.ids.pop_front();
        }
        self.ids.push_back(id.to_owned());
        true
    }
}
