//! Values people hand to a command: on the command line, in a file, or through a pipe.

use std::io::{Read as _, stdin};
use std::path::Path;

use zeroize::Zeroizing;

use super::exit::Failure;

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
