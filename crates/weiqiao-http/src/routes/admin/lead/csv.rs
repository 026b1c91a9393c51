//! Leads as lines of a file that a spreadsheet opens: UTF-8 that says so, every cell in quotes, no cell that is a formula.

use std::borrow::Cow;

use csv::{QuoteStyle, Terminator, Writer, WriterBuilder};
use weiqiao_app::crm::shows_nothing;
use weiqiao_app::usecase::lead::ExportedLead;

/// By which Excel knows UTF-8.
const BOM: &[u8] = b"\xef\xbb\xbf";

const HEADER: [&str; 13] = [
    "客户编号",
    "姓名",
    "手机号",
    "来源",
    "等级",
    "签约状态",
    "归属顾问",
    "创建顾问",
    "备注",
    "最近跟进时间",
    "下次跟进时间",
    "创建时间",
    "更新时间",
];

/// The beginning of the file.
pub(super) fn head() -> Result<Vec<u8>, csv::Error> {
    let mut writer = writer(BOM.to_vec());
    writer.write_record(HEADER)?;
    whole(writer)
}

/// Some lines.
pub(super) fn lines(leads: &[ExportedLead]) -> Result<Vec<u8>, csv::Error> {
    let mut writer = writer(Vec::new());
    for lead in leads {
        let cells = [
            &lead.number,
            &lead.name,
            &lead.phone,
            &lead.source,
            &lead.level,
            &lead.contract_status,
            &lead.assigned_to,
            &lead.created_by,
            &lead.remarks,
            &lead.followed_at,
            &lead.next_follow_up_at,
            &lead.created_at,
            &lead.updated_at,
        ];
        writer.write_record(cells.map(|cell| harmless(cell).into_owned()))?;
    }
    whole(writer)
}

fn writer(begun: Vec<u8>) -> Writer<Vec<u8>> {
    WriterBuilder::new().quote_style(QuoteStyle::Always).terminator(Terminator::CRLF).from_writer(begun)
}

fn whole(writer: Writer<Vec<u8>>) -> Result<Vec<u8>, csv::Error> {
    writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))
}

/// T-43: what a spreadsheet would take for a formula gets an apostrophe in front. Blanks and invisible characters before it do
/// not count, because spreadsheets drop some of them.
fn harmless(cell: &str) -> Cow<'_, str> {
    let first = cell.chars().find(|&character| !shows_nothing(character));
    let shaped =
        cell.chars().take_while(|&character| shows_nothing(character)).any(|blank| matches!(blank, '\t' | '\r' | '\n'));
    // The wide and the small ones are made plain by spreadsheets of East Asia, and U+2212 is typed for a minus.
    let formula = matches!(
        first,
        Some(
            '=' | '+'
                | '-'
                | '@'
                | '＝'
                | '＋'
                | '－'
                | '＠'
                | '\u{FE66}'
                | '\u{FE62}'
                | '\u{FE63}'
                | '\u{FE6B}'
                | '\u{2212}'
        )
    );
    if formula || shaped { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for cell in [
            "=1+1",
            "+8613800138000",
            "-1",
            "@SUM(A1)",
            "\t=1",
            "\rx",
            "\nx",
            " =1",
            "\u{3000}=1",
            "\u{200B}\u{FEFF}=cmd|' /C calc'!A0",
            "\u{3164}\u{FFA0}=1",
            "\u{E0020}\u{FE0F}\u{34F}+1",
            "\u{2800}@x",
            "＝1",
            "＠x",
            "  \t  x",
            "-",
        ] {
            assert_eq!(harmless(cell), format!("'{cell}"), "{cell:?}");
        }
        for cell in ["", " ", "王小明", "13800138000", "a=1", "a\t=1", "'=1", "🙂", "2025-09-05 16:58:10", "A类"]
        {
            assert_eq!(harmless(cell), cell);
        }
    }
}
