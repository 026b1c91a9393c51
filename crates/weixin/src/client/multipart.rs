//! Writes `multipart/form-data`.

use std::borrow::Cow;

use crate::Part;

/// Media type and body of a form. Both depend on the parts alone, so a request looks the same each time it is sent.
pub(super) fn encode(parts: &[Part<'_>]) -> (String, Vec<u8>) {
    let boundary = boundary(parts);
    let length: usize = parts.iter().map(|part| part.bytes.len() + 256).sum();
    let mut body = Vec::with_capacity(length + 64);
    for part in parts {
        let mut head = format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"", part.name);
        if let Some(filename) = part.filename {
            head.push_str(&format!("; filename=\"{}\"\r\nContent-Type: ", quotable(filename)));
            head.extend(part.content_type.chars().filter(|character| !character.is_control()));
        }
        head.push_str("\r\n\r\n");
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(part.bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    (format!("multipart/form-data; boundary={boundary}"), body)
}

/// The first of an endless row of boundaries that no part holds.
fn boundary(parts: &[Part<'_>]) -> String {
    let free = |boundary: &String| {
        let bytes = boundary.as_bytes();
        parts.iter().all(|part| !part.bytes.windows(bytes.len()).any(|window| window == bytes))
    };
    (0_u64..).map(|n| format!("weixin-form-boundary-{n:08x}")).find(free).unwrap_or_default()
}

/// A file name as browsers write it between quotation marks.
fn quotable(name: &str) -> Cow<'_, str> {
    if !name.contains(['"', '\r', '\n']) {
        return Cow::Borrowed(name);
    }
    Cow::Owned(name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(filename: &'static str, bytes: &'static [u8]) -> Part<'static> {
        Part { name: "media", filename: Some(filename), content_type: "image/png", bytes }
    }

    #[test]
    fn a_form_of_a_file_and_a_field() {
        let field = Part { name: "description", filename: None, content_type: "", bytes: b"{}" };
        let (content_type, body) = encode(&[file("图.png", b"\x89PNG"), field]);
        assert_eq!(content_type, "multipart/form-data; boundary=weixin-form-boundary-00000000");
        let expected = [
            "--weixin-form-boundary-00000000\r\nContent-Disposition: form-data; name=\"media\"; filename=\"图.png\"\r\n\
             Content-Type: image/png\r\n\r\n"
                .as_bytes(),
            b"\x89PNG",
            b"\r\n--weixin-form-boundary-00000000\r\nContent-Disposition: form-data; name=\"description\"\r\n\r\n{}\r\n\
              --weixin-form-boundary-00000000--\r\n",
        ]
        .concat();
        assert_eq!(body, expected);
    }

    #[test]
    fn content_and_names_cannot_break_the_form() {
        let (content_type, _) = encode(&[file("a", b"..weixin-form-boundary-00000000..")]);
        assert!(content_type.ends_with("-00000001"), "{content_type}");
        let (_, body) = encode(&[file("a\"\r\nX: y", b"")]);
        assert!(String::from_utf8(body).unwrap().contains("filename=\"a%22%0D%0AX: y\"\r\n"));
    }
}
