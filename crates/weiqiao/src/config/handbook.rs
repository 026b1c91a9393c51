//! The documentation of the settings and the sample files, made from the [`Setting`]s themselves. A test compares them
//! with the committed copies.

use std::fmt::Write as _;

use super::sections::{ACCOUNT_SETTINGS, SECTIONS};
use super::setting::Setting;

/// `docs/configuration.md`.
#[must_use]
pub fn markdown() -> String {
    let mut text = String::from(INTRODUCTION);
    for (zh, en, settings) in SECTIONS {
        let _ = write!(text, "\n## {zh} {en}\n\n");
        table(&mut text, settings, |setting| format!("`{}`", setting.name));
    }
    text.push_str(ACCOUNTS);
    table(&mut text, ACCOUNT_SETTINGS, |setting| format!("`{}`", setting.name));
    text
}

/// `.env.example`.
#[must_use]
pub fn dotenv() -> String {
    let mut text = String::from(
        "# 复制为 .env，供开发时使用（只在 AUTH_MODE=open 时读取）；也可作为部署时环境变量的清单。\n\
         # Copy to .env for development (read only while AUTH_MODE=open); also the list of variables for a deployment.\n\
         # 完整说明 Reference: docs/configuration.md\n",
    );
    for (zh, en, settings) in SECTIONS {
        let _ = write!(text, "\n# ── {zh} {en} ──\n");
        for setting in settings {
            let _ = write!(text, "# {}{}\n# {}\n", setting.zh, unused(setting), setting.en);
            let _ = writeln!(text, "#{}={}", setting.name, setting.example);
        }
    }
    text
}

/// `weiqiao.example.toml`.
#[must_use]
pub fn toml() -> String {
    let mut text = String::from(
        "# weiqiao serve --config weiqiao.toml\n\
         # 键名就是环境变量名的小写；密钥可写成 xxx_file = \"/路径\"。环境变量优先于本文件。\n\
         # Keys are the names of the environment variables in lower case; a secret may be given as xxx_file = \"/path\".\n\
         # The environment wins over this file. 完整说明 Reference: docs/configuration.md\n",
    );
    for (zh, en, settings) in SECTIONS {
        let _ = write!(text, "\n# ── {zh} {en} ──\n");
        for setting in settings {
            let _ = write!(text, "# {}{}\n# {}\n", setting.zh, unused(setting), setting.en);
            let (name, value) = toml_line(setting);
            let _ = writeln!(text, "#{name} = {value}");
        }
    }
    text.push_str(
        "\n# ── 多个账号 Several accounts ──\n\
         # 每种账号的第一个是默认账号，其余用 ?account=名称 选择。\n\
         # The first of each kind is its default; ?account=name selects another.\n",
    );
    for (name, kind) in [("shop", "official"), ("shop-mini", "mini")] {
        text.push_str("#[[account]]\n");
        for setting in ACCOUNT_SETTINGS {
            let value = match setting.name {
                "name" => quoted(name),
                "kind" => quoted(kind),
                "app_id" => quoted("wx…"),
                _ if setting.in_use => toml_line(setting).1,
                _ => continue,
            };
            let name = if setting.secret { format!("{}_file", setting.name) } else { setting.name.to_owned() };
            let _ = writeln!(text, "#{name} = {value}");
        }
    }
    text
}

/// A secret is shown as a file, so that nobody keeps a sample.
fn toml_line(setting: &Setting) -> (String, String) {
    let name = setting.file_name();
    if setting.secret && setting.example.is_empty() {
        return (format!("{name}_file"), quoted(&format!("/run/secrets/{name}")));
    }
    let is_number = !setting.example.is_empty() && setting.example.bytes().all(|byte| byte.is_ascii_digit());
    (name, if is_number { setting.example.to_owned() } else { quoted(setting.example) })
}

fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}

fn unused(setting: &Setting) -> &'static str {
    if setting.in_use { "" } else { "（此版本尚未使用 not used by this version yet）" }
}

fn table(text: &mut String, settings: &[Setting], name: impl Fn(&Setting) -> String) {
    text.push_str("| 名称 name | 默认 default | 含义 meaning |\n|---|---|---|\n");
    for setting in settings {
        let secret = if setting.secret { " 🔑" } else { "" };
        let cell = |text: &str| text.replace('|', "\\|");
        let (default, zh, en) = (cell(setting.default), cell(setting.zh), cell(setting.en));
        let _ = writeln!(text, "| {}{secret} | {default} | {zh}{}<br>{en} |", name(setting), unused(setting));
    }
}

const INTRODUCTION: &str = "\
# 配置 Configuration

<!-- 由程序生成，不要手改 generated, do not edit: WEIQIAO_REGENERATE=1 cargo test -p weiqiao handbook -->

每个配置项在各处同名：环境变量写 `JWT_SECRET`，TOML 文件（`--config weiqiao.toml`）写 `jwt_secret`。带 🔑 的是密钥，
也可以写成 `JWT_SECRET_FILE=/路径`，从文件读取。优先级：环境变量、`.env`、TOML 文件、默认值。`.env` 只在开发时
（`AUTH_MODE=open`）读取。空值等于没有设置。列表用逗号分隔，在 TOML 里也可以写成数组。

A setting has one name everywhere: `JWT_SECRET` in the environment, `jwt_secret` in the TOML file (`--config
weiqiao.toml`). Secrets (🔑) may also be given as `JWT_SECRET_FILE=/path`. The environment wins over `.env`, `.env` over the
file, the file over the default. `.env` is read in development only (`AUTH_MODE=open`). An empty value counts as not set.
Lists are comma-separated, or arrays in the file.

名称写错、值不合格式、互相矛盾、密钥太弱时服务不会启动，并一次列出全部问题；只说名称，从不显示值。检查而不启动：
`weiqiao check-config`，退出码 0 表示可用，78 表示有问题。

演示环境 `weiqiao-dev` 的命令行参数优先于一切。它用哪个账号、密钥、数据库、Redis 和模式（`WECHAT_*`、`JWT_*`、`SESSION_SECRET`、
`API_KEY`、`DATABASE_URL`、`DB_*`、`REDIS_*`、`AUTH_MODE`），只由参数或 `--config` 决定，不看环境变量和 `.env`：那里的多半属于别的程序。

Unknown names, malformed values, contradictions and weak secrets stop the start. Everything wrong is listed at once, by
name and never by value. To check without starting: `weiqiao check-config`; exit code 0 is fine, 78 is not.

Flags of the playground `weiqiao-dev` win over everything. Its accounts, secrets, database, Redis and mode (`WECHAT_*`, `JWT_*`,
`SESSION_SECRET`, `API_KEY`, `DATABASE_URL`, `DB_*`, `REDIS_*`, `AUTH_MODE`) are said by its flags or by `--config` alone, not by the
environment or `.env`, where they are most likely another program's.

密钥的要求（strict 模式）：`JWT_SECRET`、`SESSION_SECRET`、`API_KEY` 至少 32 个字符，不是示例值，没有规律，用途之间不重复。
生成一个：`openssl rand -base64 32`。

In strict mode `JWT_SECRET`, `SESSION_SECRET` and `API_KEY` have at least 32 characters, are no samples, no patterns, and
are used for one purpose each. Make one: `openssl rand -base64 32`.

多个实例：`DATABASE_URL` 指向同一个 Postgres，`REDIS_URL` 指向同一个 Redis，`JWT_SECRET` 与 `SESSION_SECRET` 相同。

Several instances share one Postgres, one Redis, one `JWT_SECRET` and one `SESSION_SECRET`. See [instances.md](instances.md).

`weiqiao serve --only http` 只接收请求：写下后台任务，自己不执行。`weiqiao serve --only worker` 只执行后台任务：没有公开端口，
`METRICS_ADDR` 上除 `/metrics` 外还有 `/livez`、`/readyz`、`/health`、`/api/health`。两者需要同一个 Postgres，SQLite 不支持。

`weiqiao serve --only http` takes requests only: it writes jobs down and never does one. `weiqiao serve --only worker` only does
jobs: it has no public port, and tells at `METRICS_ADDR`, beside `/metrics`, how it is: `/livez`, `/readyz`, `/health`,
`/api/health`. Both need the same Postgres; with SQLite they do not start.
";

const ACCOUNTS: &str = "
## 多个账号 Several accounts

写在 TOML 文件里，每个账号一张表；每种账号的第一个是默认账号，其余用 `?account=名称` 选择。环境变量里的账号叫
`official` 和 `mini`，排在前面。In the TOML file, one table per account; the first of each kind is its default,
`?account=name` selects another. Accounts from the environment are called `official` and `mini` and come first.

```toml
[[account]]
name = \"shop\"
kind = \"official\"
app_id = \"wx…\"
app_secret_file = \"/run/secrets/shop\"
```

";

#[cfg(test)]
#[allow(clippy::disallowed_methods)] // reads one switch of the developer, not a setting
mod tests {
    use std::path::Path;

    use super::*;
    use crate::config::{Environment, Input, SettingsFile, load};

    /// Compares with the committed copy, or writes it when `WEIQIAO_REGENERATE` is set.
    fn is_current(path: &str, made: &str) {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path);
        if std::env::var("WEIQIAO_REGENERATE").is_ok() {
            std::fs::write(&path, made).unwrap();
        }
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        let shown = path.display();
        assert!(committed == made, "{shown} is stale; run: WEIQIAO_REGENERATE=1 cargo test -p weiqiao handbook");
    }

    #[test]
    fn the_committed_files_are_current() {
        is_current("docs/configuration.md", &markdown());
        is_current(".env.example", &dotenv());
        is_current("weiqiao.example.toml", &toml());
    }

    fn input(folder: &Path) -> Input {
        let environment = Environment::of([("AUTH_MODE", "open")]);
        let default_mode = weiqiao_app::settings::AuthMode::Strict;
        let (flags, file) = (Environment::default(), Some(SettingsFile::At("sample.toml".into())));
        Input { flags, environment, file, folder: folder.to_owned(), default_mode, closed: &[] }
    }

    /// With every comment sign taken away the samples must still be readable, and name nothing unknown.
    #[test]
    fn the_samples_name_settings_that_exist() {
        let folder = tempfile::tempdir().unwrap();
        let bare = |text: &str| -> String {
            text.lines()
                .map(|line| line.strip_prefix('#').filter(|rest| !rest.starts_with(' ')).unwrap_or(line))
                .map(|line| format!("{line}\n"))
                .collect()
        };
        std::fs::write(folder.path().join(".env"), bare(&dotenv())).unwrap();
        std::fs::write(folder.path().join("sample.toml"), bare(&toml())).unwrap();
        let error = load(&input(folder.path())).unwrap_err();
        // The samples contradict themselves (both forms of the database, all forms of an account) and name files that are
        // not here.
        for problem in &error.problems {
            let expected = ["is set together", "cannot be read", "is empty", "is used by nobody"]
                .iter()
                .any(|text| problem.en.contains(text));
            assert!(expected || problem.key.contains("app_id"), "{problem}");
        }
    }

    #[test]
    fn every_setting_is_described_in_both_languages() {
        for setting in crate::config::catalogue().chain(ACCOUNT_SETTINGS) {
            assert!(
                !setting.zh.is_empty() && !setting.en.is_empty() && !setting.default.is_empty(),
                "{}",
                setting.name
            );
            assert!(setting.en.is_ascii(), "{}", setting.name);
        }
    }
}
