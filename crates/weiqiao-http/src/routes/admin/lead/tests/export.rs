//! Leads as a file.

use std::time::Duration;

use http::StatusCode;
use serde_json::{Value, json};
use weiqiao_model::Role;

use super::{by_key, deeds, get, lead, released, staff, world};
use crate::testing::Answer;

/// What a spreadsheet reads.
fn rows(answer: &Answer) -> Vec<Vec<String>> {
    let text = answer.is(StatusCode::OK).text().strip_prefix('\u{FEFF}').expect("no mark");
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

#[tokio::test]
async fn a_file_opens_in_a_spreadsheet() {
    let world = world().await;
    let boss = staff(&world, "boss", Role::Supervisor, None).await;
    let a = lead(&world, "li", "13800138000", "王\"小\"明, 🙂").await;
    let note = "第一行\n\"引号\", 逗号; emoji 🙂\t制表";
    by_key(&world, "PATCH", &format!("/{a}"), json!({"remarks": note, "level": "A类"})).await.is(StatusCode::OK);
    world.advance(Duration::from_secs(1));
    let b = lead(&world, "wang", "13900139000", "乙").await;
    released(&world, &b).await;

    let answer = get(&world, &boss, ".csv").await;
    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(answer.header("content-disposition"), "attachment; filename=\"leads.csv\"");
    assert_eq!(answer.header("cache-control"), "no-store");
    let masked = rows(&answer);
    assert_eq!(masked[0][..7], ["客户编号", "姓名", "手机号", "来源", "等级", "签约状态", "归属顾问"]);
    assert_eq!(masked.len(), 3);
    assert_eq!(
        masked[1][1..9],
        ["*", "139****9000", "其他", "B类", "待定", "", "wang", "通过微信小程序查看简历自动创建"]
    );
    assert_eq!((masked[2][1].chars().next(), masked[2][2].as_str()), (Some('王'), "138****8000"));
    assert_eq!((masked[2][8].as_str(), masked[2][11].as_str()), (note, "2025-09-05 16:58:10"));
    assert!(!answer.text().contains("13800138000") && !answer.text().contains("明"));

    let clear = get(&world, &boss, ".csv?reveal=true&reason=%E5%AF%B9%E8%B4%A6&assigned_to=li&phone=13800138000").await;
    let clear = rows(&clear);
    assert_eq!((clear.len(), clear[1][1].as_str(), clear[1][2].as_str()), (2, "王\"小\"明, 🙂", "13800138000"));
    let entries = deeds(&world, "leads_exported").await;
    let noted = |number: usize| entries[number].detail.clone().unwrap();
    let filter = json!({"assigned_to": "li", "phone": "138****8000"});
    assert_eq!(noted(0), json!({"filter": filter, "count": 1, "clear": true, "reason": "对账"}));
    assert_eq!(noted(1), json!({"filter": {}, "count": 2, "clear": false, "reason": null}));
    let refused = get(&world, &boss, ".csv?reveal=true").await;
    assert_eq!(refused.is(StatusCode::BAD_REQUEST).error()["details"][0]["field"], "reason");
    get(&world, &boss, ".csv?reveal=maybe&reason=why").await.is(StatusCode::BAD_REQUEST);
    assert_eq!(deeds(&world, "leads_exported").await.len(), 2, "what is refused is not an export");
}

/// T-43.
#[tokio::test]
async fn no_cell_of_a_file_is_a_formula() {
    let world = world().await;
    let formulas = [
        "=HYPERLINK(\"http://evil.example\",\"x\")",
        "+1+cmd|' /C calc'!A0",
        "-2+3",
        "@SUM(1+1)*cmd|' /C calc'!A0",
        " =1+1",
        "\u{3000}=1+1",
        "\u{200B}=1+1",
        "＝1+1",
        "＋86",
        "\u{FE62}86",
        "\u{2212}86",
        "=1\",\"=2",
    ];
    for (number, formula) in formulas.iter().enumerate() {
        let id = lead(&world, "li", &format!("1380013{number:04}"), formula).await;
        let note = if number % 2 == 0 { format!("\t{formula}") } else { format!("\r\n{formula}") };
        let patch = json!({"remarks": format!("x{note}")});
        by_key(&world, "PATCH", &format!("/{id}"), patch).await.is(StatusCode::OK);
        by_key(&world, "PATCH", &format!("/{id}"), json!({"remarks": formula})).await.is(StatusCode::OK);
    }
    for query in ["", "?reveal=true&reason=why"] {
        let answer = by_key(&world, "GET", &format!(".csv{query}"), Value::Null).await;
        let rows = rows(&answer);
        assert_eq!(rows.len(), formulas.len() + 1);
        for cell in rows.iter().flatten() {
            let first = cell.chars().find(|c| !c.is_whitespace() && *c != '\u{200B}');
            assert!(
                !matches!(first, Some('=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠' | '\u{FE62}' | '\u{2212}')),
                "{cell:?}"
            );
            assert!(!cell.starts_with(['\t', '\r', '\n']), "{cell:?}");
        }
        let kept = rows.iter().flatten().filter(|cell| cell.starts_with('\'')).count();
        assert!(kept >= formulas.len(), "{kept} cells have their apostrophe");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_file_comes_whole_and_in_order() {
    let world = world().await;
    for number in 0..1_203 {
        if number % 7 == 0 {
            world.advance(Duration::from_millis(3));
        }
        lead(&world, "li", &format!("138{number:08}"), "甲").await;
    }
    let answer = by_key(&world, "GET", ".csv?reveal=true&reason=why", Value::Null).await;
    let rows = rows(&answer);
    assert_eq!(rows.len(), 1_204);
    let mut phones: Vec<_> = rows[1..].iter().map(|row| row[2].clone()).collect();
    phones.dedup();
    phones.sort();
    phones.dedup();
    assert_eq!(phones.len(), 1_203, "nobody is missing, nobody is there twice");
    assert_eq!(deeds(&world, "leads_exported").await[0].detail.as_ref().unwrap()["count"], 1_203);
}

#[tokio::test]
async fn an_advisor_who_may_export_takes_their_own() {
    let world = world().await;
    let li = super::advisor(&world, "li").await;
    lead(&world, "li", "13800138000", "甲").await;
    let pool = lead(&world, "wang", "13900139000", "乙").await;
    lead(&world, "wang", "13700137000", "丙").await;
    released(&world, &pool).await;
    get(&world, &li, ".csv").await.is(StatusCode::FORBIDDEN);
    assert!(deeds(&world, "leads_exported").await.is_empty());
    let staff = weiqiao_store::facts::staff::FindStaffByUsername { username: "li".into() };
    let staff = world.app.store().read(staff).await.unwrap().unwrap();
    let caller = weiqiao_app::Caller::Staff(std::sync::Arc::new(weiqiao_app::usecase::staff::StaffContext {
        extra: vec![weiqiao_app::usecase::staff::Permission::ExportLeads],
        ..context(&world, &staff.id).await
    }));
    let mut export =
        weiqiao_app::usecase::lead::begin_export(&world.app, &caller, Default::default(), None).await.unwrap();
    let rows = export.next().await.unwrap().unwrap();
    assert_eq!((rows.len(), rows[0].phone.as_str()), (1, "138****8000"));
    assert!(export.next().await.unwrap().is_none());
}

async fn context(world: &super::World, id: &weiqiao_model::StaffId) -> weiqiao_app::usecase::staff::StaffContext {
    let body = json!({"username": "li", "password": super::World::PASSWORD}).to_string();
    let answer = world.post("/api/auth/login", body).await;
    let token = answer.is(StatusCode::OK).data()["access_token"].as_str().unwrap().to_owned();
    let context = weiqiao_app::usecase::staff::verify_staff(&world.app, &token).await.unwrap();
    assert_eq!(context.staff_id, *id);
    (*context).clone()
}
