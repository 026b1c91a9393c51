//! `file`: somebody sent a file.
//!
//! Undocumented; seen. There is no way to fetch the file.

use serde::Serialize;

use crate::callback::{Body, Field, FieldError, Read};

/// Somebody sent a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct File {
    /// Its name.
    pub title: String,
    /// Nearly always empty.
    pub description: String,
    /// A key that no endpoint takes.
    pub file_key: String,
    /// The MD5 of it, in hex.
    pub file_md5: String,
    /// Its size in bytes.
    pub file_total_len: Option<i64>,
}

impl Body for File {
    const NAMES: &'static [&'static str] = &["file"];
}

impl Read for File {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            title: field.read("Title")?,
            description: field.read("Description")?,
            file_key: field.read("FileKey")?,
            file_md5: field.read("FileMd5")?,
            file_total_len: field.read("FileTotalLen")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::File;
    use crate::callback::testing::message;

    #[test]
    fn the_documented_push() {
        message(
            "file",
            "<Title><![CDATA[a.pdf]]></Title><Description><![CDATA[]]></Description>\
             <FileKey><![CDATA[KEY]]></FileKey>\
             <FileMd5><![CDATA[d41d8cd98f00b204e9800998ecf8427e]]></FileMd5>\
             <FileTotalLen>1024</FileTotalLen>",
            &File {
                title: "a.pdf".into(),
                description: "".into(),
                file_key: "KEY".into(),
                file_md5: "d41d8cd98f00b204e9800998ecf8427e".into(),
                file_total_len: Some(1024),
            },
            r#"{"title":"a.pdf","description":"","file_key":"KEY","file_md5":"d41d8cd98f00b204e9800998ecf8427e","file_total_len":1024}"#,
        );
    }
}
