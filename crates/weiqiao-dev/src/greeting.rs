//! What a person sees after the start: where things are, what to try.

use std::io::{self, Write};

use weiqiao::config::Settings;
use weiqiao_app::settings::SettingSecret;

use crate::arguments::Arguments;
use crate::defaults::{ADMIN_PASSWORD, API_KEY, FILE};

/// Says where things are and what to try first: what is in use, not what is usual.
pub(crate) fn show(out: &mut impl Write, settings: &Settings, arguments: &Arguments, wechat: &str) -> io::Result<()> {
    let service = settings.listen.public_url.as_str().trim_end_matches('/');
    writeln!(out)?;
    writeln!(out, "  微桥演示环境已就绪 · The Weiqiao playground is ready")?;
    writeln!(out)?;
    writeln!(out, "  演示页   demo page   {service}/wechat/frontend-driven")?;
    for instance in &settings.wechat.login_instances {
        writeln!(out, "  扫码登录 QR login    {service}/auths/loginTypes/{}/login", instance.name)?;
    }
    writeln!(out, "  管理台   console     {service}/console")?;
    writeln!(out, "  接口文档 API         {service}/docs")?;
    writeln!(out, "  模拟微信 WeChat      {wechat}")?;
    if settings.wechat.is_open_wechats() {
        writeln!(out, "  当前连接真实微信 · talking to {}", settings.wechat.api_base)?;
    }
    if settings.listen.public_url.port_or_known_default() != Some(settings.listen.port) {
        let address = std::net::SocketAddr::new(settings.listen.host, settings.listen.port);
        writeln!(out, "  监听     listening   http://{address} (PUBLIC_URL: {service})")?;
    }
    writeln!(out)?;
    for account in &settings.wechat.accounts {
        let account = &account.account;
        writeln!(out, "  账号 account         {} {} {}", account.name, account.kind, account.app_id)?;
    }
    let password = ours(settings.admin.password.as_ref(), ADMIN_PASSWORD, "ADMIN_PASSWORD");
    writeln!(out, "  员工 staff           {} / {password}", settings.admin.username)?;
    writeln!(out, "  API key              {}", ours(settings.auth.api_key.as_ref(), API_KEY, "API_KEY"))?;
    writeln!(out, "  数据 data            {}", settings.database.place())?;
    let file = arguments.config.clone().unwrap_or_else(|| arguments.data.join(FILE));
    writeln!(out, "  配置 settings        {}", file.display())?;
    writeln!(out)?;
    writeln!(out, "  试试 · Try:")?;
    writeln!(out, "   1. 打开演示页，点「开始微信授权」，选一个人 · open the demo page and log in as somebody")?;
    writeln!(
        out,
        "   2. 打开模拟微信的手机，关注公众号，发一句 hello · on the phone, follow the account and write hello"
    )?;
    writeln!(
        out,
        "   3. 手机的「小程序」：小红看简历、留手机号，顾问李立刻收到提醒 · the mini program: 小红 leaves a number, 顾问李 is told"
    )?;
    writeln!(out, "   4. 在模拟微信里把时钟拨快 24 小时，再看演示页 · move the emulator's clock by a day, look again")?;
    writeln!(out, "   5. curl -s '{service}/wechat/jsconfig?url=http%3A%2F%2Flocalhost%2Fpage'")?;
    writeln!(out)?;
    writeln!(out, "  Ctrl-C 停止 · stops")?;
    out.flush()
}

/// A credential that everybody knows is shown; of one that somebody chose, where it comes from.
fn ours<'a>(used: Option<&SettingSecret>, known: &'a str, setting: &'a str) -> &'a str {
    if used.is_some_and(|used| used.expose() == known) { known } else { setting }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;
    use weiqiao::config::{Environment, load};

    use super::*;

    #[test]
    fn what_is_shown_is_what_is_used() {
        let arguments =
            ["weiqiao-dev", "--database", "postgres://me:hidden@db.example.com:5433/mine", "--port", "4001"];
        let arguments = Arguments::try_parse_from(arguments).unwrap();
        let given = Environment::of([
            ("ADMIN_USERNAME", "root"),
            ("ADMIN_PASSWORD", "three quiet green boats"),
            ("PUBLIC_URL", "https://tunnel.example.com"),
        ]);
        let settings = load(&arguments.input(std::env::temp_dir(), given)).unwrap().settings;
        let mut shown = Vec::new();
        show(&mut shown, &settings, &arguments, "http://localhost:3002").unwrap();
        let shown = String::from_utf8(shown).unwrap();
        for part in [
            "https://tunnel.example.com/wechat/frontend-driven",
            "http://127.0.0.1:4001",
            "root / ADMIN_PASSWORD",
            "postgres://db.example.com:5433/mine",
        ] {
            assert!(shown.contains(part), "{part}: {shown}");
        }
        for hidden in ["hidden", "boats", ADMIN_PASSWORD, API_KEY] {
            assert!(!shown.contains(hidden), "{hidden}: {shown}");
        }
    }
}
