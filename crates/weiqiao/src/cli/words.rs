//! The words of the command line, in the language of the locale.

use std::sync::OnceLock;

use crate::lang::Lang;

static LANG: OnceLock<Lang> = OnceLock::new();

/// Sets the language of this process; the first call counts.
pub(super) fn speak(lang: Lang) {
    let _ = LANG.set(lang);
}

/// The language of this process.
pub(super) fn lang() -> Lang {
    LANG.get().copied().unwrap_or_default()
}

/// One of two texts, in the language of this process. The description of the command line is built from these.
pub(super) fn t(zh: &'static str, en: &'static str) -> &'static str {
    lang().pick(zh, en)
}

/// What a command may end with.
pub(super) fn exit_codes() -> &'static str {
    t(
        "退出码：0 完成；1 未完成（被拒绝、找不到、不一致）；2 命令行有误；69 依赖的服务没有应答；78 配置有误。\n\
         配置项见 docs/configuration.md；用 weiqiao check-config 检查。",
        "Exit codes: 0 done; 1 not done (refused, not found, different); 2 wrong command line; 69 a server we need does not \
         answer; 78 wrong settings.\nSettings are described in docs/configuration.md; weiqiao check-config checks them.",
    )
}

/// Puts clap's own headings into the language of this process, for the command and all below it.
pub(super) fn localise(command: clap::Command) -> clap::Command {
    let template = t(
        "{about-with-newline}\n用法：{usage}\n\n{all-args}{after-help}",
        "{about-with-newline}\n{usage-heading} {usage}\n\n{all-args}{after-help}",
    );
    let mut command = command
        .help_template(template)
        .subcommand_help_heading(t("命令", "Commands"))
        .subcommand_value_name(t("命令", "COMMAND"))
        .disable_help_flag(true)
        .disable_version_flag(true)
        .mut_args(|arg| if arg.is_positional() { arg.help_heading(t("参数", "Arguments")) } else { arg });
    command = command.next_help_heading(t("选项", "Options"));
    let help = clap::Arg::new("help").short('h').long("help").action(clap::ArgAction::Help);
    command = command.arg(help.help(t("显示帮助", "print help")).help_heading(t("选项", "Options")));
    if command.get_version().is_some() {
        let version = clap::Arg::new("version").short('V').long("version").action(clap::ArgAction::Version);
        command = command.arg(version.help(t("显示版本", "print the version")).help_heading(t("选项", "Options")));
    }
    command
        .mut_args(|arg| match arg.get_help_heading() {
            None => arg.help_heading(t("选项", "Options")),
            Some(_) => arg,
        })
        .mut_subcommands(localise)
}
