//! Values people hand to a command: on the command line, in a file, or through a pipe.

use std::io::{IsTerminal as _, Read as _, Write as _, stderr, stdin};
use std::path::Path;

use url::Url;
use zeroize::Zeroizing;

use super::exit::Failure;
use super::words::t;
use crate::lang::Lang;

/// The longest value that is read.
const LONGEST: u64 = 1024 * 1024;

/// A value that may be secret: `-` reads standard input, `@file` reads a file, anything else is the value itself. A
/// closing newline is not part of it.
pub(super) fn value(name: &str, given: &str, folder: &Path) -> Result<Zeroizing<String>, Failure> {
    let read = |source: &mut dyn std::io::Read| {
        let mut text = Zeroizing::new(String::new());
        source.take(LONGEST).read_to_string(&mut text).map(|_| text)
    };
    let text = match given.strip_prefix('@') {
        Some(path) => std::fs::File::open(folder.join(path)).and_then(|mut file| read(&mut file)),
        None if given == "-" => read(&mut stdin().lock()),
        None => return Ok(Zeroizing::new(given.to_owned())),
    };
    let text = text.map_err(|error| Failure::usage(format!("{name}: {error}")))?;
    Ok(Zeroizing::new(text.trim_end_matches(['\n', '\r']).to_owned()))
}

/// An address that HTTP can be spoken to.
pub(super) fn web_address(text: &str) -> Result<Url, String> {
    let wanted = || {
        t("应当是 http:// 或 https:// 开头的地址", "must be an address beginning with http:// or https://").to_owned()
    };
    let url = Url::parse(text).map_err(|_| wanted())?;
    if matches!(url.scheme(), "http" | "https") && url.has_host() { Ok(url) } else { Err(wanted()) }
}

/// Asks before something is done that cannot be undone, unless `yes` was given already. Where nobody can be asked, `yes` has
/// to be given.
pub(super) fn agreed(yes: bool, question: &str, lang: Lang) -> Result<(), Failure> {
    if yes {
        return Ok(());
    }
    if !stdin().is_terminal() {
        return Err(Failure::usage(lang.pick(
            "没有终端可以询问；确定要做时请加上 --yes。",
            "There is no terminal to ask at; add --yes if this is meant.",
        )));
    }
    let mut out = stderr().lock();
    let asked = write!(out, "{question} [y/N] ").and_then(|()| out.flush());
    let mut answer = String::new();
    let answered = asked.and_then(|()| stdin().read_line(&mut answer));
    match answered {
        Ok(_) if matches!(answer.trim().to_lowercase().as_str(), "y" | "yes" | "是" | "好") => Ok(()),
        _ => Err(Failure::failed(lang.pick("没有做任何改动。", "Nothing was changed."))),
    }
}
