//! What a person sees after the start: where things are, what to try.

use std::io::{self, Write};

use weiqiao::config::Settings;

use crate::defaults::{ADMIN_PASSWORD, API_KEY};

/// Says where things are and what to try first.
pub(crate) fn show(out: &mut impl Write, settings: &Settings, emulator_port: u16) -> io::Result<()> {
    let service = settings.listen.public_url.as_str().trim_end_matches('/');
    let wechat = format!("http://localhost:{emulator_port}");
    let emulated = settings.wechat.open_base.as_str().trim_end_matches('/') == wechat;
    writeln!(out)?;
    writeln!(out, "  微桥演示环境已就绪 · The Weiqiao playground is ready")?;
    writeln!(out)?;
    writeln!(out, "  演示页   demo page   {service}/wechat/frontend-driven")?;
    for instance in &settings.wechat.login_instances {
        writeln!(out, "  扫码登录 QR login    {service}/auths/loginTypes/{}/login", instance.name)?;
    }
    writeln!(out, "  接口文档 API         {service}/docs")?;
    writeln!(out, "  模拟微信 WeChat      {wechat}")?;
    if !emulated {
        writeln!(out, "  当前连接真实微信 · talking to {}", settings.wechat.api_base)?;
    }
    writeln!(out)?;
    for account in &settings.wechat.accounts {
        let account = &account.account;
        writeln!(out, "  账号 account         {} {} {}", account.name, account.kind, account.app_id)?;
    }
    writeln!(out, "  员工 staff           admin / {ADMIN_PASSWORD}")?;
    writeln!(out, "  API key              {API_KEY}")?;
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
