//! What is written to the log, and where.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use rustix::fs::{Access, access};
use weiqiao_app::settings::AuthMode;

use crate::config::parse;
use crate::config::problem::{ConfigError, Problem};
use crate::config::reader::{Expected, Reader};
use crate::config::setting::Setting;

/// See [`super::Settings::log`].
#[derive(Debug, Clone)]
pub struct LogSection {
    /// Which lines: `info`, or directives such as `info,weiqiao_app=debug`.
    pub level: String,
    /// How a line looks.
    pub format: LogFormat,
    /// The folder log files go to; without one, lines go to standard output.
    pub folder: Option<PathBuf>,
    /// How many daily files are kept.
    pub keep_days: usize,
}

/// How a line of the log looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// One JSON object.
    Json,
    /// For people, coloured on a terminal.
    Pretty,
}

pub(super) const SETTINGS: &[Setting] = &[
    Setting::plain(
        "LOG_LEVEL",
        "info",
        "error、warn、info、debug、trace，或按模块：info,weiqiao_app=debug；SIGHUP 后重新读取",
        "error, warn, info, debug, trace, or by module: info,weiqiao_app=debug; read again on SIGHUP",
    )
    .example("info"),
    Setting::plain(
        "LOG_FORMAT",
        "json（open: pretty）",
        "json 每行一个对象；pretty 给人看",
        "json: one object a line; pretty: for people",
    )
    .example("json"),
    Setting::plain("LOG_DIR", "标准输出 / standard output", "日志文件夹，按天切换", "folder for log files, one a day")
        .example("/var/log/weiqiao"),
    Setting::plain("LOG_KEEP_DAYS", "14", "保留多少天的日志文件", "how many daily files are kept").example("14"),
];

pub(super) fn read(reader: &mut Reader, mode: AuthMode) -> LogSection {
    let default_format = if mode.is_strict() { LogFormat::Json } else { LogFormat::Pretty };
    let formats = [("json", LogFormat::Json), ("pretty", LogFormat::Pretty)];
    let folder = reader.text("LOG_DIR").map(|folder| reader.path(&folder));
    if let Some(Expected { zh, en }) = folder.as_deref().and_then(problem_of_folder) {
        reader.refuse("LOG_DIR", zh, en);
    }
    if folder.is_none() && reader.is_given("LOG_KEEP_DAYS") {
        reader.note("LOG_KEEP_DAYS", "没有 LOG_DIR 时不起作用。", "has no effect without LOG_DIR.");
    }
    let keep_days = reader.value("LOG_KEEP_DAYS", |text| parse::whole_number(text, 1..=3_650)).unwrap_or(14);
    LogSection {
        level: reader.value("LOG_LEVEL", level).unwrap_or_else(|| "info".to_owned()),
        format: reader.value("LOG_FORMAT", |text| parse::word(text, &formats)).unwrap_or(default_format),
        folder,
        keep_days: usize::try_from(keep_days).unwrap_or(14),
    }
}

/// Why no log file can be written into the folder. One that is not there yet is made at the start, so what counts is the
/// nearest that is.
fn problem_of_folder(folder: &Path) -> Option<Expected> {
    let there = folder.ancestors().find(|path| path.as_os_str().is_empty() || path.symlink_metadata().is_ok())?;
    let there = if there.as_os_str().is_empty() { Path::new(".") } else { there };
    if !there.is_dir() {
        return Some(Expected::new(
            "应当是文件夹；它自己或上一级已经是一个文件。",
            "must be a folder; it, or what it lies in, is a file.",
        ));
    }
    access(there, Access::WRITE_OK | Access::EXEC_OK).err().map(|error| unwritable(&error.into()))
}

fn unwritable(error: &std::io::Error) -> Expected {
    Expected::new(
        format!("不能写入：{error}。请换一个文件夹，或给运行服务的用户写权限。"),
        format!("cannot be written to: {error}; choose another folder, or let the service's user write there."),
    )
}

impl LogSection {
    /// Whether a file can be written where log files go. Some folders have the right bits and still take none: those of
    /// `/proc`, a full or a read-only file system. Writes a file and removes it, so it is for whoever is about to use the
    /// settings, not for everybody who reads them.
    ///
    /// # Errors
    ///
    /// `LOG_DIR`, when it cannot.
    pub fn try_folder(&self) -> Result<(), ConfigError> {
        let Some(folder) = &self.folder else { return Ok(()) };
        let there = folder.ancestors().find(|path| path.is_dir()).unwrap_or(Path::new("."));
        try_to_write(there).map_err(|error| {
            let Expected { zh, en } = unwritable(&error);
            ConfigError { problems: vec![Problem::new("LOG_DIR", zh, en)] }
        })
    }
}

fn try_to_write(folder: &Path) -> std::io::Result<()> {
    let probe = folder.join(format!(".weiqiao-log-{}", std::process::id()));
    let made = std::fs::OpenOptions::new().write(true).create_new(true).open(&probe);
    // Gone at once; what is written to the open file is written to the same disk.
    made.and_then(|mut file| std::fs::remove_file(&probe).and_then(|()| file.write_all(b"log")))
}

fn level(text: &str) -> Result<String, Expected> {
    crate::logging::filter(text).map(|_| text.to_owned()).ok_or_else(|| {
        Expected::new(
            "应当是 error、warn、info、debug、trace 或 off，也可按模块，例如 info,weiqiao_app=debug。",
            "must be error, warn, info, debug, trace or off, also by module, such as info,weiqiao_app=debug.",
        )
    })
}
