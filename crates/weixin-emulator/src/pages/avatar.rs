//! Drawn pictures of people, at addresses shaped like the real ones: the last segment is the size.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::HeaderValue;
use http::StatusCode;
use http::header::ACCESS_CONTROL_ALLOW_ORIGIN;

use super::assets;
use super::html::esc;
use crate::engine::Engine;

/// Calm backgrounds, chosen by the person's id.
const COLOURS: [&str; 8] = ["#4a90d9", "#e5717a", "#4fae8a", "#b07fd0", "#e0924a", "#5b7fa6", "#c9647b", "#6a9f4f"];

/// One visible character that stands for a name.
fn initial(nickname: &str) -> String {
    let visible = nickname.chars().find(|c| c.is_alphanumeric());
    let any = nickname.chars().find(|c| !c.is_whitespace() && !c.is_control());
    // An emoji in front is what people recognise.
    let first = any.filter(|c| !c.is_ascii()).or(visible).or(any);
    first.map_or_else(|| "微".to_owned(), String::from)
}

/// `/mmopen/{persona}/{size}`; `snapshot` is the grey figure of a virtual account.
pub(crate) async fn show(State(engine): State<Arc<Engine>>, Path((persona, size)): Path<(String, String)>) -> Response {
    let Ok(size) = size.parse::<u32>().map(|size| if size == 0 { 640 } else { size.min(1024) }) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let (letter, colour) = match engine.persona(&persona) {
        Ok(view) => {
            let sum: usize = persona.bytes().map(usize::from).sum();
            (initial(&view.persona.nickname), COLOURS.get(sum % COLOURS.len()).copied().unwrap_or("#4a90d9"))
        }
        Err(_) if persona == "snapshot" => ("微".to_owned(), "#b2b2b2"),
        Err(_) => return StatusCode::NOT_FOUND.into_response(),
    };
    let svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{size}\" height=\"{size}\" viewBox=\"0 0 132 132\">\
         <rect width=\"132\" height=\"132\" fill=\"{colour}\"/>\
         <text x=\"66\" y=\"66\" dy=\".35em\" text-anchor=\"middle\" font-size=\"64\" fill=\"#fff\" \
         font-family=\"PingFang SC,Noto Sans CJK SC,Microsoft YaHei,sans-serif\">{}</text></svg>",
        esc(&letter)
    );
    let mut response = assets::file("image/svg+xml", svg);
    response.headers_mut().insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_one_visible_initial() {
        for (name, letter) in
            [("小明", "小"), ("🐱 阿喵", "🐱"), ("<script>", "s"), ("", "微"), ("!!", "!"), ("a小", "a")]
        {
            assert_eq!(initial(name), letter, "{name}");
        }
    }
}
