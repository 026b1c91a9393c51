//! `weixin-emulator trigger`: somebody does something, and a service is told.

use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::{Context as _, anyhow, bail};
use clap::Args;
use futures_util::future::join_all;
use serde_json::{Map, Value, json};
use weixin_emulator::{
    AccountKind, AccountSeed, CallbackSettings, Config, DeliveryOutcome, DeliveryReport, Emulator, callback_kinds,
};

use super::printed;

/// The emulator cannot be reached, or refuses.
const REFUSED: u8 = 3;
/// What may be scanned.
const SCANNED: [&str; 3] = ["ticket", "url", "scene"];
/// The account has no callback address.
const NOT_CONFIGURED: u8 = 4;

/// 让某人给账号发消息、触发事件，并显示服务的应答 / Somebody sends a message or causes an event; shows what the service answers.
#[derive(Debug, Args)]
pub(crate) struct Trigger {
    /// A message or event, or follow, unfollow, scan; the list is below. Where both have the name: message:location, event:LOCATION.
    #[arg(value_name = "WHAT")]
    what: String,
    /// The running emulator.
    #[arg(long, default_value = "http://127.0.0.1:3002", value_name = "URL", value_parser = super::web_address)]
    url: String,
    /// Who does it.
    #[arg(long, default_value = "xiaoming")]
    persona: String,
    /// Whom it is told to: handle or appid.
    #[arg(long, default_value = "official")]
    account: String,
    /// A field by WeChat's name in any spelling; values beginning with { or [ are JSON. May be repeated.
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = pair)]
    set: Vec<(String, String)>,
    /// A field put over the body, by WeChat's exact name, known or not. May be repeated.
    #[arg(long = "field", value_name = "NAME=VALUE", value_parser = pair)]
    fields: Vec<(String, String)>,
    /// The same body so often, at once.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    copies: u32,
    /// Copies, and with --times the acts too, in a random order.
    #[arg(long)]
    shuffle: bool,
    /// Milliseconds before the first attempt; with --shuffle at most so many.
    #[arg(long, default_value_t = 0, value_name = "MS")]
    delay_ms: u64,
    /// plain, compatible or safe; the account's own when left out.
    #[arg(long, value_parser = ["plain", "compatible", "safe"])]
    mode: Option<String>,
    /// xml or json; the account's own when left out.
    #[arg(long, value_parser = ["xml", "json"])]
    format: Option<String>,
    /// CreateTime, seconds.
    #[arg(long, value_name = "SECONDS")]
    create_time: Option<i64>,
    /// MsgId, digits.
    #[arg(long, value_name = "ID")]
    msg_id: Option<u64>,
    /// Do it so often, one after another (at once with --shuffle).
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    times: u32,
    /// What was sent and what came back, too.
    #[arg(long, short)]
    verbose: bool,
    /// The reports as JSON, one on a line.
    #[arg(long)]
    json: bool,
    /// Push to this address from an emulator of its own, with none running.
    #[arg(long, value_name = "URL", requires = "token", conflicts_with = "url", value_parser = super::web_address)]
    callback: Option<String>,
    /// Its Token.
    #[arg(long, requires = "callback")]
    token: Option<String>,
    /// Its EncodingAESKey; the mode is safe then, unless --mode says otherwise.
    #[arg(long, requires = "callback", value_name = "KEY")]
    aes_key: Option<String>,
    /// The appid the service expects.
    #[arg(long, requires = "callback", value_name = "APPID")]
    app_id: Option<String>,
}

fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("it must be NAME=VALUE".to_owned()),
    }
}

/// A text, unless it is clearly JSON.
fn value(text: &str) -> Result<Value, serde_json::Error> {
    if text.starts_with(['{', '[']) { serde_json::from_str(text) } else { Ok(text.into()) }
}

/// What `--help` says below: every name, and the exit codes.
pub(crate) fn help() -> String {
    let mut text = String::from("Also: follow, unfollow, scan (--set ticket=…, --set url=… or --set scene=…).\n");
    let mut area = "";
    let kinds = callback_kinds();
    for described in [true, false] {
        text.push_str(if described {
            "\nWith fields of their own (in brackets):\n"
        } else {
            "\nWith the fields you give:\n"
        });
        for kind in kinds.iter().filter(|kind| is_described(kind) == described) {
            if kind.area != area {
                text.push_str(&format!("  {}\n", kind.area));
                area = kind.area;
            }
            let fields = if kind.fields.is_empty() { String::new() } else { format!(" [{}]", kind.fields.join(", ")) };
            text.push_str(&format!("    {}{fields}\n", kind.name));
        }
    }
    text.push_str(
        "\nExit codes: 0 the service answered well, with a reply or without; 1 it did not; 2 wrong arguments;\n\
         3 the emulator cannot be reached or refuses; 4 the account has no callback address.\n\
         \nExamples:\n  \
         weixin-emulator trigger text --set content=hello\n  \
         weixin-emulator trigger CLICK --set key=V1001 --copies 3 --shuffle\n  \
         weixin-emulator trigger subscribe --callback http://127.0.0.1:3001/wx --token t0ken --app-id wx1111111111111111",
    );
    text
}

fn is_described(kind: &weixin_emulator::CallbackKind) -> bool {
    !kind.fields.is_empty() || kind.name == "ENTER"
}

/// Which control call it is, and what names it there.
fn verb(what: &str) -> anyhow::Result<(&'static str, Option<(&'static str, String)>)> {
    if let Some((kind @ ("message" | "event"), "")) = what.split_once(':') {
        return Err(anyhow!("{what} names no {kind}: write it behind the colon, such as {what}new_one"));
    }
    if let Some(name) = what.strip_prefix("message:") {
        return Ok(("messages", Some(("type", name.to_owned()))));
    }
    if let Some(name) = what.strip_prefix("event:") {
        return Ok(("events", Some(("event", name.to_owned()))));
    }
    match what {
        "follow" => return Ok(("follow", None)),
        "unfollow" => return Ok(("unfollow", None)),
        "scan" => return Ok(("scan", None)),
        _ => {}
    }
    let kinds = callback_kinds();
    let exact = kinds.iter().find(|kind| kind.name == what);
    let found = exact.or_else(|| kinds.iter().find(|kind| kind.name.eq_ignore_ascii_case(what)));
    match found {
        Some(kind) if kind.kind == "message" => Ok(("messages", Some(("type", kind.name.to_owned())))),
        Some(kind) => Ok(("events", Some(("event", kind.name.to_owned())))),
        None => {
            let lower = what.to_ascii_lowercase();
            let like: Vec<&str> = kinds
                .iter()
                .filter(|kind| !lower.is_empty() && kind.name.to_ascii_lowercase().contains(&lower))
                .map(|kind| kind.name)
                .collect();
            let hint = if like.is_empty() { String::new() } else { format!(" ({}?)", like.join(", ")) };
            Err(anyhow!("there is no {what:?}{hint}; --help lists them all, event:{what} pushes it all the same"))
        }
    }
}

impl Trigger {
    fn body(&self, named: Option<(&str, String)>, account: &str) -> anyhow::Result<Value> {
        if self.what == "scan" && !self.set.iter().any(|(name, _)| SCANNED.contains(&name.as_str())) {
            bail!("what is scanned is missing: --set ticket=…, --set url=… or --set scene=…");
        }
        let mut body = Map::new();
        for (name, text) in &self.set {
            body.insert(name.clone(), value(text).with_context(|| format!("--set {name}"))?);
        }
        let mut fields = Map::new();
        for (name, text) in &self.fields {
            fields.insert(name.clone(), value(text).with_context(|| format!("--field {name}"))?);
        }
        body.extend(named.map(|(key, name)| (key.to_owned(), name.into())));
        body.insert("account".to_owned(), account.into());
        let options = json!({
            "copies": self.copies, "shuffle": self.shuffle, "delay_ms": self.delay_ms, "mode": self.mode,
            "format": self.format, "create_time": self.create_time, "msg_id": self.msg_id.map(|id| id.to_string()), "fields": fields,
        });
        if let Value::Object(options) = options {
            body.extend(options);
        }
        Ok(Value::Object(body))
    }

    /// An emulator of its own that knows only this callback address.
    async fn own(&self, callback: &str) -> anyhow::Result<Emulator> {
        let mode =
            self.mode.clone().unwrap_or_else(|| if self.aes_key.is_some() { "safe" } else { "plain" }.to_owned());
        let settings = CallbackSettings {
            url: Some(callback.to_owned()),
            token: self.token.clone(),
            aes_key: self.aes_key.clone(),
            mode: Some(mode),
            format: self.format.clone(),
        };
        let mut config = Config::default();
        if let Some(app_id) = &self.app_id {
            config.accounts.push(AccountSeed {
                name: self.account.clone(),
                kind: if self.account == "mini" { AccountKind::Mini } else { AccountKind::Official },
                app_id: app_id.clone(),
                app_secret: "none".to_owned(),
                ..AccountSeed::default()
            });
        }
        config.callbacks.insert(self.account.clone(), settings);
        Ok(Emulator::builder().config(config).fresh_seed().start().await?)
    }

    /// Does it; the exit code says how it went.
    pub(crate) async fn run(self) -> anyhow::Result<ExitCode> {
        let (path, named) = match verb(&self.what) {
            Ok(verb) => verb,
            Err(error) => return refused(&error, 2),
        };
        let own = match &self.callback {
            Some(callback) => match self.own(callback).await {
                Ok(own) => Some(own),
                Err(error) => return refused(&error, REFUSED),
            },
            None => None,
        };
        let base = own.as_ref().map_or(self.url.trim_end_matches('/'), Emulator::url);
        let url = format!("{base}/_emulator/personas/{}/{path}", self.persona);
        let body = match self.body(named, &self.account) {
            Ok(body) => body,
            Err(error) => return refused(&error, 2),
        };
        let client = reqwest::Client::builder().no_proxy().build()?;
        let mut reports = Vec::new();
        if self.shuffle {
            reports = join_all((0..self.times).map(|_| call(&client, &url, &body))).await;
        } else {
            for _ in 0..self.times {
                reports.push(call(&client, &url, &body).await);
            }
        }
        let mut worst = 0;
        for report in reports {
            let report = match report {
                Ok(report) => report,
                Err(error) => return refused(&error, REFUSED),
            };
            let mut out = io::stdout().lock();
            if self.json {
                writeln!(out, "{}", serde_json::to_string(&report)?)?;
            } else {
                printed::report(&mut out, &report, self.verbose)?;
            }
            worst = worst.max(match report.outcome {
                DeliveryOutcome::Failed | DeliveryOutcome::Running => 1,
                DeliveryOutcome::NotConfigured => NOT_CONFIGURED,
                DeliveryOutcome::Replied
                | DeliveryOutcome::Empty
                | DeliveryOutcome::Staff
                | DeliveryOutcome::Unchanged => 0,
            });
        }
        Ok(ExitCode::from(worst))
    }
}

async fn call(client: &reqwest::Client, url: &str, body: &Value) -> anyhow::Result<DeliveryReport> {
    let response = client.post(url).json(body).send().await;
    let response = response.map_err(reqwest::Error::without_url).with_context(|| {
        format!("cannot reach the emulator at {url}; start `weixin-emulator`, or name a service with --callback")
    })?;
    let status = response.status();
    let answer: Value = response.json().await.map_err(reqwest::Error::without_url).context("that is no emulator")?;
    if !status.is_success() {
        bail!("{}", answer.get("error").and_then(Value::as_str).unwrap_or("the emulator refuses"));
    }
    serde_json::from_value(answer).context("that is no emulator of this version")
}

fn refused(error: &anyhow::Error, code: u8) -> anyhow::Result<ExitCode> {
    writeln!(io::stderr(), "weixin-emulator: {error:#}")?;
    Ok(ExitCode::from(code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_to_their_calls() {
        let named = |what: &str| verb(what).map(|(path, named)| (path, named.map(|(_, name)| name)));
        assert_eq!(named("text").unwrap(), ("messages", Some("text".to_owned())));
        assert_eq!(named("click").unwrap(), ("events", Some("CLICK".to_owned())));
        assert_eq!(named("location").unwrap(), ("messages", Some("location".to_owned())));
        assert_eq!(named("LOCATION").unwrap(), ("events", Some("LOCATION".to_owned())));
        assert_eq!(named("event:new_one").unwrap(), ("events", Some("new_one".to_owned())));
        assert_eq!(named("scan").unwrap(), ("scan", None));
        let unknown = named("msg_popup").unwrap_err().to_string();
        assert!(unknown.contains("subscribe_msg_popup_event"), "{unknown}");
    }

    #[test]
    fn the_help_lists_every_name() {
        let help = help();
        for kind in callback_kinds() {
            assert!(help.contains(kind.name), "{}", kind.name);
        }
    }
}
