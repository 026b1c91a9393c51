//! What the program does besides being an emulator.

mod printed;
pub(crate) mod trigger;

/// An address that HTTP can be spoken to.
pub(crate) fn web_address(text: &str) -> Result<String, String> {
    let url = url::Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    url.map(|_| text.to_owned()).ok_or_else(|| "it must be an address beginning with http:// or https://".to_owned())
}
