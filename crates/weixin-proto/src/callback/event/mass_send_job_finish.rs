//! `MASSSENDJOBFINISH`: what became of a mass message.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Batch_Sends_and_Originality_Checks.html>

use serde::Serialize;

use crate::callback::{Body, Field, FieldError, MsgId, Read};

/// What became of a mass message. The sender is a helper account of WeChat's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MassSendJobFinish {
    /// The `msg_id` that sending it gave.
    pub msg_id: MsgId,
    /// How it ended.
    pub status: MassStatus,
    /// How many people there were, by tag or list.
    pub total_count: Option<i64>,
    /// How many of them after filters such as the yearly limit; the sum of the next two, nearly.
    pub filter_count: Option<i64>,
    /// How many got it.
    pub sent_count: Option<i64>,
    /// How many did not.
    pub error_count: Option<i64>,
    /// What the check for originality found; `None` when there was none.
    pub copyright_check_result: Option<CopyrightCheckResult>,
    /// Where the articles are.
    pub article_url_result: Vec<ArticleUrl>,
}

/// How a mass message ended. Written as WeChat writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum MassStatus {
    /// `send success`: it went out. Whether to everybody, the counts tell.
    Success,
    /// `send fail`: it did not.
    Fail,
    /// `err(num)`: it was refused. 10001 advertising, 20001 politics, 20002 pornography, 20004 social, 20006 illegal,
    /// 20008 fraud, 20013 copyright, 22000 mutual promotion, 21000 other; 30001 the check for originality failed and
    /// reprints were not to be sent, 30002 that check forbids it, 30003 it found a reprint and these were not to be
    /// sent; 40001 an administrator refused, 40002 no administrator answered within 30 minutes.
    Refused(i64),
    /// Something else.
    Other(Box<str>),
}

/// What the check for originality found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CopyrightCheckResult {
    /// Overall: 1 no reprint, may be sent; 2 a reprint, may be sent; 3 a reprint, must not be sent; 0 seen when no
    /// check was made.
    pub check_state: Option<i64>,
    /// About each article that was checked.
    pub result_list: Vec<ArticleCheck>,
}

/// What the check for originality found about one article. WeChat explains some of the numbers nowhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ArticleCheck {
    /// Which article, the first being 1.
    pub article_idx: i64,
    /// What the author declared.
    pub user_declare_state: Option<i64>,
    /// What the system found.
    pub audit_state: Option<i64>,
    /// Where the original is.
    pub original_article_url: Option<String>,
    /// What kind of thing the original is.
    pub original_article_type: Option<i64>,
    /// Whether it may be reprinted.
    pub can_reprint: Option<bool>,
    /// Whether the original's content takes the place of the reprint's.
    pub need_replace_content: Option<bool>,
    /// Whether the source is shown.
    pub need_show_reprint_source: Option<bool>,
}

/// Where an article is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ArticleUrl {
    /// Which article, the first being 1.
    pub article_idx: i64,
    /// Its address.
    pub article_url: String,
}

impl Body for MassSendJobFinish {
    const NAMES: &'static [&'static str] = &["MASSSENDJOBFINISH"];
}

impl Read for MassSendJobFinish {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        let urls = field.list("ArticleUrlResult/ResultList/item");
        Ok(Self {
            msg_id: field.read_any(&["MsgID", "MsgId"])?,
            status: field.read("Status")?,
            total_count: field.read("TotalCount")?,
            filter_count: field.read("FilterCount")?,
            sent_count: field.read("SentCount")?,
            error_count: field.read("ErrorCount")?,
            copyright_check_result: field.read("CopyrightCheckResult")?,
            article_url_result: urls.map(Read::read).collect::<Result<_, _>>()?,
        })
    }
}

impl Read for MassStatus {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        let text = String::read(field)?;
        let code = text.trim().strip_prefix("err(").and_then(|rest| rest.strip_suffix(')')).map(str::parse);
        Ok(match (text.trim(), code) {
            ("send success", _) => Self::Success,
            ("send fail", _) => Self::Fail,
            (_, Some(Ok(code))) => Self::Refused(code),
            (other, _) => Self::Other(other.into()),
        })
    }
}

impl Serialize for MassStatus {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Success => serializer.serialize_str("send success"),
            Self::Fail => serializer.serialize_str("send fail"),
            Self::Refused(code) => serializer.collect_str(&format_args!("err({code})")),
            Self::Other(other) => serializer.serialize_str(other),
        }
    }
}

impl Read for CopyrightCheckResult {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            check_state: field.read("CheckState")?,
            result_list: field.list("ResultList/item").map(Read::read).collect::<Result<_, _>>()?,
        })
    }
}

impl Read for ArticleCheck {
    fn read(item: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            article_idx: item.read("ArticleIdx")?,
            user_declare_state: item.read("UserDeclareState")?,
            audit_state: item.read("AuditState")?,
            original_article_url: item.read("OriginalArticleUrl")?,
            original_article_type: item.read("OriginalArticleType")?,
            can_reprint: item.read("CanReprint")?,
            need_replace_content: item.read("NeedReplaceContent")?,
            need_show_reprint_source: item.read("NeedShowReprintSource")?,
        })
    }
}

impl Read for ArticleUrl {
    fn read(item: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self { article_idx: item.read("ArticleIdx")?, article_url: item.read("ArticleUrl")? })
    }
}

#[cfg(test)]
mod tests {
    use super::{ArticleCheck, ArticleUrl, CopyrightCheckResult, MassSendJobFinish, MassStatus};
    use crate::callback::MsgId;
    use crate::callback::testing::event;

    fn plain(status: MassStatus) -> MassSendJobFinish {
        MassSendJobFinish {
            msg_id: MsgId(1_000_001_625),
            status,
            total_count: None,
            filter_count: None,
            sent_count: None,
            error_count: None,
            copyright_check_result: None,
            article_url_result: vec![],
        }
    }

    #[test]
    fn the_documented_push() {
        event(
            "MASSSENDJOBFINISH",
            "<MsgID>1000001625</MsgID><Status><![CDATA[err(30003)]]></Status><TotalCount>9</TotalCount>\
             <FilterCount>8</FilterCount><SentCount>7</SentCount><ErrorCount>1</ErrorCount>\
             <CopyrightCheckResult><Count>1</Count><ResultList><item><ArticleIdx>1</ArticleIdx>\
             <UserDeclareState>0</UserDeclareState><AuditState>2</AuditState>\
             <OriginalArticleUrl><![CDATA[http://a.cn/1]]></OriginalArticleUrl>\
             <OriginalArticleType>1</OriginalArticleType><CanReprint>1</CanReprint>\
             <NeedReplaceContent>0</NeedReplaceContent><NeedShowReprintSource>1</NeedShowReprintSource></item>\
             </ResultList><CheckState>2</CheckState></CopyrightCheckResult>\
             <ArticleUrlResult><Count>1</Count><ResultList><item><ArticleIdx>1</ArticleIdx>\
             <ArticleUrl><![CDATA[http://a.cn/2]]></ArticleUrl></item></ResultList></ArticleUrlResult>",
            &MassSendJobFinish {
                total_count: Some(9),
                filter_count: Some(8),
                sent_count: Some(7),
                error_count: Some(1),
                copyright_check_result: Some(CopyrightCheckResult {
                    check_state: Some(2),
                    result_list: vec![ArticleCheck {
                        article_idx: 1,
                        user_declare_state: Some(0),
                        audit_state: Some(2),
                        original_article_url: Some("http://a.cn/1".into()),
                        original_article_type: Some(1),
                        can_reprint: Some(true),
                        need_replace_content: Some(false),
                        need_show_reprint_source: Some(true),
                    }],
                }),
                article_url_result: vec![ArticleUrl { article_idx: 1, article_url: "http://a.cn/2".into() }],
                ..plain(MassStatus::Refused(30_003))
            },
            r#"{"msg_id":"1000001625","status":"err(30003)","total_count":9,"filter_count":8,"sent_count":7,"error_count":1,"copyright_check_result":{"check_state":2,"result_list":[{"article_idx":1,"user_declare_state":0,"audit_state":2,"original_article_url":"http://a.cn/1","original_article_type":1,"can_reprint":true,"need_replace_content":false,"need_show_reprint_source":true}]},"article_url_result":[{"article_idx":1,"article_url":"http://a.cn/2"}]}"#,
        );
    }

    #[test]
    fn what_live_pushes_leave_out() {
        let json = r#"{"msg_id":"1000001625","status":"send success","total_count":null,"filter_count":null,"sent_count":null,"error_count":null,"copyright_check_result":null,"article_url_result":[]}"#;
        for rest in [
            "",
            "<CopyrightCheckResult>\n</CopyrightCheckResult><ArticleUrlResult> </ArticleUrlResult>",
            "<ArticleUrlResult><Count>0</Count><ResultList></ResultList></ArticleUrlResult>",
        ] {
            let xml = format!("<MsgID>1000001625</MsgID><Status>send success</Status>{rest}");
            event("MASSSENDJOBFINISH", &xml, &plain(MassStatus::Success), json);
        }
    }

    #[test]
    fn every_status() {
        for (word, status) in [
            ("send fail", MassStatus::Fail),
            ("err(10001)", MassStatus::Refused(10_001)),
            ("err(x)", MassStatus::Other("err(x)".into())),
            ("sendsuccess", MassStatus::Other("sendsuccess".into())),
        ] {
            let json = format!(
                r#"{{"msg_id":"1000001625","status":"{word}","total_count":null,"filter_count":null,"sent_count":null,"error_count":null,"copyright_check_result":null,"article_url_result":[]}}"#
            );
            let xml = format!("<MsgID>1000001625</MsgID><Status><![CDATA[{word}]]></Status>");
            event("MASSSENDJOBFINISH", &xml, &plain(status), &json);
        }
    }
}
