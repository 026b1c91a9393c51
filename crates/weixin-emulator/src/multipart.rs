//! `multipart/form-data`, as uploads come: RFC 7578 as far as clients use it.

/// One part of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) name: String,
    /// Files have one; WeChat takes no file without it.
    pub(crate) filename: Option<String>,
    pub(crate) bytes: Vec<u8>,
}

/// The parts of a body; `None` when it is no form, or a broken one.
pub(crate) fn parse(content_type: &str, body: &[u8]) -> Option<Vec<Part>> {
    let (kind, parameters) = content_type.split_once(';')?;
    if !kind.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let delimiter = format!("\r\n--{}", parameter(parameters, "boundary").filter(|boundary| !boundary.is_empty())?);
    let delimiter = delimiter.as_bytes();
    // The first delimiter has no line before it.
    let mut rest = body.strip_prefix(delimiter.get(2..)?)?;
    let mut parts = Vec::new();
    loop {
        if rest.starts_with(b"--") {
            return Some(parts);
        }
        rest = rest.strip_prefix(b"\r\n")?;
        let end = find(rest, delimiter)?;
        parts.push(part(rest.get(..end)?)?);
        rest = rest.get(end + delimiter.len()..)?;
    }
}

fn part(bytes: &[u8]) -> Option<Part> {
    let end = find(bytes, b"\r\n\r\n")?;
    let head = std::str::from_utf8(bytes.get(..end)?).ok()?;
    let disposition = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-disposition").then_some(value)
    })?;
    Some(Part {
        name: parameter(disposition, "name")?,
        filename: parameter(disposition, "filename").filter(|name| !name.is_empty()),
        bytes: bytes.get(end + 4..)?.to_vec(),
    })
}

/// `name="value"` or `name=value` among parameters.
fn parameter(parameters: &str, name: &str) -> Option<String> {
    parameters.split(';').find_map(|pair| {
        let (key, value) = pair.trim().split_once('=')?;
        let value = value.trim();
        let value = value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap_or(value);
        key.eq_ignore_ascii_case(name).then(|| value.to_owned())
    })
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TYPE: &str = "multipart/form-data; boundary=\"x-1\"";

    #[test]
    fn files_and_fields_are_read() {
        let body = b"--x-1\r\nContent-Disposition: form-data; name=\"media\"; filename=\"a.jpg\"\r\n\
            Content-Type: image/jpeg\r\n\r\n\xff\xd8\r\n-\r\n--x-1\r\ncontent-disposition: form-data; name=description\
            \r\n\r\n{}\r\n--x-1--\r\n";
        let parts = parse(TYPE, body).unwrap();
        assert_eq!((parts[0].name.as_str(), parts[0].filename.as_deref()), ("media", Some("a.jpg")));
        assert_eq!(parts[0].bytes, b"\xff\xd8\r\n-");
        assert_eq!((parts[1].name.as_str(), parts[1].filename.as_deref()), ("description", None));
        assert_eq!(parts[1].bytes, b"{}");
    }

    #[test]
    fn what_is_broken_is_no_form() {
        assert_eq!(parse(TYPE, b"--x-1--"), Some(Vec::new()));
        let open = b"--x-1\r\nContent-Disposition: form-data; name=\"media\"\r\n\r\nabc".as_slice();
        let headless = b"--x-1\r\n\r\nabc\r\n--x-1--".as_slice();
        for body in [b"".as_slice(), b"abc", open, headless, b"--x-1", b"--x-1xx"] {
            assert_eq!(parse(TYPE, body), None, "{body:?}");
        }
        assert_eq!(parse("application/json", b"--x-1--"), None);
        assert_eq!(parse("multipart/form-data; charset=utf-8", b"--x-1--"), None);
    }
}
